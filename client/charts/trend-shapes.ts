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
  closePath(): void;
}

/** Names of the shapes in an option. */
export const ENVELOPE = 'fen-envelope';
export const MEAN = 'fen-mean';
export const SPIKES = 'fen-spikes';

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
  graphic.registerShape(MEAN, draw(buildMean));
  graphic.registerShape(SPIKES, draw(buildSpikes));
}

/**
 * The min/max envelope: one polygon for each unbroken run, along the maxima
 * and back along the minima.
 *
 * Every column has a flat top as wide as itself. With slanted sides alone the
 * apex of a spike in a single column would be thinner than a pixel, and fade.
 */
export function buildEnvelope(path: TrendPath, shape: TrendShape): void {
  const { columns, x, stepX, originY, scaleY } = shape;
  const { length, max, count, broken } = columns;
  let from = -1;
  let last = -1;
  let isBroken = false;
  for (let c = 0; c < length; c++) {
    if (count[c] > 0) {
      const left = x + c * stepX;
      const y = originY + max[c] * scaleY;
      if (from < 0 || isBroken) {
        if (from >= 0) closeEnvelope(path, shape, from, last);
        from = c;
        isBroken = false;
        path.moveTo(left, y);
      } else path.lineTo(left, y);
      path.lineTo(left + stepX, y);
      last = c;
    }
    if (broken[c] !== 0) isBroken = true;
  }
  if (from >= 0) closeEnvelope(path, shape, from, last);
}

function closeEnvelope(path: TrendPath, shape: TrendShape, from: number, last: number): void {
  const { x, stepX, originY, scaleY } = shape;
  const { min, count } = shape.columns;
  for (let c = last; c >= from; c--) {
    if (count[c] === 0) continue;
    const left = x + c * stepX;
    const y = originY + min[c] * scaleY;
    path.lineTo(left + stepX, y);
    path.lineTo(left, y);
  }
  path.closePath();
}

/** The mean: one line for each unbroken run, through the middle of every column. */
export function buildMean(path: TrendPath, shape: TrendShape): void {
  const { columns, x, stepX, originY, scaleY } = shape;
  const { length, mean, count, broken } = columns;
  let isOpen = false;
  for (let c = 0; c < length; c++) {
    if (count[c] > 0) {
      const middle = x + (c + 0.5) * stepX;
      const y = originY + mean[c] * scaleY;
      if (isOpen) path.lineTo(middle, y);
      else {
        path.moveTo(middle - stepX / 2, y); // so that a run of one column is seen
        path.lineTo(middle, y);
      }
      isOpen = true;
    }
    if (broken[c] !== 0) isOpen = false;
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
  const { length, min, max, mean, count } = shape.columns;
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
      if (max[at] - top > stands) drawBar(path, shape, at, max[at], mean[at]);
      if (bottom - min[at] > stands) drawBar(path, shape, at, min[at], mean[at]);
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

// On whole pixels of the device, so that its end is as strong as the rest.
function drawBar(path: TrendPath, shape: TrendShape, column: number, extreme: number, mean: number): void {
  const { x, stepX, originY, scaleY, tracePx, devicePx } = shape;
  const snap = (position: number) => Math.round(position / devicePx) * devicePx;
  const width = Math.max(devicePx, Math.ceil(tracePx / devicePx) * devicePx);
  const left = snap(x + (column + 0.5) * stepX - width / 2);
  const end = snap(originY + extreme * scaleY);
  const start = snap(originY + mean * scaleY);
  path.moveTo(left, start);
  path.lineTo(left, end);
  path.lineTo(left + width, end);
  path.lineTo(left + width, start);
  path.closePath();
}
