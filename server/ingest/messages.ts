import type { ProtocolCode } from './protocol.ts';

// After the hello's answer the server sends messages:
//
//    0      4        8
//   ├──────┼────────┼───────────────┤
//   │ type │ length │ length bytes  │
//   │ u32  │ u32    │               │
//
// An acknowledgement's bytes are u64 next_sample, u64 credit_bytes; an error's
// are JSON.

export const MESSAGE_HEADER_BYTES = 8;
export const MessageType = { Acknowledgement: 1, Error: 2 } as const;
const ACKNOWLEDGEMENT_BYTES = 16;

/** Where to resume, and how many bytes since the hello the device may have sent in all. */
export interface Acknowledgement {
  readonly nextSample: number;
  readonly creditBytes: number;
}

export function encodeAcknowledgement({ nextSample, creditBytes }: Acknowledgement): Buffer {
  const bytes = Buffer.allocUnsafe(MESSAGE_HEADER_BYTES + ACKNOWLEDGEMENT_BYTES);
  bytes.writeUInt32LE(MessageType.Acknowledgement, 0);
  bytes.writeUInt32LE(ACKNOWLEDGEMENT_BYTES, 4);
  bytes.writeBigUInt64LE(BigInt(nextSample), 8);
  bytes.writeBigUInt64LE(BigInt(creditBytes), 16);
  return bytes;
}

/** Decodes the 16 bytes after an acknowledgement's header. */
export function decodeAcknowledgement(body: Buffer): Acknowledgement {
  return { nextSample: Number(body.readBigUInt64LE(0)), creditBytes: Number(body.readBigUInt64LE(8)) };
}

export function encodeError(code: ProtocolCode, message: string): Buffer {
  const body = Buffer.from(JSON.stringify({ code, message }));
  const head = Buffer.allocUnsafe(MESSAGE_HEADER_BYTES);
  head.writeUInt32LE(MessageType.Error, 0);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
