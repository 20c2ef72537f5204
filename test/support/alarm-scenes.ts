import type { AlarmDefinitions } from '../../server/wire/alarm-definitions.ts';
import { ALARM_PRIORITIES, type AlarmReply, alarmTag } from '../../server/wire/alarms.ts';
import type { AlarmScene } from './scripted-alarms.ts';

type Definition = AlarmDefinitions['definitions'][number];

const PLAIN = { onDelaySeconds: 0, offDelaySeconds: 0, latch: false, autoAcknowledgeReturns: false };

/** What plants alarm on, in words of both languages. */
export const DEFINITIONS: readonly Definition[] = [
  {
    ...PLAIN,
    id: 'arcing',
    title: { en: 'Micro-arcing', ko: '미소 아크' },
    cause: { en: 'The electrode is worn or badly seated.', ko: '전극이 마모되었거나 잘못 장착되었습니다.' },
    consequence: { en: 'Wafers are damaged at the rim.', ko: '웨이퍼 가장자리가 손상됩니다.' },
    action: {
      en: 'Check the electrode seating of {label}, reduce RF power by 5 %.',
      ko: '{label}의 전극 장착을 확인하고 RF 전력을 5 % 낮추세요.',
    },
    timeToRespondSeconds: 600,
    priority: 'critical',
    condition: { kind: 'diagnosis', labels: ['arc'], confidence: 0.9, ofLast: { n: 3, m: 5 } },
  },
  {
    ...PLAIN,
    id: 'light-high',
    title: { en: 'Light above normal', ko: '광량이 정상보다 높음' },
    cause: { en: 'The plasma is denser than the recipe asks for.', ko: '플라즈마 밀도가 레시피보다 높습니다.' },
    consequence: { en: 'The etch rate rises.', ko: '식각 속도가 빨라집니다.' },
    action: { en: 'Compare the gas flow with the recipe.', ko: '가스 유량을 레시피와 비교하세요.' },
    timeToRespondSeconds: 1800,
    priority: 'high',
    condition: { kind: 'limit', figure: 'mean', above: 0.1185, deadband: 0.0005 },
    latch: true,
  },
  {
    ...PLAIN,
    id: 'stale-data',
    title: { en: 'No new data', ko: '새 데이터 없음' },
    cause: { en: 'The device or its line is down.', ko: '장치 또는 회선이 끊겼습니다.' },
    consequence: { en: '{label} is not watched.', ko: '{label}을(를) 감시하지 못합니다.' },
    action: { en: 'Look at the device and its cable.', ko: '장치와 케이블을 확인하세요.' },
    timeToRespondSeconds: 3600,
    priority: 'medium',
    condition: { kind: 'stale' },
  },
  {
    ...PLAIN,
    id: 'disk',
    title: { en: 'Disk nearly full' },
    cause: { en: 'The history grows faster than it is removed.' },
    consequence: { en: 'Nothing more is recorded.' },
    action: { en: 'Delete captures or raise the limit.' },
    timeToRespondSeconds: 86_400,
    priority: 'low',
    condition: { kind: 'system', figure: 'disk-free', below: 10, deadband: 2 },
  },
];

/** An alarm of a definition, raised a while ago. */
export function alarmOf(
  definition: string,
  channel: string | undefined,
  { agoMs = 42_000, ...rest }: Partial<AlarmReply> & { readonly agoMs?: number } = {},
): AlarmReply {
  const raisedMs = Date.now() - agoMs;
  const { priority } = DEFINITIONS.find(({ id }) => id === definition) ?? { priority: 'low' as const };
  return {
    tag: alarmTag(definition, channel),
    definition,
    ...(channel !== undefined && { channel, beganNs: `${raisedMs - 1200}000000` }),
    priority,
    state: 'unacknowledged',
    hidden: [],
    occurrence: 1,
    version: 1,
    raisedMs,
    ...rest,
  };
}

