import { join } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { AppError, type ErrorCode } from './base/errors.ts';
import type { Logger, LogLevel } from './base/log.ts';
import type { LogOutput } from './base/log-output.ts';
import { type LineTaken, type RelayedLine, takeLine } from './base/log-relay.ts';
import { workerEnd } from './base/worker-end.ts';
import { CaptureChecks } from './capture/capture-checks.ts';
import { type CaptureFiles, captureFiles } from './capture/capture-files.ts';
import { CaptureList, type CaptureQuery } from './capture/capture-list.ts';
import type { Checked } from './capture/checker.ts';
import type { Quarantined } from './capture/quarantine.ts';
import type { CaptureReply, CapturesReply } from './wire/captures.ts';

export interface CaptureThreadOptions {
  /** The built `capture-worker.js`. */
  readonly worker: URL;
  /** The built `kernels.wasm`. */
  readonly wasm: URL;
  /** `storage.directory`; recordings lie in a folder of it. */
  readonly directory: string;
  /** Bytes of all recordings. */
  readonly limitBytes: number;
  readonly logLevel: LogLevel;
  readonly log: Logger;
  readonly logOutput: Pick<LogOutput, 'write' | 'lose'>;
  /** Awaited while the thread loads its code; until then the directory may be another server's. */
  readonly owned: Promise<unknown>;
  /** The list is read: all recordings that are whole, and the names of those that are damaged. */
  readonly onList: (ready: readonly CaptureReply[], damaged: readonly string[]) => void;
  /** A recording has become ready: what of the history it refers to must be kept. */
  readonly onReady: (capture: CaptureReply) => void;
}

/** What a capture thread starts with. */
export interface CaptureWorkerData {
  readonly wasm: string;
  readonly directory: string;
  readonly limitBytes: number;
  readonly logLevel: LogLevel;
  /** To the ingest thread: `ToCapture` comes, `FromCapture` goes. */
  readonly ingestPort: MessagePort;
}

/** What a capture thread says. */
export type FromCaptureThread =
  | {
      readonly kind: 'ready';
      readonly captures: readonly CaptureReply[];
      readonly damaged: readonly string[];
      readonly quarantined: Quarantined;
    }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  | ({ readonly kind: 'checked' } & Checked)
  | { readonly kind: 'changed'; readonly capture: CaptureReply }
  | { readonly kind: 'forgotten'; readonly ids: readonly string[] }
  /** `problem` is why it could not be, in words. */
  | { readonly kind: 'removed'; readonly id: string; readonly problem: string | undefined }
  | ({ readonly kind: 'log' } & RelayedLine);

/** What it is told: the first message is `begin`. */
export type ToCaptureThread =
  | { readonly kind: 'begin' }
  | { readonly kind: 'check' | 'remove'; readonly id: string }
  | LineTaken
  | { readonly kind: 'close' };

/** A thread that has not stopped in so long hangs, and is ended; its recordings are listed as failed at the next start. */
const STOP_LIMIT_MS = 2000;

/**
 * The main thread's handle on the recordings: their list, and where their
 * files are. Where the directory cannot be used it is off, and says why.
 */
