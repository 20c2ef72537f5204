import { type Acknowledgement, decodeAcknowledgement, MESSAGE_HEADER_BYTES, MessageType } from './messages.ts';
import { HELLO_BYTES } from './protocol.ts';

/** The server takes the stream. */
export interface Acceptance {
  readonly ok: true;
  readonly channel: string;
  readonly stream: string;
  /** Samples a window. */
  readonly window: number;
  readonly nextSample: number;
  readonly creditBytes: number;
}

/** Why the server does not take the stream, or no longer. The code is one of the protocol's. */
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
}

export type HelloAnswer = Acceptance | Refusal;

export interface ServerReaderEvents {
  answered(answer: HelloAnswer): void;
  acknowledged(acknowledgement: Acknowledgement): void;
  failed(refusal: Refusal): void;
}

/**
 * Reads what a server sends to a device: the hello's answer, then messages.
 *
 * Keeps at most one message of a known type, 64 KiB; longer ones and unknown
 * types are skipped as they arrive. Throws `Error` where the answer is none.
 */
export class ServerReader {
  readonly #events: ServerReaderEvents;
  #held: Buffer = Buffer.alloc(0);
  #hasAnswer = false;
  #skip = 0;

  constructor(events: ServerReaderEvents) {
    this.#events = events;
  }

  push(chunk: Buffer): void {
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (;;) {
      const used = this.#hasAnswer ? this.#readMessage(bytes) : this.#readAnswer(bytes);
      if (used === 0) break;
      bytes = bytes.subarray(used);
    }
    this.#held = bytes;
  }

  // Both return the bytes used, 0 where more must arrive.

  #readAnswer(bytes: Buffer): number {
    if (bytes.length < 4) return 0;
    const length = bytes.readUInt32LE(0);
    if (length === 0 || length > HELLO_BYTES)
      throw new Error(`answer of ${length} bytes, expected 1 to ${HELLO_BYTES}`);
    if (bytes.length < 4 + length) return 0;
    this.#hasAnswer = true;
    this.#events.answered(parseAnswer(bytes.subarray(4, 4 + length)));
    return 4 + length;
  }

  #readMessage(bytes: Buffer): number {
    if (this.#skip > 0) {
      const used = Math.min(this.#skip, bytes.length);
      this.#skip -= used;
      return used;
    }
    if (bytes.length < MESSAGE_HEADER_BYTES) return 0;
    const type = bytes.readUInt32LE(0);
    const length = bytes.readUInt32LE(4);
    if ((type !== MessageType.Acknowledgement && type !== MessageType.Error) || length > HELLO_BYTES) {
      this.#skip = length;
      return MESSAGE_HEADER_BYTES;
    }
    const end = MESSAGE_HEADER_BYTES + length;
    if (bytes.length < end) return 0;
    const body = bytes.subarray(MESSAGE_HEADER_BYTES, end);
    if (type === MessageType.Acknowledgement && length >= 16) this.#events.acknowledged(decodeAcknowledgement(body));
    if (type === MessageType.Error) this.#events.failed(parseError(body));
    return end;
  }
}

function parseAnswer(bytes: Buffer): HelloAnswer {
  const fields = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  if (fields.ok !== true) return refusalOf(fields);
  return {
    ok: true,
    channel: String(fields.channel),
    stream: String(fields.stream),
    window: whole(fields.window, 'window'),
    nextSample: whole(fields.next_sample, 'next_sample'),
    creditBytes: whole(fields.credit_bytes, 'credit_bytes'),
  };
}

function parseError(bytes: Buffer): Refusal {
  return refusalOf(JSON.parse(bytes.toString('utf8')) as Record<string, unknown>);
}

function refusalOf({ code, message }: Record<string, unknown>): Refusal {
  return { ok: false, code: String(code), message: String(message) };
}

function whole(value: unknown, key: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`${key} is ${String(value)}, expected a whole number`);
  return number;
}
