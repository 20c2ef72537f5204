import { type Clock, systemClock } from '../../server/base/clock.ts';
import { collectRows } from '../../server/history/collect-rows.ts';
import { OfflineHistory } from '../../server/history/offline-history.ts';
import type { HistoryRow } from '../../server/history/row-block.ts';
import { loadKernels } from './kernels.ts';
import { silentLog } from './silent-log.ts';

/** Opens the history of `folder`, on which no server runs; `make`: also where there is none. The caller closes it. */
export async function openOffline(
  folder: string,
  { make = false, clock = systemClock }: { make?: boolean; clock?: Clock } = {},
): Promise<OfflineHistory> {
  return OfflineHistory.open({ folder, make, kernels: await loadKernels(), clock, log: silentLog() });
}

/** All rows of a tier of a channel in the history of `folder`, on which no server runs. */
export async function readOffline(folder: string, channel: string, tier: number): Promise<HistoryRow[]> {
  const history = await openOffline(folder);
  try {
    return await history.database.use(async (connection) => {
      const { work } = await collectRows(history, connection, { channel, tier, fromNs: 0n, toNs: 2n ** 62n });
      const all: HistoryRow[] = [];
      for await (const rows of work.read()) all.push(...rows);
      return all;
    });
  } finally {
    await history.close();
  }
}
