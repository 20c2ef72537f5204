import { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import { crc32 } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Windower } from '../../../server/compute/windower.ts';
import { CutHeader } from '../../../server/ingest/cut-header.ts';
import { FrameReader } from '../../../server/ingest/frame-reader.ts';
import { HeldPayload } from '../../../server/ingest/held-payload.ts';
import { Session } from '../../../server/ingest/session.ts';
import { Stream } from '../../../server/ingest/stream.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { ReduceKernel } from '../../../server/kernels/reduce-kernel.ts';
import { imbalances } from '../../../server/trend/ledger.ts';
import { countWindows, windowImbalances } from '../../../server/trend/window-account.ts';
import { readWindowBatch, type StreamKey, WindowBatch } from '../../../server/trend/window-batch.ts';
import { type Parcel, WindowOutbox } from '../../../server/trend/window-outbox.ts';
import { Device, frameBytes, helloBytes } from '../../support/device.ts';
import { loadKernels, startIngest } from '../../support/ingest.ts';
import { OfflineIngest } from '../../support/offline-session.ts';

// The proof that the ledger can fail. At each place on the way of a sample one
// call after another does nothing, as by a bug, and every time the books must
// tell. The place is the only thing that is changed.

type Method = { [name: string]: (...args: never[]) => unknown };

const PLACES: readonly [place: string, owner: object, method: string, result?: (...args: never[]) => unknown][] = [
  ['between the connection and the session', Session.prototype, 'push', (chunk: Buffer) => chunk.length],
  ['between the session and the reader', FrameReader.prototype, 'push'],
  ['where a cut header is kept', CutHeader.prototype, 'push', (chunk: Buffer, at: number) => chunk.length - at],
  ['where a payload is held for its checksum', HeldPayload.prototype, 'push'],
  ['between the reader and the stream', Stream.prototype, 'write'],
  ['between the stream and the windower', Windower.prototype, 'write'],
  ['between the windower and the kernel', ReduceKernel.prototype, 'fold'],
  ['between the windower and the outbox', WindowOutbox.prototype, 'add'],
  ['between the outbox and its batch', WindowBatch.prototype, 'add'],
];

