import { WindowFlag } from '../../server/trend/trend-window.ts';

/** What a frame says of its samples. */
export interface ModelRun {
  readonly first: number;
  readonly flags: number;
  /** 0 where it is not given. */
  readonly timeNs: bigint;
}

/** What a device says of a stream in its hello, as far as figures depend on it. */
export interface StreamTraits {
  readonly size: number;
  readonly rateHz: number;
  readonly scale: number;
  readonly offset: number;
  /** Raw counts at or beyond which a sample is clipped. */
  readonly fullScale: readonly [low: number, high: number];
  readonly epochNs: bigint | undefined;
}

/** A window that was handed out, newest state. */
export interface ModelWindow {
  readonly raw: readonly number[];
  readonly flags: number;
  readonly timeNs: bigint;
}

interface Anchor {
  readonly index: number;
  readonly timeNs: bigint;
  readonly from: number;
}

interface Partial {
  readonly window: number;
  readonly samples: number;
  readonly flags: number;
}

const LOOSE_NS = 1_000_000n;
const NS = 1_000_000_000n;

/**
 * What a stream's samples come to, sample by sample: the oracle of the fault
 * schedules. Written for reading, with maps of everything that ever came, and
 * knowing nothing of how ingest does it.
 */
export class StreamModel {
  readonly seen = new Map<number, { readonly raw: number; readonly flags: number }>();
  first: number | undefined;
  head = 0;
  duplicate = 0;
  late = 0;
  reanchored = 0;
  readonly traits: StreamTraits;
  readonly #arrivedNs: bigint;
  readonly #anchors: Anchor[] = [];
  readonly #partials: Partial[] = [];
  readonly #lossBefore = new Set<number>(); // windows
  readonly #times = new Map<number, bigint>(); // of windows, by the clock as it was when they began
  #placed: ModelRun | undefined;

  /** Every sample arrives at `arrivedNs`. */
  constructor(traits: StreamTraits, arrivedNs: bigint) {
    this.traits = traits;
    this.#arrivedNs = arrivedNs;
  }

