import type { Board, BoardPut, BoardReply, BoardsReply } from '../../server/wire/boards.ts';
import { type Fetch, request, requestJson } from './request.ts';

const PATH = '/api/boards';

/** The boards of walls, as the server keeps them. Rejects as `requestJson`. */
export class BoardClient {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  list(signal?: AbortSignal): Promise<BoardsReply> {
    return requestJson(this.#fetch, PATH, { signal });
  }

  find(id: string, signal?: AbortSignal): Promise<BoardReply> {
    return requestJson(this.#fetch, pathOf(id), { signal });
  }

  put(id: string, board: Board, expectedVersion: number): Promise<BoardReply> {
    const body = JSON.stringify({ expectedVersion, board } satisfies BoardPut);
    return requestJson(this.#fetch, pathOf(id), {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
  }

  async remove(id: string, expectedVersion: number): Promise<void> {
    await request(this.#fetch, `${pathOf(id)}?expectedVersion=${expectedVersion}`, { method: 'DELETE' });
  }
}

function pathOf(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}
