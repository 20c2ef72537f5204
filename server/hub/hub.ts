import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { type AccessRules, accessRules } from '../base/origin.ts';
import type { Config, HubSettings } from '../config.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import type { LedgerEntry } from '../trend/ledger.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import type { AlarmDefinitions } from '../wire/alarm-definitions.ts';
import type { AlarmFlood, AlarmReply } from '../wire/alarms.ts';
import { COMMAND_BYTES, COMMAND_FRAGMENTS, COMMAND_PIECES } from '../wire/commands.ts';
import type { DiagnosisModel, RunDiagnosis } from '../wire/diagnoses.ts';
import { type CloseReason, IN_FLIGHT_BYTES } from '../wire/events.ts';
import { WIRE_VERSION } from '../wire/frame.ts';
import type { SystemReply } from '../wire/rest.ts';
import { Audience } from './audience.ts';
import { BeatTurns } from './beat-turns.ts';
import { ChannelTable } from './channel-table.ts';
import { checkUpgrade, type Refusal, refuseUpgrade } from './upgrade.ts';

/** How the hub does, for the system page and the metrics. */
export interface HubStatus {
  /** What the system page shows; counts are since the start. */
  readonly system: SystemReply['hub'];
  /** Requests refused before they became a socket, by reason. */
  readonly refused: Readonly<Partial<Record<Refusal, number>>>;
  /** Connections ended by the hub, by reason. */
  readonly ended: Readonly<Record<CloseReason, number>>;
  /** Connections that broke the WebSocket protocol. */
  readonly broken: number;
  /** Connections that went silent. */
  readonly dead: number;
  /** Distinct subscriptions: what is encoded each tick. */
  readonly feeds: number;
  readonly heartbeatsSkipped: number;
  /** Diagnoses that viewers were not told of, because a newer one of the channel came before there was room. */
  readonly diagnosesReplaced: number;
  /** Changes of alarms that viewers were not told of, because the alarm changed again before there was room. */
  readonly alarmsReplaced: number;
  /** Viewers who were not told yet of everything about alarms. */
  readonly alarmsBehind: number;
  /** The most that ever waited for one viewer. */
  readonly longestQueueBytes: number;
  readonly framesSent: number;
  readonly bytesSent: number;
  /** Bytes of everything but frames. */
  readonly textBytesSent: number;
  /** Bytes set aside to resume from. */
  readonly ringBytes: number;
  /** Channels that keep less of the past than the settings ask for. */
  readonly shortened: number;
}

/** Heartbeats go out in so many turns a second, */
const BEAT_TURNS = 20;
/** and so often it is looked whether one is due. */
const BEAT_LOOK_MS = 50;

/** Viewers have so long to take their leave when the server stops. */
const STOP_MS = 1000;

