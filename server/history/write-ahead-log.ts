import { open } from 'node:fs/promises';

// DuckDB's log beside a database file, as far as we read it: after a header of
// 8 bytes, entries until the end of the file.
//
//    0         8           16
//   ├─────────┼───────────┼──────────┤
//   │ length  │ checksum  │ payload  │
//   │ u64     │ u64       │ length   │
//
// What a crash cuts off is an entry that is not whole. DuckDB reads up to
// there and says nothing, also where damage makes it look so in the middle.

const HEADER_BYTES = 8;
const ENTRY_BYTES = 16;

/** Bytes of a log up to the end of its last whole entry; 0 where not even the header is right. Rejects where it cannot be read. */
export async function wholeLogBytes(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(ENTRY_BYTES);
    if (size < HEADER_BYTES) return 0;
    await file.read(buffer, 0, HEADER_BYTES, 0);
    if (buffer.readBigUInt64LE(0) === 0n) return 0;
    let at = HEADER_BYTES;
    while (at + ENTRY_BYTES <= size) {
      await file.read(buffer, 0, ENTRY_BYTES, at);
      const length = Number(buffer.readBigUInt64LE(0));
      if (length === 0 || at + ENTRY_BYTES + length > size) break;
      at += ENTRY_BYTES + length;
    }
    return at;
  } finally {
    await file.close();
  }
}
