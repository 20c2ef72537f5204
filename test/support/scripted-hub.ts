import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import { type WebSocket, WebSocketServer } from 'ws';
import { clientRoutes } from '../../server/http/client-routes.ts';
import { securityHeaders } from '../../server/http/guard.ts';
import type { Command, Fill } from '../../server/wire/commands.ts';
import type { DiagnosisModel, DiagnosisOutcome } from '../../server/wire/diagnoses.ts';
import { type Channel, HEARTBEAT_MS, HUB_PATH, type HubEvent, IN_FLIGHT_BYTES } from '../../server/wire/events.ts';
import { WIRE_VERSION } from '../../server/wire/frame.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { encodeTrendFrame, type TrendBlock } from '../../server/wire/trend-frame.ts';
import { toldDiagnoses } from './run-diagnoses.ts';
import { type AlarmScene, ScriptedAlarms } from './scripted-alarms.ts';
import { channelsReply, historyReply, noDiagnoses, type ScriptedPast } from './scripted-history.ts';
import { enlargeBlock, type Signal, signalBlock } from './signals.ts';

const CLIENT = new URL('../../build/client/', import.meta.url);
const ROW_MS = 5;
const FRAME_MS = 40;

/** A channel as the scene wants it: what the hub says of it, and what its trend does. */
export interface ScriptedChannel extends Partial<Channel> {
  readonly name: string;
  readonly signal?: Signal;
  /** Sends nothing newer than this long before the hub started. */
  readonly silentForMs?: number;
  readonly gaps?: number;
  /** What its values are multiplied by. */
  readonly times?: number;
  /** Samples of each row that are NaN or infinite. */
  readonly nonfinite?: number;
  /** What its runs come to, and for how long each, the newest last. */
  readonly diagnoses?: readonly { readonly outcome: DiagnosisOutcome; readonly ms: number }[];
}

export interface Scene {
  readonly channels: readonly ScriptedChannel[];
  readonly models?: readonly DiagnosisModel[];
  readonly alarms?: AlarmScene;
  readonly site?: { readonly name: string; readonly timeZone: string };
  readonly system?: SystemReply;
  /** More of REST than the system's account. */
  readonly routes?: RequestHandler;
  /** Takes connections and never says a word on them. */
  readonly isMute?: boolean;
  /** How long before its buffer its history begins; with it when left out. */
  readonly pastMs?: number;
  /** Version of the protocol that it says it speaks. */
  readonly wire?: number;
}

/**
 * Serves the built dashboard, with the product's own routes and headers, and
 * speaks the hub's protocol to it from a script: any state of the screen,
 * without devices.
 */
export class ScriptedHub {
  readonly url: string;
  /** What viewers said, but for acknowledgements. */
  readonly commands: Command[] = [];
  /** What was asked of the history. */
  readonly asked: string[] = [];
  /** None where the scene has none. */
  readonly alarms: ScriptedAlarms;
  /** Connections taken. */
  greeted = 0;
  readonly #scene: Scene;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #startMs = Date.now();
  readonly #viewers = new Map<WebSocket, number[]>(); // the next row of each channel; none before it has subscribed
  readonly #timers: NodeJS.Timeout[];
  #isSilent = false;

