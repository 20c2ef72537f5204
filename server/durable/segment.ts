import { randomInt } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { HEAD_BYTES, readU64, writeU64 } from './record.ts';

// A segment is a file of a fixed size, whose room is really allocated: it is made of zeros, which records overwrite.
// Its name is <first sequence number, 16 digits>-<count of segments, 8 digits>-<mark, 8 hex digits>.log, or
// spare-<count>-<mark>.log until it is needed. Little-endian:
//
//    0       8         12     16    20   24      44   2048    2068 4096
//   ├───────┼─────────┼──────┼─────┼────┼───────┼────┼───────┼────┼─────────┼───────┐
//   │ magic │ version │ mark │ CRC │    │ notes │    │ notes │    │ records │ zeros │
//   │       │ u32     │ u32  │ u32 │    │       │    │       │    │         │       │
//
// Notes, written by turns, so that one of them is whole; the larger figures count:
//
//    0        8       16    20
//   ├────────┼───────┼─────┤
//   │ synced │ floor │ CRC │
//   │ u64    │ u64   │ u32 │
//
// synced  every record below this number was on the disk when it was written; written after each sync and not synced
//         itself, so it may lag. What is missing below it is damage, what is missing from it on was never acknowledged.
// floor   records below this number were removed on purpose
// The CRCs cover what is before them. The records begin at 4096, so that no sector of theirs is written again with the
// header.

const MAGIC = 'FENS-LOG';
const VERSION = 1;
const CRC = 16;
const NOTES = [24, 2048] as const;
const NOTES_BYTES = 20;
export const HEADER_BYTES = 4096;
const ZEROS = Buffer.alloc(1 << 20);
const NAME = /^(\d{16})-(\d{8})-([0-9a-f]{8})\.log$/;
const SPARE = /^spare-(\d{8})-([0-9a-f]{8})\.log$/;

/** What the name of a segment says; `first` is absent from that of a spare one. */
export interface SegmentName {
  readonly first?: number;
  /** Later segments have larger ones. */
  readonly count: number;
  readonly mark: Buffer;
}

/** What the header of a segment says of the log. */
export interface Notes {
  readonly synced: number;
  readonly floor: number;
}

export function formatName({ first, count, mark }: SegmentName): string {
  const place = first === undefined ? 'spare' : String(first).padStart(16, '0');
  return `${place}-${String(count).padStart(8, '0')}-${mark.toString('hex')}.log`;
}

/** Undefined where it is not a segment's. */
export function parseName(name: string): SegmentName | undefined {
  const [, first, count, mark] = NAME.exec(name) ?? [];
  if (first !== undefined) return { first: Number(first), count: Number(count), mark: Buffer.from(mark!, 'hex') };
  const spare = SPARE.exec(name);
  return spare === null ? undefined : { count: Number(spare[1]), mark: Buffer.from(spare[2]!, 'hex') };
}

export function drawMark(): Buffer {
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(randomInt(1, 2 ** 32));
  return mark;
}

/** Makes an empty segment, its room on the disk when it resolves; the caller closes it. Leaves nothing where it rejects. */
export async function makeSegment(path: string, mark: Buffer, bytes: number): Promise<FileHandle> {
  const handle = await open(path, 'wx+');
  try {
    await writeAll(handle, encodeHeader(mark), 0);
    for (let at = HEADER_BYTES; at < bytes; at += ZEROS.length) {
      await writeAll(handle, ZEROS.subarray(0, Math.min(ZEROS.length, bytes - at)), at);
    }
    await handle.sync();
    return handle;
  } catch (error) {
    await handle.close();
    await rm(path, { force: true });
    throw error;
  }
}

/** Writes notes to a header, in one place or the other by turns; does not sync. */
export async function writeNotes(handle: FileHandle, notes: Notes, turn: number): Promise<void> {
  await writeAll(handle, encodeNotes(notes), NOTES[turn % NOTES.length]!);
}

/** What the header of a segment with this mark says; undefined where it is damaged. */
export function readHeader(bytes: Buffer, mark: Buffer): Notes | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, CRC + 4).equals(encodeHeader(mark).subarray(0, CRC + 4))) {
    return undefined;
  }
  const notes = NOTES.map((at) => bytes.subarray(at, at + NOTES_BYTES)).filter(
    (one) => crc32(one.subarray(0, CRC)) === one.readUInt32LE(CRC),
  );
  if (notes.length === 0) return undefined;
  return {
    synced: Math.max(...notes.map((one) => readU64(one, 0))),
    floor: Math.max(...notes.map((one) => readU64(one, 8))),
  };
}

/** The most records that a file of so many bytes can hold. */
export function mostRecords(bytes: number): number {
  return Math.max(0, Math.floor((bytes - HEADER_BYTES) / HEAD_BYTES));
}

/** Writes all of the bytes, also where the system takes them in parts. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

/** Cuts a file off, durably. On a descriptor of its own: one on which a sync has failed may say that a later one succeeded. */
export async function cutFile(path: string, bytes: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function encodeHeader(mark: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC);
  header.writeUInt32LE(VERSION, 8);
  header.set(mark, 12);
  header.writeUInt32LE(crc32(header.subarray(0, CRC)), CRC);
  for (const at of NOTES) header.set(encodeNotes({ synced: 0, floor: 0 }), at);
  return header;
}

function encodeNotes({ synced, floor }: Notes): Buffer {
  const bytes = Buffer.alloc(NOTES_BYTES);
  writeU64(bytes, 0, synced);
  writeU64(bytes, 8, floor);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CRC)), CRC);
  return bytes;
}
