import { writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { setImmediate as pass } from 'node:timers/promises';
import { vi } from 'vitest';
import { AlarmStage } from '../../server/alarm-stage.ts';
import type { AlarmTransition } from '../../server/alarms/alarm-states.ts';
import { writeDefinitionFile } from '../../server/alarms/definition-file.ts';
import { Config } from '../../server/config.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';
import type { ActionReply, AlarmAction, SeenAlarm } from '../../server/wire/alarm-actions.ts';
import type { AlarmFiguresReply } from '../../server/wire/alarm-figures.ts';
import type { AlarmKpiReply, KpiPeriod } from '../../server/wire/alarm-kpi.ts';
import type { AlarmReply, AlarmsReply } from '../../server/wire/alarms.ts';
import { definition, WHOLE } from './alarm-definitions.ts';
import { answered, diagnosis } from './diagnoses.ts';
import { FakeClock } from './fake-clock.ts';
import { seededRandom } from './seeded-random.ts';
import { serveApp } from './served-app.ts';
import {
  CHANNELS,
  type PlannedAction,
  SCRIPT_MS,
  SHIFT_CHANGE_MS,
  SHIFT_DEFINITIONS,
  type ShiftScript,
  shiftScript,
  type Trouble,
} from './shift-script.ts';
import { silentLog } from './silent-log.ts';
import { BALANCED } from './system-source.ts';

const TICK_MS = 100;
export const WINDOW_MS = 500;
const RATE_HZ = 20_000;
const SIZE = (RATE_HZ * WINDOW_MS) / 1000;
const RUN_MS = 2000;
const LEDGER_MS = 1000;
const DAY_MS = 86_400_000;
const PEOPLE = ['M. Lee', 'J. Kim', '박서연'];
/** A zone that is off by half an hour; its second shift begins amid the script. */
export const SITE = { time_zone: 'Asia/Kolkata', shifts: ['06:00', '14:00', '22:00'] };
export const CHANGE_MS = Date.parse('2026-11-23T14:00+05:30');
export const BEGIN_MS = CHANGE_MS - SHIFT_CHANGE_MS;
/** When an alarm began that stands ever since. */
export const LONG_AGO_MS = BEGIN_MS - DAY_MS - 7_200_000;

type Acting = { readonly seen: SeenAlarm; readonly action: 'acknowledge' | 'reset' };

/**
 * The alarms of a server, with their journal on the disk and their routes, on a
 * clock that the script moves: windows, diagnoses and accounts go in, people act
 * over HTTP. While it runs, `setInterval` is a fake. The caller closes it.
 */
export class ScriptedShift {
  /** What came of each kind of action, by its answer: `done` or why not. */
  readonly outcomes: string[] = [];
  readonly #config: Config;
  readonly #script: ShiftScript;
  readonly #random: () => number;
  readonly #clock = new FakeClock();
  readonly #due = new Map<number, Acting[]>(); // by tick
  readonly #actions: PlannedAction[];
  #stage: AlarmStage | undefined;
  #server: Server | undefined;
  #url = '';
  #ms = 0; // of the script
  #missing = new Map<string, number>();

  /** Starts more than a day before the script, raises what stands ever since, and starts again at its begin. */
  static async start(folder: string, seed: number): Promise<ScriptedShift> {
    const all = Object.entries(SHIFT_DEFINITIONS).map(([id, more]) => definition(id, { ...WHOLE, ...more }));
    const definitions = join(folder, 'alarms.toml');
    writeFileSync(definitions, writeDefinitionFile(all));
    const config = Config.parse({ site: SITE, storage: { directory: folder }, alarms: { definitions } });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const shift = new ScriptedShift(config, seed);
    shift.#clock.set(LONG_AGO_MS - shift.#clock.nowMs());
    await shift.#open();
    shift.#stage!.take(shift.#window('hall', 0, true));
    await shift.#close();
    shift.#clock.advance(BEGIN_MS - LONG_AGO_MS);
    await shift.#open();
    return shift;
  }

  private constructor(config: Config, seed: number) {
    this.#config = config;
    this.#script = shiftScript(seed);
    this.#random = seededRandom(seed + 1);
    this.#actions = [...this.#script.actions];
  }

  /** Server clock, ms since 1970 UTC. */
  get nowMs(): number {
    return this.#clock.nowMs();
  }

  /** Goes on to so many ms after the script's begin, at most to its end. Resolves when all of that is on the disk. */
  async runTo(untilMs: number): Promise<void> {
    while (this.#ms < Math.min(untilMs, SCRIPT_MS)) {
      this.#ms += TICK_MS;
      this.#clock.advance(TICK_MS);
      if (this.#ms === this.#script.restartMs) await this.#restart();
      vi.advanceTimersByTime(TICK_MS);
      this.#measure(); // after the tick, so that nothing passes that waits for the next
      await this.#act();
    }
    await this.#written();
  }

  get figures(): AlarmFiguresReply {
    return this.#stage!.figures();
  }

  kpi(period: KpiPeriod, atMs: number): Promise<AlarmKpiReply> {
    return this.#get(`/api/alarms/kpi?period=${period}&at=${atMs}`).then((reply) => reply.json());
  }

  /** All alarms of which something is known, by tag. */
  async alarms(): Promise<AlarmReply[]> {
    const { alarms } = (await (await this.#get('/api/alarms?all=true')).json()) as AlarmsReply;
    return alarms.filter(({ version }) => version > 0).sort((a, b) => (a.tag < b.tag ? -1 : 1));
  }

  /** The whole journal as a table. */
  csv(): Promise<string> {
    return this.#get('/api/alarms/journal.csv').then((reply) => reply.text());
  }

  async close(): Promise<void> {
    await this.#close();
    vi.useRealTimers();
  }

  async #open(): Promise<void> {
    const stage = new AlarmStage(this.#config, {
      shipped: [],
      clock: this.#clock,
      log: silentLog(),
      ingest: () => Promise.reject(new Error('there is nothing to record from')),
      isListed: async () => false,
      onDefinitions: () => {},
      onAlarm: (transition) => this.#hear(transition),
      onFlood: () => {},
    });
    this.#stage = stage;
    await stage.open(Promise.resolve({ thread: { status: () => ({ state: 'working' }) } }));
    for (const channel of ['hall', ...CHANNELS]) stage.setChannel({ channel });
    const { server, port } = await serveApp(stage.sources);
    this.#server = server;
    this.#url = `http://127.0.0.1:${port}`;
  }

  async #close(): Promise<void> {
    await this.#stage?.close();
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  async #restart(): Promise<void> {
    await this.#close();
    await this.#open();
  }

  /** What devices send in one tick. */
  #measure(): void {
    const stage = this.#stage!;
    for (const channel of CHANNELS) {
      const troubles = this.#troubles(channel);
      const isQuiet = troubles.has('silent') || troubles.has('off');
      if (this.#ms % WINDOW_MS === 0 && !isQuiet) stage.take(this.#window(channel, this.#ms / WINDOW_MS));
      if (this.#ms % RUN_MS === 0 && !isQuiet) {
        const outcome = answered('class', troubles.has('arcing') ? 1 : 0, 0.95);
        const timeNs = BigInt(this.nowMs - RUN_MS) * 1_000_000n;
        stage.takeDiagnosis(diagnosis({ channel, first: this.#ms, timeNs, outcome }));
      }
      if (this.#ms % LEDGER_MS === 0) {
        const missing = (this.#missing.get(channel) ?? 0) + (troubles.has('lost') ? 400 : 0);
        this.#missing.set(channel, missing);
        stage.setLedger([{ ...BALANCED, channel, live: !troubles.has('off'), missing, gapRanges: [] }]);
      }
    }
  }

  /** What is wrong with a channel now, and since when, ms of the script. */
  #troubles(channel: string): Map<Trouble, number> {
    const now = this.#script.episodes.filter(
      (one) => one.channel === channel && one.fromMs <= this.#ms && this.#ms < one.toMs,
    );
    return new Map(now.map(({ trouble, fromMs }) => [trouble, fromMs]));
  }

  /** The window that ends now. */
  #window(channel: string, index: number, isHigh = false): TrendWindow {
    const troubles = this.#troubles(channel);
    const risesMs = this.#ms - (troubles.get('drift') ?? this.#ms);
    const mean = isHigh || troubles.has('level') || troubles.has('peak') ? 0.7 : 0.1 + Math.min(risesMs * 2e-5, 0.25);
    const max = mean + (troubles.has('peak') ? 0.5 : 0.01);
    const deviation = troubles.has('flicker') ? 0.2 : 0.01;
    const clipped = troubles.has('clipped') ? 50 : 0;
    return {
      ...{ channel, stream: 'run-1', index, size: SIZE, rateHz: RATE_HZ, flags: 0 },
      timeNs: BigInt(this.nowMs - WINDOW_MS) * 1_000_000n,
      arrivedMs: this.nowMs,
      summary: { count: SIZE, min: mean - 0.01, max, mean, m2: SIZE * deviation ** 2, clipped, nonfinite: 0 },
    };
  }

  /** People hear of it, and will do something about it. */
  #hear({ entry, alarm: { tag, state, occurrence, version } }: AlarmTransition): void {
    const seen = { tag, occurrence, version };
    if (entry.isAnnunciated) this.#plan(this.#script.takesMs(), { seen, action: 'acknowledge' });
    if (state === 'latched-acknowledged') this.#plan(1000 + 60_000 * this.#random(), { seen, action: 'reset' });
  }

  #plan(afterMs: number | undefined, acting: Acting): void {
    if (afterMs === undefined) return;
    const tick = Math.ceil((this.#ms + afterMs) / 1000) * (1000 / TICK_MS); // people act by the second
    this.#due.set(tick, [...(this.#due.get(tick) ?? []), acting]);
  }

  async #act(): Promise<void> {
    const due = this.#due.get(this.#ms / TICK_MS) ?? [];
    for (const kind of ['acknowledge', 'reset'] as const) {
      const seen = new Map(due.filter(({ action }) => action === kind).map((one) => [one.seen.tag, one.seen]));
      if (seen.size > 0) await this.#ask({ action: kind, alarms: [...seen.values()] });
    }
    while (this.#actions[0] !== undefined && this.#actions[0].atMs <= this.#ms) {
      const { atMs: _, tags, ...planned } = this.#actions.shift()!;
      const alarms = tags.map((tag) => {
        const { occurrence, version } = this.#stage!.sources.alarms.find(tag)!;
        return { tag, occurrence, version };
      });
      await this.#ask({ ...planned, alarms } as Omit<AlarmAction, 'id'>);
    }
  }

  async #ask(action: object): Promise<void> {
    const hex = () =>
      Math.floor(this.#random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    const [a, b, c, d] = [hex(), hex(), hex(), hex()];
    const id = `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
    const person = PEOPLE[Math.floor(this.#random() * PEOPLE.length)]!;
    const headers = { 'content-type': 'application/json', 'fenestra-person': encodeURIComponent(person) };
    const asked = { method: 'POST', headers, body: JSON.stringify({ id, ...action }) };
    const response = await fetch(`${this.#url}/api/alarms/actions`, asked);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    const { results } = (await response.json()) as ActionReply;
    for (const { refusal = 'done' } of results) this.outcomes.push(`${(action as AlarmAction).action} ${refusal}`);
  }

  async #written(): Promise<void> {
    while (this.figures.journal.waiting > 0) await pass();
  }

  async #get(path: string): Promise<Response> {
    const response = await fetch(`${this.#url}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
