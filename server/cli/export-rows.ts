import { chooseTier, collectRows } from '../history/collect-rows.ts';
import { exportMeta } from '../history/export-meta.ts';
import type { exportWriter } from './export-file.ts';
import { openOffline } from './open-snapshot.ts';
import { createProgress } from './progress.ts';

export interface ExportOptions {
  readonly channel: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly tier?: number;
  readonly columns?: number;
  readonly output: string;
}

/** Writes the rows that are asked for from a snapshot. */
export async function exportRows(
  folder: string,
  options: ExportOptions,
  write: ReturnType<typeof exportWriter>,
): Promise<void> {
  const { channel, from: fromNs, to: toNs, columns, output } = options;
  const history = await openOffline(folder);
  const progress = createProgress(`exporting ${channel}`);
  try {
    await history.database.use(async (connection) => {
      const range = { channel, fromNs, toNs };
      const tier =
        options.tier ??
        (columns === undefined ? 0 : await chooseTier(history, connection, { ...range, rows: columns }));
      const collected = await collectRows(history, connection, { ...range, tier });
      const counts = await collected.work.counts();
      const streams = [...counts].map(([id, rows]) => ({ info: collected.streams.get(id)!, rows }));
      const total = streams.reduce((sum, { rows }) => sum + rows, 0);
      if (collected.damaged > 0) console.error(`fenestra: ${collected.damaged} damaged files are left out`);
      let done = 0;
      const onRows = (rows: number) => {
        done += rows;
        progress.update(done / total);
      };
      await write(output, { connection, collected, meta: exportMeta(channel, tier, streams), onRows });
    });
  } finally {
    progress.stop();
    await history.close();
  }
}
