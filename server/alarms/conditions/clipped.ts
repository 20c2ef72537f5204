import type { AlarmCondition } from '../../wire/alarm-definitions.ts';
import { Bounds } from './bounds.ts';
import type { Condition } from './condition.ts';
import { WindowFigure } from './window-figure.ts';

type Clipped = Extract<AlarmCondition, { kind: 'clipped' }>;

/** At least so many samples of each window are at or beyond full scale. */
export function clippedCondition({ samples, ofLast }: Clipped): Condition {
  return new WindowFigure({
    figureOf: ({ clipped }) => clipped,
    bounds: new Bounds({ above: samples - 1, deadband: 0 }),
    limit: samples,
    ofLast,
  });
}
