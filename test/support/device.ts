import { connect, type Socket } from 'node:net';
import { type FrameHeader, writeFrameHeader } from '../../server/ingest/frame-header.ts';

const PATIENCE_MS = 60_000;

/** What a device got told, newest acknowledgement last. */
export interface Acknowledged {
  readonly nextSample: number;
  readonly creditBytes: number;
}

export interface HelloAnswer {
  readonly ok: boolean;
  readonly channel: string;
  readonly stream: string;
  readonly window: number;
  readonly next_sample: string;
  readonly credit_bytes: string;
  readonly code: string;
  readonly message: string;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** The device's own end, where it matters. */
interface From {
  readonly localAddress?: string;
}

/**
 * A device of the raw stream protocol for tests: says exactly what it is told
 * to, nonsense too, and keeps what the server answers.
 */
export class Device {
  readonly acknowledgements: Acknowledged[] = [];
  /** The error message (type 2) that the server ended the connection with. */
  error: { code: string; message: string } | undefined;
  answer: HelloAnswer | undefined;
  /** Whether the server has ended its side. */
  isEnded = false;
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #sequence = 0;
  readonly #waiting = new Set<() => void>();

  /** Connects; rejects where nobody listens. */
  static async connect(address: Address, from: From = {}): Promise<Device> {
    const socket = connect({ ...address, ...from, allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Device(socket);
  }

  /** Connects and says hello; the answer is there when it resolves. */
  static async open(address: Address, hello: Readonly<Record<string, unknown>>, from: From = {}): Promise<Device> {
    const device = await Device.connect(address, from);
    device.hello(hello);
    await device.until(() => device.answer !== undefined || device.isEnded);
    return device;
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#parse();
      this.#wake();
    });
    for (const event of ['end', 'close', 'error']) {
      socket.on(event, () => {
        this.isEnded = true;
        this.#wake();
      });
    }
  }

  hello(fields: Readonly<Record<string, unknown>>): void {
    this.send(helloBytes(fields));
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Sends one frame; its sequence number counts by itself. */
  frame(firstSample: number, payload: ArrayBufferView, header: Partial<FrameHeader> = {}): void {
    this.send(frameBytes(firstSample, payload, { sequence: this.#sequence++, ...header }));
  }

  /** Ends the sending side and resolves when the server has ended its own. */
  async finish(): Promise<void> {
    this.socket.end();
    await this.until(() => this.isEnded);
    this.socket.destroy();
  }

  /** Cuts the connection by reset, as a device that loses its power. */
  async cut(): Promise<void> {
    if (this.socket.destroyed) return;
    const closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.resetAndDestroy();
    await closed;
  }

  /** Resolves when `condition` holds; looked at whenever something arrives. Rejects after a minute. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`device waited ${PATIENCE_MS / 1000} s for ${condition}`));
      }, PATIENCE_MS);
      this.#waiting.add(check);
      check();
    });
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }

  #parse(): void {
    if (this.answer === undefined) {
      const length = this.#received.length < 4 ? Infinity : this.#received.readUInt32LE(0);
      if (this.#received.length < 4 + length) return;
      this.answer = JSON.parse(this.#received.toString('utf8', 4, 4 + length)) as HelloAnswer;
      this.#received = this.#received.subarray(4 + length);
    }
    while (this.#received.length >= 8) {
      const type = this.#received.readUInt32LE(0);
      const end = 8 + this.#received.readUInt32LE(4);
      if (this.#received.length < end) return;
      this.#take(type, this.#received.subarray(8, end));
      this.#received = this.#received.subarray(end);
    }
  }

  #take(type: number, body: Buffer): void {
    if (type === 1) {
      this.acknowledgements.push({
        nextSample: Number(body.readBigUInt64LE(0)),
        creditBytes: Number(body.readBigUInt64LE(8)),
      });
    }
    if (type === 2) this.error = JSON.parse(body.toString()) as { code: string; message: string };
  }
}

/** A hello as it goes over the line; what the protocol requires is filled in unless `fields` says otherwise. */
export function helloBytes(fields: Readonly<Record<string, unknown>>): Buffer {
  const body = Buffer.from(
    JSON.stringify({
      'fenestra:version': 1,
      'fenestra:channel': 'test',
      'core:datatype': 'ri16_le',
      'core:sample_rate': 10_000,
      ...fields,
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
}

/** A frame as it goes over the line. */
export function frameBytes(firstSample: number, payload: ArrayBufferView, header: Partial<FrameHeader> = {}): Buffer {
  const body = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const head = Buffer.alloc(64);
  writeFrameHeader(head, 0, {
    payloadBytes: body.length,
    flags: 0,
    sequence: 0,
    firstSample,
    timeNs: 0n,
    deviceLost: 0,
    crc32: 0,
    ...header,
  });
  return Buffer.concat([head, body]);
}
