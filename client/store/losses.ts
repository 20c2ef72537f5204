import type { Outages } from './outages.ts';
import type { Hole, PointLedger } from './point-ledger.ts';

/** Points that the hub has no more, and where to count what the history has of them. */
export interface Loss {
  readonly fromMs: number;
  readonly toMs: number;
  /** How many there were. */
  readonly points: number;
  /** So many of them have come. Called once. */
  recover(points: number): void;
}

// What the hub named as gone, until it is known where it lies. The oldest is forgotten past this many, and stays missing.
const NAMED_LIMIT = 256;

/** What of a channel only the history can still give. */
export class Losses {
  readonly #outages: Outages;
  #named: { readonly from: number; readonly to: number }[] = [];
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
  restart(ledger: PointLedger): void {
    const former = ledger.holes().map(({ from, to, fromMs, toMs }) => ({
      fromMs,
      toMs,
      points: to - from,
      recover: (points: number) => {
        this.#recovered += Math.min(points, to - from);
      },
    }));
    this.#former = [...this.#former, ...former].slice(-NAMED_LIMIT);
    this.#named = [];
    this.#isOutageTaken = false;
  }

  /** What is known by now; each is given once. `isSettled`: nothing of the past is on its way from the hub. */
  take(ledger: PointLedger, isSettled: boolean): Loss[] {
    const taken = [...this.#former, ...this.#takeNamed(ledger)];
    this.#former = [];
    const { newest } = this.#outages;
    if (newest && isSettled && !this.#isOutageTaken) {
      this.#isOutageTaken = true;
      taken.push({ ...newest, points: Infinity, recover: (points) => this.#outages.recover(points) });
    }
    return taken;
  }

  /** Named ones lie in holes as soon as there is something after them; before the first point, nothing is missing. */
  #takeNamed(ledger: PointLedger): Loss[] {
    if (this.#named.length === 0) return [];
    const known = this.#named.filter(({ to }) => to < ledger.next);
    this.#named = this.#named.filter((range) => !known.includes(range));
    const holes = ledger.holes();
    return known.flatMap((range) => holes.flatMap((hole) => lossIn(hole, range, ledger)));
  }
}

/** The part of a hole that is gone. */
function lossIn(hole: Hole, range: { readonly from: number; readonly to: number }, ledger: PointLedger): Loss[] {
  const from = Math.max(hole.from, range.from);
  const to = Math.min(hole.to, range.to);
  if (from >= to) return [];
  const pointMs = (hole.toMs - hole.fromMs) / (hole.to - hole.from);
  const fromMs = hole.fromMs + (from - hole.from) * pointMs;
  const toMs = hole.toMs - (hole.to - to) * pointMs;
  const lost = { from, to, fromMs, toMs };
  return [{ fromMs, toMs, points: to - from, recover: (points) => ledger.recover(lost, points) }];
}
