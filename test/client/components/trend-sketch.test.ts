import { describe, expect, it } from 'vitest';
import { trendSketch } from '../../../client/components/trend-sketch.ts';
import type { HistoryReply } from '../../../server/wire/history.ts';

const FRAME = { width: 100, height: 50, normal: undefined, limit: undefined, beganMs: undefined };

describe('a sketch of a trend', () => {
  it('has everything that belongs to it within its box, in place', () => {
    const rows = reply([
      [0, 1, 3],
      [10, 2, 5],
    ]);
    const sketch = trendSketch(rows, { ...FRAME, normal: [0, 6], limit: 10, beganMs: 5 })!;

    expect(sketch).toMatchObject({ low: 1, high: 5, beganX: 25, limitY: 2.68 });
    expect(sketch.normal).toEqual({ y: 20.54, height: 26.78 });
    expect(sketch.bands).toHaveLength(1);
    expect(sketch.means[0]).toMatch(/^M0 [\d.]+L50 [\d.]+L50 [\d.]+L100 [\d.]+$/);
  });

  it('is interrupted where there is a gap or no finite sample', () => {
    const rows = reply([
      [0, 1, 2],
      [10, 1, 2],
      [30, 1, 2],
      [40, Number.NaN, Number.NaN],
      [50, 1, 2],
    ]);
    expect(trendSketch(rows, FRAME)).toMatchObject({ bands: [{}, {}, {}], low: 1, high: 2 });
  });

  it('leaves out where the alarm began when that is not in it, and is none without a sample', () => {
    expect(trendSketch(reply([[0, 1, 1]]), { ...FRAME, beganMs: 11 })?.beganX).toBeUndefined();
    expect(trendSketch(reply([[0, Number.NaN, Number.NaN]]), FRAME)).toBeUndefined();
  });
});

/** Rows of 10 ms, each [time, min, max]; those that are NaN hold no sample. */
function reply(rows: readonly (readonly [number, number, number])[]): HistoryReply {
  const column = (read: (row: readonly [number, number, number]) => number) => rows.map(read);
  return {
    channel: 'a',
    unit: 'V',
    fromMs: 0,
    toMs: rows.at(-1)![0] + 10,
    rowMs: 10,
    span: 1,
    rows: {
      time: column(([time]) => time),
      length: column(() => 10),
      min: column(([, min]) => min),
      max: column(([, , max]) => max),
      mean: column(([, min, max]) => (min + max) / 2),
      deviation: column(() => 0),
      count: column(([, min]) => (Number.isNaN(min) ? 0 : 5)),
      clipped: column(() => 0),
      nonfinite: column(() => 0),
      windows: column(() => 1),
      broken: column(() => 0),
      flags: column(() => 0),
    },
  };
}
