import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CatalogueView } from '../../../server/history/catalogue-view.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { Reader } from '../../../server/history/reader.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { segmentName } from '../../../server/history/segment.ts';
import { SPANS } from '../../../server/history/spans.ts';
import { MergeKernel } from '../../../server/kernels/merge-kernel.ts';
import type { HistoryRows } from '../../../server/trend/history-rows.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { loadKernels } from '../../support/kernels.ts';
import { NOTHING_LIVE } from '../../support/nothing-live.ts';
import { runs } from '../../support/runs.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory, type TestStream, testStream, WINDOW_NS } from '../../support/stored-history.ts';

const STREAMS = runs(2000, 10_000);
const WINDOWS = 3;
const START_NS = 1_700_000_000_000_000_000n;
/** From the start of a stream to that of the next. */
const EVERY_NS = 1_000_000_000n;
const END_NS = START_NS + BigInt(STREAMS) * EVERY_NS;

const folder = new Folder();
let stored: StoredHistory;
let streams: readonly TestStream[];
let readings = 0;
let reader: Reader;

// A device that names a new stream at each connect; the older half of its streams is sealed.
beforeEach(async () => {
  stored = await StoredHistory.open(folder.path());
  streams = Array.from({ length: STREAMS }, (_, i) =>
    testStream({ id: i + 1, channel: 'lamp', windows: WINDOWS, startNs: START_NS + BigInt(i) * EVERY_NS }),
  );
  await stored.segment(1, streams.slice(0, STREAMS / 2));
  await stored.segment(2, streams.slice(STREAMS / 2));
  await sealSegment(stored.database, stored.catalogue, { folder: folder.path(), segment: 1 });
  await stored.database.detach(segmentName(1));
  const kernel = new MergeKernel(await loadKernels(), 64);
  reader = new Reader({
    database: stored.database,
    clock: new FakeClock(),
    log: silentLog(),
    onDamage: () => undefined,
    folder: folder.path(),
    uses: new FileUses(),
    checks: { verify: async () => true },
    catalogue: new CatalogueView(stored.catalogue),
    live: {
      ...NOTHING_LIVE,
      unstored: () => {
        readings++;
        return [];
      },
    },
    kernel,
  });
});
afterEach(() => stored.close());

describe('a channel with thousands of streams', () => {
  it('is answered at any zoom, sealed or not, with every sample once', async () => {
    await expectSlices();
    await expectWindows();
    await expectNothing();
  });
});

// Across streams, where they do not fit.
async function expectSlices(): Promise<void> {
  const columns = 100;
  const answer = await ask({ fromNs: START_NS, toNs: END_NS, columns });

  expect(answer.timeNs.length).toBeLessThanOrEqual(columns);
  expect(answer.timeNs.length).toBeGreaterThan(columns / 2);
  const rows = streams.flatMap((stream) => stream.rows);
  expect(sum(answer.count)).toBe(sum(rows.map(({ count }) => count)));
  expect(sum(answer.windows)).toBe(rows.length);
  expect(Math.max(...answer.max)).toBe(rows.reduce((max, row) => Math.max(max, row.max), Number.NEGATIVE_INFINITY));
  expect(Math.min(...answer.min)).toBe(rows.reduce((min, row) => Math.min(min, row.min), Number.POSITIVE_INFINITY));
}

// Around where what is sealed ends.
async function expectWindows(): Promise<void> {
  const middle = START_NS + BigInt(STREAMS / 2) * EVERY_NS;
  const answer = await ask({ fromNs: middle - 5n * EVERY_NS, toNs: middle + 5n * EVERY_NS, columns: 100 });

  const rows = streams.slice(STREAMS / 2 - 5, STREAMS / 2 + 5).flatMap((stream) => stream.rows);
  expect(answer.span).toBe(1);
  expect([...answer.timeNs]).toEqual(rows.map(({ timeNs }) => timeNs));
  expect([...answer.mean]).toEqual(rows.map(({ mean }) => mean));
  expect([...answer.broken].filter((broken) => broken === 1)).toHaveLength(10 - 1);
}

async function expectNothing(): Promise<void> {
  const older = { fromNs: START_NS - 1000n * EVERY_NS, toNs: START_NS };
  const newer = { fromNs: END_NS + WINDOW_NS, toNs: END_NS + EVERY_NS };
  for (const range of [older, newer]) expect((await ask({ ...range, columns: 100 })).timeNs).toHaveLength(0);
}

// Prints what it took; however many streams, a range is read once a span at most.
async function ask(range: { fromNs: bigint; toNs: bigint; columns: number }): Promise<HistoryRows> {
  const startedMs = performance.now();
  readings = 0;
  const answer = await reader.query({ channel: 'lamp', ...range });
  const ms = (performance.now() - startedMs).toFixed(0);
  console.info(`${STREAMS} streams: ${answer.timeNs.length} rows in ${ms} ms, read ${readings} times`);
  expect(readings).toBeGreaterThan(0);
  expect(readings).toBeLessThanOrEqual(SPANS.length);
  return answer;
}

function sum(values: Iterable<number>): number {
  let all = 0;
  for (const value of values) all += value;
  return all;
}
