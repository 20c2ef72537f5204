import type { Run } from '../model/run.ts';

const MINUTE_NS = 60_000_000_000n;

/** What of a run decides its group. */
export type GroupedRun = Pick<Run, 'channel' | 'stream' | 'first' | 'timeNs'>;

/**
 * Shares the runs of a channel out into groups, which a training never parts: a
 * group is a stream and a block of the sample clock, on whole multiples of its
 * minutes since 1970 UTC, or with 0 minutes a stream. A run is of the block of its
 * first point. Sliding runs overlap, so the first of a block share points with the
 * last of the block before: they are left out, and no point is in two groups.
 * Two channels share no group, even where they see the same moment.
 */
export class RunGroups {
  readonly #minutes: number;
  readonly #length: number;
  readonly #names = new Set<string>();
  #last: { readonly stream: string; readonly end: number; readonly name: string } | undefined;
  #shared = 0;

  /** `length` is points of a run. */
  constructor(minutes: number, length: number) {
    this.#minutes = minutes;
    this.#length = length;
  }

  /** The group of the next run, of streams one after the other, by their beginnings; undefined where it is left out. */
  groupOf({ channel, stream, first, timeNs }: GroupedRun): string | undefined {
    const name = `${channel}/${stream}${this.#blockOf(timeNs)}`;
    const last = this.#last;
    if (last !== undefined && last.stream === stream && last.name !== name && first < last.end) {
      this.#shared++;
      return undefined;
    }
    this.#last = { stream, end: first + this.#length, name };
    this.#names.add(name);
    return name;
  }

  /** The counts in words. */
  toString(): string {
    const groups = this.#names.size === 1 ? '1 group' : `${this.#names.size} groups`;
    if (this.#shared === 0) return groups;
    const runs =
      this.#shared === 1
        ? '1 run that shares points with the group before is'
        : `${this.#shared} runs that share points with the group before are`;
    return `${groups}; ${runs} left out`;
  }

  #blockOf(timeNs: bigint): string {
    if (this.#minutes === 0) return '';
    const blockNs = BigInt(this.#minutes) * MINUTE_NS;
    const into = ((timeNs % blockNs) + blockNs) % blockNs;
    return `/${new Date(Number((timeNs - into) / 1_000_000n)).toISOString().slice(0, 16)}Z`;
  }
}
