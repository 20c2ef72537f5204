import type { HistoryReply } from '../../server/wire/history.ts';

/** A small picture of a trend, in a box of `width` × `height`, y downwards. */
export interface TrendSketch {
  /** Paths from minimum to maximum, one a stretch without a gap; */
  readonly bands: readonly string[];
  /** and along the mean. */
  readonly means: readonly string[];
  readonly normal: { readonly y: number; readonly height: number } | undefined;
  readonly limitY: number | undefined;
  readonly beganX: number | undefined;
  /** The least and the greatest of the samples. */
  readonly low: number;
  readonly high: number;
}

export interface SketchFrame {
  readonly width: number;
  readonly height: number;
  readonly normal: readonly [low: number, high: number] | undefined;
  /** In the unit of the trend. */
  readonly limit: number | undefined;
  /** Sample clock, ms since 1970 UTC. */
  readonly beganMs: number | undefined;
}

const MARGIN = 0.06;

/** Undefined where no row holds a sample. */
export function trendSketch({ fromMs, toMs, rows }: HistoryReply, frame: SketchFrame): TrendSketch | undefined {
  const stretches = stretchesOf(rows);
  const indices = stretches.flat();
  if (indices.length === 0) return undefined;
  const { width, height, normal, limit, beganMs } = frame;
  const low = Math.min(...indices.map((i) => rows.min[i]));
  const high = Math.max(...indices.map((i) => rows.max[i]));
  const shown = [low, high, ...(normal ?? []), ...(limit === undefined ? [] : [limit])];
  const [bottom, top] = [Math.min(...shown), Math.max(...shown)];
  const room = (top - bottom || Math.abs(top) || 1) * (1 + 2 * MARGIN);
  const middle = (top + bottom) / 2;

  const x = (ms: number) => rounded(((ms - fromMs) / (toMs - fromMs || 1)) * width);
  const y = (value: number) => rounded(height / 2 - ((value - middle) / room) * height);
  const starts = (i: number) => x(rows.time[i]);
  const ends = (i: number) => x(rows.time[i] + rows.length[i]);
  const line = (points: readonly string[]) => `M${points.join('L')}`;
  return {
    bands: stretches.map((stretch) => {
      const above = stretch.flatMap((i) => [`${starts(i)} ${y(rows.max[i])}`, `${ends(i)} ${y(rows.max[i])}`]);
      const below = stretch
        .toReversed()
        .flatMap((i) => [`${ends(i)} ${y(rows.min[i])}`, `${starts(i)} ${y(rows.min[i])}`]);
      return `${line([...above, ...below])}Z`;
    }),
    means: stretches.map((stretch) =>
      line(stretch.flatMap((i) => [`${starts(i)} ${y(rows.mean[i])}`, `${ends(i)} ${y(rows.mean[i])}`])),
    ),
    normal: normal && { y: y(normal[1]), height: rounded(y(normal[0]) - y(normal[1])) },
    limitY: limit === undefined ? undefined : y(limit),
    beganX: beganMs === undefined || beganMs < fromMs || beganMs > toMs ? undefined : x(beganMs),
    low,
    high,
  };
}

/** Indices of rows that hold samples, those that follow each other without a gap together. */
function stretchesOf({ time, length, count }: HistoryReply['rows']): number[][] {
  const stretches: number[][] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < time.length; i++) {
    if (count[i] === 0) continue;
    if (time[i] - endMs > length[i] / 2) stretches.push([]);
    stretches.at(-1)?.push(i);
    endMs = time[i] + length[i];
  }
  return stretches;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
