import { isSampleTime, SAMPLE_TIMES_NS } from '../trend/time-range.ts';
import { INDEX_LIMIT, PAYLOAD_BYTES, ProtocolError } from './protocol.ts';

// Every data frame starts with these 64 bytes, little-endian:
//
//    0       4         6        8         12      16          24
//   ├───────┼─────────┼────────┼─────────┼───────┼───────────┼──────────────┼──
//   │'FNST' │ version │ header │ payload │ flags │ frame_seq │ first_sample │
//   │ u32   │ u16     │ bytes  │ bytes   │ u32   │ u64       │ u64          │
//   │       │         │ u16 64 │ u32     │       │           │              │
//
//    32        40            48      52
//   ┼─────────┼─────────────┼───────┼──────────┤
//   │ time_ns │ device_lost │ crc32 │ reserved │
//   │ i64     │ u64         │ u32   │ 12 bytes │

export const FRAME_HEADER_BYTES = 64;
const MAGIC = 0x54534e46; // the bytes 'F', 'N', 'S', 'T'
const VERSION = 1;
const FLAGS = 0b1111;

export interface FrameHeader {
  readonly payloadBytes: number;
  /** Bits of the device's own `WindowFlag`s. */
  readonly flags: number;
  readonly sequence: number;
  readonly firstSample: number;
  /** Time of the first sample, ns since 1970 UTC; 0 where it is not given. */
  readonly timeNs: bigint;
  readonly deviceLost: number;
  /** Of the payload; 0 where it is not given. */
  readonly crc32: number;
}

/** Reads the header at `at`, of a stream with `sampleBytes` a sample. Throws `ProtocolError`. */
export function readFrameHeader(bytes: Buffer, at: number, sampleBytes: number): FrameHeader {
  const magic = bytes.readUInt32LE(at);
  if (magic !== MAGIC) throw invalid(`magic ${hex(magic)}, expected ${hex(MAGIC)}`);
  const version = bytes.readUInt16LE(at + 4);
  if (version !== VERSION) throw invalid(`version ${version}, expected ${VERSION}`);
  const headerBytes = bytes.readUInt16LE(at + 6);
  if (headerBytes !== FRAME_HEADER_BYTES) throw invalid(`header of ${headerBytes} bytes, expected 64`);
  const payloadBytes = bytes.readUInt32LE(at + 8);
  if (payloadBytes > PAYLOAD_BYTES)
    throw invalid(`payload of ${payloadBytes} bytes, expected at most ${PAYLOAD_BYTES}`);
  if (payloadBytes % sampleBytes !== 0) {
    throw invalid(`payload of ${payloadBytes} bytes, expected a multiple of ${sampleBytes}`);
  }
  const flags = bytes.readUInt32LE(at + 12);
  if (flags > FLAGS) throw invalid(`flags ${hex(flags)}, expected only bits 0 to 3`);

  const firstSample = readU64(bytes, at + 24);
  if (firstSample >= INDEX_LIMIT || firstSample > INDEX_LIMIT - payloadBytes / sampleBytes) {
    throw new ProtocolError('INDEX_JUMP', `samples up to index ${firstSample}, expected less than 2^53`);
  }
  const timeNs = bytes.readBigInt64LE(at + 32);
  if (!isSampleTime(timeNs)) {
    throw invalid(`time_ns ${timeNs}, expected 0 or a time from 1970 on and before 2261, ${SAMPLE_TIMES_NS[1]}`);
  }
  return {
    payloadBytes,
    flags,
    sequence: readU64(bytes, at + 16),
    firstSample,
    timeNs,
    deviceLost: readU64(bytes, at + 40),
    crc32: bytes.readUInt32LE(at + 48),
  };
}

/** Writes `header` at `at` of `bytes`, all 64 bytes of it. */
export function writeFrameHeader(bytes: Buffer, at: number, header: FrameHeader): void {
  bytes.writeUInt32LE(MAGIC, at);
  bytes.writeUInt16LE(VERSION, at + 4);
  bytes.writeUInt16LE(FRAME_HEADER_BYTES, at + 6);
  bytes.writeUInt32LE(header.payloadBytes, at + 8);
  bytes.writeUInt32LE(header.flags, at + 12);
  bytes.writeBigUInt64LE(BigInt(header.sequence), at + 16);
  bytes.writeBigUInt64LE(BigInt(header.firstSample), at + 24);
  bytes.writeBigInt64LE(header.timeNs, at + 32);
  bytes.writeBigUInt64LE(BigInt(header.deviceLost), at + 40);
  bytes.writeUInt32LE(header.crc32, at + 48);
  bytes.fill(0, at + 52, at + FRAME_HEADER_BYTES);
}

// Exact below 2^53; above, close enough to be refused or shown.
function readU64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('FRAME_INVALID', message);
}
