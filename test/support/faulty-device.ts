import { crc32 } from 'node:zlib';
import type { Session } from '../../server/ingest/session.ts';
import type { KernelModule } from '../../server/kernels/module.ts';
import { INTEGER_RANGE, SAMPLE_BYTES, type SampleType } from '../../server/kernels/sample-type.ts';
import { frameBytes, helloBytes } from './device.ts';
import { bytesOf, SAMPLE_ARRAYS } from './kernels.ts';
import { ARRIVED_MS, OfflineIngest, pushCut } from './offline-session.ts';
import { type ModelRun, StreamModel, type StreamTraits } from './stream-model.ts';

/** A stream's traits, and what its samples are. */
export interface FaultyStream extends StreamTraits {
  readonly type: SampleType;
  readonly ownFullScale: readonly [low: number, high: number] | undefined;
}

/** A frame, and what is wrong with it. */
export interface FaultyFrame {
  /** Samples between where the device is and where the frame begins; lost ones, or with a minus ones sent again. */
  readonly ahead: number;
  readonly samples: number;
  readonly checksum: 'none' | 'right' | 'wrong';
  readonly flags: number;
  /** The device's clock steps by so much before the frame, which then tells its time; undefined: it does not. */
  readonly stepNs: bigint | undefined;
  /** Samples that the device says it has lost since. */
  readonly lost: number;
  /** Frames that it counted and did not send. */
  readonly unsent: number;
}

export type Step =
  | ({ readonly kind: 'frame' } & FaultyFrame)
  /** The last frame comes a second time, byte for byte. */
  | { readonly kind: 'again' }
  /** Breaks the connection after `bytes` of a frame; then resumes where it is told, or `resume` ahead of it. */
  | ({
      readonly kind: 'break';
      readonly bytes: number;
      readonly resume: number;
      readonly isBare: boolean;
    } & FaultyFrame)
  /** Ends its stream in order, and resumes. */
  | { readonly kind: 'end'; readonly resume: number; readonly isBare: boolean }
  /** Restarts its counter at `first`, under a name of its own; with an old name it resumes. */
  | { readonly kind: 'restart'; readonly name: number; readonly first: number; readonly isBare: boolean };

interface SentFrame {
  readonly run: ModelRun;
  readonly samples: number;
  readonly checksum: FaultyFrame['checksum'];
  readonly lost: number;
  readonly sequence: number;
  readonly bytes: Buffer;
}

const HEADER_BYTES = 64;
const DAY_SECONDS = 86_400;
const BOOTED_NS = 1_750_000_000_000_000_000n;
const DATATYPES = {
  i8: 'ri8',
  u8: 'ru8',
  i16: 'ri16_le',
  u16: 'ru16_le',
  i32: 'ri32_le',
  f32: 'rf32_le',
  f64: 'rf64_le',
};

/**
 * A device that has every fault there is, on one channel of an ingest server
 * in this process; and a model of each of its streams, which is told what
 * arrived.
 */
export class FaultyDevice {
  readonly ingest: OfflineIngest;
  readonly models = new Map<number, StreamModel>();
  /** The numbers of its streams, in the order they were used last. */
  used: number[] = [];
  /** What the server must have ended connections with. */
  readonly codes: string[] = [];
  connections = 0;
  /** As the server must have heard it. */
  deviceLost = 0;
  sequenceJumps = 0;
  /** Of payloads that were never verified, and of samples that broke off. */
  discardedBytes = 0;
  readonly #streams: readonly FaultyStream[];
  readonly #cuts: readonly number[];
  #session!: Session;
  #name = 0;
  #bareRun: ModelRun | undefined;
  #at = 0;
  #clockNs = BOOTED_NS; // of sample 0
  #lost = 0;
  #sequence = 0;
  #nextSequence = 0; // that the server expects
  #last: SentFrame | undefined;

  constructor(kernels: KernelModule, streams: readonly FaultyStream[], cuts: readonly number[]) {
    this.ingest = new OfflineIngest(kernels);
    this.#streams = streams;
    this.#cuts = cuts;
    this.#connect(0, 0, false);
  }

  act(step: Step): void {
    switch (step.kind) {
      case 'frame':
        this.#send(step, Infinity);
        break;
      case 'again':
        if (this.#last !== undefined) this.#push(this.#last, Infinity);
        break;
      case 'break':
        this.#send(step, step.bytes);
        this.#session.lost();
        this.#connect(this.#name, this.#model.safe + step.resume, step.isBare);
        break;
      case 'end':
        this.#session.end();
        this.#model.end();
        this.#connect(this.#name, this.#model.safe + step.resume, step.isBare);
        break;
      case 'restart':
        this.#lost = 0;
        this.#session.lost();
        this.#connect(step.name, this.models.get(step.name)?.safe ?? step.first, step.isBare);
        break;
    }
  }

  get #model(): StreamModel {
    return this.models.get(this.#name)!;
  }

  get #stream(): FaultyStream {
    return this.#streams[this.#name];
  }

