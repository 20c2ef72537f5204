import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { openRecording } from '../../server/sigmf/recording-reader.ts';
import type { CaptureReply, CaptureRequest } from '../../server/wire/captures.ts';
import { Device } from '../support/device.ts';
import { Folder } from '../support/folder.ts';
import { startServer, type TestServer } from '../support/server.ts';

const RATE_HZ = 100_000;
const WINDOW = 500;
const folder = new Folder();
let server: TestServer | undefined;
const devices: Device[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) device.socket.destroy();
  await server?.close();
  server = undefined;
});

describe('a recording', () => {
  it('holds the samples before and after the trigger, a segment for each gap, and can be read by ranges', async () => {
    const device = await open();
    await send(device, 1000, 30_000);
    await send(device, 40_000, 10_000); // after a gap of 9,000

    const begun = await begin({ channel: 'c', comment: 'why <b>', beforeSeconds: 0.4, afterSeconds: 0.1 });
    expect(begun).toMatchObject({
      state: 'recording',
      triggerSample: 49_999,
      from: 9999,
      to: 59_999,
      cause: { comment: 'why <b>' },
    });
    await send(device, 50_000, 20_000);
    const capture = await ready(begun.id);

    expect(capture).toMatchObject({ overtaken: 0, samples: 21_001 + 19_999, bytes: 2 * 41_000 });
    expect(capture.segments).toMatchObject([
      { start: 0, index: 9999, samples: 21_001 },
      { start: 21_001, index: 40_000, samples: 19_999 },
    ]);
    const data = await get(`/api/captures/${begun.id}/data`);
    expect(
      new Int16Array(data.buffer.slice(0)).every((x, i) => x === sampleAt(i < 21_001 ? 9999 + i : 40_000 + i - 21_001)),
    ).toBe(true);
    expect(createHash('sha512').update(data).digest('hex')).toBe(capture.sha512);

    const part = await fetch(`${server!.url}/api/captures/${begun.id}/data`, { headers: { Range: 'bytes=100-199' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 100-199/82000');
    expect(Buffer.from(await part.arrayBuffer()).equals(data.subarray(100, 200))).toBe(true);
    const beyond = await fetch(`${server!.url}/api/captures/${begun.id}/data`, { headers: { Range: 'bytes=82000-' } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */82000']);
    expect(await beyond.json()).toMatchObject({ code: 'RANGE_INVALID' });

    const overview = await get(`/api/captures/${begun.id}/overview`);
    expect(capture.overview).toEqual({ cell: 500, levels: [82] });
    expect([...new Float64Array(overview.buffer.slice(0, 32))]).toEqual(extremes(data, 0, 2));

    const recording = await openRecording(folder.path(`captures/${begun.id}.sigmf-meta`));
    expect(recording.stretches).toMatchObject([{ firstSample: 9999 }, { firstSample: 40_000 }]);
    expect(recording.metadata.annotations).toMatchObject([
      { 'core:sample_start': 21_001 + 9999, 'core:comment': 'why <b>' },
    ]);
  });
});

async function open(): Promise<Device> {
  server = await startServer({ storage: { directory: folder.path() } });
  const device = await Device.open(server.ingest, {
    'fenestra:channel': 'c',
    'fenestra:stream': 's',
    'fenestra:epoch_ns': '1700000000000000000',
    'fenestra:window': WINDOW,
    'core:sample_rate': RATE_HZ,
  });
  devices.push(device);
  return device;
}

async function send(device: Device, from: number, samples: number): Promise<void> {
  device.frame(
    from,
    Int16Array.from({ length: samples }, (_, i) => sampleAt(from + i)),
  );
  await device.until(
    () => (device.acknowledgements.at(-1)?.nextSample ?? 0) >= from + samples - ((from + samples) % WINDOW),
  );
}

function sampleAt(index: number): number {
  return (index * 7919) % 30_000;
}

function extremes(data: Uint8Array, from: number, cells: number): number[] {
  const samples = new Int16Array(data.buffer.slice(data.byteOffset));
  return Array.from({ length: cells }, (_, i) => samples.subarray((from + i) * 500, (from + i + 1) * 500)).flatMap(
    (cell) => [Math.min(...cell), Math.max(...cell)],
  );
}

async function begin(request: CaptureRequest): Promise<CaptureReply> {
  const reply = await fetch(`${server!.url}/api/captures`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  });
  expect(reply.status).toBe(201);
  return (await reply.json()) as CaptureReply;
}

async function ready(id: string): Promise<CaptureReply> {
  let capture: CaptureReply | undefined;
  await expect
    .poll(async () => {
      capture = (await (await fetch(`${server!.url}/api/captures/${id}`)).json()) as CaptureReply;
      return capture.state;
    })
    .toBe('ready');
  return capture!;
}

async function get(path: string): Promise<Buffer> {
  const reply = await fetch(server!.url + path);
  expect(reply.status).toBe(200);
  return Buffer.from(await reply.arrayBuffer());
}
