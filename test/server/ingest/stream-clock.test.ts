import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GapLog } from '../../../server/ingest/gap-log.ts';
import { StreamClock } from '../../../server/ingest/stream-clock.ts';
import { runs } from '../../support/runs.ts';

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

  it('stays inside 64 bits', () => {
    const clock = new StreamClock(1e-6);
    clock.anchor(0, 0n);

    expect(clock.timeOf(2 ** 53 - 1)).toBe(2n ** 63n - 1n);
  });

  it('leaves the times before a correction as they were', () => {
    const clock = new StreamClock(1000);
    clock.anchor(0, 0n);

    expect(clock.correct(100, 100_000_000n + 1_000_000n, 100)).toBe(false);
    expect(clock.correct(100, 3_600_000_000_000n, 100)).toBe(true);
    expect([clock.timeOf(99), clock.timeOf(100), clock.timeOf(101)]).toEqual([
      99_000_000n,
      3_600_000_000_000n,
      3_600_001_000_000n,
    ]);
  });

  it('takes a step for one step where samples from before it are sent again', () => {
    const clock = new StreamClock(1000);
    clock.anchor(0, 0n);
    clock.correct(100, 3_600_100_000_000n, 100);

    expect(clock.correct(90, 3_600_090_000_000n, 110)).toBe(false);
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
