import { statSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { Bus } from '../../server/base/bus.ts';
import { LogOutput } from '../../server/base/log-output.ts';
import { Config } from '../../server/config.ts';
import { startThreads, type Threads } from '../../server/threads.ts';
import { EPOCH_MS, RATE_HZ, sendSamples, WINDOW } from '../support/capture-fixture.ts';
import { Device } from '../support/device.ts';
import { Folder } from '../support/folder.ts';
import { silentLog } from '../support/silent-log.ts';

const BUILD = new URL('../../build/', import.meta.url);
const folder = new Folder();
let threads: Threads | undefined;
let device: Device | undefined;

afterEach(async () => {
  device?.socket.destroy();
  await threads?.ingest.close();
  await threads?.recording.close();
  await threads?.history.close();
});

it('keeps what was before a condition that is announced later, and nothing of one that passes', async () => {
  const { ingest, recording } = await start();
  device = await Device.open(ingest.address, {
    'fenestra:channel': 'c',
    'fenestra:epoch_ns': `${EPOCH_MS}000000`,
    'fenestra:window': WINDOW,
    'core:sample_rate': RATE_HZ,
  });
  const alarm = (text: string) => ({ kind: 'alarm', text }) as const;
  const span = { kind: 'around', index: 15_000, beforeSeconds: 0.1, afterSeconds: 0.01 } as const;
  const order = { channel: 'c', cause: alarm('bright'), span };
  await sendSamples(device, 0, 20_000);

  const [announced, passed] = [await ingest.hold(order), await ingest.hold(order)];
  const written = (id: string) => statSync(`${recording.files(id).data}.partial`, { throwIfNoEntry: false })?.size;
  await expect.poll(() => [announced, passed].map(written)).toEqual([22_000, 22_000]); // a ring in life holds seconds
  for (let at = 20_000; at < 200_000; at += 20_000) await sendSamples(device, at, 20_000); // far more than the ring holds
  expect(recording.find(announced)).toMatchObject({ state: 'recording', cause: alarm('bright') });
  expect(await ingest.confirm(announced, alarm('bright for 2 s'))).toBe(true);
  await ingest.release(passed);

  await expect.poll(() => recording.find(announced)?.state).toBe('ready');
  expect(recording.find(announced)).toMatchObject({
    triggerSample: 15_000,
    from: 5000,
    samples: 11_000,
    overtaken: 0,
    cause: alarm('bright for 2 s'),
  });
  await expect.poll(() => recording.find(passed)).toBeUndefined();
  expect(await ingest.confirm(passed, alarm('too late'))).toBe(false);
  await expect(ingest.hold({ ...order, channel: 'nobody' })).rejects.toMatchObject({ code: 'CHANNEL_UNKNOWN' });
});

async function start(): Promise<Threads> {
  const raise = (error: unknown) => {
    throw error;
  };
  const config = Config.parse({
    log: { level: 'silent' },
    ingest: { port: 0 },
    storage: { directory: folder.path('data') },
    capture: { ring_bytes: 65_536 },
  });
  const options = {
    log: silentLog(),
    logOutput: new LogOutput(1), // to which nothing goes
    worker: new URL('server/stream-worker.js', BUILD),
    captureWorker: new URL('server/capture-worker.js', BUILD),
    historyWorker: new URL('server/history-worker.js', BUILD),
    wasm: new URL('assembly/kernels.wasm', BUILD),
  };
  threads = await startThreads(config, options, {
    buses: { channels: new Bus(raise), trends: new Bus(raise), ledgers: new Bus(raise) },
    connect: async () => {},
    onFailure: () => expect.unreachable('the ingest thread failed'),
  });
  return threads;
}
