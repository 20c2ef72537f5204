import runtimeUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { env } from 'onnxruntime-web/wasm';
import { OnnxFailure } from '../../server/model/onnx-session.ts';
import { isModelFailure, RunnableModel } from '../../server/model/runnable-model.ts';
import { faultInWords } from '../../server/trend/model-fault.ts';
import type { FromModelWorker, ToModelWorker } from './messages.ts';
import { sha256 } from './sha256.ts';

// The thread of a page on which models run: a model that hangs ends with it.

const models = new Map<string, RunnableModel>();

addEventListener('message', ({ data }: MessageEvent<ToModelWorker>) => void answer(data).then(say));
void begin().then(say);

/** The runtime comes from this page's own server, and nothing else does. */
async function begin(): Promise<FromModelWorker> {
  try {
    const response = await fetch(runtimeUrl);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    env.wasm.wasmBinary = await response.arrayBuffer();
    return { kind: 'ready' };
  } catch (error) {
    const reason = faultInWords({ code: 'RUNTIME_MISSING', detail: messageOf(error) });
    return { kind: 'failed', reason, isBroken: true };
  }
}

async function answer(message: ToModelWorker): Promise<FromModelWorker> {
  try {
    return message.kind === 'open' ? await open(message) : await run(message);
  } catch (error) {
    const isBroken = error instanceof OnnxFailure ? error.isBroken : !isModelFailure(error);
    return { kind: 'failed', reason: messageOf(error), isBroken };
  }
}

async function open({ manifest, bytes }: Extract<ToModelWorker, { kind: 'open' }>): Promise<FromModelWorker> {
  const found = sha256(bytes);
  if (found !== manifest.sha256) {
    const reason = faultInWords({ code: 'GRAPH_HASH', found, expected: manifest.sha256 });
    return { kind: 'failed', reason, isBroken: false };
  }
  const model = await RunnableModel.open({ manifest, bytes });
  await models.get(manifest.name)?.session.close();
  models.set(manifest.name, model);
  return { kind: 'opened' };
}

async function run({ model, values }: Extract<ToModelWorker, { kind: 'run' }>): Promise<FromModelWorker> {
  const beganMs = performance.now();
  const outputs = await (models.get(model) as RunnableModel).run(values);
  return { kind: 'done', outputs, ms: performance.now() - beganMs };
}

function say(message: FromModelWorker): void {
  postMessage(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
