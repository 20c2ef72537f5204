import { AlarmDefinition } from '../../server/wire/alarm-definitions.ts';

/** A definition of everything that alarms need, but channels. */
export const WHOLE = {
  title: { en: 'Light high', ko: '빛 높음' },
  cause: { en: 'more power', ko: '전력 증가' },
  consequence: { en: 'the film is too thick', ko: '막이 너무 두꺼워짐' },
  action: { en: 'lower the power', ko: '전력을 낮춘다' },
  timeToRespondSeconds: 600,
  priority: 'high',
  condition: { kind: 'limit', figure: 'mean', above: 0.5 },
} as const;

/** A condition of a figure of the server itself. */
export const DISK = { kind: 'system', figure: 'disk-free', below: 5 } as const;

/** A definition as a person writes it. Throws where it is none. */
export function definition(id: string, written: object = {}): AlarmDefinition {
  return AlarmDefinition.parse({ id, ...written });
}
