// Holes are rare and filled at the next resume. Past this many the oldest two
// ranges are joined, and what lay between them is counted as missing for good.
const RANGE_LIMIT = 256;
const NO_TIME = { fromMs: NaN, toMs: NaN };

/** Sequence numbers from .. to-1. */
interface Range {
  from: number;
  to: number;
}

/** Sequence numbers that were seen without a hole, and where they lie on the sample clock. */
interface TimedRange extends Range {
  fromMs: number;
  toMs: number;
}

/** Points between others that were never seen: sequence numbers from .. to-1, and their time. */
export type Hole = Readonly<TimedRange>;

/**
 * Points received against points sent, of one channel in one life of the hub.
 *
 * A point is one window. Received are the sequence numbers seen, each once;
 * missing are those between the first and the last seen that never came.
 */
export class PointLedger {
  #ranges: TimedRange[] = [];
  #abandoned = 0;
  #received = 0;

  /** Points seen, each counted once. */
  get received(): number {
    return this.#received;
  }

  /** Points sent before the newest seen that never came. */
  get missing(): number {
    const first = this.#ranges[0];
    const last = this.#ranges.at(-1);
    return first && last ? last.to - first.from - this.#received : 0;
  }

  /** Missing points that can no longer be told apart, so no refill takes them back. */
  get abandoned(): number {
    return this.#abandoned;
  }

  /** The first sequence number seen; undefined before any. */
  get first(): number | undefined {
    return this.#ranges[0]?.from;
  }

  /** One past the newest sequence number seen. */
  get next(): number {
    return this.#ranges.at(-1)?.to ?? 0;
  }

  /** How many of the sequence numbers from .. to-1 were seen. */
  receivedIn(from: number, to: number): number {
    let sum = 0;
    for (const range of this.#ranges) sum += Math.max(0, Math.min(to, range.to) - Math.max(from, range.from));
    return sum;
  }

  /** What of the sequence numbers from .. to-1 was not seen, in rising order. */
  missingIn(from: number, to: number): Range[] {
    const missing: Range[] = [];
    let at = from;
    for (const range of this.#ranges) {
      if (range.from > at && at < to) missing.push({ from: at, to: Math.min(range.from, to) });
      at = Math.max(at, range.to);
    }
    if (at < to) missing.push({ from: at, to });
    return missing;
  }

  /** What was not seen between the first and the last, in rising order. */
  holes(): Hole[] {
    return this.#ranges.slice(1).map(({ from, fromMs }, i) => {
      const before = this.#ranges[i];
      return { from: before.to, to: from, fromMs: before.toMs, toMs: fromMs };
    });
  }

  /** Of a hole, `points` came by another way. The rest is missing for good. */
  recover({ from, to, fromMs, toMs }: Hole, points: number): void {
    const fresh = this.add(from, to, { fromMs, toMs });
    this.#abandoned += Math.max(0, fresh - points);
  }

  /** Adds from .. to-1 and returns how many of them are new. */
  add(from: number, to: number, { fromMs, toMs } = NO_TIME): number {
    const last = this.#ranges.at(-1);
    if (last && from === last.to) {
      last.to = to; // the usual case: the next points, in order
      last.toMs = toMs;
      this.#received += to - from;
      return to - from;
    }
    const fresh = to - from - this.receivedIn(from, to);
    if (fresh === 0) return 0;
    this.#received += fresh;
    this.#merge({ from, to, fromMs, toMs });
    this.#bound();
    return fresh;
  }

  #merge(added: TimedRange): void {
    const kept: TimedRange[] = [];
    for (const range of this.#ranges) {
      if (range.to < added.from || range.from > added.to) {
        kept.push(range);
        continue;
      }
      if (range.from < added.from) {
        added.from = range.from;
        added.fromMs = range.fromMs;
      }
      if (range.to > added.to) {
        added.to = range.to;
        added.toMs = range.toMs;
      }
    }
    kept.push(added);
    this.#ranges = kept.sort((a, b) => a.from - b.from);
  }

  #bound(): void {
    while (this.#ranges.length > RANGE_LIMIT) {
      const [a, b] = this.#ranges.splice(0, 2);
      this.#abandoned += b.from - a.to;
      this.#ranges.unshift({ from: a.from, to: b.to, fromMs: a.fromMs, toMs: b.toMs });
    }
  }
}
