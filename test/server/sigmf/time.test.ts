import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime, parseTime } from '../../../server/sigmf/time.ts';
import { runs } from '../../support/runs.ts';

describe('times', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['2026-01-31T12:00:00.5Z', 1_769_860_800_500_000_000n],
    ['2026-01-31T12:00:00.1234567899Z', 1_769_860_800_123_456_789n],
    ['1969-12-31T23:59:59.999999999Z', -1n],
  ])('reads %s', (text, timeNs) => {
    expect(parseTime(text)).toBe(timeNs);
  });

  it.each([
    '',
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-01-31T12:00:00+09:00',
    '2026-02-30T00:00:00Z',
    '2026-01-31T25:00:00Z',
    '2262-04-11T23:47:16.854775808Z',
    '1600-01-01T00:00:00Z',
  ])('does not take "%s" for one', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('reads back what it writes, to the nanosecond', () => {
    const times = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(times, (timeNs) => {
        expect(parseTime(formatTime(timeNs))).toBe(timeNs);
      }),
      { numRuns: runs(300, 100_000) },
    );
  });

  it('has no words for a year of five digits', () => {
    expect(() => formatTime(253_402_300_800_000_000_000n)).toThrow(RangeError);
  });
});
