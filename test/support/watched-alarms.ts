import { AlarmCaptures, type RangeOrder } from '../../server/alarms/alarm-captures.ts';
import { AlarmEngine } from '../../server/alarms/alarm-engine.ts';
import { resolveDefinitions } from '../../server/alarms/definition-resolution.ts';
import type { JournalLog } from '../../server/alarms/journal-log.ts';
import type { LedgerEntry } from '../../server/trend/ledger.ts';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { definition, WHOLE } from './alarm-definitions.ts';
import { FakeClock } from './fake-clock.ts';
import { type KeptAlarms, keepAlarms } from './kept-alarms.ts';
import { BALANCED } from './system-source.ts';
import { EPOCH_NS } from './trend-windows.ts';

export const WINDOW_MS = 5;
const RATE_HZ = 10_000_000;
const SIZE = (RATE_HZ * WINDOW_MS) / 1000;

/** Makes recordings on paper. */
export class ScriptedDesk {
  /** What it was asked for, in order. */
  readonly calls: string[] = [];
  readonly orders: RangeOrder[] = [];
  /** Of `confirm`. */
  isHeld = true;
  isKnown = true;
  #made = 0;

  async capture(order: RangeOrder): Promise<string> {
    this.orders.push(order);
    return this.#say(`capture ${order.channel}`, `capture-${++this.#made}`);
  }

  async hold(order: RangeOrder): Promise<string> {
    this.orders.push(order);
    return this.#say(`hold ${order.channel}`, `capture-${++this.#made}`);
  }

  async confirm(id: string): Promise<boolean> {
    return this.#say(`confirm ${id}`, this.isHeld);
  }

  async release(id: string): Promise<void> {
    this.#say(`release ${id}`, undefined);
  }

  async isListed(): Promise<boolean> {
    return this.isKnown;
  }

  #say<T>(call: string, answer: T): T {
    this.calls.push(call);
    return answer;
  }
}

/** An engine with its states and their journal, fed by hand. */
export class WatchedAlarms {
  readonly kept: KeptAlarms;
  readonly engine: AlarmEngine;
  readonly captures: AlarmCaptures;
  readonly desk = new ScriptedDesk();
  #index = 0;

  /** Starts on a log, with definitions of alarms as people write them: `WHOLE` but for what they say. */
  static async start(
    log: JournalLog,
    written: Readonly<Record<string, object>>,
    { clock = new FakeClock(), listed = [] as readonly string[] } = {},
  ): Promise<WatchedAlarms> {
    const kept = await keepAlarms(log, [], clock);
    return new WatchedAlarms(kept, written, listed);
  }

  private constructor(kept: KeptAlarms, written: Readonly<Record<string, object>>, listed: readonly string[]) {
    this.kept = kept;
    const { states, clock } = kept;
    this.captures = new AlarmCaptures({
      desk: this.desk,
      onCapture: (tag, occurrence, capture) =>
        states.change(tag, { event: 'capture', atMs: clock.nowMs(), occurrence, capture }),
    });
    const channels = Object.fromEntries(listed.map((channel) => [channel, {}]));
    this.engine = new AlarmEngine({ clock, states, captures: this.captures, channels });
    kept.follow((transition) => this.engine.follow(transition));
    this.define(written);
  }

  /** From now on these are all definitions. */
  define(written: Readonly<Record<string, object>>): void {
    const documents = Object.entries(written).map(([id, more]) => definition(id, { ...WHOLE, ...more }));
    const { whole, faults } = resolveDefinitions(documents);
    if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('; '));
    this.engine.setDefinitions(whole);
  }

  /** The next window of a channel, all of whose samples are `value`; time goes on by it. */
  window(channel: string, value: number): void {
    const index = this.#index++;
    const summary = { count: SIZE, min: value, max: value, mean: value, m2: 0, clipped: 0, nonfinite: 0 };
    this.kept.clock.advance(WINDOW_MS);
    this.engine.take({
      ...{ channel, stream: 'run-1', index, size: SIZE, rateHz: RATE_HZ, summary, flags: 0 },
      timeNs: EPOCH_NS + BigInt(index * WINDOW_MS) * 1_000_000n,
      arrivedMs: this.kept.clock.nowMs(),
    });
  }

  /** The account of a channel. */
  ledger(channel: string, more: Partial<LedgerEntry> = {}): void {
    this.engine.setLedger([{ ...BALANCED, channel, missing: 0, ...more }]);
  }

  /** Time goes on, with a tick every 100 ms. */
  wait(ms: number): void {
    for (let gone = 0; gone < ms; gone += 100) {
      this.kept.clock.advance(100);
      this.engine.tick();
    }
  }

  find(tag: string): AlarmReply | undefined {
    return this.kept.states.find(tag);
  }

  /** What was published, in short; `!` where people were to notice. */
  get told(): string[] {
    return this.kept.published.map(
      ({ entry: { event, tag, comment, isAnnunciated } }) =>
        `${event} ${tag}${comment === undefined ? '' : ` (${comment})`}${isAnnunciated ? ' !' : ''}`,
    );
  }
}
