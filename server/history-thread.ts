import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { AppError, type ErrorCode } from './base/errors.ts';
import type { Logger, LogLevel } from './base/log.ts';
import type { LogOutput } from './base/log-output.ts';
import { type LineTaken, type RelayedLine, takeLine } from './base/log-relay.ts';
import { type CallEnd, PendingCalls } from './base/pending-calls.ts';
import { workerEnd } from './base/worker-end.ts';
import type { HistorySettings } from './config.ts';
import { DiagnosisOutbox } from './history/diagnosis-outbox.ts';
import { type HistoryStatus, offStatus } from './history/history-status.ts';
import type { Pin } from './history/pins.ts';
import { QueryQueue, type QueryStatus } from './history/query-queue.ts';
import type { Diagnosis } from './trend/diagnosis.ts';
import type {
  DiagnosisCount,
  DiagnosisHistory,
  DiagnosisMixRequest,
  DiagnosisPage,
  DiagnosisPageRequest,
  DiagnosisRequest,
  StoredDiagnosis,
} from './trend/diagnosis-history.ts';
import type { StreamMark } from './trend/durable-link.ts';
import type { HistoryChannel, HistoryRequest, HistoryRows } from './trend/history-rows.ts';

export interface HistoryThreadOptions {
  /** The built `history-worker.js`. */
  readonly worker: URL;
  /** The built `kernels.wasm`. */
  readonly wasm: URL;
  /** `storage.directory`; the history lies in a folder of it. */
  readonly directory: string;
  readonly settings: HistorySettings;
  readonly logLevel: LogLevel;
  readonly log: Logger;
  readonly logOutput: Pick<LogOutput, 'write' | 'lose'>;
}

/** What a history thread starts with. */
export interface HistoryWorkerData {
  readonly wasm: string;
  readonly directory: string;
  readonly settings: HistorySettings;
  readonly logLevel: LogLevel;
  /** To the ingest thread: `ToHistory` comes, `FromHistory` goes. */
  readonly ingestPort: MessagePort;
}

/** What the thread can be asked for, and what it answers. */
export interface HistoryCalls {
  query(request: HistoryRequest): Promise<HistoryRows>;
  channels(): Promise<HistoryChannel[]>;
  /** As those of `DiagnosisReader`. */
  diagnoses(request: DiagnosisRequest): Promise<DiagnosisHistory>;
  diagnosisAt(channel: string, timeNs: bigint): Promise<StoredDiagnosis | undefined>;
  diagnosisMix(request: DiagnosisMixRequest): Promise<DiagnosisCount[]>;
  diagnosisPage(request: DiagnosisPageRequest): Promise<DiagnosisPage>;
  /** As those of `History`. */
  pin(pin: Pin): Promise<void>;
  replacePins(pins: readonly Pin[], spared: readonly string[]): Promise<void>;
  /** Makes a folder with the history as it stands; returns its path. */
  snapshot(): Promise<string>;
  dropSnapshot(path: string): Promise<void>;
}

export type HistoryCall = {
  [Name in keyof HistoryCalls]: { readonly name: Name; readonly values: Parameters<HistoryCalls[Name]> };
}[keyof HistoryCalls];

/** What a history thread says. */
export type FromHistoryThread =
  | { readonly kind: 'ready'; readonly marks: readonly StreamMark[] }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'status'; readonly status: HistoryStatus }
  | { readonly kind: 'called'; readonly id: number; readonly end: CallEnd }
  | { readonly kind: 'diagnosesTaken' }
  | ({ readonly kind: 'log' } & RelayedLine);

/** What it is told. */
export type ToHistoryThread =
  | { readonly kind: 'call'; readonly id: number; readonly call: HistoryCall }
  /** Nobody waits for the answer any more; one comes all the same. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** To be kept. */
  | { readonly kind: 'diagnoses'; readonly diagnoses: readonly Diagnosis[] }
  | LineTaken
  | { readonly kind: 'close' };

export interface HistoryStart {
  readonly thread: HistoryThread;
  /** Where the streams stand that the history knows. */
  readonly marks: readonly StreamMark[];
  /** For the ingest thread; none where nothing can be kept. */
  readonly ingestPort: MessagePort | undefined;
}

/** What waits is answered within the deadline where a query takes its usual time. */
export const QUERY_LIMITS = { running: 2, waiting: 128, deadlineMs: 5000 };
/** Rows live shorter than a commit: with more room for what is new, few are ever copied. */
const LIMITS = { maxYoungGenerationSizeMb: 64 };
/** A thread that has not stopped in so long hangs, and is ended. */
const STOP_LIMIT_MS = 5000;

/**
 * The main thread's handle on the history. Where its directory cannot be used
 * it is `off`: it answers nothing, and says why.
 */
export class HistoryThread implements HistoryCalls {
  readonly #worker: Worker;
  readonly #options: HistoryThreadOptions;
  readonly #calls = new PendingCalls();
  readonly #queries = new QueryQueue(QUERY_LIMITS);
  readonly #outbox = new DiagnosisOutbox((diagnoses) => this.#post({ kind: 'diagnoses', diagnoses }));
  #listing: Promise<HistoryChannel[]> | undefined;
  #isClosing = false;
  #status = offStatus('the history has just started');

