import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DIAGNOSIS_TIERS } from '../trend/tier.ts';
import { quoted } from './database.ts';
import { continuedPieces, linesOf, piecesOf, piecesOfFiles, sealedColumns, slotSql } from './diagnosis-pieces.ts';
import { rowsOfSegment } from './diagnosis-table.ts';
import { CLOCK, DIAGNOSES, readMeta, SEALED, type SealedFile, type SealedMeta, writeSealed } from './sealed-file.ts';
import { segmentName } from './segment.ts';

export interface SealDiagnosesOptions {
  readonly folder: string;
  readonly segment: number;
  readonly storedMs: number;
  readonly onFile: () => void;
}

/** Of a channel, the runs that end within a UTC day. */
interface Day {
  readonly channel: string;
  /** Its begin. */
  readonly dayNs: bigint;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

const DAY_NS = 86_400_000_000_000n;
const DAY = slotSql('"end"', DAY_NS);

/** Writes a segment's diagnoses as sealed files, one for each tier, UTC day and channel; a channel at a time. */
export async function sealDiagnoses(
  connection: DuckDBConnection,
  { folder, segment, storedMs, onFile }: SealDiagnosesOptions,
): Promise<SealedFile[]> {
  const files: SealedFile[] = [];
  for (const one of await readDays(connection, segment)) {
    const { channel, dayNs, fromNs, toNs } = one;
    const where = `channel = ${quoted(channel)} AND ${DAY} = ${dayNs}`;
    const day = new Date(Number(dayNs / 1_000_000n)).toISOString().slice(0, 10);
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE sealing AS ${rowsOfSegment(segmentName(segment), where)} ORDER BY "end", stream, "window"`,
    );
    await connection.run(`CREATE OR REPLACE TEMP TABLE sealing_pieces AS ${piecesOf(linesOf('FROM sealing'))}`);
    const selects = [sealedRows(), `${sealedColumns(channel, 'FROM sealing_pieces')} ORDER BY end_ns`];
    for (let tier = 0; tier < DIAGNOSIS_TIERS; tier++) {
      onFile();
      const [[rows]] = (
        await connection.runAndReadAll(`SELECT count(*) FROM ${tier === 0 ? 'sealing' : 'sealing_pieces'}`)
      ).getRows();
      const meta: SealedMeta = {
        ...{ version: 1, kind: DIAGNOSES, channel, unit: '', clock: CLOCK, tier },
        pieces: [{ segment, day }],
        rows: Number(rows),
        ...{ fromNs: String(fromNs), toNs: String(toNs), storedMs },
        streams: [],
      };
      files.push(await writeSealed(connection, folder, { meta, select: selects[tier]! }));
    }
  }
  await connection.run('DROP TABLE IF EXISTS sealing; DROP TABLE IF EXISTS sealing_pieces');
  return files;
}

async function readDays(connection: DuckDBConnection, segment: number): Promise<Day[]> {
  const reader = await connection.runAndReadAll(`
    SELECT channel, ${DAY} AS day, min(time), max("end") FROM ${segmentName(segment)}.diagnoses GROUP BY ALL ORDER BY ALL`);
  return reader.getRows().map(([channel, dayNs, fromNs, toNs]) => ({
    ...{ channel: String(channel), dayNs: dayNs as bigint },
    ...{ fromNs: fromNs as bigint, toNs: toNs as bigint },
  }));
}

function sealedRows(): string {
  return `SELECT * REPLACE (make_timestamp_ns(time) AS time, make_timestamp_ns("end") AS "end", make_timestamp_ns(since) AS since)
    FROM sealing`;
}

/** Makes one file of some of a channel and tier: no row is in two of them. */
export async function mergeDiagnoses(
  connection: DuckDBConnection,
  folder: string,
  files: readonly SealedFile[],
): Promise<SealedFile> {
  const inOrder = [...files].sort((a, b) => (a.fromNs < b.fromNs ? -1 : 1));
  const paths = inOrder.map(({ path }) => join(folder, SEALED, path));
  const metas: SealedMeta[] = [];
  for (const path of paths) metas.push(await readMeta(connection, path));
  const [{ tier, channel }] = files as [SealedFile];
  const meta: SealedMeta = {
    ...{ version: 1, kind: DIAGNOSES, channel, unit: '', clock: CLOCK, tier },
    pieces: metas.flatMap(({ pieces }) => pieces).sort((a, b) => a.segment - b.segment),
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    fromNs: String(files.map(({ fromNs }) => fromNs).reduce((a, b) => (a < b ? a : b))),
    toNs: String(files.map(({ toNs }) => toNs).reduce((a, b) => (a > b ? a : b))),
    storedMs: Math.max(...files.map(({ storedMs }) => storedMs)),
    streams: [],
  };
  const select =
    tier === 0
      ? `SELECT * FROM read_parquet([${paths.map(quoted).join()}], hive_partitioning = false)`
      : sealedColumns(channel, continuedPieces(piecesOfFiles(paths, 'true')));
  return writeSealed(connection, folder, { meta, select });
}
