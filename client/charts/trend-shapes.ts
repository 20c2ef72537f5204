import { graphic } from 'echarts/core';
import type { TrendColumns } from './trend-columns.ts';

/** Where a trend is drawn, CSS pixels. Column c covers x + c * stepX … + stepX; a value v lies at originY + v * scaleY. */
export interface TrendShape {
  readonly columns: TrendColumns;
  readonly x: number;
  readonly stepX: number;
  readonly originY: number;
  readonly scaleY: number;
  /** Width of the trace, and how large a pixel of the device is. */
  readonly tracePx: number;
  readonly devicePx: number;
}

/** What an option says of a shape. One field deep, because echarts copies what looks like an array with each frame. */
export interface TrendShapeOption {
  readonly trend: TrendShape;
}

/** The part of a path that the shapes use. */
export interface TrendPath {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/**
 * Names of the shapes in an option. Both are made of upright bars in the
 * middle of the device's pixels, to be stroked one such pixel wide: a browser
 * draws those several times faster than it fills a polygon of as many corners.
 */
export const ENVELOPE = 'fen-envelope';
export const TRACE = 'fen-trace';

// An extreme is a spike where it leaves those beside it by this share of their envelope's height.
const SPIKE_SHARE = 0.5;

/** Makes the shapes known to echarts. Doing it again changes nothing. */
export function registerTrendShapes(): void {
  if (graphic.getShapeClass(ENVELOPE)) return;
  const draw = (build: (path: TrendPath, shape: TrendShape) => void) => {
    const shape: Partial<TrendShapeOption> = {};
    return graphic.extendShape({
      shape,
      buildPath(path: TrendPath, { trend }: Partial<TrendShapeOption>) {
        if (trend) build(path, trend);
      },
    });
  };
  graphic.registerShape(ENVELOPE, draw(buildEnvelope));
  graphic.registerShape(
    TRACE,
    draw((path, shape) => {
      buildSpikes(path, shape);
      buildMean(path, shape);
    }),
  );
}

/** The min/max envelope: every column from its minimum to its maximum, joined across empty ones but not across a gap mark. */
export function buildEnvelope(path: TrendPath, shape: TrendShape): void {
  const { columns, originY, scaleY } = shape;
  const { length, min, max, count, broken } = columns;
  let last = -1; // the filled column before in this unbroken run
  for (let c = 0; c < length; c++) {
    if (count[c] > 0) {
      for (let e = last < 0 ? c : last + 1; e < c; e++) {
        const high = between(max, last, c, e + 0.5);
        const low = between(min, last, c, e + 0.5);
        drawColumn(path, shape, e, originY + high * scaleY, originY + low * scaleY);
      }
      drawColumn(path, shape, c, originY + max[c] * scaleY, originY + min[c] * scaleY);
      last = c;
    }
    if (broken[c] !== 0) last = -1;
  }
}

/**
 * The mean: one line for each unbroken run, through the middle of every
 * column. A column holds as much as the line climbs in it, and the line's width.
 */
export function buildMean(path: TrendPath, shape: TrendShape): void {
  const { length, mean, count, broken } = shape.columns;
  let last = -1;
  let low = 0; // of the line in the column `last`, so far
  let high = 0;
  for (let c = 0; c < length; c++) {
    if (count[c] > 0) {
      low = high = mean[c];
      if (last >= 0) {
        for (let e = last + 1; e < c; e++)
          drawLine(path, shape, e, between(mean, last, c, e), between(mean, last, c, e + 1));
        const entry = between(mean, last, c, c);
        low = Math.min(low, entry);
        high = Math.max(high, entry);
      }
      const next = broken[c] === 0 ? nextInRun(shape.columns, c) : -1;
      const exit = next < 0 ? mean[c] : between(mean, c, next, c + 1);
      drawLine(path, shape, c, Math.min(low, exit), Math.max(high, exit));
      last = c;
    }
    if (broken[c] !== 0) last = -1;
  }
}

/**
 * The spikes: a bar from the mean to the extreme of each column that stands
 * out from its neighbours. One column of envelope alone is too fine and too
 * pale to be seen from afar.
 *
 * A spike may lie across two columns, so of the two columns on each side the
 * quieter one counts.
 */
export function buildSpikes(path: TrendPath, shape: TrendShape): void {
  const { length, min, max, count } = shape.columns;
  let beforeLast = -1;
  let last = -1;
  let at = nextFilled(count, length, 0);
  let next = nextFilled(count, length, at + 1);
  while (at < length) {
    const afterNext = nextFilled(count, length, next + 1);
    const left = quieter(shape.columns, last, beforeLast);
    const right = quieter(shape.columns, next < length ? next : -1, afterNext < length ? afterNext : -1);
    if (left >= 0 && right >= 0) {
      const top = Math.max(max[left], max[right]);
      const bottom = Math.min(min[left], min[right]);
      const stands = SPIKE_SHARE * (top - bottom);
      if (max[at] - top > stands) drawSpike(path, shape, at, max[at]);
      if (bottom - min[at] > stands) drawSpike(path, shape, at, min[at]);
    }
    beforeLast = last;
    last = at;
    at = next;
    next = afterNext;
  }
}

function nextFilled(count: Float64Array, length: number, from: number): number {
  let c = from;
  while (c < length && !(count[c] > 0)) c++;
  return Math.min(c, length);
}

function quieter({ min, max }: TrendColumns, near: number, far: number): number {
  if (near < 0 || far < 0) return near;
  return max[far] - min[far] < max[near] - min[near] ? far : near;
}

/** The next filled column that no gap mark parts from `column`; -1 where there is none. */
function nextInRun({ length, count, broken }: TrendColumns, column: number): number {
  for (let c = column + 1; c < length; c++) {
    if (count[c] > 0) return c;
    if (broken[c] !== 0) return -1;
  }
  return -1;
}

/** On the straight line between the middles of two columns, at a place counted in columns. */
function between(values: Float64Array, from: number, to: number, at: number): number {
  return values[from] + ((values[to] - values[from]) * (at - from - 0.5)) / (to - from);
}

// The line's part in one column, drawn with a square pen as wide as the trace.
function drawLine(path: TrendPath, shape: TrendShape, column: number, a: number, b: number): void {
  const { stepX, originY, scaleY, tracePx, devicePx } = shape;
  const reach = Math.max(tracePx, devicePx) / 2;
  const beside = Math.max(0, Math.round((tracePx - stepX) / 2 / devicePx));
  const top = originY + Math.max(a, b) * scaleY - reach;
  const bottom = originY + Math.min(a, b) * scaleY + reach;
  drawBars(path, { from: edge(shape, column) - beside, to: edge(shape, column + 1) + beside, top, bottom, devicePx });
}

function drawColumn(path: TrendPath, shape: TrendShape, column: number, top: number, bottom: number): void {
  const { devicePx } = shape;
  drawBars(path, { from: edge(shape, column), to: edge(shape, column + 1), top, bottom, devicePx });
}

/** The pixel a column begins at. A column is never narrower than a pixel, so each has one of its own. */
function edge({ x, stepX, devicePx }: TrendShape, column: number): number {
  return Math.round((x + column * stepX) / devicePx);
}

// On whole pixels of the device, so that its end is as strong as the rest.
function drawSpike(path: TrendPath, shape: TrendShape, column: number, extreme: number): void {
  const { x, stepX, originY, scaleY, tracePx, devicePx } = shape;
  const snap = (value: number) => Math.round((originY + value * scaleY) / devicePx) * devicePx;
  const width = Math.max(1, Math.ceil(tracePx / devicePx));
  const from = Math.round((x + (column + 0.5) * stepX) / devicePx - width / 2);
  const top = snap(extreme);
  const bottom = snap(shape.columns.mean[column]);
  drawBars(path, { from, to: from + width, top, bottom, devicePx });
}

function drawBars(
  path: TrendPath,
  bars: {
    readonly from: number;
    readonly to: number;
    readonly top: number;
    readonly bottom: number;
    readonly devicePx: number;
  },
): void {
  for (let pixel = bars.from; pixel < bars.to; pixel++) {
    const middle = (pixel + 0.5) * bars.devicePx;
    path.moveTo(middle, bars.top);
    path.lineTo(middle, bars.bottom);
  }
}
