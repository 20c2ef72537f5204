import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { DiagnosesReply, RunDiagnosisReply } from '../../server/wire/diagnosis-history.ts';
import type { ModelsReply } from '../../server/wire/models.ts';
import type { HealthReply, SystemReply } from '../../server/wire/rest.ts';
import { Device } from '../support/device.ts';
import { Folder } from '../support/folder.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { endless, HANGING_LEVEL, LENGTH, level, levelGraph, testInput, writeModel } from '../support/test-models.ts';

const WINDOW = 100;
const RATE_HZ = 20_000; // 200 windows a second
const RUN_SAMPLES = LENGTH * WINDOW;
const NS_A_MS = 1e6;

const folder = new Folder();
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

describe('diagnosis', () => {
  it('diagnoses what devices send, channel by channel', async () => {
    write('level', levelGraph());
    const server = await start({ 'view.a': 'level', 'view.b': 'level' });
    const [low, high, other] = await Promise.all(['view.a', 'view.b', 'view.c'].map((name) => connect(server, name)));

    for (const [device, value] of [
      [low, 0],
      [high, 50],
      [other, 50],
    ] as const)
      send(device!, 3, value);

    await expect
      .poll(() => channels(server))
      .toMatchObject([
        { channel: 'view.a', model: 'level', outcome: 'class', label: '0' },
        { channel: 'view.b', model: 'level', outcome: 'class', label: '1' },
      ]);
    await expect.poll(async () => (await figures(server)).outcomes).toMatchObject({ class: 6, unavailable: 0 });
    // No run comes any more, which its age tells.
    const ages = async () => (await channels(server)).map(({ ageMs }) => ageMs!);
    const before = await ages();
    await expect.poll(async () => Math.min(...(await ages()).map((ms, i) => ms - before[i]!))).toBeGreaterThan(50);
    expect(await problems(server)).toEqual([]);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('fenestra_diagnosis_runs_total{outcome="class"} 6\n');
    expect(metrics).toContain('fenestra_diagnosis_model_ready{model="level"} 1\n');
  });

  it('keeps what runs came to, and finds it by channel, by moment and of all', async () => {
    write('level', levelGraph());
    const server = await start({ 'view.a': 'level' });
    const device = await connect(server, 'view.a');
    send(device, 3, 50);
    await expect.poll(async () => (await figures(server)).outcomes.class).toBe(3);
    const ask = async (path: string) => (await fetch(`${server.url}/api/${path}`)).json();
    const range = 'from=1970-01-02&to=2200-01-01';

    // They go to the history in parcels.
    await expect.poll(() => ask(`channels/view.a/diagnoses?${range}`)).toMatchObject({ spans: [{ count: 3 }] });
    const found = (await ask(`channels/view.a/diagnoses?${range}`)) as DiagnosesReply;
    const [span] = found.form === 'spans' ? found.spans : [];
    const one = await ask(`channels/view.a/diagnoses/at?time=${span!.toMs - 1}`);
    const mix = await ask(`diagnoses/mix?${range}&model=level`);
    const { history } = (await ask('system')) as SystemReply;

    expect(found).toMatchObject({
      kinds: [{ model: 'level', outcome: 'class', label: '1', classIndex: 1 }],
      spans: [{ kind: 0, count: 3 }],
    });
    expect(one).toMatchObject({ channel: 'view.a', label: '1', windows: LENGTH, endMs: span!.toMs });
    expect((one as RunDiagnosisReply).probabilities).toHaveLength(2);
    expect(mix).toMatchObject({ counts: [{ channel: 'view.a', label: '1', count: 3 }] });
    expect(history.diagnoses).toMatchObject({ givenUp: 0, duplicates: 0 });
  });

  it('is unavailable where a model is hostile, and says why, while the ingest notices nothing', async () => {
    write('sound', levelGraph(), { name: 'sound' });
    write('turning', levelGraph(endless(HANGING_LEVEL)), { name: 'turning' });
    write('endless', levelGraph(endless()), { name: 'endless' });
    write('cut', levelGraph().slice(0, 200), { name: 'cut' });
    write('narrow', levelGraph(), { name: 'narrow', input: testInput({ length: 5 }) });
    write('lost', levelGraph(level((graph, mean) => graph.add('Log', [mean]))), { name: 'lost' });
    const models = ['sound', 'turning', 'endless', 'cut', 'narrow', 'lost', 'missing'];
    const server = await start(Object.fromEntries(models.map((name) => [`view.${name}`, name])));
    await expect.poll(async () => (await figures(server)).models.map(({ state }) => state)).not.toContain('loading');
    const devices = await Promise.all(models.map((name) => connect(server, `view.${name}`)));
    let sent = 0;
    const sendAll = (levelOf: (model: string) => number, runs = 1) => {
      for (const [i, device] of devices.entries()) send(device, runs, levelOf(models[i]!), sent);
      sent += runs;
    };

    // Whatever the models do, the channel of the sound one goes on.
    const hanging = (model: string) => (model === 'turning' ? 2 * HANGING_LEVEL : 50);
    sendAll(() => 50, 2);
    await expect.poll(() => outcomes(server)).toMatchObject({ 'view.sound': 'class', 'view.turning': 'class' });
    sendAll(hanging);
    await expect.poll(async () => (await figures(server)).threads.cut).toBe(1);
    await expect.poll(() => outcomes(server)).toMatchObject({ 'view.sound': 'class', 'view.turning': 'unavailable' });
    sendAll(() => 50);
    await expect.poll(() => outcomes(server)).toMatchObject({ 'view.sound': 'class', 'view.turning': 'class' });
    sendAll(hanging);
    await expect.poll(async () => (await figures(server)).models[1]).toMatchObject({ state: 'quarantined', cuts: 2 });
    expect(await outcomes(server)).toMatchObject({ 'view.sound': 'class', 'view.turning': 'unavailable' });
    sendAll(() => 50);

    await expect
      .poll(async () => (await figures(server)).outcomes)
      .toEqual({
        class: sent + 3, // of the sound one all, of the other what it did not hang on before it was put away
        unknown: 0,
        incomplete: 0,
        unavailable: 3,
        dropped: 0,
      });
    const cut = 'did not return within 100 ms and was cut off';
    const found = await problems(server);
    expect(found).toHaveLength(6);
    for (const [name, reason] of [
      ['turning', `a batch of 1 ${cut}`],
      ['endless', 'a run of zeros did not return within 2000 ms and was cut off'],
      ['cut', 'graph: Failed to load model'],
      ['narrow', 'input: trend has shape [any, 1, 20]; expected [batch, 1, 5]'],
      ['lost', 'runs: a run of zeros: the unknown score is -Infinity'],
      ['missing', 'files: '],
    ] as const) {
      expect(found).toContainEqual(expect.stringContaining(`nothing is diagnosed by the model ${name}: ${reason}`));
      expect(await channels(server)).toContainEqual(
        expect.objectContaining({
          channel: `view.${name}`,
          outcome: 'unavailable',
          reason: expect.stringContaining(reason),
        }),
      );
    }
    await expectNothingLost(
      server,
      models.map((name) => `view.${name}`),
      sent,
    );
    await expectQuiet(server);
  });

  it('is unavailable where a manifest is hostile, and the server goes on', async () => {
    write('sound', levelGraph(), { name: 'sound' });
    write('classless', levelGraph(), { name: 'classless', classes: [] });
    write('unused', levelGraph(), { name: 'unused', classes: [] });
    write('deep', levelGraph());
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    writeFileSync(folder.path('models/deep/manifest.json'), `{"classes": ${deep}}`);
    const server = await start({ 'view.sound': 'sound', 'view.classless': 'classless', 'view.deep': 'deep' });

    const states = async () => {
      const { models } = (await (await fetch(`${server.url}/api/models`)).json()) as ModelsReply;
      return Object.fromEntries(models.map(({ name, state }) => [name, state]));
    };
    await expect.poll(states).toMatchObject({ sound: 'ready', classless: 'unfit', deep: 'unfit', unused: 'unfit' });
    const device = await connect(server, 'view.sound');
    send(device, 1, 50);
    await expect.poll(() => outcomes(server)).toMatchObject({ 'view.sound': 'class', 'view.deep': 'unavailable' });
    expect(await problems(server)).toHaveLength(2);
  });
});

