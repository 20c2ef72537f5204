import { Worker } from 'node:worker_threads';
import { AppError } from './base/errors.ts';
import type { Logger, LogLevel } from './base/log.ts';
import type { LogOutput } from './base/log-output.ts';
import { takeLine } from './base/log-relay.ts';
import { PendingCalls } from './base/pending-calls.ts';
import { workerEnd } from './base/worker-end.ts';
import type { CaptureOrder } from './capture/capture-plan.ts';
import { NOTHING_RECORDED, type RecordingStatus } from './capture/recording-status.ts';
import type { CaptureSettings, Config, IngestSettings } from './config.ts';
import { type IngestStatus, NOTHING_YET } from './ingest/status-meter.ts';
import type { Buses } from './pipeline.ts';
import type {
  Books,
  StreamCall,
  StreamCalls,
  StreamLinks,
  StreamWorkerData,
  ToMain,
  ToWorker,
} from './stream-messages.ts';
import type { LedgerEntry } from './trend/ledger.ts';
import { countWindows, type WindowAccount } from './trend/window-account.ts';
import { readWindowBatch, type StreamKey } from './trend/window-batch.ts';
import type { CaptureCause } from './wire/captures.ts';

export interface StreamThreadOptions {
  /** The built `stream-worker.js`. */
  readonly worker: URL;
  /** The built `kernels.wasm`. */
  readonly wasm: URL;
  readonly ingest: IngestSettings;
  readonly channels: Config['channels'];
  readonly capture: CaptureSettings;
  /** Awaited while the thread loads its code; it listens after that. */
  readonly links: Promise<StreamLinks>;
  readonly logLevel: LogLevel;
  readonly buses: Pick<Buses, 'channels' | 'trends' | 'ledgers'>;
  readonly log: Logger;
  /** Where the thread's own lines go. */
  readonly logOutput: Pick<LogOutput, 'write' | 'lose'>;
  /** The thread died of a bug: no sample is read any more. */
  readonly onFailure: (error: Error) => void;
}

/** A thread that has not stopped in so long hangs, and is ended, so that viewers are still told. */
const STOP_LIMIT_MS = 3000;

/**
 * The main thread's handle on an ingest thread. What devices send comes out
 * of `buses`: a channel before its first window, windows in order.
 */
export class StreamThread implements Omit<StreamCalls, 'readLedger'> {
  readonly address: { readonly host: string; readonly port: number };
  readonly #worker: Worker;
  readonly #options: StreamThreadOptions;
  readonly #keys = new Map<number, StreamKey>();
  readonly #calls = new PendingCalls();
  #newest: readonly LedgerEntry[] = [];
  #isClosing = false;
  #isFailed = false;
  #status: IngestStatus = NOTHING_YET;
  #recording: RecordingStatus = NOTHING_RECORDED;
  #taken = 0;
  #windows: WindowAccount = { made: 0, taken: 0, waiting: 0, dropped: 0 };

