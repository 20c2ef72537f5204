import type { SampleSink } from '../trend/sample-sink.ts';
import type { Run } from './run.ts';

/** What a refill needs of a stream. */
export interface RefillStream {
  readonly sampleBytes: number;
  readonly sink: SampleSink;
  readonly safe: number;
  begin(run: Run): void;
  write(bytes: Uint8Array, from: number, to: number, arrivedMs: number): void;
}

/**
 * Takes what a device sends a second time, for a history that has lost it, and
 * reduces it once more beside the live stream, which drops the same samples.
 */
export class Refill {
  readonly #stream: RefillStream;
  readonly #until: number;
  #leftBytes = 0; // of the open run

  /** `stream` begins where windows are wanted, and its sink leads to the history alone; at `until`, the end of a window, they end. */
  constructor(stream: RefillStream, until: number) {
    this.#stream = stream;
    this.#until = until;
  }

  /** Start of the first window that has not come again. */
  get next(): number {
    return this.#stream.safe;
  }

  begin(run: Run): void {
    const samples = Math.max(0, Math.min(run.samples, this.#until - run.first));
    this.#leftBytes = samples * this.#stream.sampleBytes;
    this.#stream.begin({ ...run, samples });
  }

  /** As `Stream.write`, for all bytes of a run from its start. */
  write(bytes: Uint8Array, from: number, to: number, arrivedMs: number): void {
    const taken = Math.min(to - from, this.#leftBytes);
    if (taken === 0) return;
    this.#leftBytes -= taken;
    this.#stream.write(bytes, from, from + taken, arrivedMs);
  }

  /** The device has sent again what it had: a window that is not whole by now goes out as it is. */
  finish(): void {
    const { sink } = this.#stream;
    if (sink.tally.pending > 0) sink.seek(this.#until, 0);
    sink.release();
  }

  /** The connection is lost: `next` says where another refill goes on. */
  drop(): void {
    this.#stream.sink.release();
  }
}
