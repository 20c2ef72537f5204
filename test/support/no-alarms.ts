import type { AlarmSource } from '../../server/http/alarm-source.ts';

/** Alarms of a server that has none, for tests of other things. */
export function noAlarms(): AlarmSource {
  return {
    standing: () => [],
    all: () => [],
    find: () => undefined,
    flood: () => ({}),
    act: async ({ id, alarms }) => ({ id, results: alarms.map(({ tag }) => ({ tag, refusal: 'ALARM_UNKNOWN' })) }),
  };
}
