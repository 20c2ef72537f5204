import { connect, type Socket } from 'node:net';
import { setImmediate as pass } from 'node:timers/promises';
import { HUB_PATH } from '../../server/wire/events.ts';

/** How the server took what was written to a raw socket. */
export interface RawOutcome {
  /** Status of its answer to the upgrade request; undefined where it gave none. */
  readonly status: number | undefined;
  /** Code of its close frame; undefined where it sent none. */
  readonly closeCode: number | undefined;
  /** Whether it ended the connection. */
  readonly isClosed: boolean;
}

export interface RawOptions {
  /** The upgrade request; a right one by default, none where empty. */
  readonly request?: string;
  /** What the client does after writing: waits, ends its side, or resets the connection. */
  readonly ending?: 'wait' | 'end' | 'reset';
  /** False: leaves the server's close frame without an answer. */
  readonly answersClose?: boolean;
  /** Written again and again, ten times a second, until the connection ends. */
  readonly repeats?: Buffer;
  /** What is waited for: the end of the connection, or any answer. */
  readonly until?: 'closed' | 'answered';
}

/** For what comes on any machine, however busy: past it something is wrong. */
const PATIENCE_MS = 60_000;

/** A right upgrade request with `headers` put in place of the usual ones; undefined leaves one out. */
export function upgradeRequest(port: number, headers: Record<string, string | undefined> = {}, line?: string): string {
  const all: Record<string, string | undefined> = {
    Host: `127.0.0.1:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return [line ?? `GET ${HUB_PATH} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/**
 * Writes `bytes` after the upgrade and waits until the server ends the
 * connection. Several buffers reach a server in this process one by one.
 */
export async function abuse(
  port: number,
  bytes: Buffer | readonly Buffer[],
  options: RawOptions = {},
): Promise<RawOutcome> {
  const { request = upgradeRequest(port), ending = 'wait', answersClose = true, until = 'closed' } = options;
  const socket = connect(port, '127.0.0.1');
  const received: Buffer[] = [];
  const closed = new Promise<boolean>((resolve) => {
    socket.on('close', () => resolve(true));
    socket.on('error', () => {}); // a reset is an end, too
    setTimeout(() => resolve(false), PATIENCE_MS).unref();
  });
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      received.push(chunk);
      if (answersClose && readAnswer(Buffer.concat(received)).closeCode !== undefined) socket.end();
      resolve();
    });
    socket.on('close', () => resolve());
  });

  socket.write(request);
  if (request.endsWith('\r\n\r\n')) await Promise.race([answered, closed]);
  await writePieces(socket, Buffer.isBuffer(bytes) ? [bytes] : bytes);
  finish(socket, ending);
  const repeating = setInterval(() => options.repeats && socket.write(options.repeats), 100);
  if (until === 'answered') await Promise.race([answered, closed]);
  const isClosed = until === 'closed' ? await closed : socket.closed;
  clearInterval(repeating);
  socket.destroy();
  return { ...readAnswer(Buffer.concat(received)), isClosed };
}

/** One frame of a client, masked unless told otherwise, with any header at all. */
export function clientFrame(
  opcode: number,
  payload: Buffer | string,
  header: { fin?: boolean; rsv?: number; isMasked?: boolean; lengthBits?: 7 | 16 | 64; length?: bigint } = {},
): Buffer {
  const { fin = true, rsv = 0, isMasked = true } = header;
  const body = Buffer.from(payload);
  const length = header.length ?? BigInt(body.byteLength);
  const bits = header.lengthBits ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64);
  const mask = Buffer.from([1, 2, 3, 4]);
  const head = Buffer.alloc(2 + (bits === 7 ? 0 : bits / 8));
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (isMasked ? 0x80 : 0) | (bits === 7 ? Number(length) : bits === 16 ? 126 : 127);
  if (bits === 16) head.writeUInt16BE(Number(length), 2);
  if (bits === 64) head.writeBigUInt64BE(length, 2);
  if (!isMasked) return Buffer.concat([head, body]);
  return Buffer.concat([head, mask, body.map((byte, i) => byte ^ mask[i % 4])]);
}

// Between two turns of the event loop, the server reads what was written before.
async function writePieces(socket: Socket, pieces: readonly Buffer[]): Promise<void> {
  socket.setNoDelay();
  for (const [i, piece] of pieces.entries()) {
    if (i > 0) await pass();
    if (i > 0) await pass();
    if (piece.byteLength > 0) socket.write(piece);
  }
}

function finish(socket: Socket, ending: 'wait' | 'end' | 'reset'): void {
  if (ending === 'end') socket.end();
  if (ending === 'reset') setTimeout(() => socket.resetAndDestroy(), 5);
}

function readAnswer(received: Buffer): { status: number | undefined; closeCode: number | undefined } {
  const headEnd = received.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(received.toString('latin1'))?.[1];
  if (status === undefined) return { status: undefined, closeCode: undefined };
  if (status !== '101') return { status: Number(status), closeCode: undefined };

  for (let at = headEnd + 4; at + 2 <= received.byteLength; ) {
    const opcode = received[at] & 15;
    let length = received[at + 1] & 127;
    let start = at + 2;
    if (length === 126) {
      length = received.readUInt16BE(start);
      start += 2;
    } else if (length === 127) {
      length = Number(received.readBigUInt64BE(start));
      start += 8;
    }
    if (opcode === 8 && length >= 2) return { status: 101, closeCode: received.readUInt16BE(start) };
    at = start + length;
  }
  return { status: 101, closeCode: undefined };
}
