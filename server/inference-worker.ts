import { parentPort, workerData } from 'node:worker_threads';
import { type Finding, failed, passed } from './inference/finding.ts';
import type { FromInference, InferenceWorkerData, ToInference } from './inference/messages.ts';
import type { Model } from './inference/model-folder.ts';
import { tryModel } from './inference/model-trial.ts';
import { ownThread, threadTimeMs } from './inference/thread-time.ts';
import { randomRuns } from './inference/trial-runs.ts';
import { limitWasmMemory } from './inference/wasm-memory.ts';
import { OnnxFailure } from './model/onnx-session.ts';
import { isModelFailure, RunnableModel } from './model/runnable-model.ts';
import { BATCH_RUNS, FIRST_RUN_LIMIT_MS, OPEN_LIMIT_MS } from './model/time-limits.ts';

// The fourth composition root: a thread that runs models, and nothing else, so
// that ending it ends whatever one of them does. It holds no state that would
// be lost with it.

/** Of all graphs of a thread: well above what the live models take in a batch. */
const MEMORY_BYTES = 1 << 30;

if (parentPort === null) throw new Error('inference-worker runs only as a worker thread');
const port = parentPort;
const data = workerData as InferenceWorkerData;
const steps = new Int32Array(data.steps);
const post = (message: FromInference) => port.postMessage(message);
const thread = ownThread();
const ranMs = () => threadTimeMs(thread);
const loaded = new Map<string, RunnableModel>();

limitWasmMemory(MEMORY_BYTES);
post({ kind: 'begun', thread });
for (const model of data.models) await load(model);
Atomics.add(steps, 0, 1);
post({ kind: 'ready' });
port.on('message', (message: ToInference) => void run(message));

async function load(model: Model): Promise<void> {
  const { name } = model.manifest;
  const begin = (what: string, limitMs: number) => {
    const number = Atomics.add(steps, 0, 1) + 1;
    post({ kind: 'step', number, model: name, what, limitMs });
  };
  const findings = await open(model, begin).catch((error: unknown): Finding[] => {
    if (!isModelFailure(error)) throw error;
    return [failed('graph', error.message)];
  });
  post({ kind: 'loaded', model: name, findings });
}

async function open(model: Model, begin: (what: string, limitMs: number) => void): Promise<Finding[]> {
  const { name, input } = model.manifest;
  begin('opening the graph', OPEN_LIMIT_MS);
  const runnable = await RunnableModel.open(model);
  loaded.set(name, runnable);
  const opened = passed('graph', 'the runtime opens it');
  if (data.tried.includes(name)) return [opened, ...(await tryModel(runnable, { begin, ranMs }))];

  for (const runs of [1, BATCH_RUNS]) {
    begin(`a batch of ${runs}`, FIRST_RUN_LIMIT_MS);
    await runnable.run(randomRuns(input, runs).values);
  }
  return [opened];
}

async function run({ model, values }: ToInference): Promise<void> {
  const beganMs = performance.now();
  const end = await outcome(model, values, beganMs);
  Atomics.add(steps, 0, 1); // before the message, so that nobody cuts off what is done
  post(end);
}

async function outcome(name: string, values: Float32Array, beganMs: number): Promise<FromInference> {
  const model = loaded.get(name);
  if (model === undefined) throw new Error(`a run for model ${name}, which is not loaded`);
  try {
    const outputs = await model.run(values);
    return { kind: 'done', outputs, ms: performance.now() - beganMs };
  } catch (error) {
    if (!isModelFailure(error)) throw error;
    return { kind: 'failed', reason: error.message, isBroken: error instanceof OnnxFailure && error.isBroken };
  }
}
