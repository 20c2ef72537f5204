import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Model } from '../../server/inference/model-folder.ts';
import { ModelThread } from '../../server/inference/model-thread.ts';
import { ownThread, threadTimeMs } from '../../server/inference/thread-time.ts';
import { InferenceThread } from '../../server/inference-thread.ts';
import { Diagnoser, type Runner } from '../../server/model/diagnoser.ts';
import { RunnableModel } from '../../server/model/runnable-model.ts';
import { BATCH_RUNS } from '../../server/model/time-limits.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';
import { Folder } from '../support/folder.ts';
import { liveModel } from '../support/live-model.ts';
import { runs } from '../support/runs.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { silentLog } from '../support/silent-log.ts';
import { MODEL_WORKER, writeModel } from '../support/test-models.ts';
import { trendWindow } from '../support/trend-windows.ts';

// What a diagnosis costs: through our thread, beside a bare call of the runtime
// on the thread that asks, turn by turn; and of a hundred channels. Judged is
// the time that the process has run, which is the same on a busy machine.

const ROUNDS = runs(40, 400);
/** The runtime's code is still being compiled in them. */
const WARM_UP = 20;
const CHANNELS = 100;
const POINTS_PER_SECOND = 200;
const SECONDS = runs(15, 60);
const TICK_MS = 10;
const SECOND_MS = 1000;

const folder = new Folder();
let model: Model;
let bare: RunnableModel;
beforeAll(async () => {
  model = await liveModel();
  bare = await RunnableModel.open(model);
});
afterAll(() => bare.session.close());

it.each([1, BATCH_RUNS])('looks at %i runs in little more time than a bare call takes', async (count) => {
  const thread = new ModelThread({ worker: MODEL_WORKER, models: [model], tried: [] });
  expect((await thread.ready).kind).toBe('ready');
  const [plain, ours] = [new Costs(), new Costs()];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const values = randomRuns(count, round + WARM_UP);
    await plain.add(round, () => bare.run(values));
    await ours.add(round, () => thread.run(model.manifest.name, values, count));
  }
  await thread.end();

  const ratio = ours.cpuMs / plain.cpuMs;
  console.log(
    `${String(count).padStart(2)} runs: bare ${plain}, our thread ${ours}: ${ratio.toFixed(2)} of it, ` +
      `${(ours.cpuMs / ROUNDS / count).toFixed(2)} ms a run`,
  );
  expect(ratio).toBeLessThan(1.25);
});

it(`looks at two runs a second of ${CHANNELS} channels with less than a core, and drops none`, async () => {
  const { name } = model.manifest;
  writeModel(folder.path(name), model.bytes, { ...model.manifest });
  let answered = 0;
  const thread: InferenceThread = new InferenceThread({
    worker: MODEL_WORKER,
    folders: new Map([[name, folder.path(name)]]),
    log: silentLog(),
    onModel: (entry) => diagnoser.setModel(entry),
  });
  const diagnoser = newDiagnoser(name, thread, () => answered++);
  await thread.start();
  await expect.poll(() => thread.figures().hasSpare).toBe(true);
  await feed(diagnoser, 0, 6 * POINTS_PER_SECOND); // the first runs are whole

  const main = ownThread();
  const from = { cpu: process.cpuUsage(), main: threadTimeMs(main) ?? 0, atMs: performance.now(), answered };
  await feed(diagnoser, 6 * POINTS_PER_SECOND, (6 + SECONDS) * POINTS_PER_SECOND);
  const runsMade = 2 * CHANNELS * SECONDS;
  while (answered - from.answered < runsMade - CHANNELS) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  const elapsedMs = performance.now() - from.atMs;
  const { user, system } = process.cpuUsage(from.cpu);
  const spanMs = SECONDS * SECOND_MS; // of what was measured, however long the machine took for it
  const cores = (user + system) / 1000 / spanMs;
  const mainCores = ((threadTimeMs(main) ?? 0) - from.main) / spanMs;
  const perSecond = ((answered - from.answered) / elapsedMs) * SECOND_MS;
  const alone = new Costs();
  for (let round = 0; round < ROUNDS; round++) {
    const values = randomRuns(BATCH_RUNS, round);
    await alone.add(round, () => bare.run(values));
  }
  const bareCores = ((alone.cpuMs / ROUNDS / BATCH_RUNS) * 2 * CHANNELS) / SECOND_MS;
  const { outcomes, batches, ...times } = diagnoser.figures();
  diagnoser.close();
  await thread.close();

  console.log(
    `${CHANNELS} channels: ${perSecond.toFixed(0)} runs/s with ${cores.toFixed(2)} cores, of which the asking thread ` +
      `${mainCores.toFixed(3)}; bare calls of batches of ${BATCH_RUNS} take ${bareCores.toFixed(2)}; batch p50 ${times.batchP50Ms.toFixed(1)} ms p99 ${times.batchP99Ms.toFixed(1)} ms; ` +
      `sample to diagnosis p50 ${times.latencyP50Ms.toFixed(0)} ms p99 ${times.latencyP99Ms.toFixed(0)} ms`,
  );
  expect(outcomes).toMatchObject({ dropped: 0, unavailable: 0, incomplete: 0 });
  expect(cores).toBeLessThan(1);
});

