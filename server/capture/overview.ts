import type { KernelModule } from '../kernels/module.ts';
import { ReduceKernel } from '../kernels/reduce-kernel.ts';
import type { SampleType } from '../kernels/sample-type.ts';
import type { CaptureOverview } from '../wire/captures.ts';
import { OverviewFigures } from './overview-figures.ts';

/** Samples a cell of the finest level: below it samples are fetched, a million for a screen of 2,000 columns. */
export const OVERVIEW_CELL = 500;
const LEVEL_FACTOR = 10;
/** The coarsest level has at most so many cells. */
const COARSEST_CELLS = 1000;
const STAGING_BYTES = 1 << 16;

export interface OverviewOptions {
  readonly module: KernelModule;
  readonly type: SampleType;
  readonly sampleBytes: number;
  readonly fullScale?: readonly [low: number, high: number];
}

/**
 * Makes a recording's overview while its samples come: the finest level piece
 * by piece, the coarser ones, a tenth of it, and the figures at the end.
 * `wire/captures.ts` draws the layout.
 */
export class Overview {
  readonly #kernel: ReduceKernel;
  readonly #sampleBytes: number;
  #open = 0; // samples in the cell that is not whole yet
  #cells = 0;
  #clipped = 0;
  #coarse = new Level();
  readonly #figures: OverviewFigures;

  constructor({ module, type, sampleBytes, fullScale }: OverviewOptions) {
    this.#kernel = new ReduceKernel(module, { type, stagingBytes: STAGING_BYTES, ...(fullScale && { fullScale }) });
    this.#figures = new OverviewFigures(module, OVERVIEW_CELL);
    this.#sampleBytes = sampleBytes;
  }

  /** Samples at or beyond full scale so far. */
  get clipped(): number {
    return this.#clipped;
  }

  /** Takes whole samples; returns the cells of the finest level that they completed. */
  push(bytes: Uint8Array): Float64Array<ArrayBuffer> {
    const { staging } = this.#kernel;
    const cells: number[] = [];
    for (let at = 0; at < bytes.length; at += STAGING_BYTES) {
      const part = bytes.subarray(at, at + STAGING_BYTES);
      staging.set(part);
      const samples = part.length / this.#sampleBytes;
      for (let done = 0; done < samples; ) {
        const count = Math.min(samples - done, OVERVIEW_CELL - this.#open);
        this.#kernel.fold(done * this.#sampleBytes, count);
        done += count;
        this.#open += count;
        if (this.#open === OVERVIEW_CELL) this.#close(cells);
      }
    }
    return Float64Array.from(cells);
  }

  /** The rest: the last cell of the finest level where it is not whole, then the coarser levels and the figures. */
  finish(): { readonly cells: Float64Array<ArrayBuffer>; readonly overview: CaptureOverview } {
    const cells: number[] = [];
    if (this.#open > 0) this.#close(cells);
    const levels = [this.#cells];
    const coarser: number[][] = [];
    for (let level = this.#coarse.take(); levels[levels.length - 1]! > COARSEST_CELLS; level = coarsen(level)) {
      levels.push(level.length / 2);
      coarser.push(level);
    }
    const { parts, figures } = this.#figures.finish();
    const rest = [cells, ...coarser, ...parts].flat();
    return { cells: Float64Array.from(rest), overview: { cell: OVERVIEW_CELL, levels, figures } };
  }

  #close(cells: number[]): void {
    const summary = this.#kernel.finish();
    const { min, max, count, clipped } = summary;
    const cell = count === 0 ? ([NaN, NaN] as const) : ([min, max] as const);
    cells.push(...cell);
    this.#coarse.add(...cell);
    this.#figures.add(summary);
    this.#cells++;
    this.#clipped += clipped;
    this.#open = 0;
  }
}

/** The level above the finest, as far as it has come. */
class Level {
  readonly #cells: number[] = [];
  #added = 0;

  add(min: number, max: number): void {
    if (this.#added++ % LEVEL_FACTOR === 0) this.#cells.push(NaN, NaN);
    widen(this.#cells, this.#cells.length - 2, min, max);
  }

  take(): number[] {
    return this.#cells;
  }
}

function coarsen(fine: readonly number[]): number[] {
  const cells: number[] = [];
  for (let i = 0; i < fine.length; i += 2) {
    if (i % (2 * LEVEL_FACTOR) === 0) cells.push(NaN, NaN);
    widen(cells, cells.length - 2, fine[i]!, fine[i + 1]!);
  }
  return cells;
}

// NaN is a cell of nothing: whatever is compared with it does not widen it.
function widen(cells: number[], at: number, min: number, max: number): void {
  if (Number.isNaN(min)) return;
  if (!(cells[at]! <= min)) cells[at] = min;
  if (!(cells[at + 1]! >= max)) cells[at + 1] = max;
}
