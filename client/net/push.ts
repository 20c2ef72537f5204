import type { PushOrder, PushReply, SubscriberReply } from '../../server/wire/push.ts';
import { type Fetch, request, requestJson } from './request.ts';

const PATH = '/api/push';
const SUBSCRIBERS = `${PATH}/subscribers`;

/** REST of who is notified. Rejects as `requestJson`. */
export class PushClient {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  list(): Promise<PushReply> {
    return requestJson(this.#fetch, PATH);
  }

  add(order: PushOrder): Promise<SubscriberReply> {
    return requestJson(this.#fetch, SUBSCRIBERS, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(order),
    });
  }

  async remove(id: string): Promise<void> {
    await request(this.#fetch, `${SUBSCRIBERS}/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }
}