  /** The bytes of sample `index` of `run` begin to arrive. */
  begin(index: number, run: ModelRun): void {
    if (this.first !== undefined && index < this.head) return;
    if (run !== this.#placed) this.#place(index, run);
    this.first ??= index;
    this.head = index;
    const window = this.windowOf(index);
    if (!this.#times.has(window)) this.#times.set(window, this.timeOf(window * this.traits.size));
  }

  /** Sample `index` of `run` is whole. */
  take(index: number, run: ModelRun, raw: number): void {
    if (this.first !== undefined && index < this.head) {
      if (this.seen.has(index)) this.duplicate++;
      else this.late++;
      return;
    }
    this.begin(index, run);
    this.seen.set(index, { raw, flags: run.flags & ~WindowFlag.SampleLoss });
    this.head = index + 1;
  }

  /** The device ends its stream. */
  end(): void {
    const window = this.windowOf(this.head);
    const samples = this.#inWindow(window).length;
    if (samples === this.#handedOut(window)) return;
    this.#partials.push({ window, samples, flags: this.#flagsOf(window, this.head) | WindowFlag.Partial });
  }

  get safe(): number {
    return this.windowOf(this.head) * this.traits.size;
  }

  get pending(): number {
    const open = this.windowOf(this.head);
    return this.#inWindow(open).length - this.#handedOut(open);
  }

  get expected(): number {
    return this.first === undefined ? 0 : this.head - this.first;
  }

  /** How often a window was handed out, partial ones counted each time. */
  get handedOut(): number {
    const whole = this.#closed().filter((window) => this.#inWindow(window).length > this.#handedOut(window));
    return whole.length + this.#partials.length;
  }

  /** Runs of samples that never came, between the first and the last. */
  gaps(): { from: number; to: number; timeMs: number }[] {
    const gaps: { from: number; to: number; timeMs: number }[] = [];
    for (let i = this.first ?? 0; i < this.head; i++) {
      if (this.seen.has(i)) continue;
      const last = gaps.at(-1);
      if (last?.to === i) last.to = i + 1;
      else gaps.push({ from: i, to: i + 1, timeMs: Number(this.timeOf(i)) / 1e6 });
    }
    return gaps;
  }

  /** Every window that was handed out, by its number and in that order, as it was last. */
  windows(): Map<number, ModelWindow> {
    const windows = new Map<number, ModelWindow>();
    for (const window of this.#closed()) {
      const raw = this.#inWindow(window);
      const end = (window + 1) * this.traits.size;
      const partial = this.#partials.findLast((it) => it.window === window);
      const flags = partial?.samples === raw.length ? partial.flags : this.#flagsOf(window, end);
      windows.set(window, { raw, flags, timeNs: this.#times.get(window)! });
    }
    const open = this.windowOf(this.head);
    const partial = this.#partials.findLast((it) => it.window === open);
    if (partial === undefined) return windows;
    const raw = this.#inWindow(open).slice(0, partial.samples);
    return windows.set(open, { raw, flags: partial.flags, timeNs: this.#times.get(open)! });
  }

  windowOf(index: number): number {
    return Math.floor(index / this.traits.size);
  }

  /** By the newest anchor that holds at `index`; the first one holds before itself too. */
  timeOf(index: number): bigint {
    const anchor = this.#anchors.findLast(({ from }) => from <= index) ?? this.#anchors[0];
    return anchor.timeNs + this.#spanNs(index - anchor.index);
  }

  // Rounded to the nearest ns.
  #spanNs(samples: number): bigint {
    const rate = BigInt(this.traits.rateHz);
    return floorDivide(2n * BigInt(samples) * NS + rate, 2n * rate);
  }

  // The first byte of a run that is new: it says where and when.
  #place(index: number, run: ModelRun): void {
    this.#placed = run;
    if ((run.flags & WindowFlag.SampleLoss) !== 0) this.#lossBefore.add(this.windowOf(index));
    const { epochNs } = this.traits;
    if (this.#anchors.length === 0) {
      if (run.timeNs !== 0n) this.#anchors.push({ index: run.first, timeNs: run.timeNs, from: index });
      else if (epochNs !== undefined) this.#anchors.push({ index: 0, timeNs: epochNs, from: index });
      else this.#anchors.push({ index, timeNs: this.#arrivedNs, from: index });
      return;
    }
    if (run.timeNs === 0n) return;
    // Judged where the run is new: what it sends again had its time from the clock before.
    const offNs = run.timeNs + this.#spanNs(index - run.first) - this.timeOf(index);
    if (offNs >= -LOOSE_NS && offNs <= LOOSE_NS) return;
    this.#anchors.push({ index: run.first, timeNs: run.timeNs, from: index });
    this.reanchored++;
  }

  #closed(): number[] {
    const open = this.windowOf(this.head);
    return [...new Set([...this.seen.keys()].map((index) => this.windowOf(index)))].filter((window) => window < open);
  }

  #inWindow(window: number): number[] {
    const start = window * this.traits.size;
    const raw: number[] = [];
    for (let i = start; i < start + this.traits.size; i++) {
      const sample = this.seen.get(i);
      if (sample !== undefined) raw.push(sample.raw);
    }
    return raw;
  }

  // Of a window that reaches to `end` at most.
  #flagsOf(window: number, end: number): number {
    let flags = this.#lossBefore.has(window) ? WindowFlag.SampleLoss : 0;
    for (let i = window * this.traits.size; i < end; i++) flags |= this.seen.get(i)?.flags ?? WindowFlag.Gap;
    return flags;
  }

  #handedOut(window: number): number {
    return this.#partials.findLast((it) => it.window === window)?.samples ?? 0;
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a >= 0n ? a / b : -((-a + b - 1n) / b);
}
