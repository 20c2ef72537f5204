import type { ValueRange } from '../charts/value-range.ts';

/** What is drawn of a run, point after point; NaN where one is missing. */
export interface RunLines {
  readonly min?: ArrayLike<number>;
  readonly max?: ArrayLike<number>;
  readonly mean?: ArrayLike<number>;
}

/** Height of a plot in its own units; a point is one wide. */
export const PLOT_HIGH = 1000;

interface Place {
  readonly range: ValueRange;
  readonly points: number;
}

/** A path along values, broken where one is missing. */
export function linePath(values: ArrayLike<number>, place: Place): string {
  return stretches(values, place.points)
    .map(({ from, to }) => `M${corners(values, from, to, place).join('L')}`)
    .join('');
}

/** A path around what lies between two lines. */
export function areaPath(low: ArrayLike<number>, high: ArrayLike<number>, place: Place): string {
  return stretches(low, place.points)
    .map(({ from, to }) => {
      const there = corners(high, from, to, place);
      const back = corners(low, from, to, place).reverse();
      return `M${[...there, ...back].join('L')}Z`;
    })
    .join('');
}

/** Where points are missing. */
export function gapsOf({ mean, min }: RunLines, points: number): { readonly from: number; readonly to: number }[] {
  const values = mean ?? min ?? [];
  const ends = stretches(values, points);
  const edges = [0, ...ends.flatMap(({ from, to }) => [from, to]), points];
  return Array.from({ length: edges.length / 2 }, (_, i) => ({ from: edges[2 * i], to: edges[2 * i + 1] })).filter(
    ({ from, to }) => to > from,
  );
}

function stretches(values: ArrayLike<number>, points: number): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  let from: number | undefined;
  for (let at = 0; at <= points; at++) {
    const isThere = at < points && Number.isFinite(values[at]);
    if (isThere) from ??= at;
    else if (from !== undefined) {
      found.push({ from, to: at });
      from = undefined;
    }
  }
  return found;
}

function corners(values: ArrayLike<number>, from: number, to: number, { range }: Place): string[] {
  const perValue = PLOT_HIGH / (range.high - range.low);
  return Array.from(
    { length: to - from },
    (_, i) => `${from + i + 0.5} ${((range.high - values[from + i]) * perValue).toFixed(1)}`,
  );
}

/** What all of these reach between; undefined where there is no value. */
export function extentOf(all: readonly RunLines[]): ValueRange | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const { min, max, mean } of all) {
    for (const values of [min, max, mean]) {
      for (let at = 0; at < (values?.length ?? 0); at++) {
        const value = values?.[at] ?? NaN;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  return low <= high ? { low, high } : undefined;
}
