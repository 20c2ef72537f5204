import { PLAIN_TEXT, PLAIN_TEXT_WORDS } from '../base/plain-text.ts';
import { DATATYPES, type Datatype } from '../trend/datatype.ts';
import { isSampleTime } from '../trend/time-range.ts';
import { CHANNEL_NAME } from '../wire/names.ts';
import { PROTOCOL_VERSION, type ProtocolCode, ProtocolError, RATE_RANGE, WINDOW_RANGE } from './protocol.ts';

/** The first thing a device says, checked. What it left out is undefined or has its default. */
export interface Hello {
  readonly channel: string;
  readonly datatype: string;
  readonly sample: Datatype;
  readonly rateHz: number;
  readonly stream: string | undefined;
  readonly scale: number;
  readonly offset: number;
  readonly unit: string;
  readonly fullScale: readonly [low: number, high: number] | undefined;
  readonly framing: 'frames' | 'none';
  readonly epochNs: bigint | undefined;
  /** The sample whose time that is. */
  readonly epochSample: number;
  /** Samples a window that the device asks for. */
  readonly window: number | undefined;
  readonly token: string | undefined;
  readonly hardware: string;
  readonly description: string;
  readonly recorder: string;
}

/** What the server answers when it accepts. The names are the protocol's. */
export interface HelloReply {
  readonly channel: string;
  readonly stream: string;
  readonly window: number;
  readonly nextSample: number;
  readonly creditBytes: number;
}

/** Parses the JSON of a hello, without its length. Throws `ProtocolError` that names the key. */
export function parseHello(bytes: Uint8Array): Hello {
  const fields = parseObject(bytes);
  const version = fields['fenestra:version'];
  if (typeof version !== 'number') throw wrong('fenestra:version', version, `${PROTOCOL_VERSION}`);
  if (version !== PROTOCOL_VERSION) {
    throw new ProtocolError('VERSION_UNKNOWN', `version ${version}, expected ${PROTOCOL_VERSION}`);
  }

  const channel = fields['fenestra:channel'];
  if (typeof channel !== 'string' || !CHANNEL_NAME.test(channel)) {
    throw wrong('fenestra:channel', channel, '1 to 64 of A-Z a-z 0-9 . _ -');
  }
  const datatype = fields['core:datatype'];
  const sample = typeof datatype === 'string' ? DATATYPES.get(datatype) : undefined;
  if (sample === undefined) throw wrong('core:datatype', datatype, [...DATATYPES.keys()].join(', '));

  return {
    channel,
    datatype: datatype as string,
    sample,
    rateHz: readRate(fields),
    stream: readText(fields, 'fenestra:stream', 64) || undefined,
    scale: readScale(fields),
    offset: readNumber(fields, 'fenestra:offset') ?? 0,
    unit: readText(fields, 'fenestra:unit', 16),
    fullScale: readFullScale(fields),
    framing: readFraming(fields),
    epochNs: readEpoch(fields),
    epochSample: readEpochSample(fields),
    window: readWindow(fields),
    token: readToken(fields),
    hardware: readText(fields, 'core:hw', 256),
    description: readText(fields, 'core:description', 256),
    recorder: readText(fields, 'core:recorder', 256),
  };
}

export function encodeHelloReply({ channel, stream, window, nextSample, creditBytes }: HelloReply): Buffer {
  return prefixed({
    ok: true,
    channel,
    stream,
    window,
    next_sample: String(nextSample),
    credit_bytes: String(creditBytes),
  });
}

export function encodeHelloRefusal(code: ProtocolCode, message: string): Buffer {
  return prefixed({ ok: false, code, message });
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(bytes: Uint8Array): Fields {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ProtocolError('HELLO_INVALID', `not JSON in UTF-8: ${(error as Error).message.slice(0, 100)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProtocolError('HELLO_INVALID', `${show(value)}, expected a JSON object`);
  }
  return value as Fields;
}

function readRate(fields: Fields): number {
  const rate = fields['core:sample_rate'];
  const [low, high] = RATE_RANGE;
  if (typeof rate !== 'number' || !(rate >= low && rate <= high)) {
    throw wrong('core:sample_rate', rate, `a number of Hz, ${low} to ${high}`);
  }
  return rate;
}

function readScale(fields: Fields): number {
  const scale = readNumber(fields, 'fenestra:scale') ?? 1;
  if (scale === 0) throw wrong('fenestra:scale', scale, 'a number other than 0');
  return scale;
}

function readNumber(fields: Fields, key: string): number | undefined {
  const value = fields[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(key, value, 'a finite number');
  return value;
}

// Counted in code points.
function readText(fields: Fields, key: string, limit: number): string {
  const value = fields[key];
  if (value === undefined) return '';
  if (typeof value !== 'string' || [...value].length > limit) {
    throw wrong(key, value, `a string of at most ${limit} characters`);
  }
  if (!PLAIN_TEXT.test(value)) throw wrong(key, value, `a string ${PLAIN_TEXT_WORDS}`);
  return value;
}

// Any text may be a secret; it is only compared.
function readToken(fields: Fields): string | undefined {
  const value = fields['fenestra:token'];
  if (value !== undefined && typeof value !== 'string') throw wrong('fenestra:token', value, 'a string');
  return value;
}

function readFullScale(fields: Fields): Hello['fullScale'] {
  const value = fields['fenestra:full_scale'];
  if (value === undefined) return undefined;
  const [low, high] = Array.isArray(value) && value.length === 2 ? value : [];
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high) {
    throw wrong('fenestra:full_scale', value, '[low, high] in raw counts');
  }
  return [low, high];
}

function readFraming(fields: Fields): Hello['framing'] {
  const value = fields['fenestra:framing'];
  if (value === undefined) return 'frames';
  if (value !== 'frames' && value !== 'none') throw wrong('fenestra:framing', value, 'frames or none');
  return value;
}

const EPOCH = 'a decimal string of ns since 1970 UTC, before the year 2261';

function readEpoch(fields: Fields): bigint | undefined {
  const value = fields['fenestra:epoch_ns'];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value) || !isSampleTime(BigInt(value))) {
    throw wrong('fenestra:epoch_ns', value, EPOCH);
  }
  return BigInt(value);
}

function readEpochSample(fields: Fields): number {
  const value = fields['fenestra:epoch_sample'];
  if (value === undefined) return 0;
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw wrong('fenestra:epoch_sample', value, 'an integer, 0 to 2^53 - 1');
  }
  return value as number;
}

function readWindow(fields: Fields): number | undefined {
  const value = fields['fenestra:window'];
  if (value === undefined) return undefined;
  const [low, high] = WINDOW_RANGE;
  if (!Number.isInteger(value) || (value as number) < low || (value as number) > high) {
    throw wrong('fenestra:window', value, `an integer, ${low} to ${high}`);
  }
  return value as number;
}

function wrong(key: string, found: unknown, expected: string): ProtocolError {
  return new ProtocolError('HELLO_INVALID', `${key} is ${show(found)}, expected ${expected}`);
}

// Enough to recognise what was sent; never the whole of something huge or deep.
function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value).slice(0, 80);
}

function prefixed(reply: object): Buffer {
  const body = Buffer.from(JSON.stringify(reply));
  const head = Buffer.allocUnsafe(4);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}
