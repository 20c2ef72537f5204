import { mkdir } from 'node:fs/promises';
import { AppError } from '../base/errors.ts';
import { chooseTier } from '../history/collect-rows.ts';
import { exportMeta } from '../history/export-meta.ts';
import { writeRowParts } from '../history/row-parts.ts';
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

/** Of the progress, what it takes to collect the rows; the rest is to write them. */
const COLLECTING = 0.7;

/**
 * Writes the rows that are asked for from the snapshot in `folder`, by way of the
 * folder `parts`, which is made and stays. Throws `CHANNEL_UNKNOWN`.
 */
export async function exportRows(
  folder: string,
  options: ExportOptions,
  { parts: partsFolder, write }: { parts: string; write: ReturnType<typeof exportWriter> },
): Promise<void> {
  const { channel, from: fromNs, to: toNs, columns, output } = options;
  await mkdir(partsFolder).catch((error: Error) => {
    throw new AppError('FILE_INVALID', `cannot write ${output}: ${error.message}`, { cause: error });
  });
  const history = await openOffline(folder);
  const progress = createProgress(`exporting ${channel}`);
  try {
    await history.database.use(async (connection) => {
      const range = { channel, fromNs, toNs };
      const tier =
        options.tier ??
        (columns === undefined ? 0 : await chooseTier(history, connection, { ...range, rows: columns }));
      const parts = await writeRowParts(
        history,
        connection,
        { ...range, tier },
        { folder: partsFolder, onProgress: (collected) => progress.update(collected * COLLECTING) },
      );
      const total = parts.streams.reduce((sum, { rows }) => sum + rows, 0);
      if (parts.damaged > 0) console.error(`fenestra: ${parts.damaged} damaged files are left out`);
      let done = 0;
      const onRows = (rows: number) => {
        done += rows;
        progress.update(COLLECTING + (1 - COLLECTING) * (done / Math.max(1, total)));
      };
      await write(output, { connection, parts, meta: exportMeta(channel, tier, parts.streams), onRows });
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
