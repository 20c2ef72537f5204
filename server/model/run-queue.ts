import type { ModelManifest } from './manifest.ts';
import type { Run } from './run.ts';
import { BATCH_RUNS } from './time-limits.ts';

/** A run on its way to a model. */
export interface QueuedRun {
  readonly run: Run;
  /** The one it was cut for. */
  readonly manifest: ModelManifest;
  /** Since when it waits, ms of the diagnoser's clock. */
  readonly sinceMs: number;
}

/** The runs of all channels that wait, in the order in which they came. */
export class RunQueue {
  readonly #limit: number;
  readonly #onDrop: (dropped: QueuedRun) => void;
  #waiting: QueuedRun[] = [];

  /** `onDrop` is told of the oldest past `limit` runs, and of those that have waited for too long. */
  constructor(limit: number, onDrop: (dropped: QueuedRun) => void) {
    this.#limit = limit;
    this.#onDrop = onDrop;
  }

  get length(): number {
    return this.#waiting.length;
  }

  push(queued: QueuedRun): void {
    this.#waiting.push(queued);
    if (this.#waiting.length > this.#limit) this.#onDrop(this.#waiting.shift() as QueuedRun);
  }

  /**
   * The oldest run and those after it that go to the same model, of which at
   * most `BATCH_RUNS` are complete; empty where none waits. Runs of a channel
   * keep their order. Those that wait since before `oldestMs` are dropped.
   */
  takeBatch(oldestMs: number): QueuedRun[] {
    while (this.#waiting.length > 0 && this.#waiting[0].sinceMs < oldestMs) {
      this.#onDrop(this.#waiting.shift() as QueuedRun);
    }
    const [oldest] = this.#waiting;
    if (oldest === undefined) return [];
    const batch: QueuedRun[] = [];
    const rest: QueuedRun[] = [];
    let complete = 0;
    let isOver = false;
    for (const queued of this.#waiting) {
      const isSame = queued.manifest.name === oldest.manifest.name;
      const adds = queued.run.kind === 'complete' ? 1 : 0;
      if (isSame) isOver ||= queued.manifest !== oldest.manifest || complete + adds > BATCH_RUNS;
      if (!isSame || isOver) {
        rest.push(queued);
        continue;
      }
      batch.push(queued);
      complete += adds;
    }
    this.#waiting = rest;
    return batch;
  }
}
