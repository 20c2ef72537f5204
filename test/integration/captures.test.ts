import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { openRecording } from '../../server/sigmf/recording-reader.ts';
import { CaptureClient } from '../support/capture-client.ts';
import { runCommand } from '../support/command.ts';
import { Device } from '../support/device.ts';
import { Folder } from '../support/folder.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { hasTool } from '../support/tools.ts';
import { TestViewer } from '../support/viewer.ts';

const RATE_HZ = 100_000;
const WINDOW = 500;
const folder = new Folder();
let server: TestServer;
let client: CaptureClient;
const devices: Device[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) device.socket.destroy();
  await server.close();
});

describe('a recording', () => {
  it('holds what was before and after, a segment for each gap, and is read by ranges', async () => {
    await start();
    const device = await open('c');
    await send(device, 1000, 30_000);
    await send(device, 40_000, 10_000); // after a gap of 9,000

    const begun = await client.begin({ channel: 'c', comment: 'why <b>', beforeSeconds: 0.4, afterSeconds: 0.1 });
    expect(begun).toMatchObject({ state: 'recording', triggerSample: 49_999, from: 9999, to: 59_999 });
    await send(device, 50_000, 20_000);
    const capture = await client.over(begun.id);

    expect(capture).toMatchObject({ overtaken: 0, samples: 41_000, bytes: 82_000, cause: { comment: 'why <b>' } });
    expect(capture.segments).toMatchObject([
      { start: 0, index: 9999, samples: 21_001 },
      { start: 21_001, index: 40_000, samples: 19_999 },
    ]);
    const data = await client.bytes(begun.id, 'data');
    const indices = [...range(9999, 31_000), ...range(40_000, 59_999)];
    expect(data.equals(Buffer.from(Int16Array.from(indices, sampleAt).buffer))).toBe(true);
    expect(createHash('sha512').update(data).digest('hex')).toBe(capture.sha512);
    const overview = await client.bytes(begun.id, 'overview');
    expect(capture.overview).toEqual({ cell: 500, levels: [82] });
    expect(new Float64Array(new Uint8Array(overview).buffer)).toEqual(extremes(indices.map(sampleAt)));

    const recording = await openRecording(folder.path(`captures/${begun.id}.sigmf-meta`));
    expect(recording.stretches).toMatchObject([
      { firstSample: 9999, timeNs: 1_700_000_000_000_000_000n + 99_990_000n },
      { firstSample: 40_000, timeNs: 1_700_000_000_000_000_000n + 400_000_000n },
    ]);
    expect(recording.metadata.annotations).toMatchObject([{ 'core:sample_start': 31_000, 'core:comment': 'why <b>' }]);

    const part = await client.file(begun.id, 'data', { Range: 'bytes=100-199' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/82000']);
    expect(Buffer.from(await part.arrayBuffer()).equals(data.subarray(100, 200))).toBe(true);
    const same = { 'If-Range': part.headers.get('etag')!, Range: 'bytes=0-0' };
    expect((await client.file(begun.id, 'data', same)).status).toBe(206);
    expect((await client.file(begun.id, 'data', { ...same, 'If-Range': '"other"' })).status).toBe(200);
    const beyond = await client.file(begun.id, 'data', { Range: 'bytes=82000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */82000']);
    expect(await beyond.json()).toMatchObject({ code: 'RANGE_INVALID' });
  });

  it('is found in the list by what one knows of it', async () => {
    await start({ channels: { c: { label: 'Etch 1, view A' } } });
    const device = await open('c');
    await send(device, 0, 10_000);
    const ids: string[] = [];
    for (const comment of ['first', 'second', 'third']) {
      ids.unshift((await client.begin({ channel: 'c', comment, fromMs: MS, toMs: MS + 50 })).id);
    }
    for (const id of ids) await client.over(id);

    const all = await client.list();
    expect([all.total, all.bytes, all.captures.map(({ id }) => id)]).toEqual([3, 3 * 10_000, ids]);
    const page = await client.list(`limit=1&before=${all.captures[0]!.createdMs}`);
    expect([page.total, page.captures.map(({ id }) => id)]).toEqual([3, [ids[1]]]);
    for (const query of ['search=SECOND', `search=${ids[1]}`, 'channel=c&search=second&state=ready&cause=person']) {
      expect((await client.list(query)).captures.map(({ id }) => id)).toEqual([ids[1]]);
    }
    expect((await client.list('search=view+A')).total).toBe(3);
    for (const query of ['channel=d', 'state=failed', 'cause=threshold', `from=${MS + 1}`, `to=${MS - 1}`]) {
      expect((await client.list(query)).total).toBe(0);
    }
    for (const query of ['limit=0', 'limit=501', 'state=odd', 'from=x', 'other=1', 'limit=1&limit=2']) {
      expect(await client.list(query)).toMatchObject({ code: 'REQUEST_INVALID' });
    }
  });

  it('begins where a raw sample passes the limit, to the sample, and not again before the signal was back', async () => {
    const capture = { above: 20, below: -20, hold_off_seconds: 0.1, before_seconds: 0.01, after_seconds: 0.005 };
    await start({ channels: { c: { capture, unit: 'V' } } });
    const device = await open('c', { 'fenestra:scale': 0.001, 'fenestra:offset': 1 });
    const quiet = (from: number, to: number, spike?: number) =>
      frame(
        device,
        from,
        Int16Array.from(range(from, to), (i) => (i === spike ? -22_345 : 100)),
      );
    await quiet(0, 10_000);
    await quiet(10_000, 20_000, 12_345);
    await quiet(20_000, 30_000, 20_100); // within the hold-off
    await quiet(30_000, 40_000, 33_333);

    await expect.poll(async () => (await client.list('state=ready')).total).toBe(2);

    const { captures } = await client.list();
    expect(captures.map(({ triggerSample }) => triggerSample)).toEqual([33_333, 12_345]);
    expect(captures[1]).toMatchObject({
      from: 11_345,
      to: 12_845,
      samples: 1500,
      unit: 'V',
      cause: { kind: 'threshold', limit: -20, value: -22_345 * 0.001 + 1 },
    });
  });

  it('is refused, and listed so, where its budget is used up or nothing of its range is there', async () => {
    await start({ capture: { per_hour: 2, ring_bytes: 65_536, keep_bytes: 1 << 20 } });
    const device = await open('c');
    await send(device, 0, 100_000); // of which the ring has 32,768

    const overtaken = await client.begin({ channel: 'c', fromMs: MS, toMs: MS + 100 });
    expect(overtaken).toMatchObject({ state: 'refused', note: expect.stringContaining('the last 0.3 s are kept') });
    const tooLarge = await client.begin({ channel: 'c', beforeSeconds: 0.1, afterSeconds: 6 });
    expect(tooLarge).toMatchObject({
      state: 'refused',
      note: expect.stringContaining('of the 1048576 for recordings'),
    });
    const half = await client.over((await client.begin({ channel: 'c', fromMs: MS + 600, toMs: MS + 900 })).id);
    expect(half).toMatchObject({ overtaken: 7232, samples: 22_768, note: expect.stringContaining('7232 samples') });
    await client.over((await client.begin({ channel: 'c', fromMs: MS + 800, toMs: MS + 900 })).id);
    const third = await client.begin({ channel: 'c', fromMs: MS + 800, toMs: MS + 900 });
    expect(third).toMatchObject({ state: 'refused', note: expect.stringContaining('2 recordings of this channel') });

    expect((await client.list('state=refused')).total).toBe(3);
    expect((await client.post({ channel: 'nobody' })).status).toBe(404);
  });

  it('that was half written when the server was killed is listed as failed, and nothing else is lost', async () => {
    await start();
    let device = await open('c');
    await send(device, 0, 50_000);
    const whole = await client.over((await client.begin({ channel: 'c', fromMs: MS, toMs: MS + 100 })).id);
    const half = await client.begin({ channel: 'c', beforeSeconds: 0.2, afterSeconds: 10 });
    await send(device, 50_000, 50_000);
    server.kill('SIGKILL');
    await server.ended;
    writeFileSync(folder.path('captures/damaged.json'), '{"id":"damag');

    await start();

    expect(await client.find(half.id)).toMatchObject({
      state: 'failed',
      samples: 0,
      note: expect.stringContaining('ended'),
    });
    expect(await client.find(whole.id)).toEqual(whole);
    expect((await client.list()).total).toBe(2);
    expect(readdirSync(folder.path('captures')).filter((name) => name.startsWith(half.id))).toEqual([
      `${half.id}.json`,
    ]);
    expect(sha512(await client.bytes(whole.id, 'data'))).toBe(whole.sha512);
    expect((await client.file(half.id, 'data')).status).toBe(404);
    device = await open('c');
    await send(device, 0, 50_000);
    expect((await client.begin({ channel: 'c' })).state).toBe('recording');
  });

  it('under way when the server stops is ended with what there is', async () => {
    await start();
    const device = await open('c');
    await send(device, 0, 50_000);
    const { id } = await client.begin({ channel: 'c', beforeSeconds: 0.2, afterSeconds: 10 });
    await server.close();

    await start();

    const capture = await client.find(id);
    expect(capture).toMatchObject({
      state: 'ready',
      samples: 20_001,
      note: expect.stringContaining('the server was stopped'),
    });
    expect(sha512(await client.bytes(id, 'data'))).toBe(capture.sha512);
  });

  it.skipIf(!hasTool('tar'))('is downloaded as a SigMF archive that tar reads', async () => {
    const { id, sha512: expected } = await record();

    writeFileSync(folder.path('it.tar'), await client.bytes(id, 'download?as=sigmf'));
    execFileSync('tar', ['-xf', folder.path('it.tar'), '-C', folder.path()]);

    const recording = await openRecording(folder.path(`${id}/${id}.sigmf-meta`)); // which checks the checksum
    expect(recording.metadata.global['core:sha512']).toBe(expected);
    expect(existsSync(folder.path(`${id}/${id}.sigmf-data`))).toBe(true);
  });

  it('replayed into a channel of its own gives the same trend, byte for byte', async () => {
    await start();
    const viewer = await TestViewer.open(server.url, { keepsBlocks: true });
    await viewer.subscribe([{ name: '*' }]);
    const device = await open('live', { 'core:datatype': 'rf32_le', 'fenestra:scale': -0.37, 'fenestra:offset': 3.3 });
    for (const [from, to] of [
      [700, 33_000],
      [40_200, 61_234],
      [61_234, 100_000],
    ] as const) {
      await frame(
        device,
        from,
        Float32Array.from(range(from, to), (i) => Math.sin(i / 7) * sampleAt(i)),
      );
    }
    const { id } = await client.begin({ channel: 'live', fromMs: MS + 100.01, toMs: MS + 900.03 });
    await client.over(id);

    const run = await runCommand(
      [
        'replay',
        folder.path(`captures/${id}.sigmf-meta`),
        '--channel',
        'again',
        '--port',
        String(server.ingest.port),
        '--speed',
        'max',
      ],
      folder.path(),
    );

    expect(run.stderr).toContain('samples sent as again');
    const first = Math.ceil(10_001 / WINDOW);
    const last = Math.floor(90_003 / WINDOW) - 1;
    await viewer.until(() => rowsOf(viewer, 'again').has(last));
    const [live, again] = [rowsOf(viewer, 'live'), rowsOf(viewer, 'again')];
    const inside = [...live.keys()].filter((k) => k >= first && k <= last);
    expect(inside.length).toBe(65 - first + 1 + (last - 80 + 1)); // none from 66 to 79
    for (const k of inside) expect([k, again.get(k)]).toEqual([k, live.get(k)]);
    await viewer.close();
  });
});

const MS = 1_700_000_000_000;

async function start(settings: Readonly<Record<string, object>> = {}): Promise<void> {
  server = await startServer({ ...settings, storage: { directory: folder.path() } });
  client = new CaptureClient(server.url);
}

async function open(channel: string, hello: Readonly<Record<string, unknown>> = {}): Promise<Device> {
  const device = await Device.open(server.ingest, {
    'fenestra:channel': channel,
    'fenestra:epoch_ns': `${MS}000000`,
    'fenestra:window': WINDOW,
    'core:sample_rate': RATE_HZ,
    ...hello,
  });
  devices.push(device);
  return device;
}

function send(device: Device, from: number, samples: number): Promise<void> {
  return frame(device, from, Int16Array.from(range(from, from + samples), sampleAt));
}

// Until the server has read it: it grants that many bytes more.
async function frame(device: Device, from: number, samples: Int16Array | Float32Array): Promise<void> {
  const granted = () => device.acknowledgements.at(-1)?.creditBytes ?? Number(device.answer!.credit_bytes);
  const before = granted();
  device.frame(from, samples);
  await device.until(() => granted() >= before + samples.byteLength);
}

async function record() {
  await start();
  const device = await open('c');
  await send(device, 0, 10_000);
  return client.over((await client.begin({ channel: 'c', fromMs: MS, toMs: MS + 77 })).id);
}

function sampleAt(index: number): number {
  return (index * 7919) % 30_000;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function extremes(samples: readonly number[]): Float64Array {
  const cells: number[] = [];
  for (let at = 0; at < samples.length; at += 500) {
    const cell = samples.slice(at, at + 500);
    cells.push(Math.min(...cell), Math.max(...cell));
  }
  return Float64Array.from(cells);
}

function sha512(bytes: Buffer): string {
  return createHash('sha512').update(bytes).digest('hex');
}

/** What a viewer got of each window, by index. */
function rowsOf(viewer: TestViewer, channel: string): Map<number, unknown> {
  const rows = new Map<number, unknown>();
  for (const { firstRow, timeNs, rowNs, min, max, mean, m2, count, clipped, nonfinite, flags } of viewer.viewed.get(
    channel,
  )?.blocks ?? []) {
    for (const i of min.keys()) {
      const figures = [min, max, mean, m2, count, clipped, nonfinite, flags].map((column) => column[i]);
      rows.set(firstRow + i, [timeNs + BigInt(Math.round(i * rowNs)), ...figures]);
    }
  }
  return rows;
}
