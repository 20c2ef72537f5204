import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tileAfter, tileColumns } from '../../../client/components/tile-grid.ts';
import { runs } from '../../support/runs.ts';

const DESK = { width: 1888, height: 970, tileWidth: 300, tileHeight: 200, gap: 10 };
const PHONE = { width: 366, height: 560, tileWidth: 300, tileHeight: 200, gap: 10 };

describe('tileColumns', () => {
  it.each([
    [1, DESK, 1],
    [2, DESK, 2],
    [8, DESK, 4],
    [12, DESK, 4],
    [16, DESK, 4],
    [32, DESK, 6], // more than the screen holds: as many columns as fit
    [1, PHONE, 1],
    [8, PHONE, 1],
  ])('arranges %d tiles', (count, room, columns) => {
    expect(tileColumns(count, room)).toBe(columns);
  });

  it('never makes a tile narrower than it may be, where one fits at all', () => {
    const room = fc.record({
      width: fc.integer({ min: 300, max: 8000 }),
      height: fc.integer({ min: 1, max: 5000 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4096 }), room, (count, { width, height }) => {
        const columns = tileColumns(count, { ...DESK, width, height });

        expect(columns).toBeGreaterThanOrEqual(1);
        expect((width - DESK.gap * (columns - 1)) / columns).toBeGreaterThanOrEqual(DESK.tileWidth);
      }),
      { numRuns: runs(300, 100_000) },
    );
  });
});

describe('tileAfter', () => {
  it.each([
    ['ArrowRight', 2, 3],
    ['ArrowLeft', 2, 1],
    ['ArrowDown', 2, 6],
    ['ArrowUp', 6, 2],
    ['Home', 6, 0],
    ['End', 2, 8],
    ['ArrowLeft', 0, undefined],
    ['ArrowUp', 3, undefined],
    ['ArrowRight', 8, undefined],
    ['ArrowDown', 5, undefined],
    ['Enter', 2, undefined],
  ])('leads by %s from %d to %s', (key, at, to) => {
    expect(tileAfter(key, { at, count: 9, columns: 4 })).toBe(to);
  });
});