export class CaptureThread {
  readonly #worker: Worker;
  readonly #options: CaptureThreadOptions;
  readonly #list = new CaptureList();
  readonly #waiting = new Map<string, Waiting>();
  readonly #checks = new CaptureChecks({
    files: (id) => this.files(id),
    find: (id) => this.#list.get(id),
    ask: (id) => {
      if (this.#problem === undefined) this.#post({ kind: 'check', id });
      return this.#problem === undefined;
    },
  });
  readonly #removals = new Map<string, (problem: string | undefined) => void>();
  #quarantined: Quarantined = { ids: [], bytes: 0 };
  #madeRoom = 0;
  #forgotten = 0;
  #onFirst: ((message: FromCaptureThread) => void) | undefined;
  #isClosing = false;
  #problem: string | undefined;

  /** Resolves when the list is read. The port is for the ingest thread; there is none where nothing can be recorded. Rejects as `owned` does. */
  static async start(
    options: CaptureThreadOptions,
  ): Promise<{ thread: CaptureThread; ingestPort: MessagePort | undefined }> {
    const { worker: url, wasm, directory, limitBytes, logLevel } = options;
    const { port1, port2 } = new MessageChannel();
    const workerData: CaptureWorkerData = { wasm: wasm.href, directory, limitBytes, logLevel, ingestPort: port1 };
    const worker = new Worker(url, { workerData, name: 'capture', transferList: [port1] });
    const thread = new CaptureThread(worker, options);
    const answered = new Promise<FromCaptureThread>((resolve, reject) => {
      thread.#onFirst = resolve;
      worker.once('error', reject);
    });
    const begun = options.owned.then(() => thread.#post({ kind: 'begin' }));
    const [first] = await Promise.all([answered, begun]).catch(async (error: unknown) => {
      thread.#isClosing = true;
      await worker.terminate();
      throw error;
    });
    if (first.kind === 'ready') return { thread, ingestPort: port2 };
    if (first.kind !== 'refused') throw new Error(`capture thread said ${first.kind} before it was ready`);
    if (first.code !== 'STORAGE_FAILED') throw new AppError(first.code, first.message);

    options.log.error(`nothing is recorded until a restart: ${first.message}`);
    thread.#problem = first.message;
    return { thread, ingestPort: undefined };
  }

  private constructor(worker: Worker, options: CaptureThreadOptions) {
    this.#worker = worker;
    this.#options = options;
    worker.on('message', (message: FromCaptureThread) => this.#receive(message));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => {
      if (!this.#isClosing && this.#problem === undefined) this.#fail(new Error('the capture thread ended by itself'));
    });
  }

  /** What recordings take of the disk; `problem` is why there can be no more, in words. */
  status() {
    const { limitBytes } = this.#options;
    const damaged = this.#list.damaged.length + this.#quarantined.ids.length;
    const figures = { bytes: this.#bytes, damaged, limitBytes, madeRoom: this.#madeRoom, forgotten: this.#forgotten };
    return { ...figures, ...(this.#problem !== undefined && { problem: this.#problem }) };
  }

  find(id: string): CaptureReply | undefined {
    return this.#list.get(id);
  }

  query(query: CaptureQuery): CapturesReply {
    return { ...this.#list.find(query), bytes: this.#bytes, limitBytes: this.#options.limitBytes };
  }

  get #bytes(): number {
    return this.#list.bytes + this.#quarantined.bytes;
  }

  /** Files of a recording of the list. */
  files(id: string): CaptureFiles {
    return captureFiles(join(this.#options.directory, 'captures'), id);
  }

  /** As that of `CaptureChecks`. */
  isSound(capture: CaptureReply, needs?: { readonly isWhole?: boolean }): Promise<boolean> {
    return this.#checks.isSound(capture, needs);
  }

  /** Resolves when nothing of the recording is left; one under way is to be released before. Rejects with `STORAGE_FAILED`. */
  async remove({ id }: CaptureReply): Promise<void> {
    const problem =
      this.#problem ??
      (await new Promise<string | undefined>((resolve) => {
        this.#removals.get(id)?.('it is removed already');
        this.#removals.set(id, resolve);
        this.#post({ kind: 'remove', id });
      }));
    if (problem !== undefined) throw new AppError('STORAGE_FAILED', `the recording ${id} is not removed: ${problem}`);
  }

  /** Resolves when the recording is on the list, which is on the disk. Rejects with `STORAGE_FAILED`. */
  listed(id: string): Promise<CaptureReply> {
    const known = this.#list.get(id);
    if (known !== undefined) return Promise.resolve(known);
    if (this.#problem !== undefined) return Promise.reject(new AppError('STORAGE_FAILED', this.#problem));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** To be closed after the ingest thread. Resolves when everything is written, within `STOP_LIMIT_MS`. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#post({ kind: 'close' });
    await workerEnd(this.#worker, STOP_LIMIT_MS, { name: 'capture', log: this.#options.log });
  }

  #receive(message: FromCaptureThread): void {
    switch (message.kind) {
      case 'ready':
        for (const capture of message.captures) this.#list.set(capture);
        this.#quarantined = message.quarantined;
        this.#tellList();
        this.#onFirst?.(message);
        break;
      case 'refused':
        this.#onFirst?.(message);
        break;
      case 'changed': {
        const { capture } = message;
        this.#list.set(capture);
        this.#waiting.get(capture.id)?.resolve(capture);
        this.#waiting.delete(capture.id);
        if (isReady(capture)) this.#options.onReady(capture);
        break;
      }
      case 'checked':
        this.#checks.end(message.id, message.stamp);
        break;
      case 'forgotten':
        this.#forget(message.ids);
        break;
      case 'removed':
        this.#removals.get(message.id)?.(message.problem);
        this.#removals.delete(message.id);
        break;
      case 'log':
        takeLine(this.#worker, message, this.#options.logOutput);
        break;
    }
  }

  #tellList(): void {
    this.#options.onList(this.#list.ready, [...this.#quarantined.ids, ...this.#list.damaged]);
  }

  // What lets go of the history is said once for all of them.
  #forget(ids: readonly string[]): void {
    const gone = ids.filter((id) => (this.#list.get(id)?.bytes ?? 0) > 0);
    this.#madeRoom += gone.filter((id) => !this.#removals.has(id)).length;
    this.#forgotten += ids.filter((id) => !gone.includes(id) && !this.#removals.has(id)).length;
    for (const id of ids) this.#list.delete(id);
    if (gone.length > 0) this.#tellList();
  }

  #post(message: ToCaptureThread): void {
    this.#worker.postMessage(message);
  }

  #fail(error: Error): void {
    this.#options.log.fatal({ err: error }, 'the capture thread has failed: nothing is recorded until a restart');
    this.#problem = 'the capture thread has failed';
    for (const { reject } of this.#waiting.values()) reject(new AppError('STORAGE_FAILED', this.#problem));
    this.#waiting.clear();
    this.#checks.stop();
    for (const end of this.#removals.values()) end(this.#problem);
    this.#removals.clear();
  }
}

function isReady({ state }: CaptureReply): boolean {
  return state === 'ready';
}

interface Waiting {
  readonly resolve: (capture: CaptureReply) => void;
  readonly reject: (error: Error) => void;
}
