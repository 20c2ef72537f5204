import { describe, expect, it } from 'vitest';
import { overlay, spread } from '../../../client/charts/overlay.ts';
import { TrendColumns } from '../../../client/charts/trend-columns.ts';
import { TEST_PALETTE } from '../../support/palette.ts';
import { type Cell, columnsOf } from '../../support/pixel-columns.ts';

const DOWN = { from: 0, to: 100 };

describe('lines that share a plot', () => {
  it('have the raised one on top, its band behind the fine lines of the others', () => {
    const lines = [line('A', 50), line('B', 51), line('C', 52)];

    const drawn = overlay(lines, 1, DOWN, TEST_PALETTE) as Drawn[];

    expect(drawn.map(({ type, style }) => `${type} ${style.stroke ?? style.text}`)).toEqual([
      'fen-envelope colour of A',
      'fen-envelope colour of C',
      'fen-envelope colour of B',
      'fen-trace colour of A',
      'fen-trace colour of C',
      'fen-trace colour of B',
      'text A',
      'text B',
      'text C',
    ]);
    expect(drawn.slice(3, 6).map(({ shape }) => shape.trend.tracePx)).toEqual([0.5, 0.5, 2]);
    expect(drawn[2].style.opacity).toBeGreaterThan(2 * drawn[0].style.opacity);
  });

  it('say which is which at their beginnings, and nothing of one that has none', () => {
    const late = line('B', 50, [...Array<Cell>(40).fill(undefined), ...Array<Cell>(60).fill([50, 50])]);

    const drawn = overlay([line('A', 50), late, line('C', 50, [])], 0, DOWN, TEST_PALETTE) as Drawn[];

    const [a, b, ...none] = drawn.filter(({ type }) => type === 'text');
    expect(b.x - a.x).toBe(40);
    expect(none).toEqual([]);
  });
});

describe('signs of equal height', () => {
  it.each([
    ['far apart', [20, 80], [20, 80]],
    ['the same', [50, 50, 50], [40, 50, 60]],
    ['the same and in the way', [50, 50, 57], [42.333, 52.333, 62.333]],
    ['at the top', [2, 2], [5, 15]],
    ['at the bottom, the lower first', [99, 98], [95, 85]],
    ['none', [], []],
  ])('%s', (_name, heights, places) => {
    expect(spread(heights, 10, DOWN).map((place) => Number(place.toFixed(3)))).toEqual(places);
  });
});

interface Drawn {
  readonly type: string;
  readonly x: number;
  readonly shape: { readonly trend: { readonly tracePx: number } };
  readonly style: { readonly stroke?: string; readonly text?: string; readonly opacity: number };
}

function line(sign: string, value: number, cells: readonly Cell[] = Array<Cell>(100).fill([value, value])) {
  const columns = new TrendColumns();
  columns.copy(columnsOf([...cells]));
  const shape = { columns, x: 0, stepX: 1, originY: 100, scaleY: -1, tracePx: 2, devicePx: 0.5 };
  return { shape, sign, colour: `colour of ${sign}` };
}
