import { join } from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { quoted } from './database.ts';
import { DIAGNOSES, readMeta, SEALED, type SealedFile, type SealedStream } from './sealed-file.ts';
import { PART_COLUMNS, partValues, type WindowPart } from './window-rest.ts';

// The catalogue's lists of sealed files. What changes them runs in a transaction of the caller's.

/** The list of the trend's files, and that of diagnoses. The path of a file tells on which it is. */
export type FileTable = 'files' | 'diagnosis_files';
export const FILE_TABLES: readonly FileTable[] = ['files', 'diagnosis_files'];

const COLUMNS =
  "path, tier, strftime(day, '%Y-%m-%d'), channel, first_segment, last_segment, rows, bytes, crc32, from_ns, to_ns, stored_ms";

/** The files of both lists. */
export const ALL_FILES = '(FROM catalogue.files UNION ALL FROM catalogue.diagnosis_files)';
/** Streams in a statement: one after the other, thousands of them would take a minute. */
const STORED_AT_ONCE = 500;

export function tableOf(path: string): FileTable {
  return path.startsWith(`${DIAGNOSES}/`) ? 'diagnosis_files' : 'files';
}

/** Lists a file. */
export async function insertFile(connection: DuckDBConnection, file: SealedFile): Promise<void> {
  const { path, tier, day, channel, firstSegment, lastSegment, rows, bytes, crc32, fromNs, toNs, storedMs } = file;
  const numbers = [tier, firstSegment, lastSegment, BigInt(rows), BigInt(bytes), crc32, fromNs, toNs, storedMs];
  await connection.run(
    `INSERT INTO catalogue.${tableOf(path)}(path, day, channel, tier, first_segment, last_segment, rows, bytes, crc32, from_ns, to_ns,
       stored_ms)
     VALUES ($1, CAST($2 AS DATE), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [path, day, channel, ...numbers],
  );
}

/** Takes files off the list. */
export async function deleteFiles(connection: DuckDBConnection, paths: readonly string[]): Promise<void> {
  for (const path of paths) await connection.run(`DELETE FROM catalogue.${tableOf(path)} WHERE path = $1`, [path]);
}

/** The listed files that meet an SQL condition, in the order of their days. */
export async function listFiles(
  connection: DuckDBConnection,
  where = 'true',
  table: FileTable = 'files',
): Promise<SealedFile[]> {
  const reader = await connection.runAndReadAll(
    `SELECT ${COLUMNS} FROM catalogue.${table} WHERE ${where} ORDER BY day, first_segment, path`,
  );
  return reader.getRows().map(toFile);
}

/** The listed files of the trend with the newest rows, so many at most, the newest first. */
export async function listNewest(connection: DuckDBConnection, count: number): Promise<SealedFile[]> {
  const reader = await connection.runAndReadAll(
    `SELECT ${COLUMNS} FROM catalogue.files ORDER BY to_ns DESC, path LIMIT ${count}`,
  );
  return reader.getRows().map(toFile);
}

/**
 * Whether listed files hold the rows of a segment; all of them are listed at
 * once. A merged file may pass over a segment between its first and its last:
 * an import is sealed before the segment that was open then. Its pieces tell.
 */
export async function holdsSegment(connection: DuckDBConnection, folder: string, id: number): Promise<boolean> {
  const ends = await connection.runAndReadAll(
    `SELECT 1 FROM ${ALL_FILES} WHERE ${id} IN (first_segment, last_segment) LIMIT 1`,
  );
  if (ends.getRows().length > 0) return true;
  const around = `first_segment < ${id} AND last_segment > ${id}`;
  const merged = await Promise.all(FILE_TABLES.map((table) => listFiles(connection, around, table)));
  for (const { path } of merged.flat()) {
    const full = join(folder, SEALED, path);
    const meta = await readMeta(connection, full).catch(() => undefined); // damaged: it proves nothing
    if (meta?.pieces.some(({ segment }) => segment === id)) return true;
  }
  return false;
}

/** The paths of all listed files, some at a time: there can be hundreds of thousands, and the thread must not stand still. */
export async function* listPaths(connection: DuckDBConnection): AsyncGenerator<string[]> {
  const result = await connection.stream(`SELECT path FROM ${ALL_FILES} ORDER BY path`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getRows().map(([path]) => String(path));
  }
}

/**
 * Remembers streams that have rows in some of these segments, and how far they go where that is further than what is
 * known. One whose number is taken gets a free one.
 */
export async function storeStreams(
  connection: DuckDBConnection,
  streams: readonly SealedStream[],
  { firstSegment, lastSegment }: Pick<SealedFile, 'firstSegment' | 'lastSegment'>,
): Promise<void> {
  for (let at = 0; at < streams.length; at += STORED_AT_ONCE) {
    const some = streams.slice(at, at + STORED_AT_ONCE);
    const values = (await numbered(connection, some)).map(
      (one) => `(${toValues(one)}, ${firstSegment}, ${lastSegment})`,
    );
    const further = ['info', 'next_sample', 'anchor_sample', 'anchor_ns', 'last_ms'].map(
      (column) =>
        `${column} = CASE WHEN excluded.next_sample >= next_sample THEN excluded.${column} ELSE ${column} END`,
    );
    await connection.run(
      `INSERT INTO catalogue.streams(id, channel, stream, info, next_sample, anchor_sample, anchor_ns, last_ms,
         first_segment, last_segment) VALUES ${values.join(', ')}
       ON CONFLICT (channel, stream) DO UPDATE SET ${further.join(', ')},
         first_segment = least(first_segment, excluded.first_segment),
         last_segment = greatest(last_segment, excluded.last_segment)`,
    );
  }
  for (const stream of streams)
    if (stream.partial !== undefined) await storePartial(connection, stream, stream.partial);
}

async function numbered(connection: DuckDBConnection, streams: readonly SealedStream[]): Promise<SealedStream[]> {
  const ids = streams.map(({ id }) => id);
  const reader = await connection.runAndReadAll(
    `SELECT id, channel, stream FROM catalogue.streams WHERE id IN (${ids.join()})
       OR id = (SELECT max(id) FROM catalogue.streams) ORDER BY id`,
  );
  const owners = new Map(reader.getRows().map(([id, channel, stream]) => [Number(id), [channel, stream].join('/')]));
  let last = [...ids, ...owners.keys()].reduce((a, b) => Math.max(a, b));
  return streams.map((stream) => {
    const owner = owners.get(stream.id);
    const { info } = stream;
    return owner === undefined || owner === [info.channel, info.stream].join('/') ? stream : { ...stream, id: ++last };
  });
}

function toValues({ id, info, nextSample, anchorSample, anchorNs, lastMs }: SealedStream): string {
  const texts = [info.channel, info.stream, JSON.stringify(info)].map(quoted);
  return `${id}, ${texts.join(', ')}, ${nextSample}, ${anchorSample}, ${anchorNs}, '${lastMs}'::DOUBLE`;
}

async function storePartial(connection: DuckDBConnection, { info }: SealedStream, partial: WindowPart): Promise<void> {
  const parts = PART_COLUMNS.split(', ').map((column) => `${column} = excluded.${column}`);
  await connection.run(
    `INSERT INTO catalogue.partials VALUES ($1, $2, ${partValues(partial)})
     ON CONFLICT (channel, stream) DO UPDATE SET ${parts.join(', ')}
     WHERE (excluded."window", excluded."count" + excluded.nonfinite) >= ("window", "count" + nonfinite)`,
    [info.channel, info.stream],
  );
}

function toFile(row: readonly DuckDBValue[]): SealedFile {
  const [path, tier, day, channel, first, last, rows, bytes, crc32, fromNs, toNs, storedMs] = row;
  return {
    path: String(path),
    tier: Number(tier),
    day: String(day),
    channel: String(channel),
    firstSegment: Number(first),
    lastSegment: Number(last),
    rows: Number(rows),
    bytes: Number(bytes),
    crc32: Number(crc32),
    fromNs: fromNs as bigint,
    toNs: toNs as bigint,
    storedMs: Number(storedMs),
  };
}
