import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from '../history/database.ts';
import { exportColumns, PLACE } from '../history/diagnosis-export.ts';
import { readDiagnoses } from '../history/diagnosis-sources.ts';
import { rowsOfFiles } from '../history/diagnosis-table.ts';
import type { OfflineHistory } from '../history/offline-history.ts';
import { openOffline } from './open-snapshot.ts';
import { writeWhole } from './write-whole.ts';

export interface DiagnosesWish {
  /** Of the beginnings of runs, ns since 1970 UTC; `toNs` is not included. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** Undefined for all. */
  readonly channels: readonly string[] | undefined;
}

/** Writes the diagnoses that are asked for from the snapshot in `folder`; how many there were. Rejects with `FILE_INVALID`. */
export async function writeDiagnoses(folder: string, wish: DiagnosesWish, output: string): Promise<number> {
  const history = await openOffline(folder);
  try {
    let rows = 0;
    await writeWhole(output, async (partial) => {
      rows = await history.database.use((connection) => copy(history, connection, { ...wish, file: partial, output }));
    });
    return rows;
  } finally {
    await history.close();
  }
}

async function copy(
  history: OfflineHistory,
  connection: DuckDBConnection,
  { fromNs, toNs, channels, file, output }: DiagnosesWish & { readonly file: string; readonly output: string },
): Promise<number> {
  const { folder, uses, checks, catalogue, quarantine } = history;
  const ofChannels = channels === undefined ? 'true' : `channel IN (${channels.map(quoted).join()})`;
  const where = `"time" >= ${fromNs} AND "time" < ${toNs} AND ${ofChannels}`;
  const isCsv = output.endsWith('.csv');
  for (;;) {
    const { cases: bad } = quarantine.status();
    try {
      return await readDiagnoses(
        connection,
        { folder, uses, checks, catalogue, unstored: () => [] },
        {
          channel: undefined,
          read: async (from) => {
            const paths = await from.open(0, [{ afterNs: fromNs, toNs }]);
            const sealed =
              paths.length === 0 ? '' : `UNION ALL SELECT * FROM (${rowsOfFiles(paths, 'true')}) WHERE ${where}`;
            const [[rows]] = await from.rows(`
              COPY (SELECT ${exportColumns(isCsv ? 'csv' : 'parquet')} FROM (${from.unsealed(where)} ${sealed}) ORDER BY channel, ${PLACE})
              TO ${quoted(file)} (${isCsv ? 'FORMAT csv, HEADER' : 'FORMAT parquet, COMPRESSION zstd'})`);
            return Number(rows);
          },
        },
      );
    } catch (error) {
      if (quarantine.status().cases === bad) throw error; // else the list is another now, without what is damaged
    }
  }
}
