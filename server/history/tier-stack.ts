import type { RawSummary } from '../kernels/reduce-kernel.ts';
import { TIER_FACTOR, TIERS } from '../trend/tier.ts';
import { heldNs } from '../trend/time-range.ts';
import { toleranceNs } from './lines-of-time.ts';
import type { HistoryRow } from './row-block.ts';

export interface TierStackOptions {
  /** Merges at least one and at most `TIER_FACTOR` rows. */
  readonly merge: (parts: readonly HistoryRow[]) => RawSummary;
  /** How long a window of the stream lasts, by the sample clock. */
  readonly windowNs: number;
  /** Takes a row of a tier ≥ 1 that is done. */
  readonly emit: (tier: number, row: HistoryRow) => void;
}

/**
 * The tiers of one stream: makes rows of tier k + 1 of those of tier k, as
 * they come. A tier has one open row, which is done when it is whole, when a
 * row of another one comes, or when another line of time begins (the clock was
 * set); then it is a part, and others may follow.
 *
 * Rows that are open in different tiers have no window in common: together
 * with the rows that are done they are all windows, once.
 */
export class TierStack {
  readonly #options: TierStackOptions;
  readonly #open: (OpenRow | undefined)[] = [];

  constructor(options: TierStackOptions) {
    this.#options = options;
  }

  /** Takes a row of `tier`, from 0 up; there is nothing above the last one. */
  add(tier: number, row: HistoryRow): void {
    const above = tier + 1;
    if (above === TIERS) return;

    const window = Math.floor(row.window / TIER_FACTOR);
    const intoNs = (row.window - window * TIER_FACTOR) * TIER_FACTOR ** tier * this.#options.windowNs;
    let open = this.#open[above];
    if (open !== undefined && (open.window !== window || !this.#isOneLine(open, above, row.timeNs, intoNs))) {
      this.#finish(above);
      open = undefined;
    }
    if (open === undefined) {
      const { stream, flags, windows } = row;
      const timeNs = heldNs(row.timeNs - BigInt(Math.round(intoNs)));
      this.#open[above] = { stream, window, timeNs, flags, windows, parts: [row] };
    } else {
      if (open.parts.length === TIER_FACTOR) open.parts = [this.#rowOf(open)]; // parts of parts
      open.parts.push(row);
      open.flags |= row.flags;
      open.windows += row.windows;
    }
    if ((this.#open[above]?.windows ?? 0) >= TIER_FACTOR ** above) this.#finish(above);
  }

  /** Ends every open row as a part, the finest first. */
  close(): void {
    for (let tier = 1; tier < TIERS; tier++) if (this.#open[tier] !== undefined) this.#finish(tier);
  }

  /** The open row of a tier as it is. */
  open(tier: number): HistoryRow | undefined {
    const open = this.#open[tier];
    return open && this.#rowOf(open);
  }

  #finish(tier: number): void {
    const open = this.#open[tier];
    if (open === undefined) return;
    this.#open[tier] = undefined;
    const row = this.#rowOf(open);
    this.#options.emit(tier, row);
    this.add(tier, row);
  }

  // Field by field, as there are thousands a second.
  #rowOf({ stream, window, timeNs, flags, windows, parts }: OpenRow): HistoryRow {
    const { min, max, mean, m2, count, clipped, nonfinite } = this.#options.merge(parts);
    return { stream, window, timeNs, min, max, mean, m2, count, clipped, nonfinite, flags, windows };
  }

  // Whether what lies `intoNs` into the row is where it is expected.
  #isOneLine(open: OpenRow, tier: number, timeNs: bigint, intoNs: number): boolean {
    const { windowNs } = this.#options;
    const offNs = Number(timeNs - open.timeNs) - intoNs;
    return Math.abs(offNs) < toleranceNs(windowNs * TIER_FACTOR ** tier, windowNs);
  }
}

interface OpenRow {
  readonly stream: number;
  readonly window: number;
  readonly timeNs: bigint;
  flags: number;
  windows: number;
  /** What it is made of; at most `TIER_FACTOR`. */
  parts: HistoryRow[];
}
