import { existsSync } from 'node:fs';
import { Bus } from './base/bus.ts';
import { type Clock, systemClock } from './base/clock.ts';
import type { Logger } from './base/log.ts';
import type { LogOutput } from './base/log-output.ts';
import { SharedRead } from './base/shared-read.ts';
import { orderOf } from './capture/capture-order.ts';
import { capturedRange } from './capture/captured-range.ts';
import { openDownload } from './capture/download.ts';
import { CaptureThread } from './capture-thread.ts';
import type { Config } from './config.ts';
import type { Pin } from './history/pins.ts';
import { HistoryThread } from './history-thread.ts';
import type { CaptureSource } from './http/capture-source.ts';
import { ControlServer } from './http/control-server.ts';
import { Health } from './http/health.ts';
import { createHttpApp } from './http/http-app.ts';
import { closeServer, createHttpServer, listen } from './http/http-server.ts';
import { OpenReads } from './http/open-reads.ts';
import { ProcessMeter } from './http/process-meter.ts';
import type { SystemSource } from './http/system-source.ts';
import { Hub } from './hub/hub.ts';
import { type Buses, connect } from './pipeline.ts';
import { StreamThread } from './stream-thread.ts';
import type { ChannelInfo } from './trend/channel-info.ts';
import type { LedgerEntry } from './trend/ledger.ts';
import type { TrendWindow } from './trend/trend-window.ts';
import type { WindowAccount } from './trend/window-account.ts';
import type { CaptureReply } from './wire/captures.ts';
import type { SystemReply } from './wire/rest.ts';

// Connections besides those of viewers: pages being loaded, scrapers.
const OTHER_CONNECTIONS = 512;
// A reading of the whole ledger takes time from the thread that reads the sensors.
const LEDGER_READ_MS = 250;
// And what there is of every channel, from the one that writes it.
const CHANNELS_READ_MS = 250;

export interface AppOptions {
  readonly log: Logger;
  /** Where `log` goes, and what the ingest thread logs. */
  readonly logOutput: LogOutput;
  readonly version: string;
  /** Where the build lies, for tests that run from source. */
  readonly worker?: URL;
  readonly captureWorker?: URL;
  readonly historyWorker?: URL;
  readonly wasm?: URL;
  readonly client?: URL;
  readonly clock?: Clock;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface App {
  readonly http: Address;
  readonly ingest: Address;
  /** Tells devices and viewers, then ends every connection and the ingest thread. */
  close(): Promise<void>;
}

/**
 * Builds every stage from the settings, connects them, and listens. Rejects
 * with `LISTEN_FAILED` when an address cannot be had; then nothing is left
 * running.
 */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const { log, logOutput, version, clock = systemClock } = options;
  const startedMs = clock.nowMs();

  const wasm = options.wasm ?? new URL('../assembly/kernels.wasm', import.meta.url);
  const {
    thread: history,
    marks,
    ingestPort,
  } = await HistoryThread.start({
    worker: options.historyWorker ?? new URL('./history-worker.js', import.meta.url),
    wasm,
    directory: config.storage.directory,
    settings: config.history,
    logLevel: config.log.level,
    log,
    logOutput,
  });

  const hub = new Hub({
    clock,
    log,
    settings: config.hub,
    server: config.server,
    site: config.site,
    channels: config.channels,
    version,
  });
  const buses = createBuses(log);
  const disconnect = connect(buses, { hub });
  let windows = (): WindowAccount => ({ made: 0, taken: 0, waiting: 0, dropped: 0 }); // until the thread is there
  const health = new Health({ clock, windows: () => windows() });
  buses.ledgers.subscribe((entries) => health.setLedger(entries));
  const opened = new Map<string, ChannelInfo>(); // as many as ingest allows
  buses.channels.subscribe((info) => opened.set(info.channel, info));

  const control = ControlServer.start(config.storage.directory, history, log);
  const undo: (() => Promise<void> | void)[] = [
    () => control.close(),
    () => hub.close(),
    disconnect,
    () => history.close(),
  ];
  const close = async () => {
    for (const step of undo.splice(0)) await step();
  };

  const keptShort = (error: unknown) =>
    log.warn({ err: error }, 'the trend around recordings is kept no longer than the rest');