it('cuts the windows of a hundred channels with less than a thirtieth of a core', () => {
  const { name } = model.manifest;
  const runner: Runner = { run: (manifest) => Promise.resolve({ kind: 'failed', manifest, reason: 'nobody looks' }) };
  const diagnoser = newDiagnoser(name, runner, () => undefined);
  diagnoser.setModel({ name, state: 'ready', model });
  const seconds = 20;

  const startMs = performance.now();
  for (let index = 0; index < seconds * POINTS_PER_SECOND; index++) takeAll(diagnoser, index);
  const cuttingMs = performance.now() - startMs;
  const makingMs = timedLoop(seconds);
  diagnoser.close();

  const cores = (cuttingMs - makingMs) / (seconds * SECOND_MS);
  console.log(`cutting ${CHANNELS} channels x ${POINTS_PER_SECOND} windows/s: ${cores.toFixed(4)} cores`);
  expect(cores).toBeLessThan(1 / 30);
});

function newDiagnoser(name: string, runner: Runner, publish: () => void): Diagnoser {
  return new Diagnoser({ clock: { nowMs: () => Date.now() }, runner, modelOf: () => name, publish });
}

/** Windows of all channels at their rate, whose streams began at different times; time stands still while a busy machine does not keep up. */
async function feed(diagnoser: Diagnoser, from: number, to: number): Promise<void> {
  let startMs = performance.now();
  for (let index = from; index < to; ) {
    const heldMs = performance.now();
    while (diagnoser.figures().waiting > CHANNELS) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    startMs += performance.now() - heldMs;
    const due = from + Math.floor(((performance.now() - startMs) / SECOND_MS) * POINTS_PER_SECOND);
    for (; index < Math.min(due, to); index++) takeAll(diagnoser, index);
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}

function takeAll(diagnoser: { take(window: TrendWindow): void }, index: number): void {
  for (let channel = 0; channel < CHANNELS; channel++) {
    diagnoser.take(trendWindow({ channel: `view-${channel}`, index: index + channel, arrivedMs: Date.now() }));
  }
}

/** What making the windows costs, ms. */
function timedLoop(seconds: number): number {
  let taken = 0;
  const take = (window: TrendWindow) => {
    taken += window.index;
  };
  const startMs = performance.now();
  for (let index = 0; index < seconds * POINTS_PER_SECOND; index++) {
    takeAll({ take }, index);
  }
  expect(taken).toBeGreaterThan(0);
  return performance.now() - startMs;
}

function randomRuns(count: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const { rows, length } = model.manifest.input;
  return Float32Array.from({ length: count * rows.length * length }, () => random() - 0.5);
}

/** What calls cost: the quickest by the clock, and all by the time that the process has run. */
class Costs {
  cpuMs = 0;
  #leastMs = Infinity;
  #calls = 0;

  /** Of a round below 0 nothing is counted. */
  async add(round: number, run: () => Promise<unknown>): Promise<void> {
    const [startMs, cpu] = [performance.now(), process.cpuUsage()];
    await run();
    const { user, system } = process.cpuUsage(cpu);
    if (round < 0) return;
    this.cpuMs += (user + system) / 1000;
    this.#leastMs = Math.min(this.#leastMs, performance.now() - startMs);
    this.#calls++;
  }

  toString(): string {
    return `${(this.cpuMs / this.#calls).toFixed(2)} ms of a core (quickest ${this.#leastMs.toFixed(2)} ms)`;
  }
}