  /** Resolves when the history can be written and read. Rejects with `STORAGE_LOCKED` where another server has the directory. */
  static async start(options: HistoryThreadOptions): Promise<HistoryStart> {
    const { worker: url, wasm, directory, settings, logLevel } = options;
    const { port1, port2 } = new MessageChannel();
    const workerData: HistoryWorkerData = { wasm: wasm.href, directory, settings, logLevel, ingestPort: port1 };
    const worker = new Worker(url, { workerData, name: 'history', transferList: [port1], resourceLimits: LIMITS });
    const thread = new HistoryThread(worker, options);
    const first = await new Promise<FromHistoryThread>((resolve, reject) => {
      thread.#onFirst = resolve;
      worker.once('error', reject);
    });
    if (first.kind === 'ready') return { thread, marks: first.marks, ingestPort: port2 };
    if (first.kind !== 'refused') throw new Error(`history thread said ${first.kind} before it was ready`);
    if (first.code !== 'STORAGE_FAILED') throw new AppError(first.code, first.message);

    options.log.error(`nothing is kept until a restart: ${first.message}`);
    thread.#status = offStatus(first.message);
    return { thread, marks: [], ingestPort: undefined };
  }

  private constructor(worker: Worker, options: HistoryThreadOptions) {
    this.#worker = worker;
    this.#options = options;
    worker.on('message', (message: FromHistoryThread) => this.#receive(message));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => {
      if (!this.#isClosing && this.#status.state !== 'off') this.#fail(new Error('the history thread ended by itself'));
      this.#calls.fail(new AppError('HISTORY_FAILED', this.#status.problem ?? 'the history has ended'));
    });
  }

  /** As of the last second. */
  status(): HistoryStatus {
    const { diagnoses } = this.#status;
    const { waiting, givenUp } = this.#outbox.status();
    const all = { waiting: diagnoses.waiting + waiting, givenUp: diagnoses.givenUp + givenUp };
    return { ...this.#status, diagnoses: { ...diagnoses, ...all } };
  }

  /** Keeps a diagnosis; once a channel, stream, run, model and version. Where nothing can be kept, it is given up after a while. */
  keep(diagnosis: Diagnosis): void {
    this.#outbox.add(diagnosis);
  }

  /** Also rejects with `HISTORY_BUSY`, and with the reason of `left` once nobody waits for the answer any more. */
  query(request: HistoryRequest, left = new AbortController().signal): Promise<HistoryRows> {
    return this.#queries.run((signal) => this.#call({ name: 'query', values: [request] }, signal), left);
  }

  /** Rejects as `query` does. */
  diagnoses(request: DiagnosisRequest, left = new AbortController().signal): Promise<DiagnosisHistory> {
    return this.#queries.run((signal) => this.#call({ name: 'diagnoses', values: [request] }, signal), left);
  }

  /** Rejects as `query` does. */
  diagnosisAt(
    channel: string,
    timeNs: bigint,
    left = new AbortController().signal,
  ): Promise<StoredDiagnosis | undefined> {
    return this.#queries.run((signal) => this.#call({ name: 'diagnosisAt', values: [channel, timeNs] }, signal), left);
  }

  /** Rejects as `query` does. */
  diagnosisMix(request: DiagnosisMixRequest, left = new AbortController().signal): Promise<DiagnosisCount[]> {
    return this.#queries.run((signal) => this.#call({ name: 'diagnosisMix', values: [request] }, signal), left);
  }

  /** Rejects as `query` does. */
  diagnosisPage(request: DiagnosisPageRequest, left = new AbortController().signal): Promise<DiagnosisPage> {
    return this.#queries.run((signal) => this.#call({ name: 'diagnosisPage', values: [request] }, signal), left);
  }

  queries(): QueryStatus {
    return this.#queries.status();
  }

  /**
   * Rejects as `query` does. Who asks while others wait gets their answer, so
   * all who ask take one place among the queries.
   */
  channels(): Promise<HistoryChannel[]> {
    const everyone = new AbortController().signal; // somebody waits until the deadline
    this.#listing ??= this.#queries
      .run((signal) => this.#call<HistoryChannel[]>({ name: 'channels', values: [] }, signal), everyone)
      .finally(() => {
        this.#listing = undefined;
      });
    return this.#listing;
  }

  pin(pin: Pin): Promise<void> {
    return this.#call({ name: 'pin', values: [pin] });
  }

  replacePins(pins: readonly Pin[], spared: readonly string[]): Promise<void> {
    return this.#call({ name: 'replacePins', values: [pins, spared] });
  }

  snapshot(): Promise<string> {
    return this.#call({ name: 'snapshot', values: [] });
  }

  dropSnapshot(path: string): Promise<void> {
    return this.#call({ name: 'dropSnapshot', values: [path] });
  }

  /** Writes what is pending. Resolves when the thread has ended, within `STOP_LIMIT_MS`. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#outbox.flush();
    this.#post({ kind: 'close' });
    await workerEnd(this.#worker, STOP_LIMIT_MS, { name: 'history', log: this.#options.log });
  }

  #onFirst: ((message: FromHistoryThread) => void) | undefined;

  #receive(message: FromHistoryThread): void {
    switch (message.kind) {
      case 'ready':
      case 'refused':
        this.#onFirst?.(message);
        break;
      case 'status':
        this.#status = message.status;
        break;
      case 'called':
        this.#calls.end(message.id, message.end);
        break;
      case 'diagnosesTaken':
        this.#outbox.taken();
        break;
      case 'log':
        takeLine(this.#worker, message, this.#options.logOutput);
        break;
    }
  }

  #call<T>(call: HistoryCall, signal?: AbortSignal): Promise<T> {
    return this.#calls.begin((id) => {
      signal?.addEventListener('abort', () => {
        if (this.#calls.has(id)) this.#post({ kind: 'cancel', id });
      });
      this.#post({ kind: 'call', id, call });
    });
  }

  #post(message: ToHistoryThread): void {
    this.#worker.postMessage(message);
  }

  #fail(error: Error): void {
    this.#options.log.fatal({ err: error }, 'the history thread has failed: nothing is kept until a restart');
    this.#status = { ...this.#status, state: 'off', problem: 'the history thread has failed' };
  }
}
