import { describe, expect, it } from 'vitest';
import { TrendColumns, timeSpan } from '../../../client/charts/trend-columns.ts';
import { columnsOf } from '../../support/pixel-columns.ts';

const EDGE_MS = 1_700_000_000_123.456;

describe('time span', () => {
  it('ends at the column that holds the edge', () => {
    const { fromMs, toMs, columnMs, columns } = timeSpan(EDGE_MS, 60_000, 480);

    expect(columnMs).toBe(125);
    expect(columns).toBe(480);
    expect(toMs).toBeGreaterThanOrEqual(EDGE_MS);
    expect(toMs - EDGE_MS).toBeLessThan(columnMs);
    expect(toMs - fromMs).toBe(60_000);
  });

  it('keeps every column in its place while time goes on', () => {
    const first = timeSpan(EDGE_MS, 60_000, 480);

    for (let ms = 0; ms < 1000; ms += 7) {
      const { fromMs, columnMs } = timeSpan(EDGE_MS + ms, 60_000, 480);
      expect((fromMs - first.fromMs) % columnMs).toBe(0);
    }
  });
});

describe('trend columns', () => {
  it('span the extremes of what has data', () => {
    const columns = new TrendColumns();
    columns.copy(columnsOf([[1, 5], undefined, [-3, 2]]));

    expect(columns.extent()).toEqual({ low: -3, high: 5 });
    columns.copy(columnsOf([undefined, 'gap']));
    expect(columns.extent()).toBeUndefined();
  });

  it('are a copy', () => {
    const source = columnsOf([[1, 5]]);
    const columns = new TrendColumns();
    columns.copy(source);

    source.max[0] = 99;

    expect(columns.max[0]).toBe(5);
  });

  it.each([
    ['between rows wider than a column', [[0, 1], undefined, undefined, [0, 1]], []],
    ['where a mark says so', [[0, 1], 'gap', undefined, [0, 1]], [{ from: 1, to: 3 }]],
    ['after a column that holds data and a mark', ['both', undefined, undefined, [0, 1]], [{ from: 1, to: 3 }]],
    [
      'before the first and after the last',
      [undefined, undefined, [0, 1], undefined, undefined],
      [
        { from: 0, to: 2 },
        { from: 3, to: 5 },
      ],
    ],
    ['everywhere when there is nothing', [undefined, undefined, undefined], [{ from: 0, to: 3 }]],
    ['but not where it is too narrow', [[0, 1], 'gap', [0, 1]], []],
  ] as const)('have gaps %s', (_name, cells, expected) => {
    const columns = new TrendColumns();
    columns.copy(columnsOf(cells));

    expect(columns.gaps(2)).toEqual(expected);
  });
});
