import { describe, expect, it } from 'vitest';
import { TrendColumns } from '../../../client/charts/trend-columns.ts';
import { type Picture, pictureElements } from '../../../client/charts/trend-picture.ts';
import { TEST_PALETTE } from '../../support/palette.ts';
import { type Cell, columnsOf } from '../../support/pixel-columns.ts';

const palette = TEST_PALETTE;

interface TextElement {
  readonly type: 'text';
  readonly x: number;
  readonly y: number;
  readonly rotation: number;
  readonly style: { readonly text: string; readonly backgroundColor: string };
}

// 100 columns of a pixel; value v lies at 100 - v. The band is from 30 to 60, data at 50.
describe('picture', () => {
  it('writes into a gap beside the band, on the ground of the chart', () => {
    expect(texts([data(30), gap(40), data(30)])).toMatchObject([
      { x: 50, y: 20, rotation: 0, style: { text: 'no data', backgroundColor: '#666' } },
    ]);
  });

  it('writes upright into a narrow gap, and nothing where a line of text has no room', () => {
    expect(texts([data(30), gap(20), data(50)])).toMatchObject([{ x: 40, rotation: Math.PI / 2 }]);
    expect(texts([data(30), gap(10), data(60)])).toEqual([]);
  });

  it('writes nothing upright into a plot that is lower than the words are long', () => {
    expect(texts([data(30), gap(20), data(50)], { down: { from: 0, to: 15 } })).toEqual([]);
    expect(texts([data(30), gap(40), data(30)], { down: { from: 0, to: 15 } })).toHaveLength(1);
  });

  it('says what made room for newer data by another name', () => {
    expect(texts([gap(40), data(60)], { keptFromMs: 1400 }).map(({ style }) => style.text)).toEqual(['not kept']);
    expect(texts([gap(40), data(60)]).map(({ style }) => style.text)).toEqual(['no data']);
  });

  it('draws the edges of the band above the envelope and under the trace', () => {
    expect(elements([data(100)]).map(({ type }) => type)).toEqual([
      'rect',
      'fen-envelope',
      'line',
      'line',
      'fen-trace',
    ]);
  });
});

function data(columns: number): Cell[] {
  return Array<Cell>(columns).fill([50, 50]);
}

function gap(columns: number): Cell[] {
  return ['gap', ...Array<Cell>(columns - 1).fill(undefined)];
}

function texts(cells: readonly Cell[][], place: Partial<Picture> = {}): TextElement[] {
  return elements(cells, place).filter((element) => element.type === 'text') as TextElement[];
}

function elements(cells: readonly Cell[][], place: Partial<Picture> = {}) {
  const columns = new TrendColumns();
  columns.copy(columnsOf(cells.flat()));
  return pictureElements({
    view: {
      source: undefined,
      windowMs: 1000,
      normal: { low: 30, high: 60 },
      gapText: 'no data',
      forgottenText: 'not kept',
      isCompact: true,
      unit: 'V',
      palette,
      formatTime: String,
    },
    span: { fromMs: 1000, toMs: 2000, columnMs: 10, columns: 100 },
    shape: { columns, x: 0, stepX: 1, originY: 100, scaleY: -1, tracePx: 1, devicePx: 1 },
    down: { from: 0, to: 100 },
    keptFromMs: undefined,
    gapTextPx: 20,
    ...place,
  }) as { readonly type: string }[];
}
