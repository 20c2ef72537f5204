// Distinguished Encoding Rules (X.690): tag, length, content.

type Bytes = Uint8Array;

const MULTIPLE = 0x20;
const CONTEXT = 0x80;

export function sequence(...parts: readonly Bytes[]): Bytes {
  return element(0x10 | MULTIPLE, ...parts);
}

export function set(...parts: readonly Bytes[]): Bytes {
  return element(0x11 | MULTIPLE, ...parts);
}

/** Of a choice or of what may be left out: `[number] EXPLICIT`. */
export function tagged(number: number, ...parts: readonly Bytes[]): Bytes {
  return element(CONTEXT | MULTIPLE | number, ...parts);
}

/** `[number] IMPLICIT` of something that is not made of parts. */
export function taggedBytes(number: number, content: Bytes): Bytes {
  return element(CONTEXT | number, content);
}

export function boolean(value: boolean): Bytes {
  return element(0x01, Uint8Array.of(value ? 0xff : 0));
}

/** A whole number, 0 or more, its most significant byte first. */
export function integer(bytes: Bytes): Bytes {
  const start = bytes.findIndex((byte) => byte !== 0);
  const plain = start < 0 ? Uint8Array.of(0) : bytes.subarray(start);
  return element(0x02, ...(plain[0]! >= 0x80 ? [Uint8Array.of(0)] : []), plain);
}

/** Whole bytes, of which the last `unused` bits say nothing. */
export function bitString(content: Bytes, unused = 0): Bytes {
  return element(0x03, Uint8Array.of(unused), content);
}

export function octetString(content: Bytes): Bytes {
  return element(0x04, content);
}

/** Such as `2.5.29.17`. */
export function objectIdentifier(text: string): Bytes {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return element(0x06, Uint8Array.from([40 * first + second, ...rest].flatMap(base128)));
}

export function utf8String(text: string): Bytes {
  return element(0x0c, Buffer.from(text));
}

/** Whole seconds; with two digits of the year before 2050, as certificates must have it (RFC 5280, 4.1.2.5). */
export function time(ms: number): Bytes {
  const digits = new Date(ms).toISOString().replace(/\.\d+|[-:T]/g, '');
  const isShort = new Date(ms).getUTCFullYear() < 2050;
  return element(isShort ? 0x17 : 0x18, Buffer.from(isShort ? digits.slice(2) : digits));
}

function element(tag: number, ...parts: readonly Bytes[]): Bytes {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag), lengthOf(content.length), content]);
}

// Up to 127 in a byte; else how many bytes, then those.
function lengthOf(length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 | (rest % 128));
  return bytes;
}
