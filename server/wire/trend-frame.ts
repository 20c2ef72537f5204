import { FrameKind, HEADER_BYTES, readHeader, WireError, writeHeader } from './frame.ts';

// A trend frame is the header and `blocks` blocks. A block is a run of rows of
// one channel without a hole: rows firstRow, firstRow + 1, … of one stream.
//
//    0         4      8      12        16       20         24        32
//   ├─────────┼──────┼──────┼─────────┼────────┼──────────┼─────────┼──────────
//   │ channel │ rows │ span │ windows │ stream │ reserved │ lastSeq │ firstRow
//   │ u32     │ u32  │ u32  │ u32     │ u32    │ u32 0    │ u64     │ u64
//
//    40        48       56          64
//   ┼─────────┼────────┼───────────┼───────────────────────────────────────┤
//   │ time ns │ row ns │ arrivedMs │ columns, each `rows` long:            │
//   │ i64     │ f64    │ f64       │ f64 min max mean m2,                  │
//   │         │        │           │ u32 count clipped nonfinite flags     │
//
// A block is 64 + 48 * rows bytes, so every column is aligned to its size.

export const BLOCK_BYTES = 64;
export const ROW_BYTES = 48;

/** Rows of one channel as columns. Decoded columns are views on the frame; copy what you keep. */
export interface TrendBlock {
  /** The channel's number in this connection. */
  readonly channel: number;
  /** Windows merged into one row: row r holds what arrived of windows r*span .. (r+1)*span-1. */
  readonly span: number;
  /** Windows in the whole block: sequence numbers lastSeq-windows+1 .. lastSeq. Fewer than rows*span where some never arrived. */
  readonly windows: number;
  /** Counts the streams of this channel; a new number means that the device restarted its counter. */
  readonly stream: number;
  /** Sequence number of the last window in the block: where to resume. */
  readonly lastSeq: number;
  /** Number of the first row in its stream, counted in spans. */
  readonly firstRow: number;
  /** Sample clock at the start of the first row, ns since 1970 UTC. Row i starts i * rowNs later. */
  readonly timeNs: bigint;
  readonly rowNs: number;
  /** When the last raw sample of the block was read at the server, ms since 1970 UTC by the server's clock. */
  readonly arrivedMs: number;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly m2: Float64Array;
  readonly count: Uint32Array;
  readonly clipped: Uint32Array;
  readonly nonfinite: Uint32Array;
  readonly flags: Uint32Array;
}

export interface TrendFrame {
  readonly sentMs: number;
  readonly blocks: readonly TrendBlock[];
}

/** Encodes `frame` into new bytes. */
export function encodeTrendFrame(frame: TrendFrame): ArrayBuffer {
  const bytes = frame.blocks.reduce((sum, block) => sum + blockBytes(block.min.length), HEADER_BYTES);
  const buffer = new ArrayBuffer(bytes);
  writeHeader(buffer, { kind: FrameKind.Trends, blocks: frame.blocks.length, sentMs: frame.sentMs });

  let at = HEADER_BYTES;
  for (const block of frame.blocks) {
    writeBlock(buffer, at, block);
    at += blockBytes(block.min.length);
  }
  return buffer;
}

/** Decodes a frame without copying. Throws `WireError` on anything malformed. */
export function decodeTrendFrame(buffer: ArrayBuffer): TrendFrame {
  const header = readHeader(buffer, FrameKind.Trends);
  const blocks: TrendBlock[] = [];
  let at = HEADER_BYTES;
  for (let i = 0; i < header.blocks; i++) {
    const block = readBlock(buffer, at);
    blocks.push(block);
    at += blockBytes(block.min.length);
  }
  if (at !== buffer.byteLength) throw new WireError(`${buffer.byteLength - at} bytes after the last block`, at);
  return { sentMs: header.sentMs, blocks };
}

function writeBlock(buffer: ArrayBuffer, at: number, block: TrendBlock): void {
  const view = new DataView(buffer, at, BLOCK_BYTES);
  view.setUint32(0, block.channel, true);
  view.setUint32(4, block.min.length, true);
  view.setUint32(8, block.span, true);
  view.setUint32(12, block.windows, true);
  view.setUint32(16, block.stream, true);
  view.setUint32(20, 0, true);
  view.setBigUint64(24, BigInt(block.lastSeq), true);
  view.setBigUint64(32, BigInt(block.firstRow), true);
  view.setBigInt64(40, block.timeNs, true);
  view.setFloat64(48, block.rowNs, true);
  view.setFloat64(56, block.arrivedMs, true);

  const into = columns(buffer, at + BLOCK_BYTES, block.min.length);
  into.min.set(block.min);
  into.max.set(block.max);
  into.mean.set(block.mean);
  into.m2.set(block.m2);
  into.count.set(block.count);
  into.clipped.set(block.clipped);
  into.nonfinite.set(block.nonfinite);
  into.flags.set(block.flags);
}

function readBlock(buffer: ArrayBuffer, at: number): TrendBlock {
  const left = buffer.byteLength - at;
  if (left < BLOCK_BYTES) throw new WireError(`${left} bytes left, expected a block of ${BLOCK_BYTES}`, at);

  const view = new DataView(buffer, at, BLOCK_BYTES);
  const rows = view.getUint32(4, true);
  if (rows === 0 || blockBytes(rows) > left) throw new WireError(`${rows} rows in ${left} bytes`, at + 4);
  const span = view.getUint32(8, true);
  if (span === 0) throw new WireError('span 0, expected 1 or more', at + 8);
  const windows = view.getUint32(12, true);
  if (windows < rows || windows > rows * span) {
    throw new WireError(`${windows} windows in ${rows} rows of up to ${span}`, at + 12);
  }
  const lastSeq = readIndex(view, 24, at);
  if (lastSeq < windows - 1) throw new WireError(`last sequence number ${lastSeq} after ${windows} windows`, at + 24);
  const rowNs = view.getFloat64(48, true);
  if (!(rowNs > 0 && rowNs < Infinity)) throw new WireError(`rows of ${rowNs} ns`, at + 48);

  return {
    channel: view.getUint32(0, true),
    span,
    windows,
    stream: view.getUint32(16, true),
    lastSeq,
    firstRow: readIndex(view, 32, at),
    timeNs: view.getBigInt64(40, true),
    rowNs,
    arrivedMs: view.getFloat64(56, true),
    ...columns(buffer, at + BLOCK_BYTES, rows),
  };
}

function readIndex(view: DataView, offset: number, at: number): number {
  const value = Number(view.getBigUint64(offset, true));
  if (!Number.isSafeInteger(value)) throw new WireError(`index ${value}, expected less than 2^53`, at + offset);
  return value;
}

/** Size of a block of `rows` rows. */
export function blockBytes(rows: number): number {
  return BLOCK_BYTES + rows * ROW_BYTES;
}

function columns(buffer: ArrayBuffer, start: number, rows: number) {
  const wide = (column: number) => new Float64Array(buffer, start + column * rows * 8, rows);
  const narrow = (column: number) => new Uint32Array(buffer, start + rows * 32 + column * rows * 4, rows);
  return {
    min: wide(0),
    max: wide(1),
    mean: wide(2),
    m2: wide(3),
    count: narrow(0),
    clipped: narrow(1),
    nonfinite: narrow(2),
    flags: narrow(3),
  };
}
