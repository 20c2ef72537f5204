import { expect } from 'vitest';
import type { CaptureReply, CaptureRequest, CapturesReply } from '../../server/wire/captures.ts';

/** Asks a server for recordings as a program does. */
export class CaptureClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = `${url}/api/captures`;
  }

  /** Posts a body, as it is or as JSON. */
  post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(this.#url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Begins a recording; fails where the answer is not that it is listed. */
  async begin(request: CaptureRequest): Promise<CaptureReply> {
    const reply = await this.post(request);
    expect(reply.status, await reply.clone().text()).toBe(201);
    return (await reply.json()) as CaptureReply;
  }

  async find(id: string): Promise<CaptureReply> {
    return (await (await fetch(`${this.#url}/${id}`)).json()) as CaptureReply;
  }

  async list(query = ''): Promise<CapturesReply> {
    return (await (await fetch(`${this.#url}?${query}`)).json()) as CapturesReply;
  }

  /** Waits until the recording is over, in that state. */
  async over(id: string, state: CaptureReply['state'] = 'ready'): Promise<CaptureReply> {
    let capture = await this.find(id);
    await expect
      .poll(async () => {
        capture = await this.find(id);
        return capture.state;
      })
      .not.toBe('recording');
    expect(capture.state, capture.note).toBe(state);
    return capture;
  }

  remove(id: string): Promise<Response> {
    return fetch(`${this.#url}/${id}`, { method: 'DELETE' });
  }

  /** A file of a recording, or a range of it. */
  file(id: string, name: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.#url}/${id}/${name}`, { headers });
  }

  async bytes(id: string, name: string): Promise<Buffer> {
    const reply = await this.file(id, name);
    expect(reply.status).toBe(200);
    return Buffer.from(await reply.arrayBuffer());
  }
}
