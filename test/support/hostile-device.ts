import { crc32 } from 'node:zlib';
import { DATATYPES } from '../../server/trend/datatype.ts';
import { frameBytes, helloBytes } from './device.ts';
import { seededRandom } from './seeded-random.ts';

/** All that one connection brings. */
export interface HostileInput {
  readonly bytes: Buffer;
  /** Whether a device may say just this, and must be heard. */
  readonly isValid: boolean;
  /** Whether the device ends its side after it; else the connection is lost. */
  readonly isEnded: boolean;
}

const STREAM_INPUTS = 64; // connections that resume one stream
const LARGEST_BYTES = 4_194_304;
const LARGE_SHARE = 0.001;
const FIELDS = [0, 4, 6, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48]; // of a frame's header
const WORDS = [0, 1, 3, 63, 64, 65, 0x7fff, 0xffff, LARGEST_BYTES - 1, LARGEST_BYTES, LARGEST_BYTES + 1, 0x7fffffff];

const TEXTS = ['fenestra:stream', 'fenestra:unit', 'core:hw', 'core:description', 'core:recorder', 'fenestra:epoch_ns'];
const WORDINGS = ['\0', 'a\0b', '\ud800', "it's", '"; --', '\n', '\u0085', '$1', '-1', String(2n ** 63n - 1n)];
const TIMES = [2n ** 63n - 1n, -(2n ** 63n), -1n, 1n, BigInt(Date.UTC(2260, 11, 31)) * 1_000_000n];

/**
 * What devices send that break the protocol on purpose, or by a fault: the
 * same inputs for the same seed. Connections come in stretches that resume one
 * stream, so that later ones meet what earlier ones left behind.
 */
export class HostileDevices {
  readonly #seed: number;
  readonly #noise: Buffer;

  constructor(seed: number) {
    const random = seededRandom(seed);
    this.#seed = seed;
    this.#noise = Buffer.from(Uint32Array.from({ length: LARGEST_BYTES / 4 }, () => random() * 2 ** 32).buffer);
  }

  input(number: number): HostileInput {
    const random = seededRandom(this.#seed + 7919 * (number + 1));
    const isEnded = random() < 0.5;
    if (random() < LARGE_SHARE) return { ...this.#large(number, random), isEnded };

    const hello = this.#hello(number);
    const frames = this.#frames(number, random);
    const valid = Buffer.concat([hello, ...frames]);
    const kind = random();
    if (kind < 0.1) return { bytes: valid, isValid: true, isEnded };
    if (kind < 0.45) return { bytes: mutate(valid, hello.length, random), isValid: false, isEnded };
    if (kind < 0.6) return { bytes: Buffer.concat([hello, ...lie(frames, random)]), isValid: false, isEnded };
    if (kind < 0.75) return { bytes: valid.subarray(0, random() * valid.length), isValid: false, isEnded };
    const noise = this.#slice(random() * 300, random);
    if (kind < 0.8) return { bytes: noise, isValid: false, isEnded };
    if (kind < 0.83) {
      const named = this.#hello(number, { [pick(TEXTS, random)]: pick(WORDINGS, random) });
      return { bytes: Buffer.concat([named, ...frames]), isValid: false, isEnded };
    }
    if (kind < 0.86) return { bytes: Buffer.concat([hello, ...mistime(frames, random)]), isValid: false, isEnded };
    return { bytes: Buffer.concat([hello, ...frames.slice(0, random() * 3), noise]), isValid: false, isEnded };
  }

  // The same within a stretch: a resumed stream may not change.
  #stream(number: number) {
    const stretch = Math.floor(number / STREAM_INPUTS);
    const random = seededRandom(this.#seed ^ (stretch + 1));
    const datatype = pick([...DATATYPES.keys()], random);
    const { bytes } = DATATYPES.get(datatype)!;
    return { stretch, datatype, bytes, window: pick([10, 64, 1000, 50_000], random) };
  }

  #hello(number: number, more: Readonly<Record<string, string>> = {}): Buffer {
    const { stretch, datatype, window } = this.#stream(number);
    return helloBytes({
      'fenestra:channel': `c${stretch % 2}`,
      'fenestra:stream': `stretch ${stretch}`,
      'core:datatype': datatype,
      'fenestra:window': window,
      ...(number % 16 === 15 && { 'fenestra:framing': 'none' }),
      ...more,
    });
  }

  #frames(number: number, random: () => number): Buffer[] {
    const { bytes } = this.#stream(number);
    let at = (number % STREAM_INPUTS) * 1000;
    return Array.from({ length: 1 + random() * 5 }, (_, sequence) => {
      const payload = this.#slice(Math.floor(random() * 80) * bytes, random);
      at += random() < 0.3 ? Math.floor(random() * 50) : 0;
      const frame = frameBytes(at, payload, {
        sequence,
        flags: random() < 0.3 ? Math.floor(random() * 16) : 0,
        timeNs: random() < 0.3 ? BigInt(Math.floor(random() * 2 ** 52)) * 1000n : 0n,
        crc32: random() < 0.3 ? crc32(payload) : 0,
      });
      at += payload.length / bytes;
      return frame;
    });
  }

