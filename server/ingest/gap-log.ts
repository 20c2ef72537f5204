const LIMIT = 1000;

/** Samples `from` .. `to - 1` of a stream never arrived. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** Sample clock at `from` as it was then, ns since 1970 UTC. */
  readonly timeNs: bigint;
}

/**
 * The newest gaps of one stream, in order. Past 1,000 the oldest are
 * forgotten: they stay counted, but a sample that comes after all is then
 * taken for a duplicate, not for a late one.
 */
export class GapLog {
  readonly #gaps: Gap[] = [];

  /** Adds a gap behind all others, and tells whether it is one more: a gap right behind the last one only makes that longer. */
  add(gap: Gap): boolean {
    const last = this.#gaps.at(-1);
    if (last?.to === gap.from) {
      this.#gaps[this.#gaps.length - 1] = { ...last, to: gap.to };
      return false;
    }
    this.#gaps.push(gap);
    if (this.#gaps.length > LIMIT) this.#gaps.shift();
    return true;
  }

  /** At most `limit` gaps, of at least 1, newest last. */
  newest(limit: number): readonly Gap[] {
    return this.#gaps.slice(-limit);
  }

  /** Forgets all but the newest `limit` gaps. */
  trim(limit: number): void {
    this.#gaps.splice(0, Math.max(0, this.#gaps.length - limit));
  }

  /** How many of the samples `from` .. `to - 1` are in a gap. */
  overlap(from: number, to: number): number {
    let samples = 0;
    for (let i = this.#gaps.length - 1; i >= 0 && this.#gaps[i].to > from; i--) {
      const gap = this.#gaps[i];
      samples += Math.max(0, Math.min(to, gap.to) - Math.max(from, gap.from));
    }
    return samples;
  }
}