/** The live socket: takes trends from the pipeline and brings them to everyone who watches. */
export class Hub {
  readonly #options: HubOptions;
  readonly #rules: AccessRules;
  readonly #channels: ChannelTable;
  readonly #audience: Audience;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: COMMAND_BYTES,
    maxFragments: COMMAND_FRAGMENTS,
    maxBufferedChunks: COMMAND_PIECES,
    perMessageDeflate: false,
    autoPong: false, // pongs count against the rate, so that a flood of pings makes no queue
  });
  readonly #refused: Partial<Record<Refusal, number>> = {};
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #turns: BeatTurns;
  #broken = 0;
  #isStopping = false;
  #rates = { framesPerSecond: 0, bytesPerSecond: 0 };
  #before = { framesSent: 0, bytesSent: 0, atMs: 0 };

  constructor(options: HubOptions) {
    const { clock, settings, server, site, version } = options;
    this.#options = options;
    this.#turns = new BeatTurns(BEAT_TURNS, clock.monotonicMs());
    this.#rules = accessRules(server);
    const limits = { seconds: settings.buffer_seconds, bytes: settings.buffer_bytes };
    this.#channels = new ChannelTable(limits, options.channels);
    this.#audience = new Audience({
      clock,
      channels: this.#channels,
      settings,
      soon: setImmediate,
      welcome: {
        wire: WIRE_VERSION,
        epoch: randomUUID(),
        version,
        site: { name: site.name, timeZone: site.time_zone },
        inFlightBytes: IN_FLIGHT_BYTES,
      },
    });
  }

  /** Answers upgrade requests of `server` and starts to send. Matched by `close`. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#before.atMs = this.#options.clock.monotonicMs();
    this.#timers.push(
      setInterval(() => this.#audience.tick(), this.#options.settings.interval_ms),
      setInterval(() => this.#beat(), BEAT_LOOK_MS),
    );
  }

  setChannel(info: ChannelInfo): void {
    this.#audience.setChannel(info);
  }

  sendTrend(window: TrendWindow): void {
    this.#audience.sendTrend(window);
  }

  setLedger(entries: readonly LedgerEntry[]): void {
    this.#audience.setLedger(entries);
  }

  setModel(model: DiagnosisModel): void {
    this.#audience.diagnoses.setModel(model);
  }

  sendDiagnosis(run: RunDiagnosis): void {
    this.#audience.diagnoses.take(run);
  }

  /** As `AlarmNews.setDefinitions`: the first time, the alarms that stand follow in the same turn of the event loop. */
  setAlarmDefinitions(definitions: AlarmDefinitions['definitions']): void {
    this.#audience.alarms.setDefinitions(definitions);
  }

  sendAlarm(alarm: AlarmReply): void {
    this.#audience.alarms.take(alarm);
  }

  setFlood(flood: Omit<AlarmFlood, 'type'>): void {
    this.#audience.alarms.setFlood(flood);
  }

  /** Boards of walls have changed: a number that they had not before. */
  setBoards(revision: number): void {
    this.#audience.heartbeats.boards = revision;
  }

  /** As `DiagnosisNews.setSince`. */
  setSince(run: RunDiagnosis, sinceNs: bigint): void {
    this.#audience.diagnoses.setSince(run, sinceNs);
  }

  status(): HubStatus {
    const { counters, viewers, latencies, feeds } = this.#audience;
    let bufferedBytes = 0;
    for (const viewer of viewers) bufferedBytes += viewer.queuedBytes;
    return {
      system: {
        viewers: viewers.size,
        ...this.#rates,
        coarsened: counters.coarsened,
        cutOff: counters.ended.TOO_SLOW,
        refused: Object.values(this.#refused).reduce((sum, count) => sum + count, 0),
        bufferedBytes,
        latencyMs: latencies.quantiles,
      },
      refused: { ...this.#refused },
      ended: { ...counters.ended },
      broken: this.#broken,
      dead: counters.dead,
      feeds,
      heartbeatsSkipped: counters.heartbeatsSkipped,
      diagnosesReplaced: counters.diagnosesReplaced,
      alarmsReplaced: counters.alarmsReplaced,
      alarmsBehind: this.#audience.alarms.behind,
      longestQueueBytes: counters.longestQueueBytes,
      framesSent: counters.framesSent,
      bytesSent: counters.bytesSent,
      textBytesSent: counters.textBytesSent,
      ringBytes: this.#channels.bytes,
      shortened: this.#channels.shortened,
    };
  }

  /** Tells every viewer, closes all connections and stops. */
  async close(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    const { viewers } = this.#audience;
    for (const viewer of viewers) this.#audience.end(viewer, 'SERVER_STOPPING', 'the server stops');

    const stopMs = this.#options.clock.monotonicMs() + STOP_MS;
    while (viewers.size > 0 && this.#options.clock.monotonicMs() < stopMs) await delay(10);
    for (const viewer of viewers) viewer.terminate();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.#isStopping
      ? 'SERVER_STOPPING'
      : (checkUpgrade(request, this.#rules) ?? (this.#isFull() ? 'VIEWER_LIMIT' : undefined));
    if (refusal === undefined) {
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#admit(webSocket, socket));
      return;
    }
    this.#refused[refusal] = (this.#refused[refusal] ?? 0) + 1;
    this.#options.log.debug({ refusal, origin: request.headers.origin, host: request.headers.host }, 'viewer refused');
    refuseUpgrade(socket, refusal);
  }

  #isFull(): boolean {
    return this.#audience.viewers.size >= this.#options.settings.viewer_limit;
  }

  #admit(socket: WebSocket, connection: Duplex): void {
    const audience = this.#audience;
    const viewer = audience.admit(socket);
    connection.on('data', (chunk: Buffer) => audience.follow(viewer, chunk));
    socket.on('message', (data, isBinary) => audience.receive(viewer, data as Buffer, isBinary));
    socket.on('ping', (data) => {
      if (viewer.endedMs === undefined && audience.allows(viewer)) viewer.pong(data);
    });
    socket.on('pong', (data) => audience.takePong(viewer, data));
    socket.on('error', (error) => {
      // ws closes it with the code that the protocol names.
      this.#broken++;
      viewer.markEnded();
      this.#options.log.debug({ reason: error.message }, 'viewer broke the protocol');
    });
    socket.on('close', (code) => {
      audience.dismiss(viewer);
      this.#options.log.debug({ code }, 'viewer left');
    });
  }

  #beat(): void {
    for (const turn of this.#turns.take(this.#options.clock.monotonicMs())) {
      this.#audience.beat(turn, BEAT_TURNS);
      if (turn === 0) this.#measureRates();
    }
  }

  #measureRates(): void {
    const { framesSent, bytesSent } = this.#audience.counters;
    const atMs = this.#options.clock.monotonicMs();
    const seconds = (atMs - this.#before.atMs) / 1000;
    this.#rates = {
      framesPerSecond: (framesSent - this.#before.framesSent) / seconds,
      bytesPerSecond: (bytesSent - this.#before.bytesSent) / seconds,
    };
    this.#before = { framesSent, bytesSent, atMs };
  }
}

export interface HubOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: HubSettings;
  readonly server: Pick<Config['server'], 'host' | 'allowed_hosts' | 'allowed_origins' | 'tls_certificate'>;
  readonly site: Config['site'];
  readonly channels: Config['channels'];
  readonly version: string;
}
