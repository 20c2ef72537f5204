import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alignment, RowFigure } from '../../../server/model/manifest.ts';
import type { Run } from '../../../server/model/run.ts';
import { RunCutter, type RunInput } from '../../../server/model/run-cutter.ts';
import { EMPTY_SUMMARY } from '../../../server/trend/summary.ts';
import { type TrendWindow, WindowFlag } from '../../../server/trend/trend-window.ts';
import { cutPlainly } from '../../support/plain-runs.ts';
import { runs } from '../../support/runs.ts';
import { EPOCH_NS, trendWindow } from '../../support/trend-windows.ts';

const SLIDING: RunInput = {
  rows: ['mean'],
  length: 4,
  pointsPerSecond: 200,
  alignment: { kind: 'sliding', hop: 2 },
};
const IGNITION = { kind: 'ignition', threshold: 0.05, hysteresis: 0.02, before: 0, rearmPoints: 2 } as const;
const WINDOW_NS = 5_000_000n;

describe('run cutter', () => {
  it('cuts as its slow twin does, whatever comes', () => {
    fc.assert(
      fc.property(inputs(), windowLists(), (input, windows) => {
        expect(cut(input, windows)).toEqual(cutPlainly(windows, input));
      }),
      { numRuns: runs(1500, 100_000) },
    );
  });

  it('begins sliding runs at multiples of the hop, whatever window it is told of first', () => {
    const found = cut(SLIDING, light(3, [0, 1, 2, 3, 4, 5, 6]));

    expect(found.map(({ kind, first }) => [kind, first])).toEqual([
      ['complete', 4],
      ['complete', 6],
      ['incomplete', 8],
    ]);
    expect(found[0]).toMatchObject({
      channel: 'PMT-1',
      stream: 'run-1',
      timeNs: EPOCH_NS + 4n * WINDOW_NS,
      endNs: EPOCH_NS + 8n * WINDOW_NS,
      values: Float32Array.of(1, 2, 3, 4),
    });
  });

  it('lays rows one after the other in the order of the model', () => {
    const windows = [1, 2].map((mean, index) => withSummary(index, { min: mean - 0.5, max: mean + 0.25, mean }));

    const [run] = cut({ ...SLIDING, length: 2, rows: ['max', 'min', 'mean'] }, windows);

    expect(run).toMatchObject({ values: Float32Array.of(1.25, 2.25, 0.5, 1.5, 1, 2) });
  });

  it('puts the last point below the threshold into column `before`, and needs to be dark again for the next run', () => {
    const means = [0, 0.04, 0.06, 0.2, 0.01, 0.3, 0.01, 0.02, 0.04, 0.3, 0.3, 0.3];
    const input = { ...SLIDING, length: 3, alignment: { ...IGNITION, before: 1, rearmPoints: 2 } };

    const found = cut(input, light(0, [0.01, ...means]));

    expect(found.map(values)).toEqual([
      [0, 0.04, 0.06],
      [0.02, 0.04, 0.3],
    ]);
  });

  it('does not take light that was there from the beginning, or came while it was looked at, for an ignition', () => {
    expect(cut({ ...SLIDING, alignment: IGNITION }, light(0, [0.2, 0.2, 0, 0.2, 0.2, 0.2, 0.2]))).toEqual([]);
  });

  it('tells of an ignition among missing points that it is incomplete', () => {
    const windows = [...light(0, [0, 0, 0]), ...light(5, [0.2, 0.2, 0.2, 0.2])];

    const found = cut({ ...SLIDING, alignment: IGNITION }, windows);

    expect(found).toMatchObject([{ kind: 'incomplete', first: 4, missing: 1, isEnded: false }]);
  });

  it('begins at the start of a stream where the device marks it so', () => {
    const input: RunInput = { ...SLIDING, alignment: { kind: 'mark' } };
    const second = light(0, [5, 6, 7, 8]).map((window) => ({ ...window, stream: 'run-2' }));

    const found = cut(input, [...light(0, [0, 1, 2, 3, 4, 5, 6, 7, 8]), ...second]);

    expect(found.map(values)).toEqual([
      [0, 1, 2, 3],
      [5, 6, 7, 8],
    ]);
  });

  it.each([
    ['over-range', { flags: WindowFlag.OverRange }, { flagged: 1, flags: WindowFlag.OverRange }],
    ['sample-loss', { flags: WindowFlag.SampleLoss }, { flagged: 1, flags: WindowFlag.SampleLoss }],
    ['invalid', { flags: WindowFlag.Invalid }, { flagged: 1, flags: WindowFlag.Invalid }],
    ['a gap', { flags: WindowFlag.Gap | WindowFlag.TimeUncalibrated }, { flagged: 1, flags: WindowFlag.Gap }],
    ['a partial window', { flags: WindowFlag.Partial }, { flagged: 1, flags: WindowFlag.Partial }],
    ['no finite sample', { summary: { ...EMPTY_SUMMARY, nonfinite: 9 } }, { empty: 1 }],
  ])('never guesses what one window with %s has spoilt', (_name, spoilt, told) => {
    const windows = light(0, [1, 2, 3, 4]).map((window) => (window.index === 2 ? { ...window, ...spoilt } : window));

    const [run] = cut(SLIDING, windows);

    expect(run).toMatchObject({ kind: 'incomplete', missing: 0, flagged: 0, flags: 0, empty: 0, ...told });
  });

  it('lets a time that is not calibrated pass', () => {
    const windows = light(0, [1, 2, 3, 4]).map((window) => ({ ...window, flags: WindowFlag.TimeUncalibrated }));

    expect(cut(SLIDING, windows)[0]?.kind).toBe('complete');
  });

  it('waits with a partial window for the whole one that a device may send again', () => {
    const [a, b, c, d] = light(0, [1, 2, 3, 4]) as [TrendWindow, TrendWindow, TrendWindow, TrendWindow];

    const found = cut(SLIDING, [a, b, c, { ...d, flags: WindowFlag.Partial }, d]);

    expect(found[0]).toMatchObject({ kind: 'complete', values: Float32Array.of(1, 2, 3, 4) });
  });

  it('cuts nothing of a channel with other points a second, and says how many', () => {
    const found: Run[] = [];
    const cutter = new RunCutter(SLIDING, (run) => found.push(run));

    for (const window of light(0, [1, 2, 3, 4])) cutter.add({ ...window, size: 25_000 });
    cutter.end();

    expect(found).toEqual([]);
    expect(cutter.foreignPointsPerSecond).toBe(400);
  });

  it('goes over a gap of any length at once, and tells only of runs that it has windows of', () => {
    const windows = [...light(0, [1, 2, 3, 4, 5]), ...light(2 ** 50, [1, 2, 3, 4])];

    const found = cut({ ...SLIDING, length: 4, alignment: { kind: 'sliding', hop: 1 } }, windows);

    expect(found).toHaveLength(2 + 3 + 3 + 1 + 3);
    expect(found.filter(({ kind }) => kind === 'complete').map(({ first }) => first)).toEqual([0, 1, 2 ** 50]);
  });
});