let kernels: KernelModule;
beforeAll(async () => {
  kernels = await loadKernels();
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('the books balance after every chunk while none is lost', () => {
  const path = new Path();

  const broken = CHUNKS.flatMap((chunk) => {
    path.push(chunk);
    return path.imbalances();
  });
  path.end();

  expect([...broken, ...path.imbalances()]).toEqual([]);
  expect(path.codes).toEqual([]);
  expect(path.taken).toBe(11);
});

describe.each(PLACES)('a chunk that is lost %s', (_place, owner, method, result) => {
  it('breaks the books, whichever it is', () => {
    const calls = live(owner, method, Infinity, result).calls;
    expect(calls).toBeGreaterThan(1);

    for (let lost = 0; lost < calls; lost++) {
      expect(live(owner, method, lost, result).broken, `call ${lost} of ${calls}`).not.toEqual([]);
    }
  });
});

it('a byte that is lost before the session breaks the books, whichever chunk it ends', () => {
  for (const short of CHUNKS.keys()) {
    const path = new Path();
    const { push } = Session.prototype;
    let chunks = 0;
    const spy = vi.spyOn(Session.prototype, 'push').mockImplementation(function (this: Session, chunk) {
      push.call(this, chunks++ === short ? chunk.subarray(0, -1) : chunk);
      return chunk.length;
    });
    for (const chunk of CHUNKS) path.push(chunk);
    path.end();
    spy.mockRestore();

    expect(path.imbalances(), `chunk ${short}`).not.toEqual([]);
  }
});

it.each([0, 1, 2])('a chunk that is lost between the socket and the server breaks the books: %i', async (lost) => {
  const ingest = await startIngest();
  const device = await Device.open(ingest.address, { 'fenestra:window': 10 });
  let chunks = 0;
  const { emit } = EventEmitter.prototype;
  vi.spyOn(Socket.prototype, 'emit').mockImplementation(function (this: Socket, event: string, ...args: unknown[]) {
    if (event === 'data' && this !== device.socket && chunks++ === lost) return true;
    return emit.call(this, event, ...args);
  });

  for (let i = 0; i < 3; i++) {
    device.frame(i * 10, new Int16Array(10));
    while (chunks <= i) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const broken = imbalances(ingest.ledger());

  expect(broken).not.toEqual([]);
  device.socket.destroy();
  await ingest.server.close();
});

/** Everything between a connection and the bus, of one device. */
class Path {
  taken = 0;
  readonly #outbox = new WindowOutbox({
    post: (parcel) => this.#take(parcel),
    batchRows: 4,
    inFlightRows: 100,
    waitingRows: 100,
  });
  readonly #ingest = new OfflineIngest(kernels, {
    emit: (window) => this.#outbox.add(window),
    onOpen: (info) => this.#outbox.open(info),
  });
  readonly #session = this.#ingest.connect();

  constructor() {
    this.#session.push(helloBytes({ 'fenestra:window': 10, 'core:datatype': 'rf32_le' }));
  }

  push(chunk: Buffer): void {
    this.#session.push(chunk);
  }

  end(): void {
    this.#session.end();
    this.#outbox.flush();
  }

  get codes(): readonly string[] {
    return this.#ingest.codes;
  }

  imbalances(): string[] {
    const entries = this.#ingest.ledger();
    const { waiting, dropped } = this.#outbox;
    const account = { made: countWindows(entries), taken: this.taken, waiting, dropped };
    return [...entries.flatMap(imbalances), ...windowImbalances(account)];
  }

  #take(parcel: Parcel): void {
    if (parcel.kind === 'windows')
      readWindowBatch(
        parcel.buffer,
        () => KEY,
        () => this.taken++,
      );
  }
}

/** A device's whole life with the call number `lost` of `method` left out. */
function live(owner: object, method: string, lost: number, result?: (...args: never[]) => unknown) {
  const path = new Path();
  const original = (owner as Method)[method];
  let calls = 0;
  const spy = vi.spyOn(owner as Method, method).mockImplementation(function (this: object, ...args: never[]) {
    return calls++ === lost ? result?.(...args) : original.apply(this, args);
  });
  for (const chunk of CHUNKS) path.push(chunk);
  path.end();
  spy.mockRestore();
  return { calls, broken: path.imbalances() };
}

const KEY: StreamKey = { channel: 'test', stream: 's', size: 10, rateHz: 10_000 };
const CHUNKS = chunksOfALife();

// Samples of four bytes, cut in all ways there are: inside headers, inside
// samples, inside payloads with a checksum; with a gap, samples sent again and
// a keep-alive.
function chunksOfALife(): Buffer[] {
  const ramp = (from: number, samples: number) => Float32Array.from({ length: samples }, (_, i) => from + i);
  const frame = (sequence: number, from: number, samples: number) =>
    frameBytes(from, ramp(from, samples), { sequence });
  const verified = (sequence: number, from: number, samples: number) =>
    frameBytes(from, ramp(from, samples), { sequence, crc32: crc32(ramp(from, samples)) });
  return [
    ...cut(frame(0, 0, 25), 30, 64 + 42, 64 + 43),
    frame(1, 25, 10),
    ...cut(verified(2, 35, 20), 1, 64 + 3, 64 + 50),
    ...cut(frame(3, 70, 13), 64, 64 + 5),
    frame(4, 75, 20),
    frame(5, 0, 0),
    Buffer.concat([frame(6, 95, 3), frame(7, 98, 4)]),
    ...cut(verified(8, 102, 11), 63, 65),
  ];
}

function cut(bytes: Buffer, ...at: readonly number[]): Buffer[] {
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i]));
}
