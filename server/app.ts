import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AlarmStage } from './alarm-stage.ts';
import { type Clock, systemClock } from './base/clock.ts';
import { accessRules } from './base/origin.ts';
import { SharedRead } from './base/shared-read.ts';
import { BoardStore } from './boards/board-store.ts';
import { orderOf } from './capture/capture-order.ts';
import { openDownload } from './capture/download.ts';
import type { CaptureThread } from './capture-thread.ts';
import type { Config } from './config.ts';
import { DiagnosisStage } from './diagnosis.ts';
import type { CaptureSource } from './http/capture-source.ts';
import { Certificate } from './http/certificate.ts';
import { ControlServer } from './http/control-server.ts';
import { Health } from './http/health.ts';
import { closeServer, createHttpServer, listen } from './http/http-server.ts';
import { OpenReads } from './http/open-reads.ts';
import { ProcessMeter } from './http/process-meter.ts';
import { plainHttpWarning, requireSecret, SecretGate } from './http/secret-gate.ts';
import { SESSIONS_FILE } from './http/sessions.ts';
import type { SystemSource } from './http/system-source.ts';
import { BASIC_ALARMS, CLIENT } from './installed-files.ts';
import { connect, createBuses } from './pipeline.ts';
import { captureProblems, historyFailures, historyFigures, historyProblems } from './stage-problems.ts';
import type { StreamThread } from './stream-thread.ts';
import { startThreads, type ThreadsOptions } from './threads.ts';
import type { ChannelInfo } from './trend/channel-info.ts';
import type { Diagnosis } from './trend/diagnosis.ts';
import type { DiagnosisRequest } from './trend/diagnosis-history.ts';
import type { WindowAccount } from './trend/window-account.ts';

// Connections besides those of viewers: pages being loaded, scrapers.
const OTHER_CONNECTIONS = 512;
// A reading of the whole ledger takes time from the thread that reads the sensors.
const LEDGER_READ_MS = 250;

export interface AppOptions extends ThreadsOptions {
  readonly version: string;
  readonly client?: URL;
  readonly clock?: Clock;
  /** Files of definitions of alarms that a new storage directory begins with, besides the basic ones. */
  readonly plantAlarms?: readonly URL[];
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface App {
  readonly http: Address & { readonly isSecure: boolean };
  readonly ingest: Address;
  /** Looks now whether the files of the certificate are others; where the server speaks TLS. */
  readonly reloadCertificate: (() => Promise<void>) | undefined;
  /** Tells devices and viewers, then ends every connection and the ingest thread. */
  close(): Promise<void>;
}

/**
 * Builds every stage from the settings, connects them, and listens. Rejects
 * with `LISTEN_FAILED` when an address cannot be had, and `CONFIG_INVALID` where
 * it has no secret beyond this machine or a certificate that is none; then
 * nothing is left running.
 */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const { log, logOutput, version, clock = systemClock } = options;
  const startedMs = clock.nowMs();
  requireSecret(config.server);
  const { tls_certificate: certificateFile, tls_key: key } = config.server;
  const warning = plainHttpWarning(config.server);
  if (warning !== undefined) log.warn(warning);
  const certificate =
    certificateFile === '' ? undefined : await Certificate.open({ certificate: certificateFile, key, clock, log });

  const buses = createBuses((error) => log.error({ err: error }, 'a stage failed on a value'));
  let windows = (): WindowAccount => ({ made: 0, taken: 0, waiting: 0, dropped: 0 }); // until the thread is there
  const health = new Health({ clock, windows: () => windows() });
  buses.ledgers.subscribe((entries) => health.setLedger(entries));
  const opened = new Map<string, ChannelInfo>(); // as many as ingest allows
  buses.channels.subscribe((info) => opened.set(info.channel, info));

