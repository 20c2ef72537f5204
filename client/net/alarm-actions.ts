import type { ActionReply, AlarmAction } from '../../server/wire/alarm-actions.ts';
import { type Fetch, RefusedError, requestJson } from './request.ts';
import { signatureHeaders } from './signed.ts';

const PATH = '/api/alarms/actions';

// Browsers send no more than 64 KiB for a page that is left.
const KEEPALIVE_BYTES = 60_000;

/** What became of an action that was sent. */
export type ActionAnswer =
  | { readonly kind: 'answered'; readonly reply: ActionReply }
  /** The server will not do it, however often it is asked. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** It did not get there, or no answer came, or the server says why it cannot do it now: whether it was done is not known. */
  | { readonly kind: 'failed'; readonly why: string | undefined };

export interface Sending {
  /** Who signed the action; undefined where nobody has yet. */
  readonly name: string | undefined;
  /** The page may be gone before the answer. */
  readonly isLeaving: boolean;
}

/** Has something done about alarms. Never rejects. */
export async function sendAlarmAction(
  fetch: Fetch,
  action: AlarmAction,
  { name, isLeaving }: Sending,
): Promise<ActionAnswer> {
  const body = JSON.stringify(action);
  try {
    const reply = await requestJson<ActionReply>(fetch, PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signatureHeaders(name) },
      body,
      keepalive: isLeaving && body.length * 3 < KEEPALIVE_BYTES, // of text that is not ASCII
    });
    return { kind: 'answered', reply };
  } catch (error) {
    if (!(error instanceof RefusedError)) return { kind: 'failed', why: undefined };
    const { code, message, mayPass } = error;
    return mayPass ? { kind: 'failed', why: message } : { kind: 'refused', code, message };
  }
}

/** An identifier for an action; `crypto.randomUUID` is there over https only. */
export function createActionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
