import type { Problem } from '../../server/wire/rest.ts';

// Ms. An answer that takes longer is given up: on a line that swallows what it
// is given, a request never ends, and all that wait for it wait as long.
const LIMIT_MS = 10_000;

/** The part of the browser's `fetch` that is used. */
export type Fetch = (path: string, options?: RequestInit) => Promise<Response>;

/** The browser's own. */
export const browserFetch: Fetch = (path, options) => fetch(path, options);

/** The server's own word on why a request failed: its code and message, or its status where it gave none. */
export class RefusedError extends Error {
  readonly code: string;
  readonly status: number;

  constructor({ code, message }: Problem, status: number) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
    this.status = status;
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

/** Gives `signal`, aborted at the latest when a request has taken too long. */
export function limited(signal: AbortSignal | null | undefined, limitMs = LIMIT_MS): AbortSignal {
  const limit = AbortSignal.timeout(limitMs);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

/**
 * Asks for JSON. Rejects with `RefusedError` where the server refuses, with a
 * `TimeoutError` after ten seconds, else as `fetch` does.
 */
export async function requestJson<T>(fetch: Fetch, path: string, options: RequestInit = {}): Promise<T> {
  return (await (await request(fetch, path, options)).json()) as T;
}

/** Asks for something to be done, whose answer says no more. Rejects as `requestJson`. */
export async function request(fetch: Fetch, path: string, { signal, ...options }: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, { ...options, signal: limited(signal) });
  if (response.ok) return response;
  throw new RefusedError(await problemOf(response), response.status);
}

// What stands between may answer in words of its own.
async function problemOf(response: Response): Promise<Problem> {
  const found: unknown = await response.json().catch(() => undefined);
  if (typeof found === 'object' && found !== null && 'message' in found) return found as Problem;
  return { code: String(response.status), message: `${response.status} ${response.statusText}`.trim() };
}
