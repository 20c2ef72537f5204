import { Worker } from 'node:worker_threads';
import type { Alignment } from '../../../server/model/manifest.ts';

export interface GenerateTask {
  readonly seed: string;
  readonly rows: 1 | 3;
  /** Samples a second: a multiple of `RATE_STEP_HZ`. */
  readonly rateHz: number;
  readonly alignment: Alignment['kind'];
}

export interface GenerateOptions extends GenerateTask {
  readonly runs: number;
  readonly threads: number;
  /** The built `generate-worker.js`. */
  readonly worker: URL;
  /** The built `kernels.wasm`. */
  readonly wasm: URL;
}

/** Runs `first` … that one worker generates at a time. */
export interface RunBlock {
  readonly first: number;
  readonly runs: number;
}

export interface GeneratedBlock extends RunBlock {
  /** Lines of CSV: the points, then the label. */
  readonly text: string;
}

const BLOCK_RUNS = 4;
/** Blocks of each thread that are made or wait for those before them. */
const BLOCKS_AHEAD = 8;

/**
 * Generates runs on several threads and hands them out in their order, whatever
 * the number of threads. Whoever takes them slowly slows the threads down.
 */
export async function* generateRuns(options: GenerateOptions): AsyncGenerator<GeneratedBlock> {
  const { seed, rows, rateHz, alignment, runs, worker, wasm } = options;
  const task = { seed, rows, rateHz, alignment, wasm: wasm.href };
  const count = Math.min(options.threads, Math.ceil(runs / BLOCK_RUNS));
  const workers = Array.from({ length: count }, () => new Worker(worker, { workerData: task }));
  const done = new Map<number, GeneratedBlock>();
  const idle: Worker[] = [...workers];
  const turn = new Turn();
  for (const one of workers) {
    one.on('message', (block: GeneratedBlock) => {
      done.set(block.first, block);
      idle.push(one);
      turn.come();
    });
    one.on('error', (error) => turn.fail(error));
  }
  try {
    let told = 0;
    for (let next = 0; next < runs; ) {
      const end = Math.min(runs, next + count * BLOCKS_AHEAD * BLOCK_RUNS);
      while (told < end && idle.length > 0) {
        const block: RunBlock = { first: told, runs: Math.min(BLOCK_RUNS, runs - told) };
        (idle.pop() as Worker).postMessage(block);
        told += block.runs;
      }
      const block = done.get(next);
      if (block === undefined) {
        await turn.wait();
        continue;
      }
      done.delete(next);
      next += block.runs;
      yield block;
    }
  } finally {
    await Promise.all(workers.map((one) => one.terminate()));
  }
}

/** Lets one wait until something has come since it last waited. */
class Turn {
  #hasCome = false;
  #error: Error | undefined;
  #wake = (): void => undefined;

  come(): void {
    this.#hasCome = true;
    this.#wake();
  }

  fail(error: Error): void {
    this.#error ??= error;
    this.come();
  }

  /** Rejects with what has failed. */
  async wait(): Promise<void> {
    if (!this.#hasCome) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#hasCome = false;
    if (this.#error !== undefined) throw this.#error;
  }
}
