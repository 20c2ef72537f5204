import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows, rowColumns, rowStart } from '../../../server/hub/row-reader.ts';
import { WindowRing } from '../../../server/hub/window-ring.ts';
import { EMPTY_SUMMARY, mergeSummaries, type Summary } from '../../../server/trend/summary.ts';
import type { TrendWindow } from '../../../server/trend/trend-window.ts';
import type { TrendBlock } from '../../../server/wire/trend-frame.ts';
import { runs } from '../../support/runs.ts';
import { EPOCH_NS, trendWindow } from '../../support/trend-windows.ts';

const WINDOW_NS = 5_000_000;

describe('rows', () => {
  it('are the windows themselves at span 1', () => {
    const windows = [7, 8, 9].map((index) => trendWindow({ index, arrivedMs: index * 10 }));

    const [block, ...rest] = readAll(windows, { span: 1 });

    expect(rest).toEqual([]);
    expect(block).toMatchObject({ windows: 3, lastSeq: 2, firstRow: 7, arrivedMs: 90, rowNs: WINDOW_NS });
    expect(block.timeNs).toBe(EPOCH_NS + 7n * BigInt(WINDOW_NS));
    expect(Array.from(block.mean)).toEqual(windows.map(({ summary }) => summary.mean));
  });

  it('wait until they are whole', () => {
    const windows = [0, 1, 2, 3, 4, 5].map((index) => trendWindow({ index }));

    expect(readAll(windows, { span: 4 }).map(({ lastSeq }) => lastSeq)).toEqual([3]);
    expect(readAll(windows, { span: 4, isClosed: true })).toMatchObject([{ firstRow: 0, windows: 6, lastSeq: 5 }]);
  });

  it('are whole when a later window says that nothing more can come', () => {
    const windows = [0, 1, 6].map((index) => trendWindow({ index }));

    expect(readAll(windows, { span: 4 })).toMatchObject([{ firstRow: 0, windows: 2, lastSeq: 1 }]);
  });

  it('begin a new block after a gap, with a new stream, and when the clock was set', () => {
    const late = trendWindow({ index: 4 });
    const windows = [
      trendWindow({ index: 0 }),
      trendWindow({ index: 2 }), // 1 never came
      trendWindow({ index: 3 }),
      { ...late, timeNs: late.timeNs + 2_000_000n },
      trendWindow({ index: 0, stream: 'run-2' }),
    ];

    const blocks = readAll(windows, { span: 1 });

    expect(blocks.map(({ firstRow, windows: n, stream }) => [firstRow, n, stream])).toEqual([
      [0, 1, 0],
      [2, 2, 0],
      [4, 1, 0],
      [0, 1, 1],
    ]);
    expect(blocks[2].timeNs).toBe(late.timeNs + 2_000_000n);
  });

  it('tell the time of their start, even where its windows are missing', () => {
    const [block] = readAll([trendWindow({ index: 6 })], { span: 4, isClosed: true });

    expect(block).toMatchObject({ firstRow: 1, windows: 1, timeNs: EPOCH_NS + BigInt(4 * WINDOW_NS) });
  });

  it('begin no earlier than 64 bits of time can tell', () => {
    const window = { ...trendWindow({ index: 3 }), timeNs: -(2n ** 63n) + 1n };

    const [block] = readAll([window], { span: 4 });

    expect(block.timeNs).toBe(-(2n ** 63n));
  });

  it('start where the row of a window starts', () => {
    const ring = ringOf([0, 1, 2, 3, 5, 6].map((index) => trendWindow({ index })));

    expect([0, 1, 3, 4, 5, 6].map((seq) => rowStart(ring, seq, 4))).toEqual([0, 0, 0, 4, 4, 4]);
    expect(rowStart(ringOf([0, 1, 2, 3].map((index) => trendWindow({ index }))), 4, 4)).toBe(4);
    expect(rowStart(new WindowRing(8), 0, 4)).toBe(0);
  });

  it('hold each window once, merged as summaries merge, however they are read', () => {
    fc.assert(
      fc.property(schedule, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), (windows, span, rows) => {
        const blocks = readAll(windows, { span, rows, isClosed: true });

        let seq = 0;
        for (const block of blocks) {
          expect(block.lastSeq - block.windows + 1).toBe(seq);
          const covered = windows.slice(seq, block.lastSeq + 1);
          expectRows(block, covered, span);
          seq = block.lastSeq + 1;
        }
        expect(seq).toBe(windows.length);
      }),
      { numRuns: runs(300, 100_000) },
    );
  });
});

