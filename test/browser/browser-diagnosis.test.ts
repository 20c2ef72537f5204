import { createHash } from 'node:crypto';
import onnxProto from 'onnx-proto';
import type { Page, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelsReply } from '../../server/wire/models.ts';
import { axeFindings } from '../support/axe-findings.ts';
import type { LevelDevice } from '../support/level-device.ts';
import { LEVEL_CLASSES, LitPlant } from '../support/lit-plant.ts';
import { endless, HANGING_LEVEL, level, levelGraph, writeModel } from '../support/test-models.ts';

// A real model that a real server runs, run in the page as well, on what comes to it.

const CHANNEL = 'view.a';
const LOW = 0.5;
const HIGH = 50;
// What is had from the server only to diagnose here.
const OWN_FILES = /browser-diagnosis|model-worker|ort-wasm|\/onnx$/;

let plant: LitPlant;
let light: LevelDevice;

beforeAll(async () => {
  plant = await LitPlant.start({
    write: (folder) => {
      const fields = { classes: LEVEL_CLASSES };
      writeModel(folder('level'), levelGraph(), fields);
      writeModel(folder('other'), levelGraph(level(undefined, 2)), { ...fields, name: 'level', version: '2' });
    },
    channels: { [CHANNEL]: { model: 'level', unit: 'V' } },
    lit: [CHANNEL],
  });
  [light] = plant.lights as [LevelDevice];
  light.level = LOW;
});

afterAll(() => plant?.close());

