import { describe, expect, it } from 'vitest';
import { timeTicks } from '../../../client/charts/time-ticks.ts';
import { Locale } from '../../../client/locale/locale.ts';
import { readMoment, ZoneTime } from '../../../client/locale/zone-time.ts';

const HOUR_MS = 3_600_000;
const seoul = new ZoneTime('Asia/Seoul');
const berlin = new ZoneTime('Europe/Berlin');
const NOW_MS = Date.UTC(2026, 10, 21, 20); // already the 22nd in Seoul

describe('the clocks of a zone', () => {
  it('are ahead of UTC by what holds at that time', () => {
    expect(seoul.offsetMs(NOW_MS)).toBe(9 * HOUR_MS);
    expect(berlin.offsetMs(Date.UTC(2026, 6, 1))).toBe(2 * HOUR_MS);
    expect(berlin.offsetMs(Date.UTC(2026, 11, 1))).toBe(HOUR_MS);
    expect(berlin.toTimeMs(berlin.toLocalMs(NOW_MS))).toBe(NOW_MS);
  });

  it.each([
    ['2026-11-21 14:03:22.5', Date.UTC(2026, 10, 21, 5, 3, 22, 500)],
    ['2026-11-21', Date.UTC(2026, 10, 20, 15)],
    ['14:03', Date.UTC(2026, 10, 22, 5, 3)],
    ['2026-11-21T14:03Z', Date.UTC(2026, 10, 21, 14, 3)],
    ['2026-11-21 14:03 +01:00', Date.UTC(2026, 10, 21, 13, 3)],
    ['2026-02-30', undefined],
    ['2026-11-21 25:00', undefined],
    ['tomorrow', undefined],
    ['', undefined],
  ])('read %s', (written, expected) => {
    expect(readMoment(written, seoul, NOW_MS)).toBe(expected);
  });

  it('say which times of an axis are round, in days and months too', () => {
    const offsetOf = (timeMs: number) => berlin.offsetMs(timeMs);
    const days = timeTicks({ fromMs: Date.UTC(2026, 9, 24), toMs: Date.UTC(2026, 9, 27) }, 24 * HOUR_MS, offsetOf);
    const months = timeTicks(
      { fromMs: Date.UTC(2026, 0, 15), toMs: Date.UTC(2026, 5, 15) },
      30.4375 * 24 * HOUR_MS,
      offsetOf,
    );
    const locale = new Locale('en', 'Europe/Berlin');

    expect(days.map((timeMs) => locale.exact(timeMs).slice(0, 16))).toEqual([
      '2026-10-25 00:00', // the clocks are set back in the night after it
      '2026-10-26 00:00',
      '2026-10-27 00:00',
    ]);
    expect(months.map((timeMs) => locale.exact(timeMs).slice(0, 10))).toEqual([
      '2026-02-01',
      '2026-03-01',
      '2026-04-01',
      '2026-05-01',
      '2026-06-01',
    ]);
  });
});
