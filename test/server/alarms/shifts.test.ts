import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlantClock } from '../../../server/alarms/shifts.ts';
import { KPI_PERIODS } from '../../../server/wire/alarm-kpi.ts';

const HOUR_MS = 3_600_000;
const SHIFTS = ['06:00', '14:00', '22:00'];
const ZONES = ['UTC', 'Asia/Seoul', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'];

const at = (iso: string) => Date.parse(iso);
const iso = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 16);
const ends = ({ beginMs, endMs }: { beginMs: number; endMs: number }) => [iso(beginMs), iso(endMs)];

describe('PlantClock', () => {
  it.each([
    ['hour', 'Asia/Kathmandu', '2026-11-21T05:20Z', '2026-11-21T05:15', '2026-11-21T06:15'],
    ['shift', 'Asia/Seoul', '2026-11-21T05:20Z', '2026-11-21T05:00', '2026-11-21T13:00'],
    ['shift', 'Asia/Seoul', '2026-11-21T20:59Z', '2026-11-21T13:00', '2026-11-21T21:00'], // begins the day before
    ['day', 'Asia/Seoul', '2026-11-21T15:00Z', '2026-11-21T15:00', '2026-11-22T15:00'],
    ['day', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-28T23:00', '2026-03-29T22:00'], // 23 hours
    ['day', 'Europe/Berlin', '2026-10-25T12:00Z', '2026-10-24T22:00', '2026-10-25T23:00'], // 25 hours
    ['shift', 'Europe/Berlin', '2026-10-25T01:30Z', '2026-10-24T20:00', '2026-10-25T05:00'], // 9 hours
    ['hour', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-25T00:00', '2026-10-25T01:00'], // 02:30 in summer
    ['hour', 'Europe/Berlin', '2026-10-25T01:30Z', '2026-10-25T01:00', '2026-10-25T02:00'], // 02:30 in winter
    ['hour', 'Europe/Berlin', '2026-03-29T01:30Z', '2026-03-29T01:00', '2026-03-29T02:00'], // after 02:00 was skipped
    ['hour', 'Australia/Lord_Howe', '2026-04-04T15:10Z', '2026-04-04T14:00', '2026-04-04T15:30'], // half an hour twice
    ['day', 'America/Asuncion', '2024-10-06T12:00Z', '2024-10-06T04:00', '2024-10-07T03:00'], // without a midnight
  ] as const)('finds the %s in %s that %s lies in', (kind, timeZone, time, begin, end) => {
    const clock = new PlantClock({ timeZone, shifts: SHIFTS });

    const period = clock.period(kind, at(time));

    expect(ends(period)).toEqual([begin, end]);
  });

  it('begins a shift later where its time is skipped', () => {
    const clock = new PlantClock({ timeZone: 'Europe/Berlin', shifts: ['02:30', '10:30', '18:30'] });

    const period = clock.period('shift', at('2026-03-29T06:00Z'));

    expect(ends(period)).toEqual(['2026-03-29T01:30', '2026-03-29T08:30']);
  });

  it('gives one shift a day where there is one', () => {
    const clock = new PlantClock({ timeZone: 'UTC', shifts: ['07:15'] });

    const period = clock.period('shift', at('2026-11-21T07:14:59.999Z'));

    expect(ends(period)).toEqual(['2026-11-20T07:15', '2026-11-21T07:15']);
  });

  it('writes times as the clocks show them', () => {
    const clock = new PlantClock({ timeZone: 'America/St_Johns', shifts: SHIFTS });

    const written = clock.written(at('2026-01-05T00:00:00.250Z'));

    expect(written).toBe('2026-01-04T20:30:00.250-03:30');
  });

  it('shows what the clocks of the zone show at any moment, in any order, also around their changes', () => {
    const changes = ['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-10-03T15:30Z', '1995-01-01T00:00Z'].map(at);
    const around = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }));
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.array(around, { maxLength: 20 }), (timeZone, moments) => {
        const clock = new PlantClock({ timeZone, shifts: SHIFTS });
        const words = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });

        for (const [changeMs, apartMs] of moments) {
          const timeMs = changeMs + apartMs;
          expect(clock.written(timeMs).slice(0, 19).replace('T', ' ')).toBe(words.format(timeMs));
        }
      }),
    );
  });

  it('has periods at the ends of time', () => {
    const clock = new PlantClock({ timeZone: 'Asia/Seoul', shifts: SHIFTS });
    for (const timeMs of [-8.64e15, 8.64e15]) expect(clock.period('hour', timeMs).beginMs).toBeLessThanOrEqual(timeMs);
  });

  it('follows one period with the next, without a gap, in every zone and year', () => {
    const moment = fc.integer({ min: at('2015-01-01T00:00Z'), max: at('2035-01-01T00:00Z') });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.constantFrom(...KPI_PERIODS), moment, (timeZone, kind, timeMs) => {
        const clock = new PlantClock({ timeZone, shifts: SHIFTS });

        const period = clock.period(kind, timeMs);
        const [before, after] = [clock.period(kind, period.beginMs - 1), clock.period(kind, period.endMs)];

        expect(period.beginMs).toBeLessThanOrEqual(timeMs);
        expect(period.endMs).toBeGreaterThan(timeMs);
        expect(period.endMs - period.beginMs).toBeLessThanOrEqual(25 * HOUR_MS);
        expect(before.endMs).toBe(period.beginMs);
        expect(after.beginMs).toBe(period.endMs);
        expect(clock.period(kind, period.endMs - 1)).toEqual(period);
      }),
    );
  });
});