/** With the model of each channel; the caller's test ends it, with its books checked. */
async function start(modelOf: Readonly<Record<string, string>>): Promise<TestServer> {
  const server = await startServer({
    diagnosis: { directory: folder.path('models') },
    channels: Object.fromEntries(Object.entries(modelOf).map(([channel, model]) => [channel, { model, unit: 'V' }])),
  });
  undo.push(() => server.close());
  return server;
}

function write(name: string, bytes: Uint8Array, fields: Readonly<Record<string, unknown>> = {}): void {
  writeModel(folder.path(`models/${name}`), bytes, fields);
}

async function connect(server: TestServer, channel: string): Promise<Device> {
  const device = await Device.open(server.ingest, {
    'fenestra:channel': channel,
    'fenestra:window': WINDOW,
    'core:datatype': 'rf32_le',
    'core:sample_rate': RATE_HZ,
  });
  undo.push(() => device.cut());
  return device;
}

/** Whole runs, of which so many went before. */
function send(device: Device, runs: number, mean: number, before = 0): void {
  for (let run = before; run < before + runs; run++) {
    device.frame(run * RUN_SAMPLES, new Float32Array(RUN_SAMPLES).fill(mean));
  }
}

async function expectNothingLost(server: TestServer, names: readonly string[], runs: number): Promise<void> {
  await server.expectBalance();
  const { ledger, windows } = await system(server);
  expect(windows.dropped).toBe(0);
  for (const name of names) {
    const entry = ledger.find(({ channel }) => channel === name);
    expect(entry).toMatchObject({ received: runs * RUN_SAMPLES, windows: runs * LENGTH, missing: 0, gaps: 0 });
  }
}

/** None of its threads is busy: what hung is gone. */
async function expectQuiet({ pid }: TestServer): Promise<void> {
  if (process.platform !== 'linux') return;
  const times = () =>
    new Map(
      readdirSync(`/proc/${pid}/task`).map((thread) => [
        thread,
        Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / NS_A_MS,
      ]),
    );
  await expect
    .poll(async () => {
      const before = times();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return Math.max(...[...times()].map(([thread, ms]) => ms - (before.get(thread) ?? ms)));
    })
    .toBeLessThan(200);
}

async function system({ url }: TestServer): Promise<SystemReply> {
  return (await (await fetch(`${url}/api/system`)).json()) as SystemReply;
}

async function figures(server: TestServer): Promise<SystemReply['diagnosis']> {
  return (await system(server)).diagnosis;
}

async function channels(server: TestServer): Promise<SystemReply['diagnosis']['channels']> {
  return (await figures(server)).channels;
}

async function outcomes(server: TestServer): Promise<Record<string, string>> {
  return Object.fromEntries((await channels(server)).map(({ channel, outcome }) => [channel, outcome]));
}

async function problems({ url }: TestServer): Promise<readonly string[]> {
  return ((await (await fetch(`${url}/healthz`)).json()) as HealthReply).problems;
}