  static async start(scene: Scene): Promise<ScriptedHub> {
    const app = express();
    app.use(securityHeaders(0));
    app.get('/api/system', (_req, res) => {
      if (hub.#isSilent) return; // as a server that hangs
      if (scene.system) res.json({ ...scene.system, serverMs: Date.now() });
      else res.sendStatus(503);
    });
    app.get('/api/channels', (_req, res) => {
      res.json(channelsReply(hub.#past));
    });
    app.get('/api/channels/:channel/history', (req, res) => {
      hub.asked.push(req.url);
      const [fromMs, toMs, columns] = ['from', 'to', 'columns'].map((name) => Number(req.query[name]));
      const reply = historyReply(hub.#past, { channel: req.params.channel, fromMs, toMs, columns });
      if (reply) res.json(reply);
      else res.status(404).json({ code: 'CHANNEL_UNKNOWN', message: 'there is no such channel' });
    });
    app.get('/api/channels/:channel/diagnoses', (req, res) => res.json(noDiagnoses(req.params.channel, req.query)));
    if (scene.routes) app.use(scene.routes);
    app.get('/api/session', (_req, res) => void res.json({ isOperator: true, needsSecret: false }));
    app.use((req, res, next) => hub.alarms.routes(req, res, next));
    app.use(clientRoutes(CLIENT));
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const hub = new ScriptedHub(scene, server);
    return hub;
  }

  private constructor(scene: Scene, server: Server) {
    this.#scene = scene;
    this.alarms = new ScriptedAlarms(scene.alarms ?? { definitions: [], alarms: [] }, (event) => {
      for (const viewer of this.#viewers.keys()) if (!this.#isSilent) send(viewer, event);
    });
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('upgrade', (request, socket, head) => {
      if (request.url !== HUB_PATH || this.#isSilent) return void socket.destroy();
      this.#sockets.handleUpgrade(request, socket, head, (viewer) => {
        if (!this.#scene.isMute) this.#welcome(viewer);
      });
    });
    this.#timers = [setInterval(() => this.#sendRows(), FRAME_MS), setInterval(() => this.#heartbeat(), HEARTBEAT_MS)];
  }

  /** Says nothing more, and takes no new connection. The open ones stay open. */
  fallSilent(): void {
    this.#isSilent = true;
  }

  speak(): void {
    this.#isSilent = false;
  }

  get #past(): ScriptedPast {
    const { channels, pastMs = 0 } = this.#scene;
    return { channels, originMs: this.#originMs(), rowMs: ROW_MS, beforeMs: pastMs };
  }

  /** Ends every connection without a word; new ones are taken. */
  dropViewers(): void {
    for (const viewer of this.#viewers.keys()) viewer.terminate();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.dropViewers();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #welcome(viewer: WebSocket): void {
    this.greeted++;
    const { site = { name: 'Dry etch, bay 4', timeZone: 'Asia/Seoul' }, channels, wire = WIRE_VERSION } = this.#scene;
    send(viewer, {
      type: 'welcome',
      wire,
      epoch: String(this.#startMs),
      serverMs: Date.now(),
      version: '0.0.0',
      site,
      inFlightBytes: IN_FLIGHT_BYTES,
    });
    if (this.#scene.models) send(viewer, { type: 'models', models: this.#scene.models });
    send(viewer, { type: 'channels', channels: channels.map(describe) });
    for (const event of this.alarms.greeting()) send(viewer, event);
    this.#viewers.set(viewer, []);
    viewer.on('message', (text) => this.#obey(viewer, JSON.parse(String(text)) as Command));
    viewer.on('close', () => this.#viewers.delete(viewer));
  }

  #obey(viewer: WebSocket, command: Command): void {
    if (this.#isSilent || command.type === 'ack') return;
    this.commands.push(command);
    if (command.type === 'fill') {
      this.#fill(viewer, command);
      return;
    }
    if (command.type === 'ping') {
      send(viewer, { type: 'pong', id: command.id, serverMs: Date.now() });
      return;
    }

    const from = this.#scene.channels.map((_, i) => this.#rows(i)); // a page fills the past
    this.#viewers.set(viewer, from);
    send(viewer, {
      type: 'subscribed',
      id: command.id,
      coarseness: 1,
      channels: this.#scene.channels.map(({ name }, i) => ({
        name,
        number: i,
        span: 1,
        from: from[i],
        next: this.#rows(i),
      })),
    });
    this.#tell(viewer); // so that no test need wait a second for the ledger
    this.#diagnose(viewer, Infinity);
  }

  /** The newest diagnoses of each channel, at most so many. */
  #diagnose(viewer: WebSocket, most: number): void {
    for (const [i, channel] of this.#scene.channels.entries()) {
      for (const diagnosis of toldDiagnoses(channel, this.#originMs() + this.#rows(i) * ROW_MS).slice(-most)) {
        send(viewer, { type: 'diagnoses', diagnoses: [diagnosis] });
      }
    }
  }

  #sendRows(): void {
    if (this.#isSilent) return;
    for (const [viewer, next] of this.#viewers) {
      if (next.length === 0) continue;
      const blocks = this.#scene.channels.flatMap((_, number) => {
        const to = this.#rows(number);
        const from = next[number];
        next[number] = to;
        return this.#blocks(number, from, to);
      });
      if (blocks.length > 0) viewer.send(encodeTrendFrame({ sentMs: Date.now(), blocks }));
    }
  }

  #fill(viewer: WebSocket, { id, channels }: Fill): void {
    for (const { name, ranges } of channels) {
      const number = this.#scene.channels.findIndex((channel) => channel.name === name);
      const blocks = ranges.flatMap(({ from, to }) => this.#blocks(number, from, to));
      viewer.send(encodeTrendFrame({ sentMs: Date.now(), blocks }));
    }
    send(viewer, { type: 'filled', id, gone: [] });
  }

  #blocks(number: number, from: number, to: number): TrendBlock[] {
    const { signal = 'calm', times = 1, nonfinite = 0 } = this.#scene.channels[number];
    const blocks = signalBlock({ signal, number, from, to, originMs: this.#originMs(), rowMs: ROW_MS });
    return blocks.map((block) => enlargeBlock(block, times, nonfinite));
  }

  #heartbeat(): void {
    if (this.#isSilent) return;
    for (const viewer of this.#viewers.keys()) {
      this.#tell(viewer);
      this.#diagnose(viewer, 1);
    }
  }

  #tell(viewer: WebSocket): void {
    send(viewer, {
      type: 'heartbeat',
      serverMs: Date.now(),
      viewers: this.#viewers.size,
      live: this.#scene.channels.filter(({ silentForMs }) => silentForMs === undefined).length,
      channels: this.#scene.channels.map(({ name, silentForMs, gaps = 0 }, i) => ({
        name,
        next: this.#rows(i),
        live: silentForMs === undefined,
        received: this.#rows(i) * 50_000,
        missing: gaps * 1_234_567,
        gaps,
      })),
    });
  }

  // Ten minutes before the hub started: there is a past to look at.
  #originMs(): number {
    return this.#startMs - 600_000;
  }

  #rows(channel: number): number {
    const { silentForMs } = this.#scene.channels[channel];
    const nowMs = silentForMs === undefined ? Date.now() : this.#startMs - silentForMs;
    return Math.floor((nowMs - this.#originMs()) / ROW_MS);
  }
}

function describe({
  signal: _,
  silentForMs: __,
  gaps: ___,
  times: ____,
  nonfinite: _____,
  diagnoses: ______,
  ...channel
}: ScriptedChannel): Channel {
  return {
    label: channel.name,
    unit: 'V',
    rateHz: 10_000_000,
    window: 50_000,
    datatype: 'ri16_le',
    description: 'Plasma light',
    hardware: 'PMT',
    normal: [0.1105, 0.1185],
    ...channel,
  };
}

function send(viewer: WebSocket, event: HubEvent): void {
  viewer.send(JSON.stringify(event));
}
