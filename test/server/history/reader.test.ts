import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { CatalogueView } from '../../../server/history/catalogue-view.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import type { LiveRows } from '../../../server/history/live-rows.ts';
import { Reader } from '../../../server/history/reader.ts';
import { type HistoryRow, RowList } from '../../../server/history/row-block.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { Segment, segmentName } from '../../../server/history/segment.ts';
import { SPANS } from '../../../server/history/spans.ts';
import { MergeKernel } from '../../../server/kernels/merge-kernel.ts';
import type { HistoryRows } from '../../../server/trend/history-rows.ts';
import { TIERS } from '../../../server/trend/tier.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { loadKernels } from '../../support/kernels.ts';
import { type PastRow, pastRows, rowsOfAnswer } from '../../support/past.ts';
import { runs } from '../../support/runs.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory } from '../../support/stored-history.ts';
import { makePast, pastShape, type TestPast, tierParts } from '../../support/test-past.ts';

const folder = new Folder();
let kernel: MergeKernel;

beforeAll(async () => {
  kernel = new MergeKernel(await loadKernels(), 64);
});

describe('a range of the history', () => {
  it('is what merging all its windows gives, wherever they are kept', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        pastShape,
        fc.array(
          fc.tuple(
            fc.double({ min: -0.1, max: 1.1, noNaN: true }),
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.integer({ min: 1, max: 300 }),
          ),
          { minLength: 1, maxLength: 6 },
        ),
        async (shape, ranges) => {
          const past = makePast(shape);
          await withPast(past, folder.path(String(run++)), async (reader) => {
            for (const [from, length, columns] of ranges) {
              await expectRange(reader, past, { from, length, columns });
            }
          });
        },
      ),
      { numRuns: runs(10, 2000) },
    );
  });
});

async function expectRange(reader: Reader, past: TestPast, range: { from: number; length: number; columns: number }) {
  const spanNs = Number(past.toNs - past.fromNs);
  const fromNs = past.fromNs + BigInt(Math.round(range.from * spanNs));
  const toNs = fromNs + 1n + BigInt(Math.round(range.length ** 4 * spanNs));
  const { columns } = range;

  const answer = await reader.query({ channel: 'lamp', fromNs, toNs, columns });

  const expected = pastRows(past.streams, { fromNs, toNs }, answer.span);
  if (expected.length > columns) return expectCondensed(answer, expected, columns); // on no grid
  expectRows(answer, expected);
  expect(answer.timeNs.length).toBeLessThanOrEqual(columns);
  const finer = SPANS[SPANS.indexOf(answer.span) - 1];
  if (finer !== undefined) expect(pastRows(past.streams, { fromNs, toNs }, finer).length).toBeGreaterThan(columns);
}

// Neighbours in time are merged, whatever their streams.
function expectCondensed(answer: HistoryRows, expected: readonly PastRow[], columns: number): void {
  const sum = (rows: readonly PastRow[], of: (row: PastRow) => number) => rows.reduce((all, row) => all + of(row), 0);
  const actual = rowsOfAnswer(answer);
  expect(answer.span).toBe(SPANS.at(-1));
  expect(actual.length).toBeLessThanOrEqual(columns);
  expect(sum(actual, ({ windows }) => windows)).toBe(sum(expected, ({ windows }) => windows));
  expect(sum(actual, ({ summary }) => summary.count)).toBe(sum(expected, ({ summary }) => summary.count));
  expect(Math.max(...answer.max)).toBe(Math.max(...expected.map(({ summary }) => summary.max)));
  expect(Math.min(...answer.min)).toBe(Math.min(...expected.map(({ summary }) => summary.min)));
}

function expectRows(answer: HistoryRows, expected: ReturnType<typeof pastRows>): void {
  const actual = rowsOfAnswer(answer);
  const exact = ({ timeNs, windows, flags, summary }: PastRow) => {
    const { min, max, count, clipped, nonfinite } = summary;
    return { timeNs, windows, flags, min, max, count, clipped, nonfinite };
  };
  expect(actual.map(exact)).toEqual(expected.map(exact));
  for (const [i, { summary }] of actual.entries()) {
    if (summary.count === 0) continue;
    const scale = Math.max(Math.abs(summary.min), Math.abs(summary.max));
    expect(Math.abs(summary.mean - expected[i].summary.mean)).toBeLessThanOrEqual(1e-9 * scale);
    expect(Math.abs(summary.m2 - expected[i].summary.m2)).toBeLessThanOrEqual(1e-9 * (scale * scale * summary.count));
  }
}

/** Opens a reader on files and a memory that hold `past`. */
async function withPast(past: TestPast, path: string, use: (reader: Reader) => Promise<void>): Promise<void> {
  const stored = await StoredHistory.open(path);
  const { streams, windows, cuts } = past;
  const windowNs = (id: number) => streams.find((stream) => stream.id === id)!.windowNs;
  const segments: Segment[] = [];
  try {
    for (const [i, rows] of [windows.slice(0, cuts[0]), windows.slice(cuts[0], cuts[1])].entries()) {
      await stored.catalogue.addSegment({ id: i + 1, openedMs: 0 });
      const segment = await Segment.open(stored.database, path, i + 1);
      segments.push(segment);
      await segment.rowCounts(); // from here on it knows when its rows begin
      const tiers = Array.from({ length: TIERS }, (_, tier) => listOf(tierParts(rows, tier, windowNs)));
      const ids = new Set(rows.map(({ stream }) => stream));
      await segment.write({ streams: streams.filter(({ id }) => ids.has(id)), tiers, isLast: true });
    }
    for (let segment = 1; segment <= past.sealed; segment++) {
      await sealSegment(stored.database, stored.catalogue, { folder: path, segment });
      await stored.database.detach(segmentName(segment));
    }
    const unstored = windows.slice(cuts[1]).map((row) => ({ tier: 0, row, isUnderWay: false }));
    const live: LiveRows = {
      freeze: (task) => task(),
      unstored: () => unstored,
      underWay: () => undefined,
      batches: () => 0,
      earliestNs: (name) => segments.find((segment) => segment.name === name)?.earliestNs,
      streams: () => streams,
    };
    await use(
      new Reader({
        database: stored.database,
        clock: new FakeClock(),
        log: silentLog(),
        onDamage: () => undefined,
        catalogue: new CatalogueView(stored.catalogue),
        live,
        folder: path,
        uses: new FileUses(),
        checks: { verify: async () => true },
        kernel,
      }),
    );
  } finally {
    await stored.close();
  }
}

function listOf(rows: readonly HistoryRow[]): RowList {
  const list = new RowList();
  for (const row of rows) list.push(row);
  return list;
}
