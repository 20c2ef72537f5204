// Every binary frame starts with the same 24 bytes, little-endian:
//
//    0     2         3      4        8         16      20
//   ├─────┼─────────┼──────┼────────┼─────────┼───────┼──────────┤
//   │'FW' │ version │ kind │ blocks │ sent ms │ bytes │ reserved │
//   │ u16 │ u8      │ u8   │ u32    │ f64     │ u32   │ u32 0    │
//
// 24 keeps the blocks that follow 8-aligned, so their columns decode as views.

export const HEADER_BYTES = 24;
export const WIRE_VERSION = 1;
const MAGIC = 0x5746; // the bytes 'F', 'W'

export const FrameKind = { Trends: 1 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export interface FrameHeader {
  readonly kind: FrameKind;
  readonly blocks: number;
  /** Server clock when the frame was encoded, ms since 1970 UTC. */
  readonly sentMs: number;
}

export function writeHeader(buffer: ArrayBuffer, header: FrameHeader): void {
  const view = new DataView(buffer);
  view.setUint16(0, MAGIC, true);
  view.setUint8(2, WIRE_VERSION);
  view.setUint8(3, header.kind);
  view.setUint32(4, header.blocks, true);
  view.setFloat64(8, header.sentMs, true);
  view.setUint32(16, buffer.byteLength, true);
  view.setUint32(20, 0, true);
}

/** Reads a header of the given kind, or throws `WireError` at the byte that is wrong. */
export function readHeader(buffer: ArrayBuffer, kind: FrameKind): FrameHeader {
  if (buffer.byteLength < HEADER_BYTES) {
    throw new WireError(`${buffer.byteLength} bytes, expected a header of ${HEADER_BYTES}`, buffer.byteLength);
  }
  const view = new DataView(buffer);
  const magic = view.getUint16(0, true);
  if (magic !== MAGIC) throw new WireError(`magic ${magic.toString(16)}, expected ${MAGIC.toString(16)}`, 0);
  const version = view.getUint8(2);
  if (version !== WIRE_VERSION) throw new WireError(`version ${version}, expected ${WIRE_VERSION}`, 2);
  const found = view.getUint8(3);
  if (found !== kind) throw new WireError(`kind ${found}, expected ${kind}`, 3);
  const bytes = view.getUint32(16, true);
  if (bytes !== buffer.byteLength) throw new WireError(`${buffer.byteLength} bytes, the header says ${bytes}`, 16);

  return { kind, blocks: view.getUint32(4, true), sentMs: view.getFloat64(8, true) };
}

/** A frame that breaks the protocol. The connection that sent it is closed. */
export class WireError extends Error {
  /** Byte at which the frame stopped making sense. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.name = 'WireError';
    this.offset = offset;
  }
}
