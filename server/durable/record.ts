import { crc32 } from 'node:zlib';

// One record, little-endian; records lie one behind the other:
//
//    0      4        8          16     20            24         28
//   ├──────┼────────┼──────────┼──────┼─────────────┼──────────┼─────────┤
//   │ mark │ length │ sequence │ left │ payload CRC │ head CRC │ payload │
//   │ u32  │ u32    │ u64      │ u32  │ u32         │ u32      │         │
//
// mark   of the segment, drawn when it is made: by it a reader finds the next record behind damaged bytes,
//        and nobody who has a say in a payload can write one that looks like a record
// length of the payload, bytes
// left   how many records of the same append follow
// head CRC covers the 24 bytes before it; both are CRC-32 (ISO 3309), as zlib has it

export const HEAD_BYTES = 28;
const LEFT = 16;
const PAYLOAD_CRC = 20;
const HEAD_CRC = 24;
const WORD = 2 ** 32;

/** A record in the bytes of its segment. */
export interface StoredRecord {
  readonly sequence: number;
  /** How many records of the same append follow. */
  readonly left: number;
  /** Where it lies, the second not included. */
  readonly at: number;
  readonly end: number;
}

/** A range of bytes, the second not included. */
export interface ByteRange {
  readonly at: number;
  readonly end: number;
}

/** What was found in the bytes of a segment. */
export interface Scan {
  /** Whole ones in ascending order. */
  readonly records: readonly StoredRecord[];
  /** Bytes before and between records that are none. */
  readonly damaged: readonly ByteRange[];
  /** Where the last record ends. */
  readonly end: number;
}

/** Bytes of all records of these appends. */
export function recordBytes(payloads: readonly Uint8Array[]): number {
  return payloads.reduce((sum, { length }) => sum + HEAD_BYTES + length, 0);
}

/** Encodes appends whose records are numbered from `first` on. */
export function encodeRecords(mark: Buffer, first: number, appends: readonly (readonly Uint8Array[])[]): Buffer {
  const bytes = Buffer.allocUnsafe(appends.reduce((sum, payloads) => sum + recordBytes(payloads), 0));
  let at = 0;
  let sequence = first;
  for (const payloads of appends) {
    let left = payloads.length;
    for (const payload of payloads) {
      bytes.set(mark, at);
      bytes.writeUInt32LE(payload.length, at + 4);
      writeU64(bytes, at + 8, sequence++);
      bytes.writeUInt32LE(--left, at + LEFT);
      bytes.writeUInt32LE(crc32(payload), at + PAYLOAD_CRC);
      bytes.writeUInt32LE(crc32(bytes.subarray(at, at + HEAD_CRC)), at + HEAD_CRC);
      bytes.set(payload, at + HEAD_BYTES);
      at += HEAD_BYTES + payload.length;
    }
  }
  return bytes;
}

/** Finds every whole record in the bytes of a file, whatever lies before and between them. */
export function scanRecords(bytes: Buffer, mark: Buffer): Scan {
  const records: StoredRecord[] = [];
  const damaged: ByteRange[] = [];
  let end = 0;
  let before = -1;
  for (let at = bytes.indexOf(mark); at >= 0; ) {
    const record = readRecord(bytes, at);
    if (record === undefined || record.sequence <= before) {
      at = bytes.indexOf(mark, at + 1);
      continue;
    }
    if (at > end) damaged.push({ at: end, end: at });
    records.push(record);
    before = record.sequence;
    end = record.end;
    at = bytes.indexOf(mark, end);
  }
  return { records, damaged, end };
}

/** A view of the payload of a record. */
export function payloadOf(bytes: Buffer, { at, end }: ByteRange): Buffer {
  return bytes.subarray(at + HEAD_BYTES, end);
}

export function readU64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * WORD;
}

export function writeU64(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt32LE(value % WORD, at);
  bytes.writeUInt32LE(Math.floor(value / WORD), at + 4);
}

function readRecord(bytes: Buffer, at: number): StoredRecord | undefined {
  if (at + HEAD_BYTES > bytes.length) return undefined;
  if (crc32(bytes.subarray(at, at + HEAD_CRC)) !== bytes.readUInt32LE(at + HEAD_CRC)) return undefined;
  const record = {
    sequence: readU64(bytes, at + 8),
    left: bytes.readUInt32LE(at + LEFT),
    at,
    end: at + HEAD_BYTES + bytes.readUInt32LE(at + 4),
  };
  if (record.end > bytes.length) return undefined;
  return crc32(payloadOf(bytes, record)) === bytes.readUInt32LE(at + PAYLOAD_CRC) ? record : undefined;
}
