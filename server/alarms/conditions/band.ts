import type { AlarmCondition } from '../../wire/alarm-definitions.ts';
import { Bounds } from './bounds.ts';
import type { Condition, ConditionChannel } from './condition.ts';
import { WindowFigure } from './window-figure.ts';

type Band = Extract<AlarmCondition, { kind: 'band' }>;

/**
 * The mean of each window lies outside a band: that of the definition where it
 * gives either end, else the channel's. A channel that has none is never outside.
 */
export function bandCondition({ low, high, deadband, ofLast }: Band, { normal }: ConditionChannel): Condition {
  const isGiven = low !== undefined || high !== undefined;
  const [below, above] = isGiven ? [low, high] : (normal ?? []);
  return new WindowFigure({
    figureOf: ({ mean }) => mean,
    bounds: new Bounds({ below, above, deadband }),
    ofLast,
  });
}
