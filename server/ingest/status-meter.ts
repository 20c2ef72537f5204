import { performance } from 'node:perf_hooks';
import type { Clock } from '../base/clock.ts';
import type { LedgerEntry } from '../trend/ledger.ts';
import type { IngestCounts } from './ingest-server.ts';

/** How ingest does, over the time since it was read before. */
export interface IngestStatus {
  readonly connections: number;
  readonly samplesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Share of the time that this thread was busy: at most so much of one core. */
  readonly cpu: number;
  /** Connections refused or ended with an error, by protocol code, since the start. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Makes rates of an ingest thread's totals: what changed since it was read before. */
export class StatusMeter {
  readonly #clock: Clock;
  #atMs: number;
  #samples = 0;
  #bytes = 0;
  #busyMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#atMs = clock.monotonicMs();
    this.#busyMs = performance.eventLoopUtilization().active;
  }

  read(counts: IngestCounts, ledger: readonly LedgerEntry[]): IngestStatus {
    const nowMs = this.#clock.monotonicMs();
    const seconds = (nowMs - this.#atMs) / 1000;
    const samples = ledger.reduce((sum, entry) => sum + entry.received, 0);
    const busyMs = performance.eventLoopUtilization().active;
    const status = {
      connections: counts.connections,
      samplesPerSecond: (samples - this.#samples) / seconds,
      bytesPerSecond: (counts.bytes - this.#bytes) / seconds,
      cpu: (busyMs - this.#busyMs) / 1000 / seconds,
      errors: counts.errors,
    };
    this.#atMs = nowMs;
    this.#samples = samples;
    this.#bytes = counts.bytes;
    this.#busyMs = busyMs;
    return status;
  }
}
