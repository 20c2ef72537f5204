import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RangeFile } from '../../../client/net/range-file.ts';
import { runs } from '../../support/runs.ts';

const CONTENT = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const CHUNK = 64;

afterEach(() => {
  vi.useRealTimers();
});

describe('a file at the server', () => {
  it('hands out what was loaded as it is there, keeps to its limit, and never asks for what it has', async () => {
    const range = fc.tuple(fc.nat(1000), fc.nat(1000)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    await fc.assert(
      fc.asyncProperty(fc.array(range, { maxLength: 12 }), async (ranges) => {
        const limitBytes = 5 * CHUNK;
        const { file } = serve({ limitBytes });
        for (const [from, to] of ranges) {
          const before = file.requestedBytes;
          const hadAll = file.has(from, to);
          await file.load(from, to, new AbortController().signal);
          if (hadAll) expect(file.requestedBytes).toBe(before);
          expect(file.heldBytes).toBeLessThanOrEqual(limitBytes);
          if (to - from < limitBytes - 2 * CHUNK) expect(read(file, from, to)).toEqual([...CONTENT.subarray(from, to)]);
        }
      }),
      { numRuns: runs(200, 20_000) },
    );
  });

  it('asks for each missing run by one request', async () => {
    const { file, asked } = serve();
    const { signal } = new AbortController();

    await file.load(2 * CHUNK, 3 * CHUNK, signal);
    await file.load(10, 5 * CHUNK, signal);

    expect(asked).toEqual(['bytes=128-191', 'bytes=0-127', 'bytes=192-319']);
  });

  it('gives up what was longest not read', async () => {
    const { file } = serve({ limitBytes: 2 * CHUNK });
    const { signal } = new AbortController();
    await file.load(0, CHUNK, signal);
    await file.load(CHUNK, 2 * CHUNK, signal);
    read(file, 0, CHUNK);

    await file.load(2 * CHUNK, 3 * CHUNK, signal);

    expect([0, 1, 2].map((chunk) => file.has(chunk * CHUNK, (chunk + 1) * CHUNK))).toEqual([true, false, true]);
  });

  it.each([
    ['a whole file in the place of a part', () => new Response(CONTENT), /status 200 .* expected 206/],
    ['less than it asked for', () => new Response(CONTENT.subarray(0, 3), { status: 206 }), /3 bytes .* expected 64/],
    ['an error', () => new Response('', { status: 404 }), /status 404/],
  ])('takes no %s', async (_, answer, words) => {
    const file = new RangeFile({
      path: '/x',
      bytes: 1000,
      fetch: async () => answer(),
      chunkBytes: CHUNK,
      limitBytes: 1e6,
    });

    await expect(file.load(0, 10, new AbortController().signal)).rejects.toThrow(words);
    expect(file.has(0, 10)).toBe(false);
  });

  it('waits for a line that is slow, and gives up one that is silent for ten seconds', async () => {
    vi.useFakeTimers();
    const { file, send } = serveSlowly();
    const loaded = file.load(0, CHUNK, new AbortController().signal);
    for (let at = 0; at < CHUNK; at += 8) {
      await vi.advanceTimersByTimeAsync(9000);
      send(CONTENT.slice(at, at + 8));
    }
    await loaded;

    const silent = expect(file.load(CHUNK, 2 * CHUNK, new AbortController().signal)).rejects.toThrow(
      'nothing came for 10 s',
    );
    send(CONTENT.slice(0, 8));
    await vi.advanceTimersByTimeAsync(10_000);

    await silent;
    expect([file.has(0, CHUNK), file.has(CHUNK, 2 * CHUNK)]).toEqual([true, false]);
  });
});

/** Sends chunks piece by piece; a request that is aborted ends, as in a browser. */
function serveSlowly() {
  let body: ReadableStreamDefaultController<Uint8Array>;
  let sent = 0;
  const fetch = async (_: string, { signal }: RequestInit = {}) => {
    sent = 0;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        body = controller;
        signal?.addEventListener('abort', () => controller.error(signal.reason));
      },
    });
    return new Response(stream, { status: 206 });
  };
  const send = (bytes: Uint8Array) => {
    body.enqueue(bytes);
    sent += bytes.length;
    if (sent === CHUNK) body.close();
  };
  return { file: new RangeFile({ path: '/x', bytes: 1000, fetch, chunkBytes: CHUNK, limitBytes: 1e6 }), send };
}

function serve({ limitBytes = 1e6 } = {}) {
  const asked: string[] = [];
  const fetch = async (_: string, options: RequestInit = {}) => {
    const range = new Headers(options.headers).get('range') ?? '';
    asked.push(range);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    return new Response(CONTENT.slice(Number(from), Number(to) + 1), { status: 206 });
  };
  return { asked, file: new RangeFile({ path: '/x', bytes: CONTENT.length, fetch, chunkBytes: CHUNK, limitBytes }) };
}

function read(file: RangeFile, from: number, to: number): number[] {
  return [...file.held(from, to)].flatMap(({ bytes }) => [...bytes]);
}
