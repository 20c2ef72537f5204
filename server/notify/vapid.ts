import { createECDH, createPrivateKey, sign } from 'node:crypto';

const CURVE = 'prime256v1';
const KEY_BYTES = 32;
/** At most a day (RFC 8292, section 2). */
const VALID_S = 12 * 3600;

/** Who sends pushes (RFC 8292): a key pair of P-256, and whom a push service may write to. */
export interface Vapid {
  /** The scalar, base64url. */
  readonly privateKey: string;
  /** `mailto:` or `https:`. */
  readonly contact: string;
}

/** A new private key, base64url. */
export function makeVapidKey(): string {
  const pair = createECDH(CURVE);
  pair.generateKeys();
  const key = pair.getPrivateKey();
  return Buffer.concat([Buffer.alloc(KEY_BYTES - key.length), key]).toString('base64url');
}

export function isVapidKey(key: string): boolean {
  if (!/^[A-Za-z0-9_-]{43}$/.test(key)) return false;
  try {
    return publicKeyOf(key) !== '';
  } catch {
    return false; // 0, or not below the order of the curve
  }
}

/** The point that browsers subscribe with, uncompressed, base64url. */
export function publicKeyOf(privateKey: string): string {
  const pair = createECDH(CURVE);
  pair.setPrivateKey(privateKey, 'base64url');
  return pair.getPublicKey('base64url', 'uncompressed');
}

/** The header `Authorization` of a push to `endpoint`. */
export function vapidHeader({ privateKey, contact }: Vapid, endpoint: string, nowMs: number): string {
  const publicKey = publicKeyOf(privateKey);
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 1 + KEY_BYTES), point.subarray(1 + KEY_BYTES)];
  const jwk = { kty: 'EC', crv: 'P-256', d: privateKey, x: x.toString('base64url'), y: y.toString('base64url') };
  const claims = { aud: new URL(endpoint).origin, exp: Math.floor(nowMs / 1000) + VALID_S, sub: contact };
  const head = [{ typ: 'JWT', alg: 'ES256' }, claims].map(encoded).join('.');
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(head), { key, dsaEncoding: 'ieee-p1363' });
  return `vapid t=${head}.${signature.toString('base64url')}, k=${publicKey}`;
}

function encoded(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url');
}
