import { describe, expect, it } from 'vitest';
import { overlay } from '../../../client/charts/overlay.ts';
import { TrendColumns } from '../../../client/charts/trend-columns.ts';
import { TEST_PALETTE } from '../../support/palette.ts';
import { type Cell, columnsOf } from '../../support/pixel-columns.ts';

describe('lines that share a plot', () => {
  it('have the raised one on top, its band behind the fine lines of the others', () => {
    const lines = [line('A', 50), line('B', 51), line('C', 52)];

    const drawn = overlay(lines, 1, TEST_PALETTE) as Drawn[];

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

  it('say which is which where they are told to, and nothing of one that has no place', () => {
    const lines = [line('A', 50), { ...line('B', 50), at: { x: 40, y: 7 } }, { ...line('C', 50), at: undefined }];

    const drawn = overlay(lines, 0, TEST_PALETTE) as Drawn[];

    const signs = drawn.filter(({ type }) => type === 'text');
    expect(signs).toMatchObject([
      { x: 0, y: 50, style: { text: 'A' } },
      { x: 40, y: 7, style: { text: 'B' } },
    ]);
  });
});

interface Drawn {
  readonly type: string;
  readonly x: number;
  readonly shape: { readonly trend: { readonly tracePx: number } };
  readonly style: { readonly stroke?: string; readonly text?: string; readonly opacity: number };
}

function line(sign: string, value: number) {
  const columns = new TrendColumns();
  columns.copy(columnsOf(Array<Cell>(100).fill([value, value])));
  const shape = { columns, x: 0, stepX: 1, originY: 100, scaleY: -1, tracePx: 2, devicePx: 0.5 };
  return { shape, sign, colour: `colour of ${sign}`, at: { x: 0, y: 100 - value } };
}
