import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapPlace } from '../../../client/charts/gap-place.ts';
import { runs } from '../../support/runs.ts';

const text = { width: 40, height: 10 };
const down = { from: 0, to: 200 };
const wide = { from: 100, to: 200 };
const narrow = { from: 100, to: 140 };

describe('place of the words of a gap', () => {
  it('is the middle of the plot where there is no band', () => {
    expect(gapPlace({ across: wide, down, band: undefined }, text)).toEqual({ x: 150, y: 100, isUpright: false });
  });

  it('is upright where the gap is too narrow', () => {
    expect(gapPlace({ across: narrow, down, band: undefined }, text)).toEqual({ x: 120, y: 100, isUpright: true });
  });

  it('is the larger space beside the band', () => {
    expect(gapPlace({ across: wide, down, band: { from: 90, to: 130 } }, text).y).toBe(45);
    expect(gapPlace({ across: wide, down, band: { from: 40, to: 120 } }, text).y).toBe(160);
    expect(gapPlace({ across: wide, down, band: { from: -50, to: -10 } }, text).y).toBe(100);
  });

  it('is the middle of the plot where neither space has room', () => {
    expect(gapPlace({ across: wide, down, band: { from: 5, to: 185 } }, text).y).toBe(100);
    expect(gapPlace({ across: narrow, down, band: { from: 45, to: 160 } }, text).y).toBe(100);
  });

  it('is clear of both edges of the band wherever a space is large enough', () => {
    const edge = fc.integer({ min: -50, max: 250 });
    fc.assert(
      fc.property(edge, edge, fc.constantFrom(wide, narrow), (a, b, across) => {
        const band = { from: Math.min(a, b), to: Math.max(a, b) };
        const { y, isUpright } = gapPlace({ across, down, band }, text);
        const half = (isUpright ? text.width : text.height) / 2;
        if (Math.max(band.from, 200 - band.to) < 2 * half + text.height) return;

        expect(y - half >= band.to || y + half <= band.from).toBe(true);
        expect(y - half).toBeGreaterThanOrEqual(0);
        expect(y + half).toBeLessThanOrEqual(200);
      }),
      { numRuns: runs(500, 20_000) },
    );
  });
});
