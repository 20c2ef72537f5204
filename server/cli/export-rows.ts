import { AppError } from '../base/errors.ts';
import { chooseTier, collectRows } from '../history/collect-rows.ts';
import { exportMeta } from '../history/export-meta.ts';
import type { exportWriter } from './export-file.ts';
import { openOffline } from './open-snapshot.ts';
import { createProgress } from './progress.ts';

export interface ExportOptions {
  /** The storage directory, as a person knows it: the rows come from a snapshot of it. */
  readonly directory: string;
  readonly channel: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly tier?: number;
  readonly columns?: number;
  readonly output: string;
}

/** Writes the rows that are asked for from the snapshot in `folder`. Throws `CHANNEL_UNKNOWN`. */
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
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'CHANNEL_UNKNOWN')) throw error;
    const message = `there is no channel ${channel} in ${options.directory}`;
    throw new AppError('CHANNEL_UNKNOWN', message, { cause: error });
  } finally {
    progress.stop();
    await history.close();
  }
}
