import { afterEach, describe, expect, it } from 'vitest';
import { Device, frameBytes } from '../../support/device.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { startIngest, type TestIngest, type TestIngestOptions } from '../../support/ingest.ts';

let ingest: TestIngest;
const devices: Device[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) device.socket.destroy();
  await ingest.close();
});

describe('a hello is refused', () => {
  it.each([
    ['HELLO_INVALID', { 'fenestra:channel': 'a b' }, {}],
    ['VERSION_UNKNOWN', { 'fenestra:version': 2 }, {}],
    ['TOKEN_INVALID', {}, { listed: { test: { token: 'secret' } } }],
    ['TOKEN_INVALID', { 'fenestra:token': 'secreT' }, { listed: { test: { token: 'secret' } } }],
    ['TOKEN_INVALID', { 'fenestra:token': 'secret2' }, { listed: { test: { token: 'secret' } } }],
    ['TOKEN_INVALID', { 'fenestra:token': '' }, { listed: { test: { token: 'secret' } } }],
    ['CHANNEL_LIMIT', {}, { listedOnly: true, listed: { other: {} } }],
    ['CHANNEL_LIMIT', { 'fenestra:channel': 'constructor' }, { listedOnly: true }],
  ])('with %s: %o', async (code, hello, options: TestIngestOptions) => {
    const device = await open(hello, options);
    await device.until(() => device.isEnded);

    expect(device.answer).toMatchObject({ ok: false, code, message: expect.any(String) });
    expect(ingest.server.counts().errors).toEqual({ [code]: 1 });
    expect(ingest.server.ledger()).toEqual([]);
  });

  it('with CHANNEL_LIMIT past the limit, while listed channels and known ones still open', async () => {
    await open({ 'fenestra:channel': 'a' }, { channelLimit: 1, listed: { listed: {} } });
    const past = await add({ 'fenestra:channel': 'b' });
    const listed = await add({ 'fenestra:channel': 'listed' });

    expect(past.answer).toMatchObject({ ok: false, code: 'CHANNEL_LIMIT' });
    expect(listed.answer?.ok).toBe(true);
  });

  it('with CHANNEL_BUSY while another device lives there', async () => {
    const first = await open({});
    const second = await add({});
    first.frame(0, new Int16Array(10));
    await first.finish();

    expect(second.answer).toMatchObject({ ok: false, code: 'CHANNEL_BUSY' });
    expect(ingest.ledger()).toMatchObject({ received: 10, connections: 1 });
  });

  it('with HELLO_TIMEOUT where it does not come', async () => {
    ingest = await startIngest({ timeouts: { helloMs: 100, silentMs: 10_000, lingerMs: 50 } });
    const device = await Device.connect(ingest.address);
    devices.push(device);
    device.send(Buffer.of(100, 0, 0)); // and no more
    await device.until(() => device.isEnded);

    expect(device.answer).toMatchObject({ ok: false, code: 'HELLO_TIMEOUT' });
  });

  it('and what follows it is discarded, with the answer still readable', async () => {
    const device = await open({ 'fenestra:version': 9 });
    for (let i = 0; i < 50; i++) device.send(Buffer.alloc(65_536));
    await device.until(() => device.isEnded);

    expect(device.answer?.code).toBe('VERSION_UNKNOWN');
  });

  it('never by the token where none is asked', async () => {
    const device = await open({ 'fenestra:token': 'whatever' });

    expect(device.answer?.ok).toBe(true);
  });

  it('never where the token is right', async () => {
    const device = await open({ 'fenestra:token': 'secret' }, { listed: { test: { token: 'secret' } } });

    expect(device.answer?.ok).toBe(true);
  });
});

