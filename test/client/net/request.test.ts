import { describe, expect, it } from 'vitest';
import { type Fetch, limited, requestJson } from '../../../client/net/request.ts';

/** As `fetch` over a line that swallows everything: only the signal ends it. */
const swallowing: Fetch = (_path, options) =>
  new Promise((_resolve, reject) => {
    const signal = options?.signal;
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });

describe('a request', () => {
  it('over a line that swallows it is given up', async () => {
    const signal = limited(undefined, 20);
    await expect(swallowing('/api/channels', { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('always has a limit, whoever asks', async () => {
    const signals: unknown[] = [];
    const fetch: Fetch = async (_path, options) => {
      signals.push(options?.signal);
      return Response.json({});
    };
    await requestJson(fetch, '/api/channels');
    await requestJson(fetch, '/api/channels', { signal: null });
    expect(signals).toEqual([expect.any(AbortSignal), expect.any(AbortSignal)]);
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
