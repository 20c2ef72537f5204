import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Fetch, requestJson } from '../../../client/net/request.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** As `fetch` over a line that swallows everything: only the signal ends it. */
const swallowing: Fetch = (_path, options) =>
  new Promise((_resolve, reject) => {
    const signal = options?.signal;
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });

describe('a request', () => {
  it.each([
    ['who asked gave no signal', {}],
    ['who asked gave none on purpose', { signal: null }],
    ['who asked waits on', { signal: new AbortController().signal }],
  ])('over a line that swallows it is given up after ten seconds, where %s', async (_, options) => {
    vi.useFakeTimers();
    const ended = endOf(requestJson(swallowing, '/api/channels', options));

    await vi.advanceTimersByTimeAsync(9900);
    expect(ended()).toBe('under way');
    await vi.advanceTimersByTimeAsync(200);

    expect(ended()).toBe('TimeoutError');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may take as long as it likes while something comes', async () => {
    vi.useFakeTimers();
    const { fetch, send, close } = slowly();
    const answer = requestJson(fetch, '/api/channels');
    for (const piece of '{"channels":["ä…"]}') {
      await vi.advanceTimersByTimeAsync(9000);
      send(piece);
    }
    close();

    expect(await answer).toEqual({ channels: ['ä…'] });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('whose answer stops in the middle is given up ten seconds later', async () => {
    vi.useFakeTimers();
    const { fetch, send } = slowly();
    const ended = endOf(requestJson(fetch, '/api/channels'));
    await vi.advanceTimersByTimeAsync(9000);
    send('{"chan');

    await vi.advanceTimersByTimeAsync(9900);
    expect(ended()).toBe('under way');
    await vi.advanceTimersByTimeAsync(200);

    expect(ended()).toBe('TimeoutError');
  });

  it('ends in the middle of its answer when the one who asked needs it no more', async () => {
    const { fetch, send } = slowly();
    const abort = new AbortController();
    const answer = requestJson(fetch, '/api/channels', { signal: abort.signal });
    await vi.waitFor(() => send('{"chan'));

    abort.abort();

    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('ends when the one who asked needs it no more', async () => {
    const abort = new AbortController();
    const answer = requestJson(swallowing, '/api/channels', { signal: abort.signal });
    abort.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    ['the server’s own words', { code: 'CHANNEL_UNKNOWN', message: 'no channel PMT-9' }, 'CHANNEL_UNKNOWN'],
    ['the status where something between answers', ['<html>'], '404'],
  ])('that fails says %s', async (_, body, code) => {
    const fetch: Fetch = async () => Response.json(body, { status: 404, statusText: 'Not Found' });
    await expect(requestJson(fetch, '/api/channels')).rejects.toMatchObject({ name: 'RefusedError', code });
  });
});

/** How an answer ended, so far. */
function endOf(answer: Promise<unknown>): () => string {
  let end = 'under way';
  answer.then(
    () => {
      end = 'answered';
    },
    ({ name }: Error) => {
      end = name;
    },
  );
  return () => end;
}

/** Answers at once, with a body that comes as it is sent; a request that is aborted ends, as in a browser. */
function slowly() {
  const encoder = new TextEncoder();
  let body: ReadableStreamDefaultController<Uint8Array>;
  const fetch: Fetch = async (_path, options) => {
    const signal = options?.signal;
    const start = (controller: typeof body) => {
      body = controller;
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    };
    return new Response(new ReadableStream({ start }));
  };
  return { fetch, send: (text: string) => body.enqueue(encoder.encode(text)), close: () => body.close() };
}
