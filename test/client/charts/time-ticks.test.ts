import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeStep, timeTicks } from '../../../client/charts/time-ticks.ts';
import { runs } from '../../support/runs.ts';

const MINUTE_MS = 60_000;
const WINDOWS_MS = [5_000, 10_000, 30_000, MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS];

describe('time step', () => {
  it.each([
    ['a desk', 1360, 51, [1, 1, 2, 5, 30, 60]],
    ['a phone', 240, 56, [2, 5, 15, 30, 120, 300]],
    ['a narrow phone', 166, 56, [2, 5, 15, 30, 120, 300]],
    ['a wall', 2250, 157, [1, 2, 5, 10, 60, 120]],
    ['a wall in wider words', 2250, 310, [2, 5, 10, 15, 120, 300]],
  ])('on %s is round', (_where, widthPx, labelPx, steps) => {
    expect(WINDOWS_MS.map((windowMs) => timeStep(windowMs, widthPx / labelPx) / 1000)).toEqual(steps);
  });

  it('never lets two labels touch, and shows two wherever two have room', () => {
    const window = fc.oneof(fc.constantFrom(...WINDOWS_MS), fc.integer({ min: 2_000, max: 864_000_000 }));
    fc.assert(
      fc.property(window, fc.double({ min: 1, max: 100, noNaN: true }), (windowMs, room) => {
        const stepMs = timeStep(windowMs, room);

        expect(stepMs / windowMs).toBeGreaterThan(1.1 / room);
        const offered = WINDOWS_MS.includes(windowMs);
        if (offered && room > 2.9) expect(2 * stepMs).toBeLessThanOrEqual(windowMs);
      }),
      { numRuns: runs(500, 20_000) },
    );
  });

  it('shows at least a quarter of the labels that have room', () => {
    for (const windowMs of WINDOWS_MS) expect(windowMs / timeStep(windowMs, 20)).toBeGreaterThanOrEqual(5);
  });
});

describe('time ticks', () => {
  const stepMs = 15_000;

  it('stand at the same round times however the axis moves', () => {
    const fromMs = Date.UTC(2026, 0, 1, 12, 0, 7);
    const at = (shiftMs: number) => timeTicks({ fromMs: fromMs + shiftMs, toMs: fromMs + shiftMs + MINUTE_MS }, stepMs);

    expect(at(0).map((timeMs) => new Date(timeMs).toISOString().slice(14, 19))).toEqual([
      '00:15',
      '00:30',
      '00:45',
      '01:00',
    ]);
    expect(at(5_000)).toEqual(at(0));
    expect(at(9_000).slice(0, 3)).toEqual(at(0).slice(1));
  });

  it('lie within the axis, its ends among them', () => {
    expect(timeTicks({ fromMs: 30_000, toMs: 60_000 }, stepMs)).toEqual([30_000, 45_000, 60_000]);
    expect(timeTicks({ fromMs: 31_000, toMs: 44_000 }, stepMs)).toEqual([]);
  });
});
