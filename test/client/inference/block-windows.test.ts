import { describe, expect, it } from 'vitest';
import { blockWindows } from '../../../client/inference/block-windows.ts';
import type { Run } from '../../../server/model/run.ts';
import { RunCutter } from '../../../server/model/run-cutter.ts';
import type { Channel } from '../../../server/wire/events.ts';
import type { TrendBlock } from '../../../server/wire/trend-frame.ts';

const LENGTH = 4;
const channel: Channel = {
  name: 'view.a',
  label: 'view.a',
  unit: 'V',
  rateHz: 20_000,
  window: 100,
  datatype: 'rf32_le',
  description: '',
  hardware: '',
};

describe('blockWindows', () => {
  it('gives the cutter what the server gave its own', () => {
    const runs = cut([block({ firstRow: 8, rows: 3 }), block({ firstRow: 11, rows: 5 })]);

    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({ kind: 'complete', channel: 'view.a', stream: '3', first: 8, arrivedMs: 42 });
    expect(runs[0]!.timeNs).toBe(40_000_000n);
    expect(runs[0]!.endNs).toBe(60_000_000n);
    expect(valuesOf(runs[1]!)).toEqual([12, 13, 14, 15].map((x) => Math.fround(x + 0.1)));
  });

  it.each([
    ['is a hole', [block({ firstRow: 8, rows: 2 }), block({ firstRow: 11, rows: 5 })], 1],
    [
      'the hub has merged some',
      [block({ firstRow: 8, rows: 2 }), block({ firstRow: 5, rows: 1, span: 2 }), block({ firstRow: 12, rows: 4 })],
      2,
    ],
  ])('makes no run of windows where there %s', (_, blocks, spoilt) => {
    const [first, second] = cut(blocks);

    expect(first).toMatchObject({ kind: 'incomplete', first: 8 });
    if (first?.kind === 'incomplete') expect(first.missing + first.flagged).toBe(spoilt);
    expect(second).toMatchObject({ kind: 'complete', first: 12 });
  });
});

function cut(blocks: readonly TrendBlock[]): Run[] {
  const runs: Run[] = [];
  const alignment = { kind: 'sliding', hop: LENGTH } as const;
  const cutter = new RunCutter({ rows: ['mean'], length: LENGTH, pointsPerSecond: 200, alignment }, (run) =>
    runs.push(run),
  );
  for (const each of blocks) for (const window of blockWindows(channel, each)) cutter.add(window);
  return runs;
}

/** Its means are the numbers of its rows and a tenth. */
function block({ firstRow, rows, span = 1 }: { firstRow: number; rows: number; span?: number }): TrendBlock {
  const column = (of: (row: number) => number) => Float64Array.from({ length: rows }, (_, i) => of(firstRow + i));
  return {
    channel: 1,
    span,
    windows: rows * span,
    stream: 3,
    lastSeq: (firstRow + rows) * span - 1,
    firstRow,
    timeNs: BigInt(firstRow * span) * 5_000_000n,
    rowNs: span * 5_000_000,
    arrivedMs: 42,
    min: column((row) => row),
    max: column((row) => row + 1),
    mean: column((row) => row + 0.1),
    m2: column(() => 0),
    count: new Uint32Array(rows).fill(100 * span),
    clipped: new Uint32Array(rows),
    nonfinite: new Uint32Array(rows),
    flags: new Uint32Array(rows),
  };
}

function valuesOf(run: Run): number[] {
  return run.kind === 'complete' ? [...run.values] : [];
}
