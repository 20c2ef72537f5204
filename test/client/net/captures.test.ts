import { describe, expect, it } from 'vitest';
import { CaptureClient, downloadPath } from '../../../client/net/captures.ts';

interface Asked {
  readonly path: string;
  readonly options: RequestInit;
}

describe('the captures of a server', () => {
  it('are asked for with what restricts them, and nothing else', async () => {
    const { client, asked } = answering({ captures: [] });

    await client.list({ search: 'a & b', channel: 'PMT-1', state: '', from: undefined });
    await client.list({});

    expect(asked.map(({ path }) => path)).toEqual(['/api/captures?search=a+%26+b&channel=PMT-1', '/api/captures']);
  });

  it('are recorded by a request as JSON', async () => {
    const { client, asked } = answering({ id: 'c1', state: 'refused' });

    expect(await client.record({ channel: 'PMT-1', fromMs: 1, toMs: 2 })).toEqual({ id: 'c1', state: 'refused' });
    const [{ path, options }] = asked;
    expect([path, options.method, options.body]).toEqual([
      '/api/captures',
      'POST',
      '{"channel":"PMT-1","fromMs":1,"toMs":2}',
    ]);
    expect(new Headers(options.headers).get('content-type')).toBe('application/json');
  });

  it('are removed one by one, which is answered by nothing', async () => {
    const asked: unknown[] = [];
    const client = new CaptureClient(async (path, options) => {
      asked.push([path, options?.method]);
      return new Response(null, { status: 204 });
    });

    await client.remove('c1');

    expect(asked).toEqual([['/api/captures/c1', 'DELETE']]);
  });

  it.each([
    ['the server’s own words', { code: 'CHANNEL_UNKNOWN', message: 'no channel PMT-9' }, 'no channel PMT-9'],
    ['the status where something between answers', undefined, '404 Not Found'],
  ])('fail with %s', async (_, body, message) => {
    const text = body === undefined ? '<html>' : JSON.stringify(body);
    const client = new CaptureClient(async () => new Response(text, { status: 404, statusText: 'Not Found' }));

    await expect(client.one('c1')).rejects.toThrow(message);
  });

  it('are saved from an address that no identifier leaves', () => {
    expect(downloadPath('../x?y', 'npy')).toBe('/api/captures/..%2Fx%3Fy/download?as=npy');
  });
});

function answering(body: unknown): { client: CaptureClient; asked: Asked[] } {
  const asked: Asked[] = [];
  const client = new CaptureClient(async (path, options = {}) => {
    asked.push({ path, options });
    return Response.json(body);
  });
  return { client, asked };
}
