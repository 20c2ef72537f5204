import fc from 'fast-check';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import { type TrendWindow, WindowFlag } from '../../server/trend/trend-window.ts';
import { FakeClock } from './fake-clock.ts';
import { channelInfo, historyWindow } from './history-windows.ts';
import { RunningHistory, readFiles, type StoredFiles } from './running-history.ts';
import { seededRandom } from './seeded-random.ts';

/** What may happen to a history. */
export type Act =
  | {
      readonly kind: 'windows';
      readonly at: number;
      readonly count: number;
      readonly gap: number;
      readonly seed: number;
    }
  | { readonly kind: 'again'; readonly at: number; readonly count: number }
  | { readonly kind: 'partial'; readonly at: number; readonly isFollowed: boolean }
  | { readonly kind: 'whole'; readonly at: number }
  | { readonly kind: 'step'; readonly at: number; readonly ms: number }
  | { readonly kind: 'stream'; readonly at: number }
  | { readonly kind: 'hour' | 'kill' | 'stop' };

const CHANNELS = 2;
/** Samples of a window that comes in part first. */
const PARTIAL = [5, -6, 100, NaN, 7];
const at = fc.nat(CHANNELS - 1);
const windows = fc.record({
  kind: fc.constant('windows' as const),
  at,
  count: fc.oneof(fc.nat(30), fc.nat(1500)),
  gap: fc.constantFrom(0, 0, 1, 7, 230),
  seed: fc.integer(),
});
const again = fc.record({ kind: fc.constant('again' as const), at, count: fc.nat(60) });
const partial = fc.record({ kind: fc.constant('partial' as const), at, isFollowed: fc.boolean() });
const whole = fc.record({ kind: fc.constant('whole' as const), at });
const step = fc.record({ kind: fc.constant('step' as const), at, ms: fc.constantFrom(3, -70, 3_600_000) });
const stream = fc.record({ kind: fc.constant('stream' as const), at });
const other = fc.record({ kind: fc.constantFrom('hour' as const, 'kill' as const, 'stop' as const) });

export const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: windows },
  { weight: 2, arbitrary: again },
  { weight: 2, arbitrary: partial },
  { weight: 1, arbitrary: whole },
  { weight: 1, arbitrary: step },
  { weight: 1, arbitrary: stream },
  { weight: 3, arbitrary: other },
);

/** A history to which things happen, and the slow account of what it must then hold. */
export class HistoryRun {
  readonly #kept = new Map<string, TrendWindow>();
  readonly #clock: FakeClock;
  readonly #infos: ChannelInfo[] = [];
  readonly #next: number[] = [];
  readonly #shiftNs: bigint[] = Array.from({ length: CHANNELS }, () => 0n);
  #history: RunningHistory;
  #streams = 0;
  #expected = 0; // windows that the running history must store

  static async start(directory: string): Promise<HistoryRun> {
    const clock = new FakeClock();
    return new HistoryRun(await RunningHistory.start(directory, clock), clock);
  }

  private constructor(history: RunningHistory, clock: FakeClock) {
    this.#history = history;
    this.#clock = clock;
    for (let channel = 0; channel < CHANNELS; channel++) this.#open(channel);
  }

  /** The last form of every window. */
  kept(): Iterable<TrendWindow> {
    return this.#kept.values();
  }

  async act(act: Act): Promise<void> {
    switch (act.kind) {
      case 'windows':
        return this.#sendNew(act);
      case 'again':
        return this.#sendAgain(act);
      case 'partial':
        return this.#sendPartial(act);
      case 'whole':
        return this.#sendWhole(act.at);
      case 'step':
        this.#shiftNs[act.at] = this.#shiftNs[act.at]! + BigInt(act.ms) * 1_000_000n;
        return;
      case 'stream':
        return this.#open(act.at);
      case 'hour':
        await this.#settle();
        this.#clock.set(3_600_000); // the segment ends with the next commit
        return;
      case 'kill':
        return this.#kill();
      case 'stop':
        await this.#settle();
        await this.#history.close();
        return this.#begin(this.#history.directory);
    }
  }

  /** Ends the last segment too, and reads what is there. */
  async end(): Promise<StoredFiles> {
    this.#sendNew({ at: 0, count: 1, gap: 0, seed: 1 }); // so that there is one
    await this.#settle();
    await this.#history.rollOver();
    await this.#history.close();
    return readFiles(this.#history.directory);
  }

  #open(channel: number): void {
    const info = channelInfo(`C${channel}`, `run-${this.#streams++}`);
    this.#infos[channel] = info;
    this.#next[channel] = 0;
    this.#history.open(info);
  }

  #sendNew({ at, count, gap, seed }: { at: number; count: number; gap: number; seed: number }): void {
    const random = seededRandom(seed);
    const first = this.#next[at]! + gap;
    this.#send(Array.from({ length: count }, (_, i) => this.#window(at, first + i, random)));
    if (count > 0) this.#next[at] = first + count;
  }

  #sendAgain({ at, count }: { at: number; count: number }): void {
    const { channel, stream } = this.#infos[at]!;
    const from = this.#next[at]! - count;
    const again = [...this.#kept.values()].filter(
      (one) => one.channel === channel && one.stream === stream && one.index >= from,
    );
    const before = this.#expected;
    this.#send(again);
    this.#expected = before; // it has them all
  }

  // A stream that was ended inside its newest window comes back and sends all of it.
  #sendWhole(at: number): void {
    const index = this.#next[at]! - 1;
    const { channel, stream } = this.#infos[at]!;
    const newest = this.#kept.get(`${channel} ${stream} ${index}`);
    if (newest === undefined || (newest.flags & WindowFlag.Partial) === 0) return;
    this.#send([{ ...historyWindow(this.#infos[at]!, index, PARTIAL), timeNs: newest.timeNs }]);
  }

  // A stream that is ended inside a window, and perhaps goes on with all of it.
  #sendPartial({ at, isFollowed }: { at: number; isFollowed: boolean }): void {
    const index = this.#next[at]!;
    const shiftNs = this.#shiftNs[at]!;
    this.#send([historyWindow(this.#infos[at]!, index, PARTIAL.slice(0, 3), { flags: WindowFlag.Partial, shiftNs })]);
    if (isFollowed) this.#send([historyWindow(this.#infos[at]!, index, PARTIAL, { shiftNs })]);
    this.#next[at] = index + 1;
  }

  async #kill(): Promise<void> {
    await this.#settle();
    const copy = `${this.#history.directory}+`;
    await this.#history.copyAsKilled(copy);
    await this.#history.close();
    await this.#begin(copy);
  }

  async #begin(directory: string): Promise<void> {
    this.#history = await RunningHistory.start(directory, this.#clock);
    this.#expected = 0;
    for (const info of this.#infos) this.#history.open(info);
  }

  #settle(): Promise<void> {
    return this.#history.stored(this.#expected);
  }

  #window(at: number, index: number, random: () => number): TrendWindow {
    const samples = Array.from({ length: 3 }, () => (random() - 0.5) * 250);
    return historyWindow(this.#infos[at]!, index, samples, { shiftNs: this.#shiftNs[at]! });
  }

  #send(windows: readonly TrendWindow[]): void {
    for (const window of windows) this.#kept.set(`${window.channel} ${window.stream} ${window.index}`, window);
    this.#expected += windows.length;
    this.#history.send(windows);
  }
}
