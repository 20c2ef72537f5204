import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { SealedFile, SealedStream } from './sealed-file.ts';
import { PART_COLUMNS, partValues } from './window-rest.ts';

// The catalogue's list of sealed files. What changes it runs in a transaction of the caller's.

const COLUMNS =
  "path, tier, strftime(day, '%Y-%m-%d'), channel, first_segment, last_segment, rows, bytes, crc32, from_ns, to_ns, stored_ms";

/** Lists a file. */
export async function insertFile(connection: DuckDBConnection, file: SealedFile): Promise<void> {
  const { path, tier, day, channel, firstSegment, lastSegment, rows, bytes, crc32, fromNs, toNs, storedMs } = file;
  const numbers = [tier, firstSegment, lastSegment, BigInt(rows), BigInt(bytes), crc32, fromNs, toNs, storedMs];
  await connection.run(
    `INSERT INTO catalogue.files(path, day, channel, tier, first_segment, last_segment, rows, bytes, crc32, from_ns, to_ns,
       stored_ms)
     VALUES ($1, CAST($2 AS DATE), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [path, day, channel, ...numbers],
  );
}

/** Takes files off the list. */
export async function deleteFiles(connection: DuckDBConnection, paths: readonly string[]): Promise<void> {
  for (const path of paths) await connection.run('DELETE FROM catalogue.files WHERE path = $1', [path]);
}

/** The listed files that meet an SQL condition, in the order of their days. */
export async function listFiles(connection: DuckDBConnection, where = 'true'): Promise<SealedFile[]> {
  const reader = await connection.runAndReadAll(
    `SELECT ${COLUMNS} FROM catalogue.files WHERE ${where} ORDER BY day, first_segment, path`,
  );
  return reader.getRows().map(toFile);
}

/** The paths of all listed files, some at a time: there can be hundreds of thousands, and the thread must not stand still. */
export async function* listPaths(connection: DuckDBConnection): AsyncGenerator<string[]> {
  const result = await connection.stream('SELECT path FROM catalogue.files ORDER BY path');
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getRows().map(([path]) => String(path));
  }
}

/** Remembers how far a stream goes, where it is further than what is known. One whose number is taken gets the next. */
export async function storeStream(connection: DuckDBConnection, stream: SealedStream): Promise<void> {
  const { id, info, nextSample, anchorSample, anchorNs, lastMs, partial } = stream;
  const newer = ['info', 'next_sample', 'anchor_sample', 'anchor_ns', 'last_ms'];
  const set = newer.map((column) => `${column} = excluded.${column}`).join(', ');
  await connection.run(
    `INSERT INTO catalogue.streams
     SELECT CASE WHEN EXISTS (FROM catalogue.streams WHERE id = $1 AND (channel <> $2 OR stream <> $3))
       THEN (SELECT max(id) + 1 FROM catalogue.streams) ELSE $1 END, $2, $3, $4, $5, $6, $7, $8
     ON CONFLICT (channel, stream) DO UPDATE SET ${set} WHERE excluded.next_sample >= next_sample`,
    [
      id,
      info.channel,
      info.stream,
      JSON.stringify(info),
      BigInt(nextSample),
      BigInt(anchorSample),
      BigInt(anchorNs),
      lastMs,
    ],
  );
  if (partial === undefined) return;
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
