import { createECDH, createPublicKey, type ECDH, randomBytes, verify, webcrypto } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import type { PushNotice, PushOrder } from '../../server/wire/push.ts';
import { testCertificate } from './test-certificate.ts';

/** How a push service answers: a status, or not at all. */
type Answer = number | 'cut';

/** What a browser was told. */
interface Told {
  readonly browser: string;
  readonly notice: PushNotice;
  readonly headers: IncomingHttpHeaders;
}

/**
 * A push service of its own, for browsers of its own. Reads what it gets with their keys, as RFC 8291 says and by nothing
 * of the server, and takes only what is signed by the key they subscribed with (RFC 8292).
 */
export class PushService {
  /** What it has taken, in order. */
  readonly told: Told[] = [];
  /** How the next ones of a browser are answered, the last one for ever; others are taken. */
  readonly answers = new Map<string, Answer[]>();
  /** To be trusted by who sends. */
  readonly authority: string;
  requests = 0;
  readonly #server: Server;
  readonly #publicKey: string;
  readonly #browsers = new Map<string, { readonly pair: ECDH; readonly auth: Buffer }>();

  /** `publicKey` is that of the server. */
  static async listen(publicKey: string): Promise<PushService> {
    const service = new PushService(publicKey);
    service.#server.listen(0, '127.0.0.1');
    await once(service.#server, 'listening');
    return service;
  }

  private constructor(publicKey: string) {
    const { authority, certificate: cert, key } = testCertificate();
    this.authority = authority;
    this.#publicKey = publicKey;
    this.#server = createServer({ cert, key }, (req, res) => void this.#answer(req, res));
  }

  /** As the settings name it. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a new browser subscribes with. */
  subscribe(browser: string, language: PushOrder['language'] = 'en'): PushOrder {
    const pair = createECDH('prime256v1');
    pair.generateKeys();
    const auth = randomBytes(16);
    this.#browsers.set(browser, { pair, auth });
    const keys = { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') };
    return { endpoint: `https://${this.host}/push/${browser}`, keys, language };
  }

  /** Titles that a browser was told, in order. */
  titles(browser: string): string[] {
    return this.told.filter((one) => one.browser === browser).map(({ notice }) => notice.title);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    this.requests++;
    const browser = req.url!.split('/').at(-1)!;
    const answers = this.answers.get(browser) ?? [201];
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer === 'cut') return void req.socket.destroy();
    if (answer === 201) {
      this.#checkVapid(req.headers.authorization ?? '');
      expect(req.headers['content-encoding']).toBe('aes128gcm');
      const { pair, auth } = this.#browsers.get(browser)!;
      const notice = JSON.parse((await decryptPush(Buffer.concat(parts), pair, auth)).toString()) as PushNotice;
      this.told.push({ browser, notice, headers: req.headers });
    }
    res
      .writeHead(answer, answer < 400 && answer >= 300 ? { location: `https://${this.host}/push/elsewhere` } : {})
      .end();
  }

  #checkVapid(authorization: string): void {
    const [, token = '', key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization)!;
    expect(key).toBe(this.#publicKey);
    const [head = '', claims = '', signature = ''] = token.split('.');
    const point = Buffer.from(this.#publicKey, 'base64url');
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
    const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    const signed = Buffer.from(`${head}.${claims}`);
    const isTheirs = verify(
      'sha256',
      signed,
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    expect(isTheirs).toBe(true);
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toMatchObject({ alg: 'ES256' });
    const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    expect([aud, sub]).toEqual([`https://${this.host}`, 'mailto:ops@plant.example']);
    expect(exp).toBeLessThanOrEqual(Date.now() / 1000 + 24 * 3600);
    expect(exp).toBeGreaterThan(Date.now() / 1000);
  }
}

const { subtle } = webcrypto;
const SALT_BYTES = 16;

/** What a browser reads of a push: RFC 8188, section 2, with the keys of RFC 8291, section 3.4. One record. */
export async function decryptPush(body: Buffer, pair: ECDH, auth: Buffer): Promise<Buffer> {
  const salt = body.subarray(0, SALT_BYTES);
  const keyBytes = body.readUInt8(SALT_BYTES + 4);
  const text = SALT_BYTES + 5 + keyBytes;
  const sender = body.subarray(SALT_BYTES + 5, text);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), sender]);
  const secret = await derive(pair.computeSecret(sender), auth, info, 32);
  const key = await derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const iv = await derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const opened = await subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  const padded = Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv }, opened, body.subarray(text)));
  return padded.subarray(0, padded.lastIndexOf(2)); // the sign of the last record, and zeros behind it
}

async function derive(secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Promise<Buffer> {
  const key = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  return Buffer.from(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, bytes * 8));
}
