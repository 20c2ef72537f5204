import { performance } from 'node:perf_hooks';
import type { Clock } from '../base/clock.ts';
import type { LedgerEntry } from '../trend/ledger.ts';
import type { IngestCounts } from './ingest-server.ts';

/** How ingest does, over the time since it was read before. */
export interface IngestStatus extends Omit<IngestCounts, 'bytes'> {
  readonly samplesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Share of the time that this thread was busy: at most so much of one core. */
  readonly cpu: number;
}

/** Of a thread that has not said anything. */
export const NOTHING_YET: IngestStatus = {
  connections: 0,
  held: 0,
  waiting: 0,
  waits: 0,
  roomBytes: 0,
  guessesRefused: 0,
  withheld: 0,
  sentAgain: 0,
  samplesPerSecond: 0,
  bytesPerSecond: 0,
  cpu: 0,
  errors: {},
};

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
    const { bytes, ...now } = counts;
    const status = {
      ...now,
      samplesPerSecond: (samples - this.#samples) / seconds,
      bytesPerSecond: (bytes - this.#bytes) / seconds,
      cpu: (busyMs - this.#busyMs) / 1000 / seconds,
    };
    this.#atMs = nowMs;
    this.#samples = samples;
    this.#bytes = bytes;
    this.#busyMs = busyMs;
    return status;
  }
}
