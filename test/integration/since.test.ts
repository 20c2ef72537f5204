import { afterEach, expect, it } from 'vitest';
import type { SystemReply } from '../../server/wire/rest.ts';
import { Device } from '../support/device.ts';
import { Folder } from '../support/folder.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { LENGTH, levelGraph, writeModel } from '../support/test-models.ts';
import { TestViewer } from '../support/viewer.ts';

const WINDOW = 100;
const RATE_HZ = 20_000;
const RUN_SAMPLES = LENGTH * WINDOW;
const RUN_NS = (BigInt(RUN_SAMPLES) * 1_000_000_000n) / BigInt(RATE_HZ);
const START_NS = BigInt(Date.UTC(2026, 2, 1, 12)) * 1_000_000n;
const BEFORE = 10;

const folder = new Folder();
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

it('tells a class as old as the history knows it, after a restart', async () => {
  writeModel(folder.path('models/level'), levelGraph());
  const first = await start();
  await send(first, BEFORE, START_NS);
  await expect.poll(async () => (await system(first)).history.diagnoses.stored).toBe(BEFORE);
  await first.close();

  const second = await start();
  await send(second, 1, START_NS + BigInt(BEFORE) * RUN_NS);
  const viewer = await TestViewer.open(second.url);
  undo.push(() => viewer.close());
  await viewer.subscribe([{ name: '*' }]);

  const told = () => viewer.events.flatMap((event) => (event.type === 'diagnoses' ? event.diagnoses : []));
  await expect.poll(() => told().at(-1)?.sinceNs).toBe(String(START_NS));
});

async function start(): Promise<TestServer> {
  const server = await startServer({
    storage: { directory: folder.path('data') },
    diagnosis: { directory: folder.path('models') },
    channels: { 'view.a': { model: 'level', unit: 'V' } },
  });
  undo.push(() => server.close());
  return server;
}

/** Whole runs of one level, of a stream that begins at a time. */
async function send(server: TestServer, runs: number, epochNs: bigint): Promise<void> {
  const device = await Device.open(server.ingest, {
    'fenestra:channel': 'view.a',
    'fenestra:window': WINDOW,
    'fenestra:epoch_ns': String(epochNs),
    'core:datatype': 'rf32_le',
    'core:sample_rate': RATE_HZ,
  });
  undo.push(() => device.cut());
  for (let run = 0; run < runs; run++) device.frame(run * RUN_SAMPLES, new Float32Array(RUN_SAMPLES));
  await expect.poll(async () => (await system(server)).diagnosis.outcomes.class).toBe(runs);
}

async function system({ url }: TestServer): Promise<SystemReply> {
  return (await (await fetch(`${url}/api/system`)).json()) as SystemReply;
}
