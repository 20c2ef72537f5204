import { DuckDBConnection } from '@duckdb/node-api';
import { expect, it, vi } from 'vitest';
import { RowList } from '../../../server/history/row-block.ts';
import { Segment, type SegmentBatch } from '../../../server/history/segment.ts';
import { EMPTY_SUMMARY } from '../../../server/trend/summary.ts';
import { TIERS } from '../../../server/trend/tier.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo } from '../../support/history-windows.ts';
import { StoredHistory } from '../../support/stored-history.ts';

const folder = new Folder();

it('lists thousands of streams in a few statements, whatever they are called', async () => {
  const stored = await StoredHistory.open(folder.path('history'));
  const segment = await Segment.open(stored.database, stored.folder, 1);
  const streams = Array.from({ length: 3000 }, (_, id) => ({
    id,
    info: channelInfo(`A ${id}`, `it's "${id}"`),
    carried: id === 7 ? { window: 5, count: 3, mean: -1e-9, m2: 1e300, clipped: 0, nonfinite: 1 } : undefined,
  }));
  const statements = vi.spyOn(DuckDBConnection.prototype, 'run');

  await segment.write({ streams, tiers: Array.from({ length: TIERS }, () => new RowList()), isLast: false });

  expect(statements.mock.calls.length).toBeLessThan(12);
  expect(await segment.streams()).toEqual(streams.map(({ id, info }) => ({ id, info })));
  expect(await segment.carried()).toEqual(new Map([[7, streams[7]!.carried]]));
  statements.mockRestore();
  await stored.close();
});

it('knows when its rows begin, of whatever tier, from when they were counted on', async () => {
  const stored = await StoredHistory.open(folder.path('times'));
  const segment = await Segment.open(stored.database, stored.folder, 1);
  const before = segment.earliestNs;
  await segment.rowCounts();
  const empty = segment.earliestNs;

  await segment.write(batchAt([500n, 400n], [900n]));
  await segment.write(batchAt([], [-7n]));
  await stored.database.detach(segment.name);
  const opened = await Segment.open(stored.database, stored.folder, 1);
  await opened.rowCounts();

  expect([before, empty, segment.earliestNs, opened.earliestNs]).toEqual([undefined, 2n ** 63n - 1n, -7n, -7n]);
  await stored.close();
});

/** Rows of the two finest tiers that begin at these times, ns. */
function batchAt(...times: readonly (readonly bigint[])[]): SegmentBatch {
  const tiers = Array.from({ length: TIERS }, () => new RowList());
  for (const [tier, ofTier] of times.entries()) {
    for (const [window, timeNs] of ofTier.entries()) {
      tiers[tier]!.push({ ...EMPTY_SUMMARY, stream: 1, window, timeNs, flags: 0, windows: 1 });
    }
  }
  return { streams: [], tiers, isLast: false };
}