describe('a connection ends with an error', () => {
  const samples = new Int16Array(10);

  it.each([
    ['FRAME_INVALID', 'another magic', patched((bytes) => bytes.writeUInt32LE(0x4e465453, 0))],
    ['FRAME_INVALID', 'another version', patched((bytes) => bytes.writeUInt16LE(2, 4))],
    ['FRAME_INVALID', 'another header', patched((bytes) => bytes.writeUInt16LE(72, 6))],
    ['FRAME_INVALID', 'an odd payload', patched((bytes) => bytes.writeUInt32LE(19, 8))],
    ['FRAME_INVALID', 'a huge payload', patched((bytes) => bytes.writeUInt32LE(4_194_306, 8))],
    ['FRAME_INVALID', 'unknown flags', patched((bytes) => bytes.writeUInt32LE(16, 12))],
    ['CHECKSUM_WRONG', 'another checksum', patched((bytes) => bytes.writeUInt32LE(1, 48))],
    ['INDEX_JUMP', 'an index of 2^53', patched((bytes) => bytes.writeBigUInt64LE(2n ** 53n, 24))],
    ['INDEX_JUMP', 'an index of 2^64 - 1', patched((bytes) => bytes.writeBigUInt64LE(2n ** 64n - 1n, 24))],
    ['INDEX_JUMP', 'samples past 2^53', patched((bytes) => bytes.writeBigUInt64LE(2n ** 53n - 9n, 24))],
  ])('%s for %s, and nothing of that frame is reduced', async (code, _name, frame) => {
    const device = await open({ 'fenestra:window': 10 });
    device.frame(0, samples);
    device.send(frame);
    await device.until(() => device.isEnded);

    expect(device.error).toMatchObject({ code, message: expect.any(String) });
    expect(ingest.ledger()).toMatchObject({ received: 10, windows: 1, live: false });
    expect(ingest.server.counts().errors).toEqual({ [code]: 1 });
  });

  it('INDEX_JUMP for a jump of over 24 h of samples, not for one of 24 h', async () => {
    const day = 24 * 3600 * 10;
    const device = await open({ 'core:sample_rate': 10 });
    device.frame(0, samples);
    device.frame(10 + day, samples);
    device.frame(20 + day + day + 1, samples);
    await device.until(() => device.isEnded);

    expect(device.error?.code).toBe('INDEX_JUMP');
    expect(ingest.ledger()).toMatchObject({ received: 20, gaps: 1, missing: day });
  });

  it('the last index is 2^53 - 1', async () => {
    const device = await open({ 'fenestra:window': 10 });
    device.frame(2 ** 53 - 10, samples);
    await device.finish();

    expect(device.error).toBeUndefined();
    expect(ingest.ledger().received).toBe(10);
  });

  it('SILENT where no whole frame comes, though single bytes do', async () => {
    const clock = new FakeClock();
    const device = await open({}, { clock });
    const bytes = frameBytes(0, samples);
    for (let at = 0; at < 19; at++) {
      device.send(bytes.subarray(at, at + 1));
      await ingest.pass(clock, 500);
    }
    expect(ingest.ledger().live).toBe(true);
    await ingest.pass(clock, 500);
    await device.until(() => device.isEnded);

    expect(device.error?.code).toBe('SILENT');
    expect(ingest.ledger().live).toBe(false);
  });

  it('SILENT where no bare sample comes, in words that say so', async () => {
    const timeouts = { helloMs: 5000, silentMs: 100, lingerMs: 50 };
    const device = await open({ 'fenestra:framing': 'none' }, { timeouts });
    await device.until(() => device.isEnded);

    expect(device.error).toEqual({ code: 'SILENT', message: 'no sample for 100 ms' });
  });

  it('INDEX_JUMP for such a jump in the first frame of another connection too', async () => {
    const hello = { 'fenestra:stream': 'run', 'fenestra:window': 10 };
    const first = await open(hello);
    first.frame(0, samples);
    await first.finish();
    const second = await add(hello);
    second.frame(2 ** 52, samples);
    await second.until(() => second.isEnded);
    const third = await add(hello);
    third.frame(10, samples);
    await third.finish();

    expect(second.error?.code).toBe('INDEX_JUMP');
    expect(ingest.ledger()).toMatchObject({ received: 20, missing: 0, duplicate: 0 });
  });

  it('never SILENT while keep-alives come', async () => {
    const clock = new FakeClock();
    const device = await open({}, { clock });
    for (let i = 1; i <= 3; i++) {
      device.frame(0, new Int16Array(0));
      await device.until(() => device.acknowledgements.at(-1)?.creditBytes === (1 << 20) + i * 64);
      await ingest.pass(clock, 9500);
    }

    expect(device.error).toBeUndefined();
    expect(ingest.ledger().live).toBe(true);
  });

  it('and the channel is free for the next device at once', async () => {
    const first = await open({}, { timeouts: { helloMs: 5000, silentMs: 200, lingerMs: 5000 } });
    await first.until(() => first.isEnded);
    const second = await add({});

    expect(first.error?.code).toBe('SILENT');
    expect(second.answer?.ok).toBe(true);
  });

  it('SERVER_STOPPING when the server stops', async () => {
    const device = await open({});
    const silent = await Device.connect(ingest.address);
    devices.push(silent);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([ingest.close(), device.until(() => device.isEnded), silent.until(() => silent.isEnded)]);

    expect(device.error?.code).toBe('SERVER_STOPPING');
    expect(silent.answer?.code).toBe('SERVER_STOPPING');
    ingest = await startIngest();
  });
});

