import { join } from 'node:path';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { systemClock } from './base/clock.ts';
import { AppError } from './base/errors.ts';
import { createLog } from './base/log.ts';
import { LogRelay } from './base/log-relay.ts';
import type { CallEnd } from './base/pending-calls.ts';
import { loadKernels } from './compute/load-kernels.ts';
import { History } from './history/history.ts';
import { refuseUnfinishedRestore } from './history/unfinished-restore.ts';
import type { FromHistoryThread, HistoryCall, HistoryWorkerData, ToHistoryThread } from './history-thread.ts';
import type { FromHistory, ToHistory } from './trend/durable-link.ts';

// The third composition root: a thread that owns the database, so that neither
// a commit nor a query can stall a sensor or a person.

const STATUS_MS = 1000;

if (parentPort === null) throw new Error('history-worker runs only as a worker thread');
await start(parentPort, workerData as HistoryWorkerData);

/** Says why, in a sentence, where it cannot run. */
async function start(port: MessagePort, data: HistoryWorkerData): Promise<void> {
  try {
    await run(port, data);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    port.postMessage({ kind: 'refused', code: error.code, message: error.message } satisfies FromHistoryThread);
    data.ingestPort.close();
    port.close();
  }
}

async function run(port: MessagePort, data: HistoryWorkerData): Promise<void> {
  const post = (message: FromHistoryThread) => port.postMessage(message);
  const relay = new LogRelay((relayed) => post({ kind: 'log', ...relayed }));
  const { ingestPort } = data;
  refuseUnfinishedRestore(data.directory);
  const history = await History.open({
    directory: join(data.directory, 'history'),
    settings: data.settings,
    kernels: await loadKernels(new URL(data.wasm)),
    clock: systemClock,
    log: createLog('history', data.logLevel, relay),
    post: (message: FromHistory) => ingestPort.postMessage(message),
  });
  ingestPort.on('message', (message: ToHistory) => history.take(message));

  const tell = () => post({ kind: 'status', status: history.status() });
  const timer = setInterval(tell, STATUS_MS);
  const underWay = new Map<number, AbortController>();
  port.on('message', (message: ToHistoryThread) => {
    switch (message.kind) {
      case 'call': {
        const { id, call } = message;
        const abort = new AbortController();
        underWay.set(id, abort);
        void answer(call, history, abort.signal)
          .then(
            (value): CallEnd => ({ kind: 'reply', value }),
            (error: unknown): CallEnd => ({ kind: 'failed', ...toFailure(error) }),
          )
          .then((end) => post({ kind: 'called', id, end }))
          .finally(() => underWay.delete(id));
        break;
      }
      case 'cancel':
        underWay.get(message.id)?.abort(new AppError('HISTORY_BUSY', 'nobody waits for the answer any more'));
        break;
      case 'diagnoses':
        history.takeDiagnoses(message.diagnoses);
        post({ kind: 'diagnosesTaken' });
        break;
      case 'logTaken':
        relay.taken(message.characters);
        break;
      case 'close':
        clearInterval(timer);
        takeRest(ingestPort, history);
        void history.close().then(() => {
          tell();
          ingestPort.close();
          port.close();
        });
        break;
    }
  });
  tell();
  post({ kind: 'ready', marks: history.marks });
  void history.warmUp();
}

// The ingest thread has ended before; what it posted last may wait behind the word to close.
function takeRest(port: MessagePort, history: History): void {
  for (let rest = receiveMessageOnPort(port); rest !== undefined; rest = receiveMessageOnPort(port)) {
    history.take(rest.message as ToHistory);
  }
}

function answer(call: HistoryCall, history: History, signal: AbortSignal): Promise<unknown> {
  switch (call.name) {
    case 'query':
      return history.query(...call.values, signal);
    case 'channels':
      return history.channels(signal);
    case 'diagnoses':
      return history.readDiagnoses((reader) => reader.range(...call.values, signal));
    case 'diagnosisAt':
      return history.readDiagnoses((reader) => reader.at(...call.values, signal));
    case 'diagnosisMix':
      return history.readDiagnoses((reader) => reader.mix(...call.values, signal));
    case 'diagnosisPage':
      return history.readDiagnoses((reader) => reader.page(...call.values, signal));
    case 'pin':
      return history.pin(...call.values);
    case 'replacePins':
      return history.replacePins(...call.values);
    case 'snapshot':
      return history.snapshot();
    case 'dropSnapshot':
      return history.dropSnapshot(...call.values);
  }
}

/** A bug in a query is the query's, not the end of the history: it is told as a failure, with its message. */
function toFailure(error: unknown): { code: AppError['code']; message: string } {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return { code: 'HISTORY_FAILED', message: error instanceof Error ? error.message : String(error) };
}
