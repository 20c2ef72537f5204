import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HeldRange, nextRange, unite } from '../../../client/charts/value-range.ts';
import { runs } from '../../support/runs.ts';

describe('value range', () => {
  it.each([
    ['of everyday size', { min: -1e9, max: 1e9 }],
    ['of any size', {}],
  ])('always holds values %s, and stays finite', (_name, size) => {
    const value = fc.double({ ...size, noNaN: true });
    const step = fc.record({ a: value, b: value, afterMs: fc.nat(5000) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        let held: HeldRange | undefined;
        let nowMs = 0;
        for (const { a, b, afterMs } of steps) {
          nowMs += afterMs;
          const needed = { low: Math.min(a, b), high: Math.max(a, b) };
          held = nextRange(held, needed, nowMs);
          expect(held.low).toBeLessThanOrEqual(Math.max(needed.low, -5e307));
          expect(held.high).toBeGreaterThanOrEqual(Math.min(needed.high, 5e307));
          expect(held.high).toBeGreaterThan(held.low);
          expect(held.high - held.low).toBeLessThan(Infinity);
        }
      }),
      { numRuns: runs(500, 20_000) },
    );
  });

  it('stands still under noise', () => {
    const first = nextRange(undefined, { low: 0, high: 1 }, 0);
    let held = first;

    for (let i = 1; i < 200; i++) held = nextRange(held, { low: (i % 7) / 100, high: 1 - (i % 5) / 100 }, i * 50);

    expect(held).toEqual(first);
  });

  it('gives up room only after it was lost in it for three seconds', () => {
    const wide = nextRange(undefined, { low: 0, high: 100 }, 0);
    const quiet = { low: 0, high: 1 };

    const soon = nextRange(nextRange(wide, quiet, 100), quiet, 3000);
    const late = nextRange(soon, quiet, 3100);

    expect(soon.high).toBe(wide.high);
    expect(late.high).toBeLessThan(2);
  });

  it('waits anew when the room was used in between', () => {
    const wide = nextRange(undefined, { low: 0, high: 100 }, 0);
    const quiet = { low: 0, high: 1 };

    let held = nextRange(wide, quiet, 100);
    held = nextRange(held, { low: 0, high: 90 }, 2000);
    held = nextRange(held, quiet, 3200);

    expect(held.high).toBe(wide.high);
  });

  it.each([
    ['of zero', 0],
    ['of a small number', 1e-7],
    ['of a large number', -4e9],
    ['of nearly the largest there is', 4e307],
  ])('gives a constant signal %s some room', (_name, value) => {
    const { low, high } = nextRange(undefined, { low: value, high: value }, 0);

    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  });

  it('unites with a band that may be missing', () => {
    expect(unite({ low: 0, high: 2 }, { low: -1, high: 1 })).toEqual({ low: -1, high: 2 });
    expect(unite(undefined, { low: -1, high: 1 })).toEqual({ low: -1, high: 1 });
    expect(unite(undefined, undefined)).toBeUndefined();
  });
});
