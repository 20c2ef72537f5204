import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from '../history/database.ts';
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

const TIMES = ['time', 'end'];
const ORDER = 'channel, time, stream, "window", model, version';

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
              COPY (SELECT ${columns(output)} FROM (${from.unsealed(where)} ${sealed}) ORDER BY ${ORDER})
              TO ${quoted(file)} (${output.endsWith('.csv') ? 'FORMAT csv, HEADER' : 'FORMAT parquet, COMPRESSION zstd'})`);
            return Number(rows);
          },
        },
      );
    } catch (error) {
      if (quarantine.status().cases === bad) throw error; // else the list is another now, without what is damaged
    }
  }
}

/** All but where the stretch begins that a run newly covers, which is the server's own. */
function columns(output: string): string {
  const isCsv = output.endsWith('.csv');
  const times = TIMES.map((name) => `${isCsv ? writtenTime(name) : `make_timestamp_ns("${name}")`} AS "${name}"`);
  const list = isCsv ? [`array_to_string(probabilities, ' ') AS probabilities`] : [];
  return `* EXCLUDE (since) REPLACE (${[...times, ...list].join(', ')})`;
}

// `strftime` of DuckDB 1.5 writes nanoseconds of a TIMESTAMP_NS wrongly.
function writtenTime(name: string): string {
  const seconds = `strftime(make_timestamp("${name}" // 1000), '%Y-%m-%dT%H:%M:%S.')`;
  return `${seconds} || lpad(("${name}" % 1000000000)::VARCHAR, 9, '0') || 'Z'`;
}