  // Up to the largest payload there may be, held back whole until its checksum is known.
  #large(number: number, random: () => number): Omit<HostileInput, 'isEnded'> {
    const { datatype, bytes } = this.#stream(number);
    const size = Math.min(LARGEST_BYTES, Math.ceil(2 ** (13 + 10 * random()) / bytes) * bytes);
    const payload = this.#noise.subarray(0, size);
    const isValid = random() < 0.5;
    const checksum = crc32(payload);
    const hello = helloBytes({ 'fenestra:channel': 'large', 'core:datatype': datatype, 'core:sample_rate': 1e6 });
    const frame = frameBytes(0, payload, { crc32: isValid ? checksum : (checksum ^ 1) >>> 0 });
    return { bytes: Buffer.concat([hello, frame]), isValid };
  }

  #slice(length: number, random: () => number): Buffer {
    const from = Math.floor(random() * (this.#noise.length - length));
    return this.#noise.subarray(from, from + length);
  }
}

function mutate(valid: Buffer, helloLength: number, random: () => number): Buffer {
  let bytes = Buffer.from(valid);
  for (let left = 1 + random() * 3; left >= 1 && bytes.length > 8; left--) {
    const from = random() < 0.15 ? 0 : Math.min(helloLength, bytes.length - 4);
    const at = from + Math.floor(random() * (bytes.length - 3 - from));
    const length = Math.floor(random() * 80);
    const kind = random();
    if (kind < 0.3) bytes[at] = random() * 256;
    else if (kind < 0.6) bytes.writeUInt32LE(word(random), at);
    else if (kind < 0.8) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
  }
  return bytes;
}

// One field of one header says something else, and everything behind it comes all the same.
function lie(frames: readonly Buffer[], random: () => number): Buffer[] {
  const liar = Math.floor(random() * frames.length);
  const field = random() < 0.5 ? 8 : pick(FIELDS, random); // half the time how long the payload is
  frames[liar].writeUInt32LE(word(random), field);
  return [...frames];
}

// Clocks at the ends of what 64 bits hold, and of what the history does.
function mistime(frames: readonly Buffer[], random: () => number): Buffer[] {
  for (const frame of frames) frame.writeBigInt64LE(pick(TIMES, random), 32);
  return [...frames];
}

function word(random: () => number): number {
  const kind = random();
  if (kind < 0.4) return Math.floor(random() * 40) * 8;
  return kind < 0.8 ? pick(WORDS, random) : Math.floor(random() * 2 ** 32);
}

function pick<T>(values: readonly T[], random: () => number): T {
  return values[Math.floor(random() * values.length)];
}
