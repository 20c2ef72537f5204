import { graphic } from 'echarts/core';
import type { TrendColumns } from './trend-columns.ts';

/** Where a trend is drawn, CSS pixels. Column c covers x + c * stepX … + stepX; a value v lies at originY + v * scaleY. */
export interface TrendShape {
  readonly columns: TrendColumns;
  readonly x: number;
  readonly stepX: number;
  readonly originY: number;
  readonly scaleY: number;
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

/** Names of the two shapes in an option. */
export const ENVELOPE = 'fen-envelope';
export const MEAN = 'fen-mean';

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
