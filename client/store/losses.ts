import type { Outages } from './outages.ts';
import type { Hole, PointLedger } from './point-ledger.ts';
import type { TimeRange } from './time-view.ts';

/** Points that the hub has no more, and where to count what the history has of them. */
export interface Loss {
  /** Where they may lie: one stretch of time, or one on each side of a step of the clock. */
  readonly ranges: readonly TimeRange[];
  /** How many there were. */
  readonly points: number;
  /** So many of them have come. Called once. */
  recover(points: number): void;
}

// What the hub named as gone, until it is known where it lies. The oldest is forgotten past this many, and stays missing.
const NAMED_LIMIT = 256;
// A hole that is shorter than its points by more than this share, and one, is where the clock was set back.
const SHRUNK = 0.02;

/** What of a channel only the history can still give. */
export class Losses {
  readonly #outages: Outages;
  #named: SeqRange[] = [];
  #former: Loss[] = [];
  #recovered = 0;
  #isOutageTaken = true;

  constructor(outages: Outages) {
    this.#outages = outages;
  }

  /** Points of former lives of the hub that came after all. */
  get recovered(): number {
    return this.#recovered;
  }

  /** The hub has these sequence numbers no more. */
  name(from: number, to: number): void {
    this.#named = [...this.#named.slice(1 - NAMED_LIMIT), { from, to }];
  }

  /** The hub began another life: what was missing of the former one, it will not send. */
  restart(ledger: PointLedger, windowMs: number): void {
    const former = ledger.holes().map((hole) => ({
      ranges: rangesOf(hole, hole, windowMs),
      points: hole.to - hole.from,
      recover: (points: number) => {
        this.#recovered += Math.min(points, hole.to - hole.from);
      },
    }));
    this.#former = [...this.#former, ...former].slice(-NAMED_LIMIT);
    this.#named = [];
    this.#isOutageTaken = false;
  }

  /** What is known by now; each is given once. `isSettled`: nothing of the past is on its way from the hub. */
  take(ledger: PointLedger, { isSettled, windowMs }: { isSettled: boolean; windowMs: number }): Loss[] {
    const taken = [...this.#former, ...this.#takeNamed(ledger, windowMs)];
    this.#former = [];
    const { newest } = this.#outages;
    if (newest && isSettled && !this.#isOutageTaken) {
      this.#isOutageTaken = true;
      taken.push({ ranges: [newest], points: Infinity, recover: (points) => this.#outages.recover(points) });
    }
    return taken;
  }

  /** Named ones lie in holes as soon as there is something after them; before the first point, nothing is missing. */
  #takeNamed(ledger: PointLedger, windowMs: number): Loss[] {
    if (this.#named.length === 0) return [];
    const known = this.#named.filter(({ to }) => to < ledger.next);
    this.#named = this.#named.filter((range) => !known.includes(range));
    const holes = ledger.holes();
    return known.flatMap((range) => holes.flatMap((hole) => lossIn(hole, range, { ledger, windowMs })));
  }
}

interface SeqRange {
  readonly from: number;
  readonly to: number;
}

/** The part of a hole that is gone. */
function lossIn(
  hole: Hole,
  range: SeqRange,
  { ledger, windowMs }: { readonly ledger: PointLedger; readonly windowMs: number },
): Loss[] {
  const from = Math.max(hole.from, range.from);
  const to = Math.min(hole.to, range.to);
  if (from >= to) return [];
  const ranges = rangesOf(hole, { from, to }, windowMs);
  const lost = { from, to, fromMs: ranges[0].fromMs, toMs: ranges[ranges.length - 1].toMs };
  return [{ ranges, points: to - from, recover: (points) => ledger.recover(lost, points) }];
}

/** Where the points from .. to-1 of a hole may lie. Which of them came before a step of the clock, nobody knows. */
function rangesOf(hole: Hole, { from, to }: SeqRange, windowMs: number): TimeRange[] {
  const points = hole.to - hole.from;
  const lengthMs = hole.toMs - hole.fromMs;
  const before = from - hole.from;
  const after = hole.to - to;
  if (lengthMs < points * windowMs * (1 - SHRUNK) - windowMs) {
    return [
      { fromMs: hole.fromMs + before * windowMs, toMs: hole.fromMs + (to - hole.from) * windowMs },
      { fromMs: hole.toMs - (hole.to - from) * windowMs, toMs: hole.toMs - after * windowMs },
    ];
  }
  const pointMs = lengthMs / points;
  return [{ fromMs: hole.fromMs + before * pointMs, toMs: hole.toMs - after * pointMs }];
}
