import type { LedgerEntry } from '../../trend/ledger.ts';
import type { AlarmCondition } from '../../wire/alarm-definitions.ts';
import type { AlarmFinding } from '../../wire/alarms.ts';
import type { Verdict } from './condition.ts';

type Missing = Extract<AlarmCondition, { kind: 'missing' }>;

/** Time is forgotten in steps of so many to the whole. */
const PARTS = 64;

/**
 * So many samples of the channel have been missed within `overSeconds`, by the
 * time its accounts come in. What is missing in the first of them was before.
 * That nothing is missing is said when `overSeconds` have been seen.
 *
 * Samples that the device says it lost itself are missing too where it counted
 * them in its indices; where it did not, nothing tells where they belong.
 */
export class MissingCondition {
  readonly input = 'ledger';
  readonly #samples: number;
  readonly #partMs: number;
  readonly #parts = new Float64Array(PARTS);
  #missing: number | undefined;
  #first = 0;
  #part = 0;
  #count = 0;
  #beganNs: bigint | undefined;

  constructor({ samples, overSeconds }: Missing) {
    this.#samples = samples;
    this.#partMs = (overSeconds * 1000) / PARTS;
  }

  get finding(): AlarmFinding {
    return { value: this.#count, limit: this.#samples };
  }

  /** Where the newest of them are missing. */
  get beganNs(): bigint | undefined {
    return this.#beganNs;
  }

  take({ missing, gapRanges }: LedgerEntry, nowMs: number): Verdict {
    const part = Math.floor(nowMs / this.#partMs);
    if (this.#missing === undefined) this.#first = this.#part = part;
    const more = Math.max(missing - (this.#missing ?? missing), 0);
    this.#missing = missing;
    for (let i = Math.max(this.#part + 1, part - PARTS + 1); i <= part; i++) this.#parts[i % PARTS] = 0;
    this.#part = part;
    this.#parts[part % PARTS] += more;
    this.#count = this.#parts.reduce((sum, each) => sum + each, 0);

    const newest = gapRanges.at(-1);
    if (more > 0 && newest) this.#beganNs = BigInt(Math.round(newest.timeMs)) * 1_000_000n;
    if (this.#count >= this.#samples) return true;
    return part - this.#first >= PARTS ? false : undefined;
  }
}
