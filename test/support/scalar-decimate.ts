/** One trend row, as `decimate` reads it. */
export interface TrendRow {
  readonly timeMs: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

/** One pixel column, as `decimate` writes it. */
export interface PixelColumn {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
  readonly broken: boolean;
}

/** The decimate kernel's meaning, written for reading: the oracle of its tests. */
export function scalarDecimate(
  rows: readonly TrendRow[],
  { fromMs, columnMs, columns }: { fromMs: number; columnMs: number; columns: number },
): PixelColumn[] {
  return Array.from({ length: columns }, (_, column) => {
    const inside = rows.filter(
      ({ timeMs }) => timeMs >= fromMs + column * columnMs && timeMs < fromMs + (column + 1) * columnMs,
    );
    const live = inside.filter((row) => row.count > 0);
    const count = live.reduce((sum, row) => sum + row.count, 0);
    const broken = live.length < inside.length;
    if (count === 0) return { min: NaN, max: NaN, mean: NaN, count, broken };
    return {
      min: Math.min(...live.map((row) => row.min)),
      max: Math.max(...live.map((row) => row.max)),
      mean: live.reduce((sum, row) => sum + row.mean * row.count, 0) / count,
      count,
      broken,
    };
  });
}
