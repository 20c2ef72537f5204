import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GapLog } from '../../../server/ingest/gap-log.ts';
import { StreamClock } from '../../../server/ingest/stream-clock.ts';
import { runs } from '../../support/runs.ts';

const DAY_NS = 86_400_000_000_000n;

describe('StreamClock', () => {
  it('tells times to the nearest ns over months of samples', () => {
    const index = fc.integer({ min: 0, max: 2 ** 42 });
    fc.assert(
      fc.property(index, index, fc.integer({ min: 1000, max: 1_000_000_000 }), (anchor, asked, rateHz) => {
        const clock = new StreamClock(rateHz);
        clock.anchor(anchor, 1_000_000_000_000_000n);

        const exact2 = (BigInt(asked - anchor) * 2_000_000_000n) / BigInt(rateHz); // half ns
        const off2 = (clock.timeOf(asked) - 1_000_000_000_000_000n) * 2n - exact2;
        expect(off2 >= -2n && off2 <= 2n).toBe(true);
      }),
      { numRuns: runs(500, 100_000) },
    );
  });

  it('stays inside the years that the history can hold', () => {
    const clock = new StreamClock(1e-6);
    clock.anchor(0, 0n);

    expect(clock.timeOf(2 ** 53 - 1)).toBe(BigInt(Date.UTC(2262, 0, 1)) * 1_000_000n);

    clock.anchor(2 ** 53 - 1, 0n);
    expect(clock.timeOf(0)).toBe(BigInt(Date.UTC(1678, 0, 1)) * 1_000_000n);
  });

  it('leaves the times before a correction as they were', () => {
    const clock = new StreamClock(1000);
    clock.anchor(0, 0n);

    expect(clock.correct(100, 100_000_000n + 1_000_000n, 100, 0)).toBe('same');
    expect(clock.correct(100, 3_600_000_000_000n, 100, 0)).toBe('followed');
    expect([clock.timeOf(99), clock.timeOf(100), clock.timeOf(101)]).toEqual([
      99_000_000n,
      3_600_000_000_000n,
      3_600_001_000_000n,
    ]);
  });

  it('takes a step for one step where samples from before it are sent again', () => {
    const clock = new StreamClock(1000);
    clock.anchor(0, 0n);
    clock.correct(100, 3_600_100_000_000n, 100, 0);

    expect(clock.correct(90, 3_600_090_000_000n, 110, 0)).toBe('same');
  });

  it('follows a hundred steps at once and one a minute more, and small ones always', () => {
    const clock = new StreamClock(1000);
    clock.anchor(0, 0n);
    const jump = (index: number, nowMs: number) => clock.correct(index, BigInt(1 + index) * DAY_NS, index, nowMs);
    const told = Array.from({ length: 105 }, (_, i) => jump(i, 1e12 + i));

    expect(told).toEqual([...Array(100).fill('followed'), ...Array(5).fill('refused')]);
    const timeNs = clock.timeOf(120);
    expect(clock.correct(120, timeNs + 50_000_000n, 120, 1e12)).toBe('followed');
    expect(clock.timeOf(121)).toBe(timeNs + 51_000_000n);
    expect([jump(122, 1e12 + 59_000), jump(123, 1e12 + 61_000), jump(124, 1e12 + 62_000)]).toEqual([
      'refused',
      'followed',
      'refused',
    ]);
    expect(jump(125, 0)).toBe('refused'); // a server whose clock goes back
  });
});

describe('GapLog', () => {
  it('makes one gap of two that touch', () => {
    const gaps = new GapLog();

    expect([
      gaps.add({ from: 5, to: 7, timeNs: 3n }),
      gaps.add({ from: 7, to: 9, timeNs: 0n }),
      gaps.add({ from: 11, to: 12, timeNs: 0n }),
    ]).toEqual([true, false, true]);
    expect(gaps.newest(9)).toEqual([
      { from: 5, to: 9, timeNs: 3n },
      { from: 11, to: 12, timeNs: 0n },
    ]);
    expect(gaps.overlap(6, 12)).toBe(4);
  });

  it('forgets the oldest past its limit', () => {
    const gaps = new GapLog();
    for (let i = 0; i < 1001; i++) gaps.add({ from: i * 2, to: i * 2 + 1, timeNs: 0n });

    expect(gaps.newest(2000).length).toBe(1000);
    expect(gaps.overlap(0, 1)).toBe(0);
  });
});
