/** What the samples of a row came to. Nothing but `count` is read where that is 0. */
export interface RowSummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean. */
  readonly m2: number;
  readonly count: number;
}

/** Merges rows into the summary of all their samples, in any order. */
export class SummaryFold {
  min = Infinity;
  max = -Infinity;
  mean = 0;
  m2 = 0;
  count = 0;
  /** The time that the rows cover together. */
  fromMs = Infinity;
  toMs = -Infinity;

  add(row: RowSummary): void {
    const added = row.count;
    if (added === 0) return;
    const weight = added / (this.count + added);
    const delta = row.mean - this.mean;
    this.m2 += row.m2;
    if (this.count > 0) this.m2 += delta * delta * (this.count * weight); // never infinity * 0
    this.mean = mergeMeans(this.mean, row.mean, weight);
    this.count += added;
    this.min = Math.min(this.min, row.min);
    this.max = Math.max(this.max, row.max);
  }

  cover(fromMs: number, toMs: number): void {
    this.fromMs = Math.min(this.fromMs, fromMs);
    this.toMs = Math.max(this.toMs, toMs);
  }

  /** Standard deviation of the samples. Never more than half the range: what is left where the squares are beyond f64. */
  get deviation(): number {
    return Math.min(Math.sqrt(this.m2 / this.count), this.max / 2 - this.min / 2);
  }
}

// That of server/trend/summary.ts, like the whole merge; a test compares them.
function mergeMeans(a: number, b: number, weight: number): number {
  const delta = b - a;
  if (Number.isFinite(delta)) return a + delta * weight;
  const half = (b / 2 - a / 2) * weight;
  return a + half + half;
}
