import { existsSync } from 'node:fs';
import { rm, truncate } from 'node:fs/promises';
import { makeFolder, sync } from '../base/durable-file.ts';
import { AppError } from '../base/errors.ts';
import { TIERS } from '../trend/tier.ts';
import { checkSealed } from './check-sealed.ts';
import { forgetImports, importPlace } from './cut-off-imports.ts';
import type { ExportMeta } from './export-meta.ts';
import { type ImportedRows, type ImportJob, keepNew } from './import-piece.ts';
import type { OfflineHistory } from './offline-history.ts';
import { reconcile } from './reconcile.ts';
import { type HistoryRow, RowList } from './row-block.ts';
import { listSegments, type WrittenSegment, writeSegment } from './seal.ts';
import { syncNames } from './sealed-file.ts';
import { Segment, type SegmentStream, segmentPath } from './segment.ts';

/** Rows at work at a time: whatever the file, the database holds no more. */
const PIECE_ROWS = 2_000_000;

/**
 * Adds exported rows to a history that no server runs on, to their tier and to
 * the coarser ones; `stream` of a row is its place in `meta.streams`. Rows
 * whose key is there already are left out: of a coarse row that is there in
 * part, too, because nobody can tell which windows the part holds. They are
 * written in pieces, a segment each, and appear all at once or not at all.
 */
export async function importRows(
  history: OfflineHistory,
  meta: ExportMeta,
  rows: AsyncIterable<readonly HistoryRow[]>,
  pieceRows = PIECE_ROWS,
): Promise<ImportedRows> {
  const { database, catalogue, folder } = history;
  const place = importPlace(folder);
  if (existsSync(place)) await reconcile(database, catalogue, history); // removes what an import that was cut off has left
  const job = { history, meta, streams: await numberStreams(history, meta) };
  await makeFolder(place);
  const written: WrittenSegment[] = [];
  const total = { imported: 0, known: 0 };
  let segment: Segment | undefined;
  let inPiece = 0;
  const endPiece = async (piece: Segment) => {
    const counts = await sealPiece(job, piece, written);
    total.imported += counts.imported;
    total.known += counts.known;
    segment = undefined;
    inPiece = 0;
  };
  try {
    for await (const some of rows) {
      segment ??= await Segment.open(database, place, await catalogue.nextSegmentId());
      await writeRows(job, segment, some);
      inPiece += some.length;
      if (inPiece >= pieceRows) await endPiece(segment);
    }
    if (segment !== undefined) await endPiece(segment);
    if (written.length > 0) await listSegments(catalogue, written);
    await forgetImports(folder);
    return total;
  } catch (error) {
    // Removes its files; where even that fails, the next start does it.
    if (segment !== undefined) await database.detach(segment.name).catch(() => undefined);
    await reconcile(database, catalogue, history)
      .then(() => forgetImports(folder))
      .catch(() => undefined);
    throw error;
  }
}

async function writeRows({ meta, streams }: ImportJob, segment: Segment, rows: readonly HistoryRow[]): Promise<void> {
  const tiers = Array.from({ length: TIERS }, () => new RowList());
  for (const row of rows) tiers[meta.tier]!.push({ ...row, stream: streams[row.stream]!.id });
  await segment.write({ streams, tiers, isLast: false });
}

// Until all are listed, the name of its segment says whose the files are; its rows are not needed any more.
async function sealPiece(job: ImportJob, segment: Segment, written: WrittenSegment[]): Promise<ImportedRows> {
  const { database, catalogue, folder } = job.history;
  const { id, name } = segment;
  const earlier = written.flatMap(({ files }) => files);
  const counts = await keepNew(job, segment, earlier);
  const path = segmentPath(importPlace(folder), id);
  if (counts.imported > 0) {
    await sync(importPlace(folder));
    await catalogue.beginImport({ id, openedMs: Date.now() });
    const piece = await writeSegment(database, { folder, segment: id });
    await database.use((connection) => checkSealed(connection, { folder, segment, files: piece.files }));
    await syncNames(folder, piece.files);
    written.push(piece);
  }
  await database.detach(name);
  if (counts.imported > 0) await truncate(path);
  else await rm(path);
  return counts;
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