it('closes connections past the limit at once, and counts them', async () => {
  ingest = await startIngest({ connectionLimit: 2 });
  for (let i = 0; i < 3; i++) devices.push(await Device.connect(ingest.address));
  await devices[2].until(() => devices[2].isEnded);

  expect(devices.map(({ isEnded }) => isEnded)).toEqual([false, false, true]);
  expect(ingest.server.counts()).toMatchObject({ connections: 2, errors: { CONNECTION_LIMIT: 1 } });
});

it('serves a device unmoved beside 1,000 idle connections, and drops those', async () => {
  const clock = new FakeClock();
  const dropped: number[] = []; // by each look at the clock
  const fill = () => {
    dropped.push(ingest.server.counts().errors.HELLO_TIMEOUT ?? 0);
    return 0;
  };
  ingest = await startIngest({ clock, fill });
  const idle = await Promise.all(Array.from({ length: 1000 }, () => Device.connect(ingest.address)));
  devices.push(...idle);
  const device = await add({ 'fenestra:window': 10 });
  for (let i = 0; i < 100; i++) {
    device.frame(i * 1000, new Int16Array(1000));
    await device.until(() => device.acknowledgements.at(-1)?.nextSample === (i + 1) * 1000);
  }
  await ingest.pass(clock, 5000);
  await Promise.all(idle.map((it) => it.until(() => it.isEnded)));
  await device.finish();

  expect(device.acknowledgements.length).toBeGreaterThanOrEqual(100);
  expect(ingest.ledger()).toMatchObject({ received: 100_000, reduced: 100_000, missing: 0 });
  expect(ingest.server.counts().errors).toEqual({ HELLO_TIMEOUT: 1000 });
  expect(dropped.filter((count, i) => i > 0 && count > dropped[i - 1])).toEqual(
    Array.from({ length: 20 }, (_, i) => (i + 1) * 50), // so many at a time that the device does not feel it
  );
});

async function open(hello: Readonly<Record<string, unknown>>, options?: TestIngestOptions): Promise<Device> {
  ingest = await startIngest(options);
  return add(hello);
}

async function add(hello: Readonly<Record<string, unknown>>): Promise<Device> {
  const device = await Device.open(ingest.address, hello);
  devices.push(device);
  return device;
}

function patched(patch: (bytes: Buffer) => void): Buffer {
  const bytes = frameBytes(10, new Int16Array(10), { sequence: 1 });
  patch(bytes);
  return bytes;
}
