import { createECDH } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { encrypt } from 'http_ece';
import type { PushNotice, PushOrder } from '../wire/push.ts';
import { publicLookup } from './public-lookup.ts';
import { timeBox } from './time-box.ts';
import { type Vapid, vapidHeader } from './vapid.ts';

export interface PushRequest {
  readonly to: Pick<PushOrder, 'endpoint' | 'keys'>;
  readonly notice: PushNotice;
  readonly vapid: Vapid;
  /** How long the service keeps it for a browser that is away, s. */
  readonly ttlS: number;
  readonly urgency: 'low' | 'normal' | 'high';
  /** One of the same topic replaces one that the service still keeps; at most 32 of base64url. */
  readonly topic: string;
  readonly nowMs: number;
}

const TIMEOUT_MS = 10_000;

/**
 * Gives a push service a notice for one browser (RFC 8030), encrypted for it
 * (RFC 8291). Follows no redirect, connects to no name of a private address, and
 * reads nothing of the answer but its status. Rejects where there is none in 10 s.
 */
export function sendPush({ to, notice, vapid, ...push }: PushRequest, signal: AbortSignal): Promise<number> {
  const privateKey = createECDH('prime256v1');
  privateKey.generateKeys();
  const text = Buffer.from(JSON.stringify(notice));
  const params = { version: 'aes128gcm', privateKey, dh: to.keys.p256dh, authSecret: to.keys.auth } as const;
  const body = encrypt(text, params);
  const headers = {
    Authorization: vapidHeader(vapid, to.endpoint, push.nowMs),
    'Content-Encoding': 'aes128gcm',
    'Content-Type': 'application/octet-stream',
    'Content-Length': body.length,
    TTL: push.ttlS,
    Urgency: push.urgency,
    Topic: push.topic,
  };
  return timeBox(TIMEOUT_MS, signal, (signal) => post(to.endpoint, { headers, body, signal }));
}

function post(
  endpoint: string,
  { body, ...options }: { readonly headers: OutgoingHttpHeaders; readonly body: Buffer; readonly signal: AbortSignal },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(endpoint, { method: 'POST', lookup: publicLookup, ...options } as const, (answer) => {
      answer.resume();
      answer.on('error', () => undefined); // the status is all that is of interest
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
