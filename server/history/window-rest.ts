import { EMPTY_SUMMARY, type Summary } from '../trend/summary.ts';

/** What is to be known of a part of a window to say later what the whole one adds. */
export interface WindowPart extends Pick<Summary, 'count' | 'mean' | 'm2' | 'clipped' | 'nonfinite'> {
  readonly window: number;
}

/** As columns of a table, and what they are there. */
export const PART_COLUMNS = '"window", "count", mean, m2, clipped, nonfinite';
export const PART_TYPES = '"window" BIGINT, "count" BIGINT, mean DOUBLE, m2 DOUBLE, clipped BIGINT, nonfinite BIGINT';

/** The values of `PART_COLUMNS`. */
export function toPart(values: readonly unknown[]): WindowPart {
  const [window, count, mean, m2, clipped, nonfinite] = values.map(Number);
  return { window, count, mean, m2, clipped, nonfinite };
}

/** The same for SQL, to which a bare number is a decimal, and a bare `Infinity` the name of a column. */
export function partValues({ window, count, mean, m2, clipped, nonfinite }: WindowPart): string {
  return [window, count, `'${mean}'::DOUBLE`, `'${m2}'::DOUBLE`, clipped, nonfinite].join(', ');
}

/**
 * What a window brings beyond a part of it that was merged already: counts
 * are exact, the extremes are those of the whole window, which the part is in.
 */
export function restOf(whole: Summary, part: Omit<WindowPart, 'window'>): Summary {
  const count = Math.max(whole.count - part.count, 0);
  const clipped = Math.max(whole.clipped - part.clipped, 0);
  const nonfinite = Math.max(whole.nonfinite - part.nonfinite, 0);
  if (count === 0) return { ...EMPTY_SUMMARY, clipped, nonfinite };
  if (part.count === 0) return { ...whole, clipped, nonfinite };

  const exact = whole.mean + ((whole.mean - part.mean) * part.count) / count;
  const mean = Number.isFinite(exact) ? exact : whole.mean;
  const delta = mean - part.mean;
  const m2 = whole.m2 - part.m2 - delta * delta * ((part.count * count) / whole.count);
  return { count, min: whole.min, max: whole.max, mean, m2: m2 >= 0 ? m2 : 0, clipped, nonfinite };
}

/** Samples that a summary counts. */
export function samplesOf({ count, nonfinite }: Pick<Summary, 'count' | 'nonfinite'>): number {
  return count + nonfinite;
}
