import type { AlarmCondition, AlarmConditionKind } from '../../wire/alarm-definitions.ts';
import { bandCondition } from './band.ts';
import { clippedCondition } from './clipped.ts';
import type { Condition, ConditionChannel } from './condition.ts';
import { DiagnosedCondition } from './diagnosed.ts';
import { limitCondition } from './limit.ts';
import { MissingCondition } from './missing.ts';
import { RateCondition } from './rate.ts';
import { StaleCondition } from './stale.ts';
import { SystemCondition } from './system.ts';

type ConditionOf = {
  readonly [K in AlarmConditionKind]: (
    condition: Extract<AlarmCondition, { kind: K }>,
    channel: ConditionChannel,
  ) => Condition;
};

/** What judges each kind of condition. A kind joins here, and in `AlarmCondition`. */
const CONDITIONS: ConditionOf = {
  limit: limitCondition,
  rate: (condition) => new RateCondition(condition),
  band: bandCondition,
  diagnosis: (condition) => new DiagnosedCondition(condition),
  unknown: (condition) => new DiagnosedCondition(condition),
  stale: (condition) => new StaleCondition(condition),
  missing: (condition) => new MissingCondition(condition),
  clipped: clippedCondition,
  system: (condition) => new SystemCondition(condition),
};

/** What judges `condition` of one channel, or of the server. */
export function createCondition<K extends AlarmConditionKind>(
  condition: Extract<AlarmCondition, { kind: K }>,
  channel: ConditionChannel,
): Condition {
  return CONDITIONS[condition.kind as K](condition, channel);
}