/** One of every state, among `channels`. */
export function fewAlarms(channels: readonly string[]): AlarmScene {
  const [a, b, c, d] = channels;
  const sinceMs = Date.now() - 600_000;
  const signature = { by: 'M. Lee', atMs: Date.now() - 30_000, comment: 'Cleaned last night' };
  return {
    definitions: DEFINITIONS,
    alarms: [
      alarmOf('arcing', b, { finding: { value: 0.97, limit: 0.9, text: 'arc' }, capture: 'c-1' }),
      alarmOf('light-high', a, { state: 'latched-unacknowledged', finding: { value: 0.1204, limit: 0.1185 } }),
      alarmOf('light-high', c, { agoMs: 375_000, state: 'acknowledged', acknowledged: signature, comment: signature }),
      alarmOf('stale-data', d, { agoMs: 140_000, state: 'rtn-unacknowledged', clearedMs: Date.now() - 20_000 }),
      alarmOf('disk', undefined, { agoMs: 4_320_000, state: 'acknowledged', acknowledged: signature }),
      alarmOf('light-high', d, {
        hidden: [
          { reason: 'shelved', sinceMs, untilMs: Date.now() + 900_000, by: 'M. Lee', comment: 'Lamp is changed' },
        ],
      }),
      alarmOf('stale-data', a, { hidden: [{ reason: 'suppressed-by-design', sinceMs, comment: 'channel off' }] }),
      alarmOf('arcing', a, {
        state: 'normal',
        hidden: [{ reason: 'out-of-service', sinceMs, by: 'M. Lee', comment: 'Electrode is replaced' }],
      }),
    ],
  };
}

/** Those of `fewAlarms`, in words as long as people write them. */
export function wordyAlarms(channels: readonly string[]): AlarmScene {
  const { alarms } = fewAlarms(channels);
  const longer = (title: Definition['title']) => ({
    en: `${title.en}, found by the photomultiplier behind the 656 nm filter of the upper view port`,
    ko: `${title.ko ?? title.en}: 상부 관측창 656 nm 필터 뒤 광전자증배관에서 검출, 야간 무인 운전 구간`,
  });
  const comment =
    '야간 근무조에서 램프 교체를 진행하고 있으며 교체가 끝나는 대로 다시 보고하겠습니다 <b>확인 바랍니다</b>';
  return {
    definitions: DEFINITIONS.map((definition) => ({ ...definition, title: longer(definition.title) })),
    alarms: alarms.map((alarm) => ({
      ...alarm,
      comment: { by: '김민지 (제2공장 야간조)', atMs: Date.now(), comment },
    })),
  };
}

/** So many alarms in a few minutes, the first-out the oldest. */
export function floodAlarms(channels: readonly string[], count: number): AlarmScene {
  const ids = ['arcing', 'light-high', 'stale-data'];
  const alarms = Array.from({ length: count }, (_, i) => {
    const definition = i < channels.length * 0.7 ? 'light-high' : ids[i % ids.length];
    return alarmOf(definition, channels[i % channels.length], {
      agoMs: 240_000 - i * 500,
      state: i % 5 === 4 ? 'acknowledged' : 'unacknowledged',
    });
  });
  const unique = [...new Map(alarms.map((alarm) => [alarm.tag, alarm])).values()];
  return {
    definitions: DEFINITIONS,
    alarms: unique.toSorted((x, y) => ALARM_PRIORITIES.indexOf(x.priority) - ALARM_PRIORITIES.indexOf(y.priority)),
    flood: { sinceMs: Date.now() - 240_000, firstOut: unique[0].tag },
  };
}

/** The most urgent one of `fewAlarms`, of the second channel. */
export function oneAlarm(): AlarmScene {
  const finding = { value: 0.97, limit: 0.9, text: 'arc' };
  return { definitions: DEFINITIONS, alarms: [alarmOf('arcing', 'pmt-2', { finding, capture: 'c-1' })] };
}

/** So many of places that have no channel, none in a flood. */
export function manyAlarms(count: number): AlarmScene {
  const alarms = Array.from({ length: count }, (_, i) => alarmOf('stale-data', `place-${i}`, { agoMs: i * 1000 }));
  return { definitions: DEFINITIONS, alarms };
}