describe('window ring', () => {
  it('keeps the newest windows and says what is gone', () => {
    const ring = ringOf(
      Array.from({ length: 20 }, (_, index) => trendWindow({ index })),
      8,
    );

    expect([ring.oldest, ring.next]).toEqual([12, 20]);
    expect(ring.index[ring.slot(12)]).toBe(12);
    expect(ring.index[ring.slot(19)]).toBe(19);
  });
});

function expectRows(block: TrendBlock, covered: readonly TrendWindow[], span: number): void {
  for (let row = 0; row < block.min.length; row++) {
    const parts = covered.filter(({ index }) => Math.floor(index / span) === block.firstRow + row);
    const expected = parts.map(({ summary }) => summary).reduce(mergeSummaries, EMPTY_SUMMARY);
    const actual = { ...EMPTY_SUMMARY } as { -readonly [K in keyof Summary]: number };
    for (const figure of Object.keys(actual) as (keyof Summary)[]) actual[figure] = block[figure][row];
    expect(actual).toEqual(expected);
    expect(block.flags[row]).toBe(parts.reduce((flags, window) => flags | window.flags, 0));

    const startNs = Number(block.timeNs - EPOCH_NS) + row * block.rowNs;
    for (const { timeNs, index } of parts) {
      const offsetNs = (index - (block.firstRow + row) * span) * WINDOW_NS;
      expect(Math.abs(Number(timeNs - EPOCH_NS) - offsetNs - startNs)).toBeLessThanOrEqual(2000);
    }
  }
}

function ringOf(windows: readonly TrendWindow[], capacity = 256): WindowRing {
  const ring = new WindowRing(capacity);
  for (const window of windows) ring.push(window);
  return ring;
}

function readAll(windows: readonly TrendWindow[], options: { span: number; rows?: number; isClosed?: boolean }) {
  const ring = ringOf(windows);
  const { span, rows = 100, isClosed = false } = options;
  const blocks: TrendBlock[] = [];
  for (let from = 0; ; ) {
    const block = readRows(ring, 5, { span, from, end: ring.next, isClosed, rows }, rowColumns(rows), 0);
    if (!block) return blocks;
    blocks.push(block);
    from = block.lastSeq + 1;
  }
}

// Windows of a channel as a device may make them: some lost, some streams ended, some clocks set.
const step = fc.record({
  skip: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(12)),
  newStream: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  clockNs: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: -9_000_000, max: 9_000_000 })),
  count: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50_000 })),
  low: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -1000, max: 1000 }) }, fc.constantFrom(-1.7e308, 1.7e308)),
  flags: fc.nat(63),
});
const schedule = fc.array(step, { minLength: 1, maxLength: 60 }).map((steps) => {
  let index = 0;
  let stream = 0;
  let shiftNs = 0;
  return steps.map(({ skip, newStream, clockNs, count, low, flags }) => {
    if (newStream) {
      stream++;
      index = 0;
    }
    index += skip;
    shiftNs += clockNs;
    const full = { count, min: low, max: low + 5, mean: low + 1 / 3, m2: 7, clipped: 2, nonfinite: 50_000 - count };
    const summary = count === 0 ? { ...EMPTY_SUMMARY, nonfinite: 50_000 } : full;
    const window = trendWindow({ index: index++, stream: `run-${stream}`, summary, flags });
    return { ...window, timeNs: window.timeNs + BigInt(shiftNs) };
  });
});