  try {
    const recording = await CaptureThread.start({
      worker: options.captureWorker ?? new URL('./capture-worker.js', import.meta.url),
      wasm,
      directory: config.storage.directory,
      limitBytes: config.capture.keep_bytes,
      logLevel: config.log.level,
      log,
      logOutput,
      // Anew at each start: recordings may have been removed, and what was pinned goes with a lost catalogue.
      onList: (ready, damaged) => void history.replacePins(ready.map(pinOf), damaged).catch(keptShort),
      onReady: (capture) => void history.pin(pinOf(capture)).catch(keptShort),
    });
    undo.unshift(() => recording.thread.close()); // after the ingest thread, which ends the recordings
    const thread = await StreamThread.start({
      worker: options.worker ?? new URL('./stream-worker.js', import.meta.url),
      wasm,
      ingest: config.ingest,
      channels: config.channels,
      capture: config.capture,
      capturePort: recording.ingestPort,
      history: ingestPort && { port: ingestPort, marks },
      logLevel: config.log.level,
      buses,
      log,
      logOutput,
      onFailure: () => health.fail(), // what was measured stays in sight, stale, and /healthz says why
    });
    windows = () => thread.windows();
    undo.unshift(() => thread.close()); // first, so that viewers and the history still get the devices' last windows

    const client = options.client ?? new URL('../client/', import.meta.url);
    if (!existsSync(new URL('index.html', client))) {
      log.warn(
        { client: client.href },
        'the dashboard is not built, so its pages are not found: npm run build makes it',
      );
    }
    const meter = new ProcessMeter(clock);
    undo.push(() => meter.close());
    const ledger = new SharedRead(() => thread.readLedger(), LEDGER_READ_MS, clock);
    const channels = new SharedRead(() => history.channels(), CHANNELS_READ_MS, clock);
    const source: SystemSource = {
      version,
      startedMs,
      nowMs: () => clock.nowMs(),
      ingest: () => ({ address: `${thread.address.host}:${thread.address.port}`, ...thread.status() }),
      windows: () => thread.windows(),
      hub: () => hub.status(),
      recording: () => ({ ...thread.recording(), ...recording.thread.status(), ...reads.status() }),
      history: () => historyFigures(history),
      process: () => meter.read(),
      log: () => logOutput.status(),
      readLedger: () => ledger.read(),
      problems: () => [...health.problems(), ...historyProblems(history)],
      droppedConnections: () => droppedConnections,
    };
    const reads = new OpenReads();
    let droppedConnections = 0;
    const server = createHttpServer(
      createHttpApp({
        source,
        captures: { ...captureSource(recording.thread, thread, config), reads },
        past: {
          history: { query: (request, left) => history.query(request, left), channels: () => channels.read() },
          opened: () => opened.values(),
          labelOf: (channel) => config.channels[channel]?.label,
          nowMs: () => clock.nowMs(),
        },
        access: {
          host: config.server.host,
          allowedHosts: config.server.allowed_hosts,
          allowedOrigins: config.server.allowed_origins,
        },
        client,
        logError: (error) => log.error({ err: error }, 'request failed'),
      }),
      config.hub.viewer_limit + OTHER_CONNECTIONS,
    );
    server.on('drop', () => droppedConnections++);
    hub.attach(server);
    const { address, port } = await listen(server, config.server.host, config.server.port);

    const end = async () => {
      const closed = closeServer(server); // nobody new from here on; it waits for the viewers, who go later
      await close();
      await closed;
    };
    return { http: { host: address, port }, ingest: thread.address, close: end };
  } catch (error) {
    await close();
    throw error;
  }
}

// The trend around a recording outlives its age. A recording has a segment, or it would not be ready.
function pinOf(capture: CaptureReply): Pin {
  const { fromMs, toMs } = capturedRange(capture);
  return { id: capture.id, channel: capture.channel, fromNs: toNs(fromMs), toNs: toNs(toMs) };
}

function toNs(ms: number): bigint {
  return BigInt(Math.round(ms * 1e6));
}

function captureSource(recording: CaptureThread, thread: StreamThread, config: Config): Omit<CaptureSource, 'reads'> {
  return {
    query: (query) => recording.query(query),
    find: (id) => recording.find(id),
    begin: async (request) => recording.listed(await thread.capture(orderOf(request, config.channels))),
    files: (id) => recording.files(id),
    download: (capture, as) => openDownload(capture, recording.files(capture.id), as),
  };
}

function historyFigures(history: HistoryThread): SystemReply['history'] {
  const { problem: _, tidyProblem: __, ...figures } = history.status(); // words are for /healthz
  return { ...figures, queries: history.queries() };
}

function historyProblems(history: HistoryThread): string[] {
  const { problem, tidyProblem, holeWindows } = history.status();
  const problems = problem === undefined ? [] : [problem];
  if (tidyProblem !== undefined) problems.push(`the history cannot be tidied: ${tidyProblem}`);
  if (holeWindows > 0) problems.push(`${holeWindows} windows are missing from the history and are to be sent again`);
  return problems;
}

function createBuses(log: Logger): Buses {
  const onError = (error: unknown) => log.error({ err: error }, 'a stage failed on a value');
  return {
    channels: new Bus<ChannelInfo>(onError),
    trends: new Bus<TrendWindow>(onError),
    ledgers: new Bus<readonly LedgerEntry[]>(onError),
  };
}
