import { request, type Server } from 'node:http';
import { tableFromIPC } from 'apache-arrow';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../server/base/errors.ts';
import type { HistorySource } from '../../../server/http/history-source.ts';
import { closeServer } from '../../../server/http/http-server.ts';
import type { HistoryRequest } from '../../../server/trend/history-rows.ts';
import { HISTORY_COLUMN_NAMES, type HistoryReply } from '../../../server/wire/history.ts';
import { fakePast, TWO_ROWS } from '../../support/past-source.ts';
import { serveApp } from '../../support/served-app.ts';

const RANGE = 'from=1700000000000&to=1700000001000&columns=10';

let server: Server | undefined;
let url: string;
let asked: HistoryRequest[];

afterEach(async () => {
  if (server) await closeServer(server);
});

describe('GET /api/channels/:channel/history', () => {
  it('answers with rows as columns, null where there is no figure', async () => {
    await serve();

    const response = await fetch(`${url}/api/channels/lamp/history?${RANGE}`);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      channel: 'lamp',
      unit: 'V',
      fromMs: 1_700_000_000_000,
      toMs: 1_700_000_001_000,
      rowMs: 10,
      span: 2,
      rows: {
        time: [1_700_000_000_000.5, 1_700_000_000_010.5],
        length: [10, 10],
        min: [-1.5, null],
        max: [2.5, null],
        mean: [0.25, null],
        deviation: [2, null],
        count: [100, 0],
        clipped: [3, 0],
        nonfinite: [0, 50],
        flags: [0, 16],
        windows: [2, 1],
        broken: [1, 0],
      },
    });
  });

  it('answers with the same as an Arrow stream, asked by parameter or header', async () => {
    await serve();
    const path = `${url}/api/channels/lamp/history?${RANGE}`;
    const json = (await (await fetch(path)).json()) as HistoryReply;

    const byParameter = await fetch(`${path}&format=arrow`);
    const byHeader = await fetch(path, { headers: { accept: 'application/vnd.apache.arrow.stream' } });

    expect(byParameter.headers.get('content-type')).toBe('application/vnd.apache.arrow.stream');
    expect(byParameter.headers.get('content-disposition')).toBe('attachment; filename=lamp.arrows');
    const bytes = new Uint8Array(await byParameter.arrayBuffer());
    expect(new Uint8Array(await byHeader.arrayBuffer())).toEqual(bytes);
    const table = tableFromIPC(bytes);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(HISTORY_COLUMN_NAMES);
    expect(String(table.schema.fields[0].type)).toBe('Timestamp<NANOSECOND, UTC>');
    const { rows, ...head } = json;
    expect(JSON.parse(table.schema.metadata.get('fenestra')!)).toEqual(head);
    for (const name of HISTORY_COLUMN_NAMES.slice(1)) {
      const values = Array.from(table.getChild(name)!, (value) => (value === null ? null : Number(value)));
      expect(values, name).toEqual(rows[name]);
    }
    expect(table.getChild('time')!.data[0].values).toEqual(TWO_ROWS.timeNs);
  });

  it.each([
    ['from=1.5&to=2', 1_500_000n, 2_000_000n, 1000],
    ['from=-1&to=0.0000019&columns=20000', -1_000_000n, 1n, 20_000],
    ['from=2026-11-21&to=2026-11-21T13:30Z', 1_795_219_200_000_000_000n, 1_795_267_800_000_000_000n, 1000],
    ['from=1970-01-01T00:00:01.000000001Z&to=9999999999999', 1_000_000_001n, 2n ** 63n - 1n, 1000],
  ])('understands %s', async (query, fromNs, toNs, columns) => {
    await serve();

    const response = await fetch(`${url}/api/channels/lamp/history?${query}`);

    expect(response.status).toBe(200);
    expect(asked).toEqual([{ channel: 'lamp', fromNs, toNs, columns }]);
  });

  it.each([
    ['lamp/history', 'from is missing, expected ms since 1970 UTC or ISO 8601 in UTC such as 2026-11-21T13:30:00Z'],
    ['lamp/history?from=1', 'to is missing'],
    ['lamp/history?from=5&to=5', 'to is "5", expected a time after from, "5"'],
    ['lamp/history?from=yesterday&to=5', 'from is "yesterday", expected ms'],
    ['lamp/history?from=1e3&to=5', 'from is "1e3"'],
    ['lamp/history?from=2026-02-31&to=2026-12-01', 'from is "2026-02-31"'],
    ['lamp/history?from=2026-13-01&to=2026-12-01', 'from is "2026-13-01"'],
    ['lamp/history?from=2026-11-21T10:00:00%2B09:00&to=2026-12-01', 'from is "2026-11-21T10:00:00+09:00"'],
    ['lamp/history?from=1&from=2&to=5', 'from is given more than once'],
    ['lamp/history?from=1&to=5&columns=0', 'columns is "0", expected a whole number, 1 to 20000'],
    ['lamp/history?from=1&to=5&columns=20001', 'columns is "20001"'],
    ['lamp/history?from=1&to=5&columns=1.5', 'columns is "1.5"'],
    ['lamp/history?from=1&to=5&columns=', 'columns is ""'],
    ['lamp/history?from=1&to=5&format=csv', 'format is "csv", expected json or arrow'],
    ['lamp/history?from=1&to=5&colums=7', 'parameter "colums", expected from, to, columns, format'],
    ['a%20b/history?from=1&to=5', 'channel is "a b", expected 1 to 64 of A-Z a-z 0-9 . _ -'],
    ['%2e%2e%2fetc/history?from=1&to=5', 'channel is "../etc"'],
  ])('refuses %s in words', async (path, message) => {
    await serve();

    const response = await fetch(`${url}/api/channels/${path}`);

    expect(response.status).toBe(400);
    const problem = (await response.json()) as { code: string; message: string };
    expect(problem.code).toBe('REQUEST_INVALID');
    expect(problem.message).toContain(message);
    expect(asked).toEqual([]);
  });

  it.each([
    ['CHANNEL_UNKNOWN', 404, null],
    ['HISTORY_BUSY', 503, '1'],
    ['HISTORY_FAILED', 503, '1'],
  ] as const)('tells %s with status %d', async (code, status, retryAfter) => {
    await serve({ query: () => Promise.reject(new AppError(code, 'why')) });

    const response = await fetch(`${url}/api/channels/lamp/history?${RANGE}`);

    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(await response.json()).toEqual({ code, message: 'why' });
  });

  it('lets go of a question that nobody waits for any more', async () => {
    let left: AbortSignal | undefined;
    await serve({
      query: (_request, signal) => {
        left = signal;
        return new Promise(() => {});
      },
    });
    const call = request(`${url}/api/channels/lamp/history?${RANGE}`).on('error', () => {});
    call.end();
    await expect.poll(() => left?.aborted).toBe(false);

    call.destroy();

    await expect.poll(() => left?.aborted).toBe(true);
  });

  it('may be kept for a while once it is settled, and not at all while it reaches the present', async () => {
    await serve({}, 1_700_000_001_000 + 3_600_001);
    const settled = await fetch(`${url}/api/channels/lamp/history?${RANGE}`);
    await serve({}, 1_700_000_001_000);
    const present = await fetch(`${url}/api/channels/lamp/history?${RANGE}`);

    expect(settled.headers.get('cache-control')).toBe('private, max-age=300');
    expect(present.headers.get('cache-control')).toBe('no-store');
    expect(settled.headers.get('vary')).toContain('Accept');
  });
});

