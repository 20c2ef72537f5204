import { DuckDBConnection } from '@duckdb/node-api';
import { expect, it, vi } from 'vitest';
import { RowList } from '../../../server/history/row-block.ts';
import { Segment } from '../../../server/history/segment.ts';
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
