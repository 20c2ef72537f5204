import type { CaptureReply, CaptureRequest, CapturesReply } from '../../server/wire/captures.ts';
import type { Problem } from '../../server/wire/rest.ts';

const PATH = '/api/captures';
// An answer that takes longer is given up. Recordings are made after the answer, so none has to.
const LIMIT_MS = 10_000;

/** The part of the browser's `fetch` that is used. */
export type Fetch = (path: string, options?: RequestInit) => Promise<Response>;

/** Which recordings are asked for; what is left out is not restricted. */
export interface CaptureQuery {
  readonly search?: string;
  readonly channel?: string;
  readonly state?: string;
  readonly cause?: string;
  /** Time of the trigger, ms since 1970 UTC. */
  readonly from?: string;
  readonly to?: string;
  /** `createdMs` of the last one of the page before. */
  readonly before?: string;
  readonly limit?: string;
}

/** The server's own word on why a request failed. */
export class RefusedError extends Error {
  readonly code: string;

  constructor({ code, message }: Problem) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
  }
}

/** REST of the raw recordings. Rejects with `RefusedError` where the server says why, else with what the browser says. */
export class CaptureClient {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  list(query: CaptureQuery, signal?: AbortSignal): Promise<CapturesReply> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
    const search = new URLSearchParams(given as [string, string][]).toString();
    return this.#ask(search === '' ? PATH : `${PATH}?${search}`, { signal });
  }

  one(id: string, signal?: AbortSignal): Promise<CaptureReply> {
    return this.#ask(capturePath(id), { signal });
  }

  /** Asks for a recording. One that is refused is an answer too. */
  record(request: CaptureRequest): Promise<CaptureReply> {
    return this.#ask(PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
  }

  async #ask<T>(path: string, { signal, ...options }: RequestInit): Promise<T> {
    const limit = AbortSignal.timeout(LIMIT_MS);
    const response = await this.#fetch(path, { ...options, signal: signal ? AbortSignal.any([signal, limit]) : limit });
    if (response.ok) return (await response.json()) as T;
    throw new RefusedError(await problemOf(response));
  }
}

/** Where the server keeps a recording; its files are below. */
export function capturePath(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}

/** Where a whole recording is saved from. */
export function downloadPath(id: string, as: 'sigmf' | 'wav' | 'npy'): string {
  return `${capturePath(id)}/download?as=${as}`;
}

// What stands between may answer in words of its own.
async function problemOf(response: Response): Promise<Problem> {
  const found: unknown = await response.json().catch(() => undefined);
  if (typeof found === 'object' && found !== null && 'message' in found) return found as Problem;
  return { code: String(response.status), message: `${response.status} ${response.statusText}` };
}