  const undo: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const step of undo.splice(0)) await step();
  };
  const diagnosis = new DiagnosisStage(config, {
    clock,
    log,
    publish: (found) => buses.diagnoses.publish(found),
    onModel: (entry) => buses.models.publish(entry),
    worker: options.inferenceWorker,
  });
  const alarms = new AlarmStage(config, {
    shipped: [BASIC_ALARMS, ...(options.plantAlarms ?? [])],
    clock,
    log,
    ingest: () => threads.then(({ ingest }) => ingest),
    isListed: (id) => threads.then(({ recording }) => recording.find(id) !== undefined),
    onDefinitions: (news) => buses.definitions.publish(news),
    onAlarm: (transition) => buses.alarms.publish(transition),
    onFlood: (flood) => buses.floods.publish(flood),
  });
  undo.push(() => diagnosis.close());
  undo.push(() => alarms.close());
  const edge = loadEdge().then(({ Hub, createHttpApp }) => {
    const hub = new Hub({
      clock,
      log,
      settings: config.hub,
      server: config.server,
      site: config.site,
      channels: config.channels,
      version,
    });
    const keep = (found: Diagnosis) =>
      void threads.then(
        ({ history }) => history.keep(found),
        () => undefined, // nothing is left running
      );
    const diagnoses = (request: DiagnosisRequest) => threads.then(({ history }) => history.diagnoses(request));
    const onError = (error: unknown) => log.warn({ err: error }, 'since when a diagnosis has held is not known');
    undo.push(() => hub.close(), connect(buses, { hub, diagnosis, history: { keep, diagnoses }, alarms, onError }));
    return { hub, createHttpApp };
  });

  const threads = startThreads(config, options, {
    buses,
    connect: (locked) => edge.then(() => alarms.open(locked)),
    onFailure: () => health.fail(),
  });

  try {
    const [{ history, recording, keptPast, ingest }, { hub, createHttpApp }] = await Promise.all([threads, edge]);
    windows = () => ingest.windows();
    health.hear();
    const calls = {
      snapshot: () => history.snapshot(),
      dropSnapshot: (path: string) => history.dropSnapshot(path),
      definitions: alarms.sources.definitions,
    };
    const control = ControlServer.start(config.storage.directory, calls, log);
    const boards = await BoardStore.open({
      folder: join(config.storage.directory, 'boards'),
      isOurs: history.status().state !== 'off',
      clock,
      log,
      onChange: (revision) => hub.setBoards(revision),
    });
    undo.unshift(
      () => ingest.close(), // first, so that viewers and the history still get the devices' last windows
      () => diagnosis.close(),
      () => alarms.close(), // after the last windows
      () => recording.close(), // after the ingest thread, which ends the recordings
      () => control.close(),
    );
    alarms.watchServer({
      isHistoryFailing: () => historyFailures(history).length > 0,
      droppedWindows: () => ingest.windows().dropped,
      failingModels: () => diagnosis.failing,
      isCaptureFailing: () => recording.status().problem !== undefined,
    });
    undo.push(
      () => boards.close(),
      () => keptPast.close(),
      () => history.close(),
    );

    const client = options.client ?? CLIENT;
    if (!existsSync(new URL('index.html', client))) {
      log.warn(
        { client: client.href },
        'the dashboard is not built, so its pages are not found: npm run build makes it',
      );
    }
    const meter = new ProcessMeter(clock);
    undo.push(() => meter.close());
    const ledger = new SharedRead(() => ingest.readLedger(), LEDGER_READ_MS, clock);
    const source: SystemSource = {
      version,
      startedMs,
      nowMs: () => clock.nowMs(),
      ingest: () => ({ address: `${ingest.address.host}:${ingest.address.port}`, ...ingest.status() }),
      windows: () => ingest.windows(),
      hub: () => hub.status(),
      recording: () => ({ ...ingest.recording(), ...recording.status(), ...reads.status() }),
      history: () => historyFigures(history),
      diagnosis: () => diagnosis.figures(),
      alarms: () => alarms.figures(),
      process: () => meter.read(),
      log: () => logOutput.status(),
      access: () => ({ ...gate.status(), certificate: certificate?.status() }),
      readLedger: () => ledger.read(),
      problems: () => [
        ...health.problems(),
        ...historyProblems(history),
        ...captureProblems({ ingest, recording, keptPast }),
        ...diagnosis.problems(),
        ...alarms.problems(),
        ...boards.problems(),
        ...(certificate?.problems() ?? []),
      ],
      droppedConnections: () => droppedConnections,
    };
    const gate = await SecretGate.open({
      secret: config.server.operator_secret,
      path: join(config.storage.directory, SESSIONS_FILE),
      clock,
      log,
    });
    undo.push(() => gate.close());
    const reads = new OpenReads();
    let droppedConnections = 0;
    const server = createHttpServer(
      createHttpApp({
        source,
        captures: { ...captureSource(recording, ingest, config), reads },
        models: diagnosis.modelSource,
        ...alarms.sources,
        boards,
        past: {
          history,
          opened: () => opened.values(),
          labelOf: (channel) => config.channels[channel]?.label,
          nowMs: () => clock.nowMs(),
        },
        access: accessRules(config.server),
        trustedProxies: config.server.trusted_proxies,
        hstsDays: config.server.tls_hsts_days,
        gate,
        client,
        logError: (error) => log.error({ err: error }, 'request failed'),
      }),
      config.hub.viewer_limit + OTHER_CONNECTIONS,
      certificate,
    );
    server.on('drop', () => droppedConnections++);
    hub.attach(server);
    const { address, port } = await listen(server, config.server.host, config.server.port);

    const end = async () => {
      const closed = closeServer(server); // nobody new from here on; it waits for the viewers, who go later
      await close();
      await closed;
    };
    return {
      http: { host: address, port, isSecure: certificate !== undefined },
      ingest: ingest.address,
      reloadCertificate: certificate && (() => certificate.reload()),
      close: end,
    };
  } catch (error) {
    await Promise.allSettled([threads, edge]);
    await close();
    throw error;
  }
}

// The packages of this thread take as long as the other threads do, so they load meanwhile.
async function loadEdge() {
  const [{ Hub }, { createHttpApp }] = await Promise.all([import('./hub/hub.ts'), import('./http/http-app.ts')]);
  return { Hub, createHttpApp };
}

function captureSource(recording: CaptureThread, thread: StreamThread, config: Config): Omit<CaptureSource, 'reads'> {
  return {
    query: (query) => recording.query(query),
    find: (id) => recording.find(id),
    begin: async (request) => recording.listed(await thread.capture(orderOf(request, config.channels))),
    remove: async (capture) => {
      if (capture.state === 'recording') await thread.release(capture.id);
      await recording.remove(capture);
    },
    files: (id) => recording.files(id),
    isSound: (capture, needs) => recording.isSound(capture, needs),
    download: (capture, as) => openDownload(capture, recording.files(capture.id), as),
  };
}
