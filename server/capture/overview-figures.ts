import { FIGURES, MergeKernel } from '../kernels/merge-kernel.ts';
import type { KernelModule } from '../kernels/module.ts';
import type { RawSummary } from '../kernels/reduce-kernel.ts';
import { type CaptureLevels, OVERVIEW_FIGURES_BYTES } from '../wire/captures.ts';

const LEVEL_FACTOR = 10;
/** The coarsest level has at most so many cells. */
const COARSEST_CELLS = 1000;
const CELL_NUMBERS = OVERVIEW_FIGURES_BYTES / Float64Array.BYTES_PER_ELEMENT;
/** Before a cell's numbers in a row of the kernel: the extremes, which have levels of their own. */
const ROW_START = FIGURES.indexOf('mean');
const PLACES = Array.from({ length: LEVEL_FACTOR }, (_, row) => row);

/**
 * Makes the figures of an overview from what the cells of its finest extremes
 * came to, ten to a cell. `wire/captures.ts` draws the layout. Holds all of
 * them until the end: 32 MB of the 4 GB that the default budget allows at most.
 */
export class OverviewFigures {
  readonly #kernel: MergeKernel;
  readonly #cell: number;
  readonly #finest: number[] = [];
  readonly #rows = new Float64Array(LEVEL_FACTOR * FIGURES.length);
  #filled = 0; // rows of the cell that is not whole yet

  /** `extremesCell` samples are in each summary but the last. */
  constructor(module: KernelModule, extremesCell: number) {
    this.#kernel = new MergeKernel(module, LEVEL_FACTOR);
    this.#cell = extremesCell * LEVEL_FACTOR;
  }

  /** Takes what the next cell of the finest extremes came to. */
  add({ mean, m2, count, clipped, nonfinite }: RawSummary): void {
    const at = this.#nextRow();
    this.#rows[at] = mean;
    this.#rows[at + 1] = m2;
    this.#rows[at + 2] = count;
    this.#rows[at + 3] = clipped;
    this.#rows[at + 4] = nonfinite;
    if (this.#filled === LEVEL_FACTOR) this.#close(this.#finest);
  }

  /** All levels, the finest first. */
  finish(): { readonly parts: readonly (readonly number[])[]; readonly figures: CaptureLevels } {
    this.#close(this.#finest);
    const parts = [this.#finest];
    for (let last = this.#finest; last.length > COARSEST_CELLS * CELL_NUMBERS; parts.push(last)) {
      last = this.#coarsen(last);
    }
    return { parts, figures: { cell: this.#cell, levels: parts.map(({ length }) => length / CELL_NUMBERS) } };
  }

  #coarsen(fine: readonly number[]): number[] {
    const cells: number[] = [];
    for (let from = 0; from < fine.length; from += CELL_NUMBERS) {
      const at = this.#nextRow();
      for (let i = 0; i < CELL_NUMBERS; i++) this.#rows[at + i] = fine[from + i]!;
      if (this.#filled === LEVEL_FACTOR) this.#close(cells);
    }
    this.#close(cells);
    return cells;
  }

  #nextRow(): number {
    return this.#filled++ * FIGURES.length + ROW_START;
  }

  #close(cells: number[]): void {
    if (this.#filled === 0) return;
    const merged = this.#kernel.mergeRows(this.#rows, PLACES.slice(0, this.#filled));
    for (let i = ROW_START; i < FIGURES.length; i++) cells.push(merged[i]!);
    this.#filled = 0;
  }
}
