import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrowserDiagnosis } from '../../../client/inference/browser-diagnosis.ts';
import type { ModelManifest } from '../../../server/model/manifest.ts';
import type { DiagnosisModel, ToldDiagnosis } from '../../../server/wire/diagnoses.ts';
import type { Channel } from '../../../server/wire/events.ts';
import type { ParityRequest } from '../../../server/wire/parity.ts';
import type { TrendBlock } from '../../../server/wire/trend-frame.ts';
import { LocalModelWorker, type LocalWorkers } from '../../support/local-model-worker.ts';
import { LENGTH, level, levelGraph, testModel } from '../../support/test-models.ts';

// The real models and runtime; only the thread is this one, and the line scripted.

const RUN_NS = BigInt(LENGTH) * 5_000_000n;
const GRAPH = levelGraph();
const HEAVY = [1, 1000].map((weight, i) => ({ ...testModel(GRAPH).manifest.classes[i], weight }));

let server: { manifest: ModelManifest; graph: Uint8Array; isOffline: boolean; beforeGraph: () => void };
let workers: LocalWorkers;
let told: ToldDiagnosis[];
let sent: ParityRequest[];
let elsewhere: ToldDiagnosis | undefined;
let page: BrowserDiagnosis;
let runs: number;
let states: (DiagnosisModel['state'] | undefined)[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  server = { manifest: testModel(GRAPH).manifest, graph: GRAPH, isOffline: false, beforeGraph() {} };
  workers = { isOffline: false, hangs: false, alive: 0 };
  [told, sent, elsewhere, runs, states] = [[], [], undefined, 0, []];
  page = new BrowserDiagnosis({
    clock: { nowMs: 1_700_000_000_000 },
    models: {
      manifest: async () => {
        if (server.isOffline) throw new TypeError('Failed to fetch');
        return structuredClone(server.manifest);
      },
      graph: async () => {
        server.beforeGraph();
        return server.graph.slice();
      },
      compare: async (_, request) => {
        sent.push(request);
        return { compared: request.runs.length, different: 0, greatest: 0 };
      },
    },
    told: () => elsewhere,
    publish: (diagnoses) => told.push(...diagnoses),
    onModel: () => states.push(page.models[0]?.state),
    onParity() {},
    createWorker: () => new LocalModelWorker(workers),
  });
  page.setChannels([channel('view.a')]);
});
afterEach(() => {
  page.close();
  vi.useRealTimers();
});

