import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { TIER_FACTOR, TIERS } from '../trend/tier.ts';
import { collectRows } from './collect-rows.ts';
import type { ExportMeta } from './export-meta.ts';
import { FinishedRows } from './finished-rows.ts';
import type { OfflineHistory } from './offline-history.ts';
import { rowNs } from './seal.ts';
import type { SealedFile } from './sealed-file.ts';
import { ROW_COLUMNS, type Segment, type SegmentStream, toHistoryRow } from './segment.ts';
import { TierStack } from './tier-stack.ts';

export interface ImportedRows {
  readonly imported: number;
  /** Rows that were there already. */
  readonly known: number;
}

export interface ImportJob {
  readonly history: OfflineHistory;
  readonly meta: ExportMeta;
  /** In the order of `meta.streams`. */
  readonly streams: readonly SegmentStream[];
}

/**
 * Of imported rows in a segment, leaves out those that are there already, in
 * the history or in the files of the pieces before, and adds the coarser tiers
 * of what is new.
 */
export async function keepNew(job: ImportJob, segment: Segment, earlier: readonly SealedFile[]): Promise<ImportedRows> {
  const { database } = job.history;
  const counts = await database.use((connection) => leaveOutKnown(job, connection, segment, earlier));
  await addCoarser(job, segment);
  await database.use((connection) => leaveOutDoubts(job, connection, segment));
  return counts;
}

async function leaveOutKnown(
  job: ImportJob,
  connection: DuckDBConnection,
  segment: Segment,
  earlier: readonly SealedFile[],
): Promise<ImportedRows> {
  const { tier } = job.meta;
  const table = `${segment.name}.tier_${tier}`;
  const total = await countRows(connection, table);
  await connection.run(`DELETE FROM ${table} WHERE rowid NOT IN
    (SELECT arg_max(rowid, count + nonfinite) FROM ${table} GROUP BY stream, "window"${tier === 0 ? '' : ', time'})`);
  if (await collectKnown(job, connection, segment, { tier, earlier })) {
    await connection.run(
      `DELETE FROM ${table} USING work w WHERE ${table}.stream = w.stream AND ${table}."window" = w."window"`,
    );
  }
  const imported = await countRows(connection, table);
  return { imported, known: total - imported };
}

// A coarse row that is there is made of the finer ones that are there, and then a part more belongs to it; where the
// finer ones have expired nobody can tell whether it holds the imported ones. Of the pieces before everybody can.
async function leaveOutDoubts(job: ImportJob, connection: DuckDBConnection, segment: Segment): Promise<void> {
  const { meta } = job;
  for (let tier = meta.tier + 1; tier < TIERS; tier++) {
    const table = `${segment.name}.tier_${tier}`;
    const factor = TIER_FACTOR ** (tier - meta.tier);
    if (!(await collectKnown(job, connection, segment, { tier }))) return;
    if ((await countRows(connection, 'work')) === 0) continue;
    await connection.run(`CREATE OR REPLACE TEMP TABLE coarse AS
      SELECT stream, "window", sum(windows) AS windows FROM work GROUP BY ALL`);
    await collectKnown(job, connection, segment, { tier: meta.tier, around: tier });
    await connection.run(`DELETE FROM ${table} USING (
        SELECT c.stream, c."window" FROM coarse c LEFT JOIN (
          SELECT stream, "window" // ${factor} AS "window", sum(windows) AS windows FROM work GROUP BY ALL
        ) f USING (stream, "window") WHERE c.windows <> coalesce(f.windows, 0)
      ) d WHERE ${table}.stream = d.stream AND ${table}."window" = d."window"`);
  }
  await connection.run('DROP TABLE IF EXISTS coarse');
}

/** Puts the rows of a tier that are there already, around those of the segment, into `work`; false where the segment has none. */
async function collectKnown(
  { history, meta, streams }: ImportJob,
  connection: DuckDBConnection,
  segment: Segment,
  { tier, around = tier, earlier = [] }: { tier: number; around?: number; earlier?: readonly SealedFile[] },
): Promise<boolean> {
  const [[from, to]] = (
    await connection.runAndReadAll(`SELECT min(time), max(time) FROM ${segment.name}.tier_${meta.tier}`)
  ).getRows();
  if (from === null || to === null) return false;
  const lengths = meta.streams.map(({ info }) => rowNs(info, around));
  const marginNs = lengths.reduce((a, b) => (a > b ? a : b), 0n);
  const range = { channel: meta.channel, tier, fromNs: (from as bigint) - marginNs, toNs: (to as bigint) + marginNs };
  await collectRows(history, connection, range, { files: earlier, streams });
  return true;
}

async function addCoarser({ history, meta, streams }: ImportJob, segment: Segment): Promise<void> {
  const { tier } = meta;
  const present = await segment.rows(`SELECT DISTINCT stream FROM ${segment.name}.tier_${tier}`);
  const ids = new Set(present.map(([id]) => Number(id)));
  for (const { id, info } of streams.filter((stream) => ids.has(stream.id))) {
    const finished = new FinishedRows();
    const stack = new TierStack({
      merge: (parts) => history.kernel.merge(parts),
      windowNs: windowNsOf(info),
      emit: finished.add,
    });
    await history.database.use(async (connection) => {
      const result = await connection.stream(
        `SELECT ${ROW_COLUMNS} FROM ${segment.name}.tier_${tier} WHERE stream = ${id} ORDER BY "window", time`,
      );
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        for (const row of chunk.getRows()) stack.add(tier, toHistoryRow(row));
      }
    });
    stack.close();
    await segment.write({ streams: [], tiers: finished.take(), isLast: false });
  }
}

async function countRows(connection: DuckDBConnection, table: string): Promise<number> {
  const [[count]] = (await connection.runAndReadAll(`SELECT count(*) FROM ${table}`)).getRows();
  return Number(count);
}

function windowNsOf({ window, rateHz }: ChannelInfo): number {
  return (window / rateHz) * 1e9;
}