describe('GET /api/channels', () => {
  it('lists channels that are open or have a past, by name', async () => {
    await serve();

    const response = await fetch(`${url}/api/channels`);

    expect(await response.json()).toEqual({
      channels: [
        { name: 'etch-1', label: 'etch-1', unit: 'V', rateHz: 2000, window: 10 },
        { name: 'lamp', label: 'The lamp', unit: 'V', rateHz: 2000, window: 10, firstMs: 1500, lastMs: 2500 },
      ],
    });
  });

  it('lists those that are open where nothing is kept', async () => {
    await serve({ channels: () => Promise.reject(new AppError('HISTORY_FAILED', 'the disk is gone')) });

    const response = await fetch(`${url}/api/channels`);

    expect(await response.json()).toMatchObject({ channels: [{ name: 'etch-1' }] });
  });

  it('is refused for now where the history is busy: the past of no channel is left out', async () => {
    await serve({ channels: () => Promise.reject(new AppError('HISTORY_BUSY', 'too many')) });

    const response = await fetch(`${url}/api/channels`);

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toEqual({ code: 'HISTORY_BUSY', message: 'too many' });
  });
});

async function serve(history: Partial<HistorySource> = {}, nowMs = 1_800_000_000_000): Promise<void> {
  if (server) await closeServer(server);
  asked = [];
  const fake = fakePast();
  const query: HistorySource['query'] = async ({ channel, fromNs, toNs, columns }) => {
    asked.push({ channel, fromNs, toNs, columns });
    return TWO_ROWS;
  };
  const past = fakePast({ nowMs: () => nowMs, history: { ...fake.history, query, ...history } });
  const served = await serveApp({ past });
  server = served.server;
  url = `http://127.0.0.1:${served.port}`;
}