function cut(input: RunInput, windows: readonly TrendWindow[]): Run[] {
  const found: Run[] = [];
  const cutter = new RunCutter(input, (run) => found.push(run));
  for (const window of windows) cutter.add(window);
  cutter.end();
  return found;
}

function values(run: Run): number[] {
  return run.kind === 'complete' ? Array.from(run.values, (x) => Number(x.toFixed(6))) : [];
}

function light(first: number, means: readonly number[]): TrendWindow[] {
  return means.map((mean, i) => withSummary(first + i, { min: mean - 1, max: mean + 1, mean }));
}

function withSummary(index: number, figures: Record<RowFigure, number>): TrendWindow {
  return trendWindow({ index, arrivedMs: index, summary: { ...EMPTY_SUMMARY, count: 50_000, ...figures } });
}

function inputs(): fc.Arbitrary<RunInput> {
  const alignments = fc.oneof(
    fc.record({ kind: fc.constant('sliding' as const), hop: fc.integer({ min: 1, max: 7 }) }),
    fc.record({
      kind: fc.constant('ignition' as const),
      threshold: fc.constant(0.05),
      hysteresis: fc.constantFrom(0, 0.02),
      before: fc.integer({ min: 0, max: 3 }),
      rearmPoints: fc.integer({ min: 1, max: 4 }),
    }),
    fc.constant<Alignment>({ kind: 'mark' }),
  );
  return fc.record({
    rows: fc.constantFrom<RowFigure[]>(['mean'], ['min', 'max', 'mean'], ['max']),
    length: fc.integer({ min: 5, max: 12 }),
    pointsPerSecond: fc.constantFrom(200, 200.1),
    alignment: alignments,
  });
}

/** Streams with gaps, repeated, partial, flagged and empty windows, rarely each, some of a foreign rate. */
function windowLists(): fc.Arbitrary<TrendWindow[]> {
  const step = fc.record({
    jump: rarely(1, fc.integer({ min: -2, max: 30 })),
    isNew: rarely(false, fc.boolean(), 30),
    flags: rarely(0, fc.integer({ min: 0, max: 63 })),
    mean: fc.constantFrom(0, 0.02, 0.04, 0.05, 0.1, 0.1),
    fault: rarely('none', fc.constantFrom('empty', 'beyond f32', 'partial first')),
  });
  const start = fc.record({ first: fc.nat(14), size: rarely(50_000, fc.constantFrom(25_000, 50_020, 60_000)) });
  return fc
    .tuple(fc.array(step, { maxLength: 80, size: 'max' }), fc.array(start, { minLength: 1 }))
    .map(([steps, starts]) => {
      let stream = 0;
      let { first: index, size } = starts[0]!;
      return steps.flatMap(({ jump, isNew, flags, mean, fault }, i) => {
        if (isNew) {
          stream++;
          ({ first: index, size } = starts[stream % starts.length]!);
        } else index = Math.max(0, index + jump);
        const figures = { min: mean - 1, max: fault === 'beyond f32' ? 1e300 : mean + 1, mean };
        const summary = fault === 'empty' ? EMPTY_SUMMARY : withSummary(index, figures).summary;
        const window = trendWindow({ index, size, stream: `run-${stream}`, arrivedMs: i, summary, flags });
        return fault === 'partial first' ? [{ ...window, flags: WindowFlag.Partial }, window] : [window];
      });
    });
}

function rarely<T, U>(usual: T, other: fc.Arbitrary<U>, weight = 12): fc.Arbitrary<T | U> {
  return fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
}
