import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../base/errors.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { TIER_FACTOR, TIERS } from '../trend/tier.ts';
import { checkSealed } from './check-sealed.ts';
import { collectRows } from './collect-rows.ts';
import { forgetImports, importPlace } from './cut-off-imports.ts';
import { makeFolder, sync } from './durable-file.ts';
import type { ExportMeta } from './export-meta.ts';
import { FinishedRows } from './finished-rows.ts';
import type { OfflineHistory } from './offline-history.ts';
import { reconcile } from './reconcile.ts';
import { type HistoryRow, RowList } from './row-block.ts';
import { rowNs, sealSegment } from './seal.ts';
import type { SealedFile } from './sealed-file.ts';
import { ROW_COLUMNS, Segment, type SegmentStream, toHistoryRow } from './segment.ts';
import { TierStack } from './tier-stack.ts';

export interface ImportedRows {
  readonly imported: number;
  /** Rows that were there already. */
  readonly known: number;
}

/**
 * Adds exported rows to a history that no server runs on, to their tier and to
 * the coarser ones; `stream` of a row is its place in `meta.streams`. Rows
 * whose key is there already are left out: of a coarse row that is there in
 * part, too, because nobody can tell which windows the part holds. They appear
 * all at once, as a sealed segment does, or not at all.
 */
export async function importRows(
  history: OfflineHistory,
  meta: ExportMeta,
  rows: AsyncIterable<readonly HistoryRow[]>,
): Promise<ImportedRows> {
  const { database, catalogue, folder } = history;
  const place = importPlace(folder);
  if (existsSync(place)) await reconcile(database, catalogue, history); // removes what an import that was cut off has left
  const streams = await numberStreams(history, meta);
  await makeFolder(place);
  const id = await catalogue.nextSegmentId();
  const segment = await Segment.open(database, place, id);
  let isSealing = false;
  try {
    for await (const some of rows) {
      const tiers = emptyTiers();
      for (const row of some) tiers[meta.tier]!.push({ ...row, stream: streams[row.stream]!.id });
      await segment.write({ streams, tiers, isLast: false });
    }
    const counts = await database.use((connection) => leaveOutKnown(history, connection, segment, meta));
    await addCoarser(history, segment, { tier: meta.tier, streams });
    await database.use((connection) => leaveOutDoubts(history, connection, segment, meta));
    if (counts.imported > 0) {
      await sync(place);
      isSealing = true;
      await catalogue.beginImport({ id, openedMs: Date.now() });
      const check = (files: readonly SealedFile[]) =>
        database.use((connection) => checkSealed(connection, { folder, segment, files }));
      await sealSegment(database, catalogue, { folder, segment: id, check });
      isSealing = false;
    }
    return counts;
  } finally {
    await database.detach(segment.name);
    // Removes its files where they are there in part; where even that fails, the next start does it.
    if (isSealing) await reconcile(database, catalogue, history).catch(() => undefined);
    else await forgetImports(folder);
  }
}

async function numberStreams({ streams, catalogue }: OfflineHistory, meta: ExportMeta): Promise<SegmentStream[]> {
  let last = Math.max(await catalogue.lastStreamId(), ...[...streams.all()].map(({ id }) => id));
  const numbered: SegmentStream[] = [];
  for (const { info } of meta.streams) {
    const known = streams.byName(info) ?? (await catalogue.findStream(info.channel, info.stream));
    if (known !== undefined && (known.info.window !== info.window || known.info.rateHz !== info.rateHz)) {
      const found = `windows of ${info.window} samples at ${info.rateHz} Hz`;
      const expected = `${known.info.window} at ${known.info.rateHz} Hz, as it has here`;
      throw new AppError('FILE_INVALID', `stream ${info.stream} of ${info.channel} has ${found}, expected ${expected}`);
    }
    numbered.push({ id: known?.id ?? ++last, info });
  }
  return numbered;
}

async function leaveOutKnown(
  history: OfflineHistory,
  connection: DuckDBConnection,
  segment: Segment,
  meta: ExportMeta,
): Promise<ImportedRows> {
  const table = `${segment.name}.tier_${meta.tier}`;
  const total = await countRows(connection, table);
  await connection.run(`DELETE FROM ${table} WHERE rowid NOT IN
    (SELECT arg_max(rowid, count + nonfinite) FROM ${table} GROUP BY stream, "window"${meta.tier === 0 ? '' : ', time'})`);
  if (await collectKnown(history, connection, segment, { meta, tier: meta.tier })) {
    await connection.run(
      `DELETE FROM ${table} USING work w WHERE ${table}.stream = w.stream AND ${table}."window" = w."window"`,
    );
  }
  const imported = await countRows(connection, table);
  return { imported, known: total - imported };
}

// A coarse row that is there is made of the finer ones that are there, and then a part more belongs to it; where the
// finer ones have expired nobody can tell whether it holds the imported ones.
async function leaveOutDoubts(
  history: OfflineHistory,
  connection: DuckDBConnection,
  segment: Segment,
  meta: ExportMeta,
): Promise<void> {
  for (let tier = meta.tier + 1; tier < TIERS; tier++) {
    const table = `${segment.name}.tier_${tier}`;
    const factor = TIER_FACTOR ** (tier - meta.tier);
    if (!(await collectKnown(history, connection, segment, { meta, tier }))) return;
    await connection.run(`CREATE OR REPLACE TEMP TABLE coarse AS
      SELECT stream, "window", sum(windows) AS windows FROM work GROUP BY ALL`);
    await collectKnown(history, connection, segment, { meta, tier: meta.tier, around: tier });
    await connection.run(`DELETE FROM ${table} USING (
        SELECT c.stream, c."window" FROM coarse c LEFT JOIN (
          SELECT stream, "window" // ${factor} AS "window", sum(windows) AS windows FROM work GROUP BY ALL
        ) f USING (stream, "window") WHERE c.windows <> coalesce(f.windows, 0)
      ) d WHERE ${table}.stream = d.stream AND ${table}."window" = d."window"`);
  }
  await connection.run('DROP TABLE IF EXISTS coarse');
}

/** Puts the rows of a tier that are there already, around those of the segment, into `work`; false where there are none to be had. */
async function collectKnown(
  history: OfflineHistory,
  connection: DuckDBConnection,
  segment: Segment,
  { meta, tier, around = tier }: { meta: ExportMeta; tier: number; around?: number },
): Promise<boolean> {
  const [[from, to]] = (
    await connection.runAndReadAll(`SELECT min(time), max(time) FROM ${segment.name}.tier_${meta.tier}`)
  ).getRows();
  if (from === null || to === null) return false;
  const lengths = meta.streams.map(({ info }) => rowNs(info, around));
  const marginNs = lengths.reduce((a, b) => (a > b ? a : b), 0n);
  const range = { channel: meta.channel, tier, fromNs: (from as bigint) - marginNs, toNs: (to as bigint) + marginNs };
  try {
    await collectRows(history, connection, range);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'CHANNEL_UNKNOWN') return false;
    throw error;
  }
}

async function addCoarser(
  history: OfflineHistory,
  segment: Segment,
  { tier, streams }: { tier: number; streams: readonly SegmentStream[] },
): Promise<void> {
  for (const { id, info } of streams) {
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

function emptyTiers(): RowList[] {
  return Array.from({ length: TIERS }, () => new RowList());
}
