import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrendColumns } from '../../../client/charts/trend-columns.ts';
import { buildEnvelope, buildMean, buildSpikes, type TrendShape } from '../../../client/charts/trend-shapes.ts';
import { type Cell, columnsOf } from '../../support/pixel-columns.ts';

// One pixel a column and ten a unit, upwards: value v lies at -10 v. A bar is
// written as its pixel, its upper end and its lower end.

describe('envelope', () => {
  it('is a bar from the maximum to the minimum of every column, in the middle of its pixel', () => {
    const drawn = bars(buildEnvelope, [
      [1, 2],
      [0, 3],
    ]);

    expect(drawn).toEqual(['0.5: -20 -10', '1.5: -30 0']);
  });

  it('has a bar for every pixel of a column that is wider', () => {
    expect(
      bars(
        buildEnvelope,
        [
          [1, 2],
          [0, 3],
        ],
        { stepX: 2 },
      ),
    ).toEqual(['0.5: -20 -10', '1.5: -20 -10', '2.5: -30 0', '3.5: -30 0']);
    expect(bars(buildEnvelope, [[1, 2]], { devicePx: 0.5 })).toEqual(['0.25: -20 -10', '0.75: -20 -10']);
  });

  it('gives every column a pixel of its own wherever it begins', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 1, max: 3, noNaN: true }),
        (x, stepX) => {
          const cells = Array.from({ length: 200 }, (_, i): Cell => [-i - 1, i]);

          const drawn = bars(buildEnvelope, cells, { x, stepX });

          expect(new Set(drawn.map((bar) => bar.split(': ')[1])).size).toBe(cells.length);
          expect(new Set(drawn.map((bar) => bar.split(': ')[0])).size).toBe(drawn.length);
        },
      ),
    );
  });

  it('joins rows that are wider than a column', () => {
    expect(bars(buildEnvelope, [[1, 2], undefined, [3, 4]])).toEqual(['0.5: -20 -10', '1.5: -30 -20', '2.5: -40 -30']);
  });

  it('begins anew after a gap mark', () => {
    expect(bars(buildEnvelope, [[1, 2], 'gap', [1, 2]])).toEqual(['0.5: -20 -10', '2.5: -20 -10']);
    expect(bars(buildEnvelope, ['both', undefined, [1, 2]])).toEqual(['0.5: -10 0', '2.5: -20 -10']);
  });

  it('draws nothing where there is nothing', () => {
    expect(bars(buildEnvelope, [undefined, 'gap'])).toEqual([]);
  });
});

describe('mean', () => {
  it('climbs as far in a column as the line through the middles does', () => {
    const flat = bars(buildMean, [
      [1, 3],
      [1, 3],
    ]);
    const climbing = bars(buildMean, [
      [1, 3],
      [2, 4],
      [2, 4],
    ]);

    expect(flat).toEqual(['0.5: -20.5 -19.5', '1.5: -20.5 -19.5']);
    expect(climbing).toEqual(['0.5: -25.5 -19.5', '1.5: -30.5 -24.5', '2.5: -30.5 -29.5']);
  });

  it('is as wide as the trace where it climbs, too', () => {
    const drawn = bars(buildMean, [undefined, [0, 0], [8, 8]], { tracePx: 4, stepX: 2 });

    expect(drawn).toEqual(
      ['1.5: -42 2', '2.5: -42 2', '3.5: -42 2', '4.5: -42 2'].concat([
        '3.5: -82 -38',
        '4.5: -82 -38',
        '5.5: -82 -38',
        '6.5: -82 -38',
      ]),
    );
  });

  it('is joined across empty columns, and broken by a gap mark', () => {
    expect(bars(buildMean, [[1, 3], undefined, [2, 4], 'gap', [0, 2]])).toEqual([
      '0.5: -23 -19.5',
      '1.5: -28 -22',
      '2.5: -30.5 -27',
      '4.5: -10.5 -9.5',
    ]);
  });

  it('leaves no hole between two columns, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2 }), (values) => {
        const drawn = bars(
          buildMean,
          values.map((value): Cell => [value, value]),
        );

        const ends = drawn.map((bar) => bar.split(': ')[1].split(' ').map(Number));
        for (let i = 1; i < ends.length; i++) {
          expect(ends[i][0]).toBeLessThan(ends[i - 1][1]);
          expect(ends[i][1]).toBeGreaterThan(ends[i - 1][0]);
        }
      }),
    );
  });
});

describe('spikes', () => {
  const quiet: Cell = [0, 2];

  it('are bars from the mean to the extreme, as wide as the trace', () => {
    const wide = { tracePx: 2 };

    expect(bars(buildSpikes, [quiet, quiet, [0, 8], quiet, quiet], wide)).toEqual(['2.5: -80 -40', '3.5: -80 -40']);
    expect(bars(buildSpikes, [quiet, [-6, 2], quiet], wide)).toEqual(['1.5: 60 20', '2.5: 60 20']);
  });

  it('are seen where two columns share them, and across empty columns', () => {
    expect(spikes([quiet, quiet, [0, 8], [0, 7], quiet, quiet])).toBe(2);
    expect(spikes([quiet, undefined, [0, 8], undefined, quiet])).toBe(1);
  });

  it('are not noise, a step, or the end of the picture', () => {
    expect(spikes([quiet, quiet, [0, 2.9], quiet, quiet])).toBe(0);
    expect(spikes([quiet, quiet, [6, 8], [6, 8], [6, 8]])).toBe(0);
    expect(spikes([[0, 8], quiet, quiet, [0, 8]])).toBe(0);
    expect(spikes([])).toBe(0);
  });

  function spikes(cells: readonly Cell[]): number {
    return bars(buildSpikes, cells).length;
  }
});

function bars(build: typeof buildEnvelope, cells: readonly Cell[], place: Partial<TrendShape> = {}): string[] {
  const columns = new TrendColumns();
  columns.copy(columnsOf(cells));
  const drawn: string[] = [];
  let from = { x: NaN, y: NaN };
  build(
    {
      moveTo: (x, y) => {
        from = { x, y };
      },
      lineTo: (x, y) => {
        expect(x).toBe(from.x);
        drawn.push(`${x}: ${from.y + 0} ${y + 0}`);
      },
    },
    { columns, x: 0, stepX: 1, originY: 0, scaleY: -10, tracePx: 1, devicePx: 1, ...place },
  );
  return drawn;
}
