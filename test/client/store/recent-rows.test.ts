import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextScale } from '../../../client/locale/digits.ts';
import { Locale } from '../../../client/locale/locale.ts';
import { RecentRows } from '../../../client/store/recent-rows.ts';
import { deviation, EMPTY_SUMMARY, mergeSummaries, type Summary } from '../../../server/trend/summary.ts';
import type { TrendBlock } from '../../../server/wire/trend-frame.ts';
import { runs } from '../../support/runs.ts';
import { scalarReduce } from '../../support/scalar-reduce.ts';

const ALL_MS = 1e9;
const NO_FIGURES = { mean: undefined, min: undefined, max: undefined, spread: undefined };
const sample = fc.oneof(fc.double(), fc.constantFrom(Number.MAX_VALUE, -1.7e308, NaN), fc.integer({ min: -9, max: 9 }));

describe('RecentRows', () => {
  it('merges rows as the server does, bit by bit, to the ends of f64', () => {
    fc.assert(
      fc.property(fc.array(fc.array(sample, { maxLength: 6 }), { minLength: 1, maxLength: 9 }), (rows) => {
        const summaries = rows.map((samples) => scalarReduce(samples, [-5, 5]));

        const { timeMs: _, flags: __, spread, ...figures } = readingOf(summaries)!;

        const { m2, ...expected } = summaries.toReversed().reduce(mergeSummaries, EMPTY_SUMMARY); // the newest first
        if (expected.count === 0) {
          expect({ ...figures, spread }).toStrictEqual({ ...expected, ...NO_FIGURES });
          return;
        }
        expect(figures).toStrictEqual(expected);
        expect(Number.isFinite(spread)).toBe(true);
        expect(spread).toBeLessThanOrEqual(deviation({ m2, count: expected.count }));
      }),
      { numRuns: runs(500, 100_000) },
    );
  });

  it('has no figures where nothing is finite', () => {
    const rows = [[NaN], [NaN, Infinity]].map((samples) => scalarReduce(samples, [-5, 5]));

    expect(readingOf(rows)).toMatchObject({ ...NO_FIGURES, count: 0, nonfinite: 3 });
  });

  it('reads the deviation of its samples', () => {
    const rows = [[1, 5], [2, 2, 8], [3]].map((samples) => scalarReduce(samples, [-99, 99]));

    expect(readingOf(rows)?.spread).toBeCloseTo(Math.sqrt(33.5 / 6), 12);
  });

  it('has a value for the screen where samples reach the ends of f64', () => {
    const rows = [[-1.7e308, 1.7e308], [1.7e308]].map((samples) => scalarReduce(samples, [0, 1]));

    const reading = readingOf(rows)!;

    const scale = nextScale(undefined, {}, reading);
    const en = new Locale('en', 'UTC');
    const written = [reading.mean, reading.min, reading.max, reading.spread].map((figure) => en.value(figure, scale));
    expect(written).toEqual(['57', '−170', '170', '170']);
  });
});

function readingOf(rows: readonly Summary[]) {
  const recent = new RecentRows();
  const column = (figure: keyof Summary) => rows.map((row) => row[figure]);
  const block: TrendBlock = {
    channel: 1,
    span: 1,
    windows: rows.length,
    stream: 0,
    lastSeq: rows.length - 1,
    firstRow: 0,
    timeNs: 0n,
    rowNs: 1e6,
    arrivedMs: 0,
    min: Float64Array.from(column('min')),
    max: Float64Array.from(column('max')),
    mean: Float64Array.from(column('mean')),
    m2: Float64Array.from(column('m2')),
    count: Uint32Array.from(column('count')),
    clipped: Uint32Array.from(column('clipped')),
    nonfinite: Uint32Array.from(column('nonfinite')),
    flags: new Uint32Array(rows.length),
  };
  recent.append(block, 0);
  return recent.reading(ALL_MS);
}
