import { COARSEST } from './subscription.ts';

/** What a viewer's last second was like. */
export interface PaceReport {
  /** When, by a clock that leaves out what the hub itself stalled. */
  readonly listenedMs: number;
  /** How far behind it is, in time of the samples. */
  readonly backlogMs: number;
  /** Whether it is the viewer that more would have to wait for. */
  readonly isBlocked: boolean;
  /** Milliseconds since it last acknowledged anything that is in flight. */
  readonly stalledMs: number;
  /** Bytes it has acknowledged since it connected. */
  readonly ackedBytes: number;
  /** Bytes a second its subscription takes as it is. */
  readonly neededBytes: number;
}

export type PaceVerdict = 'keep' | 'coarser' | 'finer' | 'give-up';

/** Blocked and further behind than this, and not catching up: trends get coarser. */
const BACKLOG_LIMIT_MS = 1000;
/** For so long at first, since a page that loads or a line that stumbles recovers by itself, */
const PATIENCE_MS = 3000;
/** then once a second; but not by a single look, which may come before what a stall of the hub left unread. */
const NEXT_PATIENCE_MS = 500;
/** Catching up means that a second takes away at least so much of the backlog. */
const CATCH_UP_MS = 200;
/** Coarse enough is what needs no more than this share of what was acknowledged lately. */
const SHARE = 0.8;
/** Seconds that what was acknowledged is averaged over. */
const MEMORY = 3;
/** Blocked for so long without any acknowledgement, or at the coarsest without catching up: given up. */
const GIVE_UP_MS = 10_000;
/** In step for so long: trends get finer again, later every time that fails. */
const FINER_MS = 20_000;
const FINER_LIMIT_MS = 600_000;

/**
 * Decides, once a second, what becomes of a viewer that cannot keep up: its
 * trends are made coarser step by step until what it acknowledges is enough,
 * made finer when it has kept up for a while, and given up when even the
 * coarsest is too much.
 */
export class Pace {
  #coarseness = 1;
  #previous: PaceReport | undefined;
  #bytesPerSecond: number | undefined;
  #strainedMs: number | undefined; // since when, at the coarseness there is
  #inStepMs: number | undefined; // since when
  #finerAfterMs = FINER_MS;

  /** Times what was asked for. */
  get coarseness(): number {
    return this.#coarseness;
  }

  check(report: PaceReport): PaceVerdict {
    const previous = this.#previous;
    this.#previous = report;
    if (report.isBlocked && report.stalledMs > GIVE_UP_MS) return 'give-up';
    if (previous === undefined) return 'keep';

    this.#average(report, previous);
    const isStrained =
      report.isBlocked &&
      report.backlogMs > BACKLOG_LIMIT_MS &&
      report.backlogMs > previous.backlogMs - CATCH_UP_MS &&
      report.neededBytes > (this.#bytesPerSecond ?? 0) * SHARE;
    return isStrained ? this.#strain(report) : this.#relax(report);
  }

  #strain({ listenedMs }: PaceReport): PaceVerdict {
    this.#inStepMs = undefined;
    if (this.#coarseness < COARSEST) {
      this.#strainedMs ??= listenedMs;
      const patienceMs = this.#coarseness === 1 ? PATIENCE_MS : NEXT_PATIENCE_MS;
      if (listenedMs - this.#strainedMs < patienceMs) return 'keep';
      this.#coarseness *= 2;
      this.#strainedMs = listenedMs;
      return 'coarser';
    }
    this.#strainedMs ??= listenedMs;
    return listenedMs - this.#strainedMs > GIVE_UP_MS ? 'give-up' : 'keep';
  }

  #relax({ listenedMs, backlogMs, isBlocked }: PaceReport): PaceVerdict {
    this.#strainedMs = undefined;
    if (this.#coarseness === 1) return 'keep';
    if (isBlocked || backlogMs > BACKLOG_LIMIT_MS) {
      this.#inStepMs = undefined;
      return 'keep';
    }
    this.#inStepMs ??= listenedMs;
    if (listenedMs - this.#inStepMs < this.#finerAfterMs) return 'keep';
    this.#inStepMs = undefined;
    this.#finerAfterMs = Math.min(this.#finerAfterMs * 2, FINER_LIMIT_MS);
    this.#coarseness /= 2;
    return 'finer';
  }

  #average(report: PaceReport, previous: PaceReport): void {
    const elapsed = Math.max(1, report.listenedMs - previous.listenedMs);
    const rate = ((report.ackedBytes - previous.ackedBytes) / elapsed) * 1000;
    this.#bytesPerSecond =
      this.#bytesPerSecond === undefined ? rate : this.#bytesPerSecond + (rate - this.#bytesPerSecond) / MEMORY;
  }
}
