import { DecimateKernel } from '../../server/kernels/decimate-kernel.ts';
import type { KernelModule } from '../../server/kernels/module.ts';
import { OVERVIEW_CELL_BYTES } from '../../server/wire/captures.ts';
import { COLUMN_LIMIT } from '../charts/trend-source.ts';
import type { Piece } from './capture-pieces.ts';
import type { ColumnRoom } from './column-room.ts';
import type { PartialFile } from './partial-file.ts';
import type { WaveView } from './wave-source.ts';

// Ten cells a column, a row more where a cell reaches into the next column, and
// some thousand gaps. What is more on one screen is left out at its right end.
const ROWS = 12 * COLUMN_LIMIT + 16_384;

/** Where the cells of one level lie in the overview, and how many samples each holds. */
export interface CellLevel {
  readonly byteOffset: number;
  readonly samples: number;
}

/** Reduces cells of an overview to pixel columns, by the kernel that reduces trends. */
export class CellColumns {
  readonly #kernel: DecimateKernel;
  #row = 0;

  constructor(module: KernelModule) {
    this.#kernel = new DecimateKernel(module, { capacity: ROWS, maxColumns: COLUMN_LIMIT });
  }

  /**
   * Writes the columns of a view, in raw counts. A cell wider than a column
   * fills all that it reaches; one across a gap stands on both of its sides,
   * for which of them its extremes are from, it does not tell.
   */
  reduce(view: WaveView, pieces: readonly Piece[], file: PartialFile, level: CellLevel, room: ColumnRoom): void {
    this.#row = 0;
    const columnMs = (view.to - view.from) / view.columns;
    for (const [i, piece] of pieces.entries()) {
      const before = pieces[i - 1];
      if (before) this.#add(before.index + before.samples, NaN, NaN, 0);
      this.#addPiece(piece, file, level, { fromMs: view.from, columnMs });
    }
    const range = { from: 0, to: this.#row, fromMs: view.from, columnMs, columns: view.columns };
    const { min, max, count, broken } = this.#kernel.decimate(range);
    room.min.set(min);
    room.max.set(max);
    room.count.set(count);
    room.broken.set(broken);
  }

  #addPiece(
    { start, index, samples }: Piece,
    file: PartialFile,
    level: CellLevel,
    { fromMs, columnMs }: { readonly fromMs: number; readonly columnMs: number },
  ): void {
    const end = index + samples;
    const byteOf = (cell: number) => level.byteOffset + cell * OVERVIEW_CELL_BYTES;
    const [first, last] = [Math.floor(start / level.samples), Math.ceil((start + samples) / level.samples)];
    for (const part of file.held(byteOf(first), byteOf(last))) {
      const figures = new Float64Array(part.bytes.buffer, part.bytes.byteOffset, part.bytes.length / 8);
      const cell = (part.from - level.byteOffset) / OVERVIEW_CELL_BYTES;
      for (let i = 0; i < figures.length; i += 2) {
        const at = index + (cell + i / 2) * level.samples - start;
        const to = Math.min(end, at + level.samples);
        const begin = Math.max(index, at);
        this.#add(begin, figures[i], figures[i + 1], 1);
        // By whole columns: a time that is added to may stand still where columns are much finer than a sample.
        let column = Math.floor((begin - fromMs) / columnMs) + 1;
        for (let edge = fromMs + column * columnMs; edge < to; edge = fromMs + ++column * columnMs) {
          if (edge > begin) this.#add(edge, figures[i], figures[i + 1], 1);
        }
      }
    }
  }

  /** A row with count 0 is a gap, as are samples that are all NaN. */
  #add(time: number, min: number, max: number, count: number): void {
    if (this.#row === ROWS) return;
    const { rows } = this.#kernel;
    const row = this.#row++;
    rows.timeMs[row] = time;
    rows.min[row] = min;
    rows.max[row] = max;
    rows.mean[row] = 0;
    rows.count[row] = Number.isNaN(min) ? 0 : count;
  }
}
