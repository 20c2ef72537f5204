import type { Problem } from '../../server/wire/rest.ts';
import { type Patience, unlessSilent } from './silence.ts';

/** The part of the browser's `fetch` that is used. */
export interface Fetch {
  (path: string, options?: RequestInit): Promise<Response>;
  /** Gets from the person what a refusal of this code asks for; whether they gave it, so that the same may be asked again. */
  readonly comply?: (code: string) => Promise<boolean>;
}

/** The browser's own. */
export const browserFetch: Fetch = (path, options) => fetch(path, options);

/** The server's own word on why a request failed: its code and message, or its status where it gave none. */
export class RefusedError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: unknown;

  constructor({ code, message, details }: Problem, status: number) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
    this.status = status;
    this.details = details;
  }

  /** Whether the same request may be answered later: the server is busy, or something in it failed. */
  get mayPass(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** Whether it is the server or the way to it that failed, not what was made of its answer. */
export function isFailedRequest(error: unknown): boolean {
  if (error instanceof RefusedError || error instanceof TypeError) return true; // `fetch` gives the latter where there is no line
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/** What is asked, and how it is given up. */
export type RequestOptions = Omit<RequestInit, 'signal'> & Patience;

/**
 * Asks for JSON. Rejects with `RefusedError` where the server refuses, with a
 * `TimeoutError` once nothing came for ten seconds, else as `fetch` does.
 */
export async function requestJson<T>(fetch: Fetch, path: string, options?: RequestOptions): Promise<T> {
  return JSON.parse(await request(fetch, path, options)) as T;
}

/** Asks for something to be done, and gives what is answered. Rejects as `requestJson`. */
export async function request(fetch: Fetch, path: string, options?: RequestOptions): Promise<string> {
  return new TextDecoder().decode(await requestBytes(fetch, path, options));
}

/** Asks for bytes, again where it was refused for want of something that the person then gave. Rejects as `requestJson`. */
export async function requestBytes(fetch: Fetch, path: string, options?: RequestOptions): Promise<Uint8Array> {
  const given = new Set<string>();
  for (;;) {
    try {
      return await requestOnce(fetch, path, options);
    } catch (error) {
      if (!(error instanceof RefusedError) || given.has(error.code)) throw error;
      given.add(error.code); // what was given does not help: asking for it again would not either
      if (!(await fetch.comply?.(error.code))) throw error;
    }
  }
}

async function requestOnce(
  fetch: Fetch,
  path: string,
  { signal, silenceMs, ...options }: RequestOptions = {},
): Promise<Uint8Array> {
  return unlessSilent({ signal, silenceMs }, async (line) => {
    const answer = await fetch(path, { ...options, signal: line.signal });
    const bytes = await bytesOf(line.pieces(answer));
    if (answer.ok) return bytes;
    throw new RefusedError(problemOf(answer, new TextDecoder().decode(bytes)), answer.status);
  });
}

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

// What stands between may answer in words of its own.
function problemOf({ status, statusText }: Response, text: string): Problem {
  const found = parsed(text);
  if (typeof found === 'object' && found !== null && 'message' in found) return found as Problem;
  return { code: String(status), message: `${status} ${statusText}`.trim() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
