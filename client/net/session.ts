import type { SessionReply, SessionRequest } from '../../server/wire/session.ts';
import { type Fetch, RefusedError, requestJson } from './request.ts';

const PATH = '/api/session';

/** REST of the session. All reject as `requestJson`. */
export class SessionClient {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  look(): Promise<SessionReply> {
    return requestJson(this.#fetch, PATH);
  }

  /** Gives the operator secret: `in`, or that it is `wrong`, or that there were too many wrong ones and the next is looked at `later`. */
  async enter(secret: string): Promise<'in' | 'wrong' | 'later'> {
    try {
      await requestJson<SessionReply>(this.#fetch, PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ secret } satisfies SessionRequest),
      });
      return 'in';
    } catch (error) {
      if (error instanceof RefusedError && error.status === 401) return 'wrong';
      if (error instanceof RefusedError && error.status === 429) return 'later';
      throw error;
    }
  }

  leave(): Promise<SessionReply> {
    return requestJson(this.#fetch, PATH, { method: 'DELETE' });
  }
}
