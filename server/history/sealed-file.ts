import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sync } from '../base/durable-file.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { quoted } from './database.ts';
import type { WindowPart } from './window-rest.ts';

/** A sealed file as the catalogue lists it. */
export interface SealedFile {
  /** Below `sealed/`, with `/`. */
  readonly path: string;
  /** Of rows, or of diagnoses: see `DIAGNOSES`. */
  readonly tier: number;
  /** First UTC day in it, such as `2026-11-21`. */
  readonly day: string;
  readonly channel: string;
  readonly firstSegment: number;
  readonly lastSegment: number;
  readonly rows: number;
  readonly bytes: number;
  readonly crc32: number;
  readonly fromNs: bigint;
  /** End of the last row. */
  readonly toNs: bigint;
  /** When its newest segment began, by the server's clock: rows can be of any time. */
  readonly storedMs: number;
}

/** Where a stream stood when a file was sealed; numbers that JSON cannot hold are text. */
export interface SealedStream {
  /** Its number in the catalogue that listed the file first. */
  readonly id: number;
  readonly info: ChannelInfo;
  readonly nextSample: number;
  readonly anchorSample: number;
  readonly anchorNs: string;
  readonly lastMs: number;
  /** Its newest window that came in part. */
  readonly partial?: WindowPart | undefined;
}

/** A segment's rows of one UTC day, of the tier and channel of the file; the oldest first. Each is in one listed file. */
export interface Piece {
  readonly segment: number;
  readonly day: string;
}

/** What a sealed file says of itself, so that the catalogue can be made again from files alone. */
export interface SealedMeta {
  readonly version: 1;
  /** Left out of rows of the trend. */
  readonly kind?: typeof DIAGNOSES;
  readonly channel: string;
  readonly unit: string;
  readonly clock: string;
  readonly tier: number;
  readonly pieces: readonly Piece[];
  readonly rows: number;
  readonly fromNs: string;
  readonly toNs: string;
  readonly storedMs: number;
  readonly streams: readonly SealedStream[];
}

export const SEALED = 'sealed';
/** The folder of sealed diagnoses, below `sealed/`. */
export const DIAGNOSES = 'diagnoses';
export const TEMPORARY = '.tmp';
export const CLOCK = 'sample clock, UTC';
const ENDING = '.parquet';
const NAME = /-([0-9a-f]{8})\.parquet$/;
const META_KEY = 'fenestra';
// A reader skips whole row groups, of two and a half minutes of 5 ms windows. Multiples of DuckDB's vectors of 2,048 rows; larger ones cost
// more of what is not asked for, smaller ones more for each.
const ROW_GROUP = 30_720;
// Most files are small; of a large one each read costs a turn of the event loop. The disk reads on while a part is summed.
const FIRST_READ = 64 << 10;
const FURTHER_READS = 1 << 20;
/** To make a folder that is removed at the same moment. */
const ATTEMPTS = 100;

/** Writes the rows of `select` as a sealed file. Its content is on the disk when this resolves, its name after `syncNames`; it is not listed. */
export async function writeSealed(
  connection: DuckDBConnection,
  folder: string,
  { meta, select }: { readonly meta: SealedMeta; readonly select: string },
): Promise<SealedFile> {
  const base = join(folder, SEALED, basePath(meta));
  const temporary = base + TEMPORARY;
  await makeEmpty(temporary);
  await connection.run(
    `COPY (${select}) TO ${quoted(temporary)} (FORMAT parquet, USE_TMP_FILE false, PARQUET_VERSION v2, COMPRESSION zstd,
       ROW_GROUP_SIZE ${ROW_GROUP}, KV_METADATA {${META_KEY}: ${quoted(JSON.stringify(meta, finiteOrText))}})`,
  );
  const sum = await checksum(temporary);
  const path = `${basePath(meta)}-${hex(sum.crc32)}${ENDING}`;
  await sync(temporary);
  await rename(temporary, join(folder, SEALED, path));
  return toSealedFile(path, meta, sum);
}