  #connect(name: number, at: number, isBare: boolean): void {
    this.#name = name;
    this.used = [...this.used.filter((it) => it !== name), name];
    if (!this.models.has(name)) this.models.set(name, new StreamModel(this.#stream, BigInt(ARRIVED_MS) * 1_000_000n));
    const { safe } = this.#model;
    this.#at = isBare ? safe : Math.max(0, at);
    this.#bareRun = isBare ? { first: safe, flags: 0, timeNs: 0n } : undefined;
    this.connections++;
    this.deviceLost = 0;
    this.#sequence = 0;
    this.#nextSequence = 0;
    this.#last = undefined;

    let told: Buffer = Buffer.alloc(0);
    this.#session = this.ingest.connect({
      write: (bytes) => {
        if (told.length === 0) told = bytes;
      },
      finish: () => {},
      backlogBytes: 0,
    });
    pushCut(this.#session, this.#hello(), this.#cuts);
    const answer = JSON.parse(told.toString('utf8', 4)) as { next_sample: string };
    if (answer.next_sample !== String(safe)) throw new Error(`told to resume at ${answer.next_sample}, not at ${safe}`);
  }

  #hello(): Buffer {
    const { type, rateHz, size, scale, offset, ownFullScale, epochNs } = this.#stream;
    return helloBytes({
      'fenestra:stream': `s${this.#name}`,
      'core:datatype': DATATYPES[type],
      'core:sample_rate': rateHz,
      'fenestra:window': size,
      'fenestra:scale': scale,
      'fenestra:offset': offset,
      ...(ownFullScale && { 'fenestra:full_scale': ownFullScale }),
      ...(epochNs !== undefined && { 'fenestra:epoch_ns': String(epochNs) }),
      ...(this.#bareRun && { 'fenestra:framing': 'none' }),
    });
  }

  #send(frame: FaultyFrame, bytes: number): void {
    const { samples } = frame;
    const first = Math.max(0, this.#at + (this.#bareRun === undefined ? frame.ahead : 0));
    const payload = this.#payload(first, samples);
    this.#at = first + samples;
    if (this.#bareRun !== undefined) {
      pushCut(this.#session, payload.subarray(0, bytes), this.#cuts);
      this.#take(this.#bareRun, first, Math.min(payload.length, bytes));
      return;
    }

    this.#lost += frame.lost;
    this.#clockNs += frame.stepNs ?? 0n;
    const elapsedNs = BigInt(Math.round((first / this.#stream.rateHz) * 1e9));
    const sequence = this.#sequence + frame.unsent;
    this.#sequence = sequence + 1;
    const run = { first, flags: frame.flags, timeNs: frame.stepNs === undefined ? 0n : this.#clockNs + elapsedNs };
    const header = { ...run, sequence, deviceLost: this.#lost, crc32: checksumOf(payload, frame.checksum) };
    const checksum = header.crc32 === 0 ? 'none' : frame.checksum;
    const whole = frameBytes(first, payload, header);
    this.#last = { run, samples, checksum, lost: this.#lost, sequence, bytes: whole };
    this.#push(this.#last, bytes);
  }

  /** Sends `bytes` of the frame, and tells the model what of it counts. */
  #push({ run, samples, checksum, lost, sequence, bytes: whole }: SentFrame, bytes: number): void {
    pushCut(this.#session, whole.subarray(0, bytes), this.#cuts);
    if (bytes < HEADER_BYTES) return;

    if (sequence !== this.#nextSequence) this.sequenceJumps++;
    this.#nextSequence = sequence + 1;
    this.deviceLost = lost;
    const { first, head } = this.#model;
    if (samples > 0 && first !== undefined && run.first - head > DAY_SECONDS * this.#stream.rateHz) {
      this.#refused('INDEX_JUMP');
      return;
    }
    const payloadBytes = Math.min(whole.length, bytes) - HEADER_BYTES;
    const isHeld = checksum !== 'none' && bytes < whole.length;
    if (!isHeld && checksum !== 'wrong') {
      this.#take(run, run.first, payloadBytes);
      return;
    }
    this.discardedBytes += payloadBytes;
    if (!isHeld) this.#refused('CHECKSUM_WRONG');
  }

  #take(run: ModelRun, first: number, bytes: number): void {
    const size = SAMPLE_BYTES[this.#stream.type];
    const samples = Math.floor(bytes / size);
    for (let i = first; i < first + samples; i++) this.#model.take(i, run, this.#rawOf(i));
    if (bytes % size > 0) this.#model.begin(first + samples, run);
    this.discardedBytes += bytes % size;
  }

  #refused(code: string): void {
    this.codes.push(code);
    this.#connect(this.#name, this.#model.safe, false);
  }

  #payload(first: number, samples: number): Buffer {
    const values = new SAMPLE_ARRAYS[this.#stream.type](samples);
    for (let i = 0; i < samples; i++) values[i] = this.#rawOf(first + i);
    return Buffer.from(bytesOf(values));
  }

  // A sample's place and stream decide what it is; some are at the type's ends, and of floats some are not finite.
  #rawOf(index: number): number {
    const { type } = this.#stream;
    const noise = hash(index * 4 + this.#name);
    if (type === 'f32' || type === 'f64') {
      return noise % 16 === 0 ? [NaN, Infinity, -Infinity][noise % 3] : Math.fround((noise / 2 ** 32 - 0.3) * 200);
    }
    const [low, high] = INTEGER_RANGE[type];
    return noise % 16 === 0 ? [low, high][(noise >>> 4) % 2] : low + (noise % (high - low + 1));
  }
}

function checksumOf(payload: Buffer, checksum: FaultyFrame['checksum']): number {
  if (checksum === 'none') return 0;
  return checksum === 'right' ? crc32(payload) : (crc32(payload) ^ 0x5a5a) >>> 0;
}

function hash(value: number): number {
  let x = Math.imul(value + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return (x ^ (x >>> 13)) >>> 0;
}