describe('a page that diagnoses by itself', () => {
  it('has nothing for it before it is asked to, and then agrees with the server', async () => {
    const { page, requests, complaints } = await open(`/channels/${CHANNEL}`);
    await expect.poll(() => verdict(page)).toContain('Normal');
    expect(requests.filter((url) => OWN_FILES.test(url))).toEqual([]);
    expect(await page.locator('fen-diagnosis .here').count()).toBe(0);

    await page.getByRole('radio', { name: 'In this browser' }).check();

    await expect.poll(() => page.locator('fen-diagnosis .here').count()).toBe(1);
    await expect.poll(() => verdict(page)).toContain('Normal');
    for (const file of ['browser-diagnosis', 'model-worker', 'ort-wasm', '/api/models/level/onnx']) {
      expect(
        requests.filter((url) => url.includes(file)),
        file,
      ).toHaveLength(1);
    }
    await expect.poll(() => parity(page)).toMatch(/^Same as the server on \d+ runs, greatest difference 0, since/);
    light.level = HIGH;
    await expect.poll(() => verdict(page)).toMatch(/Micro-arcing.*100/);
    light.level = LOW;
    expect(await page.locator('fen-diagnosis-place .different').count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('turns red where one weight of its copy is another one', async () => {
    const { page } = await open(`/channels/${CHANNEL}?diagnosis=here`, async (fresh) => {
      const graph = await (await fetch(`${plant.server.url}/api/models/level/onnx`)).arrayBuffer();
      await replaceGraph(fresh, withOtherWeight(new Uint8Array(graph)));
    });

    await expect
      .poll(() => parity(page))
      .toMatch(/^Differs from the server on (\d+) of \1 runs, greatest difference 2·10⁻⁴/);
    expect(await page.locator('fen-diagnosis-place .different').count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    const { models: listed } = (await (await fetch(`${plant.server.url}/api/models`)).json()) as ModelsReply;
    expect(listed.find(({ name }) => name === 'level')?.parity?.different).toBeGreaterThan(0);
    const metrics = await (await fetch(`${plant.server.url}/metrics`)).text();
    expect(metrics).toMatch(/fenestra_diagnosis_parity_different_runs_total\{model="level"\} [1-9]/);

    await page.route('**/api/models/level/parity', (route) => route.fulfill({ status: 503, body: '{}' }));
    await expect.poll(() => parity(page)).toMatch(/^Not compared with the server.*\n[\s\S]*Differs from the server/);
    expect(await page.locator('fen-diagnosis-place .different').count()).toBe(1);
    await page.close();
  });

  it('refuses a graph that is not the one of the manifest', async () => {
    const { page } = await open(`/channels/${CHANNEL}?diagnosis=here`, async (fresh) => {
      const graph = await (await fetch(`${plant.server.url}/api/models/level/onnx`)).arrayBuffer();
      const changed = Buffer.from(withOtherWeight(new Uint8Array(graph)));
      await fresh.route('**/api/models/level/onnx', (route) => route.fulfill({ body: changed }));
    });

    await expect.poll(() => verdict(page)).toMatch(/No diagnosis.*SHA-256 of its graph is [0-9a-f]{64}; expected/);
    await page.close();
  });

  it('takes another version when the server does', async () => {
    const { page } = await open('/models?diagnosis=here');
    await expect.poll(() => parity(page)).toMatch(/^Same as the server/);

    const since = () =>
      parity(page).then((said) => /^Same as the server.*greatest difference 0, since (.*)$/m.exec(said)?.[1]);
    const before = await since();

    const swap = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"folder":"other"}' };
    expect((await fetch(`${plant.server.url}/api/models/level/swap`, swap)).status).toBe(200);

    await expect.poll(async () => [undefined, before].includes(await since())).toBe(false); // compared anew
    expect(await page.locator('fen-diagnosis-place .different').count()).toBe(0);
    await page.close();
  });
});

describe('a model that hangs on a page', () => {
  it('is ended there each time, put aside after the second, and goes on everywhere else', async () => {
    light.level = LOW;
    const { page } = await open(
      `/channels/${CHANNEL}?diagnosis=here`,
      (fresh) => replaceGraph(fresh, levelGraph(endless(HANGING_LEVEL / 1000))),
      'ko',
    );
    const ended: Promise<void>[] = [];
    const watch = (worker: Worker) => ended.push(new Promise((resolve) => worker.once('close', () => resolve())));
    await expect.poll(() => verdict(page)).toContain('정상');
    expect(page.workers()).toHaveLength(1);
    watch(page.workers()[0]!);
    page.on('worker', watch);

    light.level = HIGH;

    await expect
      .poll(() => verdict(page))
      .toMatch(/진단 불가.*모델이 격리되었습니다: 런 \d+개의 처리가 3000\u202fms를 넘겨 중단되었습니다/);
    expect(ended).toHaveLength(2);
    await Promise.all(ended);
    expect(await page.locator('fen-diagnosis-place .different').first().innerText()).toMatch(
      /^진단 불가: 런 \d+개의 처리가/,
    );
    light.level = LOW;
    const { page: other } = await open(`/channels/${CHANNEL}?diagnosis=here`);
    await expect.poll(() => verdict(other)).toContain('Normal');
    expect(other.workers()).toHaveLength(1);
    await other.close();
    expect(ended).toHaveLength(2); // nobody has tried it again
    expect(await verdict(page)).toContain('모델이 격리되었습니다');
    expect(await page.locator('fen-life-strip .live').count()).toBe(1);
    await page.getByRole('radio', { name: '서버에서' }).check();
    await expect.poll(() => verdict(page)).toContain('정상');
    await page.close();
  });
});

/** The graph with a thousandth more in its first number. */
function withOtherWeight(bytes: Uint8Array): Uint8Array {
  const { ModelProto } = onnxProto.onnx;
  const model = ModelProto.decode(bytes);
  const weights = model.graph?.initializer?.find(({ dataType }) => dataType === 1);
  const raw = Uint8Array.from(weights!.rawData!);
  const view = new DataView(raw.buffer);
  view.setFloat32(0, view.getFloat32(0, true) + 1e-3, true);
  weights!.rawData = raw;
  return ModelProto.encode(model).finish();
}

/** Has the page get another graph than the server runs, which its manifest vouches for. */
async function replaceGraph(page: Page, graph: Uint8Array): Promise<void> {
  const sha256 = createHash('sha256').update(graph).digest('hex');
  await page.route('**/api/models/level/onnx', (route) => route.fulfill({ body: Buffer.from(graph) }));
  await page.route('**/api/models/level', async (route) => {
    const manifest = (await (await route.fetch()).json()) as object;
    await route.fulfill({ json: { ...manifest, sha256 } });
  });
}

async function open(path: string, prepare: (page: Page) => unknown = () => undefined, locale = 'en') {
  const requests: string[] = [];
  const complaints: string[] = [];
  const page = await plant.open(path, locale, async (fresh) => {
    fresh.on('request', (request) => requests.push(request.url()));
    fresh.on('pageerror', (error) => complaints.push(String(error)));
    fresh.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await prepare(fresh);
  });
  return { page, requests, complaints };
}

function verdict(page: Page): Promise<string> {
  return page
    .locator('fen-diagnosis[large]')
    .evaluate(({ shadowRoot }) => (shadowRoot!.querySelector('p')?.innerText ?? '').replace(/\n+/g, ' '));
}

function parity(page: Page): Promise<string> {
  return page
    .locator('fen-diagnosis-place [role="status"]')
    .innerText()
    .catch(() => '');
}
