import { join } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock } from './base/clock.ts';
import { AppError } from './base/errors.ts';
import { createLog } from './base/log.ts';
import { LogRelay } from './base/log-relay.ts';
import type { FromCapture, ToCapture } from './capture/capture-link.ts';
import { CaptureStore } from './capture/capture-store.ts';
import { Checker } from './capture/checker.ts';
import { Recorder } from './capture/recorder.ts';
import type { CaptureWorkerData, FromCaptureThread, ToCaptureThread } from './capture-thread.ts';
import { loadKernels } from './compute/load-kernels.ts';
import { refuseUnfinishedRestore } from './history/unfinished-restore.ts';

// The composition root of the thread that writes recordings: checksums and
// slow disks hold up neither a sensor nor a person.

// A start has better things to do.
const SWEEP_AFTER_MS = 3000;

if (parentPort === null) throw new Error('capture-worker runs only as a worker thread');
await start(parentPort, workerData as CaptureWorkerData);

/** Says why, in a sentence, where it cannot run. */
async function start(port: MessagePort, data: CaptureWorkerData): Promise<void> {
  try {
    await run(port, data);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    port.postMessage({ kind: 'refused', code: error.code, message: error.message } satisfies FromCaptureThread);
    data.ingestPort.close();
    port.close();
  }
}

async function run(port: MessagePort, data: CaptureWorkerData): Promise<void> {
  const { ingestPort } = data;
  const post = (message: FromCaptureThread) => port.postMessage(message);
  const relay = new LogRelay((relayed) => post({ kind: 'log', ...relayed }));
  const log = createLog('capture', data.logLevel, relay);
  const ingestOver = new Promise<void>((resolve) => ingestPort.once('close', () => resolve())); // after its last message
  const begun = new Promise<void>((resolve) =>
    port.on('message', (message: ToCaptureThread) => {
      switch (message.kind) {
        case 'begin':
          resolve();
          break;
        case 'logTaken':
          relay.taken(message.characters);
          break;
        case 'remove':
          void recorder
            .remove(message.id)
            .then(() => undefined)
            .catch((error: unknown) => (error as Error).message)
            .then((problem) => post({ kind: 'removed', id: message.id, problem }));
          break;
        case 'check':
          checker.ask(message.id);
          break;
        case 'close':
          checker.close();
          void ingestOver.then(() => recorder.settle()).then(() => port.close());
          break;
      }
    }),
  );
  const module = await loadKernels(new URL(data.wasm));
  await begun;
  refuseUnfinishedRestore(data.directory);
  const store = await CaptureStore.open(join(data.directory, 'captures'), log);
  const recorder = new Recorder({
    store,
    limitBytes: data.limitBytes,
    module,
    log,
    nowMs: () => systemClock.nowMs(),
    post: (message: FromCapture) => ingestPort.postMessage(message),
    onChange: (capture) => post({ kind: 'changed', capture }),
    onForget: (ids) => post({ kind: 'forgotten', ids }),
  });
  const checker = new Checker({
    store,
    log,
    onChecked: (checked) => post({ kind: 'checked', ...checked }),
    onChange: (capture) => {
      log.error({ id: capture.id, reason: capture.note }, 'a recording is damaged');
      post({ kind: 'changed', capture });
    },
  });
  ingestPort.on('message', (message: ToCapture) => recorder.take(message));
  const { captures, damaged, quarantined } = store;
  post({ kind: 'ready', captures, damaged, quarantined });
  setTimeout(() => void checker.sweep(), SWEEP_AFTER_MS).unref();
}