// Who removes the last file of a folder removes the folder: from here on this one has a file.
async function makeEmpty(path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(dirname(path), { recursive: true });
      return await writeFile(path, '');
    } catch (error) {
      const hasGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!hasGone || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Resolves when the names of sealed files are on the disk: each folder on their way is synced once. */
export async function syncNames(folder: string, files: readonly SealedFile[]): Promise<void> {
  const root = join(folder, SEALED);
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let at = dirname(join(root, path)); at.length >= root.length; at = dirname(at)) folders.add(at);
  }
  for (const one of folders) await sync(one);
  await sync(folder);
}

/** The catalogue's row of a file with this content. */
export function toSealedFile(path: string, meta: SealedMeta, sum: Checksum): SealedFile {
  return {
    path,
    tier: meta.tier,
    day: firstDay(meta.pieces),
    channel: meta.channel,
    firstSegment: segmentsOf(meta.pieces)[0]!,
    lastSegment: segmentsOf(meta.pieces).at(-1)!,
    rows: meta.rows,
    bytes: sum.bytes,
    crc32: sum.crc32,
    fromNs: BigInt(meta.fromNs),
    toNs: BigInt(meta.toNs),
    storedMs: meta.storedMs,
  };
}

/** Reads what a sealed file says of itself. Throws where it is none or cannot be read. */
export async function readMeta(connection: DuckDBConnection, path: string): Promise<SealedMeta> {
  const reader = await connection.runAndReadAll(
    `SELECT decode(value) FROM parquet_kv_metadata(${quoted(path)}) WHERE decode(key) = '${META_KEY}'`,
  );
  const [row] = reader.getRows();
  if (row === undefined) throw new Error(`${path} has no ${META_KEY} metadata`);
  return JSON.parse(String(row[0]), figureOf) as SealedMeta;
}

/** How many rows a sealed file says it has. Throws where its end is damaged. */
export async function countSealed(connection: DuckDBConnection, path: string): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata(${quoted(path)})`);
  return Number(reader.getRows()[0]![0]);
}

export interface Checksum {
  readonly bytes: number;
  readonly crc32: number;
}

/** Length and checksum of a file's content. Rejects where it cannot be read. */
export async function checksum(path: string): Promise<Checksum> {
  const file = await open(path);
  try {
    let bytes = 0;
    let sum = 0;
    let spare = Buffer.allocUnsafe(FIRST_READ);
    let reading = file.read(Buffer.allocUnsafe(FIRST_READ), 0, FIRST_READ, 0);
    for (;;) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) return { bytes, crc32: sum };
      bytes += bytesRead;
      if (bytes >= FIRST_READ && spare.length === FIRST_READ) spare = Buffer.allocUnsafe(FURTHER_READS);
      reading = file.read(spare, 0, spare.length, bytes);
      sum = crc32(buffer.subarray(0, bytesRead), sum);
      spare = buffer;
    }
  } finally {
    await file.close();
  }
}

/** The checksum that a file's name says its content has. */
export function namedChecksum(path: string): number | undefined {
  const match = NAME.exec(path);
  return match === null ? undefined : Number.parseInt(match[1]!, 16);
}

// JSON has no infinite numbers, and m2 of what came in part may be one.
function finiteOrText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function figureOf(key: string, value: unknown): unknown {
  return key === 'm2' ? Number(value) : value;
}

function basePath({ kind, tier, channel, pieces }: SealedMeta): string {
  const digits = (segment: number) => String(segment).padStart(6, '0');
  const segments = segmentsOf(pieces);
  const [first, last] = [digits(segments[0]!), digits(segments.at(-1)!)];
  const name = first === last ? first : `${first}-${last}`;
  return `${kind === undefined ? '' : `${kind}/`}tier=${tier}/day=${firstDay(pieces)}/channel=${channel}/${name}`;
}

function segmentsOf(pieces: readonly Piece[]): number[] {
  return pieces.map(({ segment }) => segment).sort((a, b) => a - b);
}

function firstDay(pieces: readonly Piece[]): string {
  return pieces.map(({ day }) => day).reduce((a, b) => (a < b ? a : b));
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