  /** Resolves when the thread listens. Rejects with `LISTEN_FAILED` or `KERNELS_INVALID`, with what the thread died of, or as `links` does. */
  static async start(options: StreamThreadOptions): Promise<StreamThread> {
    const { worker: url, wasm, ingest, channels, capture, logLevel } = options;
    const workerData: StreamWorkerData = { wasm: wasm.href, ingest, channels, capture, logLevel };
    const worker = new Worker(url, { workerData, name: 'ingest' });
    const begun = options.links.then((links) => {
      const ports = [links.history?.port, links.capturePort].filter((port) => port !== undefined);
      worker.postMessage({ kind: 'begin', ...links } satisfies ToWorker, ports);
    });
    const listening = new Promise<StreamThread['address']>((resolve, reject) => {
      const onMessage = (message: ToMain) => {
        if (message.kind === 'log') return takeLine(worker, message, options.logOutput);
        worker.off('message', onMessage).off('error', reject);
        if (message.kind === 'listening') resolve({ host: message.host, port: message.port });
        else if (message.kind === 'refused') reject(new AppError(message.code, message.message));
        else reject(new Error(`ingest thread said ${message.kind} before it listened`));
      };
      worker.once('error', reject).on('message', onMessage);
    });
    try {
      const [address] = await Promise.all([listening, begun]);
      return new StreamThread(worker, address, options);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  private constructor(worker: Worker, address: StreamThread['address'], options: StreamThreadOptions) {
    this.#worker = worker;
    this.address = address;
    this.#options = options;
    worker.on('message', (message: ToMain) => this.#receive(message));
    worker.on('error', (error: Error) => this.#fail(error));
    worker.on('messageerror', (error) => this.#fail(error));
    worker.on('exit', (code) => {
      this.#calls.fail(new AppError('STORAGE_FAILED', 'nothing is measured: the ingest thread has ended'));
      if (!this.#isClosing) this.#fail(new Error(`ingest thread ended by itself with code ${code}`));
    });
  }

  /** How the thread does, as of the last second. */
  status(): IngestStatus {
    return this.#status;
  }

  /** What raw samples are kept, and how recording does, as of the last second. */
  recording(): RecordingStatus {
    return this.#recording;
  }

  capture(order: CaptureOrder): Promise<string> {
    return this.#call({ name: 'capture', values: [order] });
  }

  hold(order: CaptureOrder): Promise<string> {
    return this.#call({ name: 'hold', values: [order] });
  }

  confirm(id: string, cause: CaptureCause): Promise<boolean> {
    return this.#call({ name: 'confirm', values: [id, cause] });
  }

  release(id: string): Promise<void> {
    return this.#call({ name: 'release', values: [id] });
  }

  /** The account of all windows, as of the newest ledger. */
  windows(): WindowAccount {
    return this.#windows;
  }

  /** Every channel's account at this instant, asked of the thread; the last it gave where it has ended. */
  async readLedger(): Promise<readonly LedgerEntry[]> {
    const books = await this.#call<Books>({ name: 'readLedger', values: [] }).catch(() => undefined);
    if (books !== undefined) this.#settle(books);
    return this.#newest;
  }

  /**
   * Tells every device that the server stops, once the history has what it sent. Resolves when the thread has ended,
   * within `STOP_LIMIT_MS`.
   */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#post({ kind: 'close' });
    await workerEnd(this.#worker, STOP_LIMIT_MS, { name: 'ingest', log: this.#options.log });
  }

  #receive(message: ToMain): void {
    const { buses } = this.#options;
    switch (message.kind) {
      case 'opened': {
        const { channel, stream, window: size, rateHz } = message.info;
        this.#keys.set(message.number, { channel, stream, size, rateHz });
        buses.channels.publish(message.info);
        break;
      }
      case 'windows':
        readWindowBatch(message.buffer, this.#keyOf, (window) => {
          this.#taken++;
          buses.trends.publish(window);
        });
        this.#post({ kind: 'taken', rows: message.rows });
        break;
      case 'ledger':
        this.#settle(message.books);
        buses.ledgers.publish(message.books.entries);
        break;
      case 'status':
        this.#status = message.status;
        this.#recording = message.recording;
        break;
      case 'called':
        this.#calls.end(message.id, message.end);
        break;
      case 'log':
        takeLine(this.#worker, message, this.#options.logOutput);
        break;
      case 'listening':
      case 'refused':
        throw new Error(`ingest thread said ${message.kind} twice`);
    }
  }

  // Messages come in the order they were posted, so what these books call neither waiting nor dropped is here.
  #settle({ entries, waiting, dropped }: Books): void {
    this.#newest = entries;
    this.#windows = { made: countWindows(entries), taken: this.#taken, waiting, dropped };
  }

  readonly #keyOf = (number: number): StreamKey => {
    const key = this.#keys.get(number);
    if (key === undefined) throw new Error(`window of channel number ${number}, which was not opened`);
    return key;
  };

  #call<T>(call: StreamCall): Promise<T> {
    return this.#calls.begin((id) => this.#post({ kind: 'call', id, call }));
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #fail(error: Error): void {
    if (this.#isFailed) return; // an error, and then the exit that follows it
    this.#isFailed = true;
    this.#options.log.fatal({ err: error }, 'the ingest thread has failed: nothing is measured until a restart');
    this.#newest = this.#newest.map((entry) => ({ ...entry, live: false })); // its connections died with it
    this.#options.buses.ledgers.publish(this.#newest);
    this.#options.onFailure(error);
  }
}