describe('BrowserDiagnosis', { timeout: 60_000 }, () => {
  it('takes other weights of the same graph and version, and compares anew', async () => {
    await use();
    await diagnose(0.5);
    expect(told.at(-1)?.outcome).toMatchObject({ kind: 'class', label: '0' });

    server.manifest = testModel(GRAPH, { classes: HEAVY }).manifest;
    await use();
    await diagnose(0.5);

    expect(told.at(-1)?.outcome).toMatchObject({ kind: 'class', label: '1' });
    await vi.advanceTimersByTimeAsync(4000);
    expect(sent.flatMap(({ runs }) => runs.map(({ label }) => label))).toEqual(['1']);
  });

  it('goes on with the version before while the next cannot be used, and says why', async () => {
    await use();
    server.manifest = { ...testModel(GRAPH, { version: '2' }).manifest, sha256: '0'.repeat(64) };
    await use();
    expect(page.models).toEqual([{ name: 'level', state: 'ready', reason: expect.stringContaining('SHA-256') }]);
    await diagnose(0.5);
    expect(told.at(-1)).toMatchObject({ version: '1', outcome: { kind: 'class' } });

    server.manifest = testModel(GRAPH, { version: '2' }).manifest;
    await vi.advanceTimersByTimeAsync(10_000); // asked for again
    await settled(() => page.models[0]?.reason === undefined);
    await diagnose(0.5);
    expect(told.at(-1)).toMatchObject({ version: '2' });
  });

  it('takes the newest where the server changes it between manifest and graph', async () => {
    const next = levelGraph(level(undefined, 2));
    server.beforeGraph = () => {
      server.beforeGraph = () => {};
      Object.assign(server, { graph: next, manifest: testModel(next, { version: '2' }).manifest });
      page.setModels([READY]);
    };
    await use();

    expect(page.models).toEqual([{ name: 'level', state: 'ready' }]);
    expect(states).not.toContain('unfit');
    await diagnose(0.5);
    expect(told.at(-1)).toMatchObject({ version: '2' });
  });

  it.each(['the server', 'the runtime'])('calls no model unfit because %s cannot be reached', async (what) => {
    if (what === 'the server') server.isOffline = true;
    else workers.isOffline = true;
    page.setModels([READY]);
    await settled(() => page.models[0]?.reason !== undefined);
    expect(page.models[0]?.state).toBe('loading');

    server.isOffline = false;
    workers.isOffline = false;
    await vi.advanceTimersByTimeAsync(10_000);
    await settled(() => page.models[0]?.state === 'ready');
    expect(page.models[0]?.reason).toBeUndefined();
  });

  it('ends a worker that hangs, begins another, and puts the model aside after the second time', async () => {
    await use();
    workers.hangs = true;
    await diagnose(0.5, 4000);
    expect(told.at(-1)?.outcome).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('was cut off') });
    expect([workers.alive, page.models[0]?.state]).toEqual([0, 'ready']);

    workers.hangs = false;
    await diagnose(0.5);
    expect(told.at(-1)?.outcome.kind).toBe('class');

    workers.hangs = true;
    await diagnose(0.5, 4000);
    expect([workers.alive, page.models[0]?.state]).toEqual([0, 'quarantined']);
    workers.hangs = false;
    await diagnose(0.5);
    expect(told.at(-1)?.outcome.kind).toBe('unavailable');

    server.manifest = testModel(GRAPH, { version: '2' }).manifest;
    await use();
    await diagnose(0.5);
    expect(told.at(-1)?.outcome.kind).toBe('class');
  });

  it('leaves nothing out of a burst of a hundred channels', async () => {
    await use();
    const names = Array.from({ length: 100 }, (_, i) => `view.${i}`);
    page.setChannels(names.map(channel));
    for (const name of names) page.take(name, block(0, 0.5));

    await settled(() => told.length === 100);
    expect(page.dropped).toBe(0);
    expect(new Set(told.map(({ outcome }) => outcome.kind))).toEqual(new Set(['class']));
  });

  it('takes over since when it has been so, where the server says the same', async () => {
    await use();
    await diagnose(0.5);
    const { sinceNs: _, ...before } = told[0];
    for (const [outcome, since] of [
      [before.outcome, '-5000'],
      [{ ...before.outcome, label: '1' }, String(2n * RUN_NS)],
    ] as const) {
      // What the server looks at is ahead of this page.
      elsewhere = {
        ...before,
        outcome,
        fromNs: String(3n * RUN_NS),
        toNs: String(4n * RUN_NS),
        sinceNs: '-5000',
      } as ToldDiagnosis;
      page.restart();
      runs = 2;
      await diagnose(0.5);
      expect(told.at(-1)).toMatchObject({ fromNs: String(2n * RUN_NS), sinceNs: since });
    }
  });

  it('goes on after another life of the server, and tells nothing once it is closed', async () => {
    await use();
    await diagnose(0.5);
    page.restart();
    runs = 0;
    await diagnose(0.5);
    expect(told).toHaveLength(2);
    page.take('view.a', block(runs, 0.5));
    page.close();
    await vi.advanceTimersByTimeAsync(5000);
    expect([told.length, workers.alive]).toEqual([2, 0]);
  });
});

const READY: DiagnosisModel = { name: 'level', state: 'ready' };

/** The server tells of its models. */
async function use(): Promise<void> {
  const before = states.length;
  page.setModels([READY]);
  await settled(() => states.length > before);
}

/** A run of that level, until it is told what it came to. */
async function diagnose(mean: number, waitMs = 20): Promise<void> {
  const before = told.length;
  page.take('view.a', block(runs++, mean));
  await vi.advanceTimersByTimeAsync(waitMs);
  await settled(() => told.length > before);
}

/** Lets what is real go on, however slow the machine; what is scripted goes no further than two seconds, short of any time box. */
async function settled(isSo: () => boolean): Promise<void> {
  const from = Date.now();
  for (let i = 0; i === 0 || (!isSo() && Date.now() - from < 50_000); i++) {
    if (i < 2000) await vi.advanceTimersByTimeAsync(1);
    await sleep(i < 100 ? 0 : 2);
  }
  expect(isSo()).toBe(true);
}

function channel(name: string): Channel {
  const shared = { unit: 'V', rateHz: 20_000, window: 100, datatype: 'rf32_le', description: '', hardware: '' };
  return { name, label: name, model: 'level', ...shared };
}

function block(run: number, mean: number): TrendBlock {
  const firstRow = run * LENGTH;
  const column = (value: number) => new Float64Array(LENGTH).fill(value);
  const none = () => new Uint32Array(LENGTH);
  return {
    ...{ channel: 1, span: 1, windows: LENGTH, stream: 3, firstRow, lastSeq: firstRow + LENGTH - 1 },
    ...{ timeNs: BigInt(firstRow) * 5_000_000n, rowNs: 5_000_000, arrivedMs: 42 },
    ...{ min: column(mean), max: column(mean), mean: column(mean), m2: column(0), count: none().fill(100) },
    ...{ clipped: none(), nonfinite: none(), flags: none() },
  };
}
