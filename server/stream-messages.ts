import type { MessagePort } from 'node:worker_threads';
import type { ErrorCode } from './base/errors.ts';
import type { LogLevel } from './base/log.ts';
import type { LineTaken, RelayedLine } from './base/log-relay.ts';
import type { CallEnd } from './base/pending-calls.ts';
import type { CaptureOrder } from './capture/capture-plan.ts';
import type { RecordingStatus } from './capture/recording-status.ts';
import type { CaptureSettings, Config, IngestSettings } from './config.ts';
import type { IngestStatus } from './ingest/status-meter.ts';
import type { StreamMark } from './trend/durable-link.ts';
import type { LedgerEntry } from './trend/ledger.ts';
import type { Parcel } from './trend/window-outbox.ts';
import type { CaptureCause } from './wire/captures.ts';

/** The way to the history thread, and where streams stood in it at the start. */
export interface HistoryLink {
  /** Becomes the ingest thread's. */
  readonly port: MessagePort;
  readonly marks: readonly StreamMark[];
}

/** The ways to the other threads, which become the ingest thread's. */
export interface StreamLinks {
  /** None where nothing is kept: what was reduced is then called safe. */
  readonly history?: HistoryLink | undefined;
  /** To the capture thread; nothing is recorded where it is left out. */
  readonly capturePort?: MessagePort | undefined;
}

/** What an ingest thread starts with. */
export interface StreamWorkerData {
  /** File URL of the compiled kernels. */
  readonly wasm: string;
  readonly ingest: IngestSettings;
  readonly channels: Config['channels'];
  readonly capture: CaptureSettings;
  readonly logLevel: LogLevel;
}

/** The thread's books at one instant. */
export interface Books {
  readonly entries: readonly LedgerEntry[];
  /** Windows in the outbox; all others that were made are posted before these books are, or dropped. */
  readonly waiting: number;
  readonly dropped: number;
}

/** What the thread can be asked for. All reject with `AppError`. */
export interface StreamCalls {
  readLedger(): Promise<Books>;
  /**
   * Begins a recording; resolves to its identifier, also where it is refused.
   * Rejects with `CHANNEL_UNKNOWN`, `REQUEST_INVALID`, or `STORAGE_FAILED`
   * where nothing can be recorded.
   */
  capture(order: CaptureOrder): Promise<string>;
  /**
   * The same when a condition begins that is not announced yet, such as an
   * alarm within its delay: what was before it is pinned, and kept only where
   * it is confirmed. Released after ten minutes.
   */
  hold(order: CaptureOrder): Promise<string>;
  /** The condition is announced, for this cause. False where its recording is held no more. */
  confirm(id: string, cause: CaptureCause): Promise<boolean>;
  /** The condition has passed unannounced, or somebody stops the recording: nothing is kept. */
  release(id: string): Promise<void>;
}

export type StreamCall = {
  [Name in keyof StreamCalls]: { readonly name: Name; readonly values: Parameters<StreamCalls[Name]> };
}[keyof StreamCalls];

/** What an ingest thread says. */
export type ToMain =
  | Parcel
  | { readonly kind: 'listening'; readonly host: string; readonly port: number }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'ledger'; readonly books: Books }
  | { readonly kind: 'status'; readonly status: IngestStatus; readonly recording: RecordingStatus }
  | { readonly kind: 'called'; readonly id: number; readonly end: CallEnd }
  | ({ readonly kind: 'log' } & RelayedLine);

/** What it is told: the first message is `begin`. */
export type ToWorker =
  | ({ readonly kind: 'begin' } & StreamLinks)
  | { readonly kind: 'taken'; readonly rows: number }
  | { readonly kind: 'call'; readonly id: number; readonly call: StreamCall }
  | LineTaken
  | { readonly kind: 'close' };
