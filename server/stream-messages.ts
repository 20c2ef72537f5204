import type { LogLevel } from './base/log.ts';
import type { Config, IngestSettings } from './config.ts';
import type { LedgerEntry } from './trend/ledger.ts';
import type { Parcel } from './trend/window-outbox.ts';

// What the main thread and an ingest thread say to each other.

/** What an ingest thread starts with. */
export interface StreamWorkerData {
  /** File URL of the compiled kernels. */
  readonly wasm: string;
  readonly ingest: IngestSettings;
  readonly channels: Config['channels'];
  readonly logLevel: LogLevel;
}

export interface StreamStatus {
  readonly connections: number;
  readonly samplesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Share of one core over the last second. */
  readonly cpu: number;
  /** Connections refused or ended with an error, by protocol code, since the start. */
  readonly errors: Readonly<Record<string, number>>;
  /** Windows that the main thread was too slow to take, since the start. */
  readonly droppedWindows: number;
}

export type ToMain =
  | Parcel
  | { readonly kind: 'listening'; readonly host: string; readonly port: number }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'ledger'; readonly entries: readonly LedgerEntry[] }
  | { readonly kind: 'ledgerReply'; readonly id: number; readonly entries: readonly LedgerEntry[] }
  | { readonly kind: 'status'; readonly status: StreamStatus };

export type ToWorker =
  | { readonly kind: 'taken'; readonly rows: number }
  | { readonly kind: 'readLedger'; readonly id: number }
  | { readonly kind: 'close' };
