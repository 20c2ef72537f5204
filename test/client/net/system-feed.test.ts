import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SystemFeed } from '../../../client/net/system-feed.ts';
import type { SystemReply } from '../../../server/wire/rest.ts';

const REPLY = { version: '1' } as SystemReply;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('SystemFeed', () => {
  it('asks once a second, each time after the last answer', async () => {
    const { feed, received, asked } = feedOf(async () => Response.json(REPLY));

    feed.start();
    await vi.advanceTimersByTimeAsync(3500);

    expect(asked()).toBe(4);
    expect(received).toEqual([REPLY, REPLY, REPLY, REPLY]);
    feed.close();
  });

  it.each([
    ['a refused connection', async () => Promise.reject(new TypeError('refused'))],
    ['a failed request', async () => new Response('no', { status: 503 })],
    ['an answer that is not JSON', async () => new Response('<html>')],
  ])('goes on after %s', async (_, answer) => {
    const { feed, received, asked } = feedOf(answer);

    feed.start();
    await vi.advanceTimersByTimeAsync(2500);

    expect(asked()).toBe(3);
    expect(received).toEqual([]);
    feed.close();
  });

  it('goes on where the line swallows a request', async () => {
    const swallowed = (signal: AbortSignal) =>
      new Promise<Response>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const { feed, asked } = feedOf(swallowed);

    feed.start();
    await vi.advanceTimersByTimeAsync(8000); // 2.5 s of silence and one until the next

    expect(asked()).toBe(3);
    feed.close();
  });

  it('asks no more once closed, and takes no answer that comes late', async () => {
    let answer: (response: Response) => void = () => undefined;
    const { feed, received, asked } = feedOf(() => new Promise((resolve) => (answer = resolve)));

    feed.start();
    feed.close();
    answer(Response.json(REPLY));
    await vi.advanceTimersByTimeAsync(5000);

    expect(asked()).toBe(1);
    expect(received).toEqual([]);
  });
});

function feedOf(answer: (signal: AbortSignal) => Promise<Response>) {
  const received: SystemReply[] = [];
  let count = 0;
  const feed = new SystemFeed({
    fetch: (_path, options) => {
      count++;
      return answer(options!.signal!);
    },
    receive: (reply) => received.push(reply),
  });
  return { feed, received, asked: () => count };
}
