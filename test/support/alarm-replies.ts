import fc from 'fast-check';
import type { AlarmDefinitions } from '../../server/wire/alarm-definitions.ts';
import {
  ALARM_PRIORITIES,
  type AlarmReply,
  BASE_STATES,
  HIDE_REASONS,
  type HideReason,
  type Hiding,
} from '../../server/wire/alarms.ts';

export const RAISED_MS = 1_700_000_000_000;

type ToldDefinition = AlarmDefinitions['definitions'][number];

/** An alarm that was raised once and is not acknowledged. */
export function alarmReply(fields: Partial<AlarmReply> = {}): AlarmReply {
  const { definition = 'light-high', channel = 'PMT-1' } = fields;
  return {
    tag: `${definition}:${channel}`,
    definition,
    channel,
    priority: 'high',
    state: 'unacknowledged',
    hidden: [],
    occurrence: 1,
    version: 1,
    beganNs: String(BigInt(RAISED_MS - 2000) * 1_000_000n),
    raisedMs: RAISED_MS,
    finding: { value: 0.131, limit: 0.125 },
    ...fields,
  };
}

/** That a reason hides an alarm. */
export function hiding(reason: HideReason, fields: Partial<Hiding> = {}): Hiding {
  return { reason, sinceMs: RAISED_MS, ...fields };
}

export function toldDefinition(id = 'light-high', fields: Partial<ToldDefinition> = {}): ToldDefinition {
  return {
    id,
    title: { en: 'Light is high', ko: '빛이 강함' },
    cause: { en: 'The plasma of {label} is brighter than it should be.', ko: '{label}의 플라스마가 너무 밝습니다.' },
    consequence: { en: 'The wafer overheats.', ko: '웨이퍼가 과열됩니다.' },
    action: { en: 'Reduce the RF power of {channel} by 5 %.', ko: '{channel}의 RF 출력을 5% 낮추세요.' },
    timeToRespondSeconds: 600,
    priority: 'high',
    condition: { kind: 'limit', figure: 'mean', above: 0.125, deadband: 0 },
    onDelaySeconds: 0,
    offDelaySeconds: 0,
    latch: false,
    autoAcknowledgeReturns: false,
    ...fields,
  };
}

/** Any state of one of the alarms of `tags`, of any version. */
export function arbitraryAlarm(tags: readonly string[]): fc.Arbitrary<AlarmReply> {
  return fc
    .record({
      tag: fc.constantFrom(...tags),
      priority: fc.constantFrom(...ALARM_PRIORITIES),
      state: fc.constantFrom(...BASE_STATES),
      hidden: fc.subarray([...HIDE_REASONS]),
      raisedMs: fc.integer({ min: RAISED_MS, max: RAISED_MS + 5 }),
    })
    .map(({ tag, hidden, ...fields }) => {
      const [definition, channel] = tag.split(':');
      return alarmReply({ ...fields, tag, definition, channel, hidden: hidden.map((reason) => hiding(reason)) });
    });
}
