import { deviation, type Summary } from '../../trend/summary.ts';
import type { AlarmCondition } from '../../wire/alarm-definitions.ts';
import { Bounds } from './bounds.ts';
import type { Condition } from './condition.ts';
import { WindowFigure } from './window-figure.ts';

type Limit = Extract<AlarmCondition, { kind: 'limit' }>;

const FIGURES: Readonly<Record<Limit['figure'], (summary: Summary) => number>> = {
  min: ({ min }) => min,
  max: ({ max }) => max,
  mean: ({ mean }) => mean,
  deviation,
};

/** A figure of each window passes a limit. */
export function limitCondition({ figure, ofLast, ...bounds }: Limit): Condition {
  return new WindowFigure({ figureOf: FIGURES[figure], bounds: new Bounds(bounds), ofLast });
}
