import type { CaptureReply, CaptureRequest, CapturesReply } from '../../server/wire/captures.ts';
import { type Fetch, request, requestJson } from './request.ts';

const PATH = '/api/captures';

/** Which recordings are asked for; what is left out is not restricted. */
export interface CaptureQuery {
  readonly search?: string;
  /** A name, or up to eight with commas between. */
  readonly channel?: string;
  readonly state?: string;
  readonly cause?: string;
  /** What a recording is of has time in common with it, ms since 1970 UTC. */
  readonly from?: string;
  readonly to?: string;
  /** `older` of the page before. */
  readonly before?: string;
  readonly limit?: string;
}

/** REST of the raw recordings. All reject as `requestJson`; recordings are made after the answer, so none takes long. */
export class CaptureClient {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  list(query: CaptureQuery, signal?: AbortSignal): Promise<CapturesReply> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
    const search = new URLSearchParams(given as [string, string][]).toString();
    return requestJson(this.#fetch, search === '' ? PATH : `${PATH}?${search}`, { signal });
  }

  one(id: string, signal?: AbortSignal): Promise<CaptureReply> {
    return requestJson(this.#fetch, capturePath(id), { signal });
  }

  /** Asks for a recording. One that is refused is an answer too. */
  record(wish: CaptureRequest): Promise<CaptureReply> {
    return requestJson(this.#fetch, PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    });
  }

  /** Removes a recording with all its samples; one under way is stopped. */
  async remove(id: string): Promise<void> {
    await request(this.#fetch, capturePath(id), { method: 'DELETE' });
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
