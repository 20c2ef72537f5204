import { ABI } from './abi.ts';
import { bindKernels, createMemory, type KernelExports, type KernelModule } from './module.ts';

/** Trend rows as columns; row r is element `r % capacity` of each. Views on the kernel's memory, written by the owner. */
export interface TrendRows {
  /** Never falls from one row to the next. */
  readonly timeMs: Float64Array<ArrayBuffer>;
  readonly min: Float64Array<ArrayBuffer>;
  readonly max: Float64Array<ArrayBuffer>;
  readonly mean: Float64Array<ArrayBuffer>;
  /** Samples behind the row; 0 marks a gap, and the row's figures are not read. */
  readonly count: Float64Array<ArrayBuffer>;
}

/** One entry a pixel column. Views on the kernel's memory: the next `decimate` overwrites them. */
export interface PixelColumns {
  readonly length: number;
  /** NaN in a column without samples, as `max` and `mean`. */
  readonly min: Float64Array<ArrayBuffer>;
  readonly max: Float64Array<ArrayBuffer>;
  /** Weighted by the samples of the rows. */
  readonly mean: Float64Array<ArrayBuffer>;
  /** Samples in the column; 0 where no row starts in it. */
  readonly count: Float64Array<ArrayBuffer>;
  /** Not 0 where a gap mark fell into the column: a trace is not joined across it. */
  readonly broken: Uint8Array<ArrayBuffer>;
}

export interface DecimateRange {
  /** First row and the one after the last. Rows count on past `capacity`; at most `capacity` of them. */
  readonly from: number;
  readonly to: number;
  /** Left edge of column 0. Rows outside the columns are left out. */
  readonly fromMs: number;
  readonly columnMs: number;
  /** At most `maxColumns`. */
  readonly columns: number;
}

/** What a kernel works in: from `at` on, all is its own. */
interface KernelPlace {
  readonly exports: KernelExports;
  readonly buffer: ArrayBuffer;
  readonly at: number;
}

/**
 * Memory that small kernels share. A browser gives a page about a hundred
 * memories, however small each is. A part is not given to another; the memory
 * is released with the last kernel in it.
 */
export class KernelRoom {
  readonly #module: KernelModule;
  readonly #chunkBytes: number;
  #place: KernelPlace | undefined;

  /** Each memory has `chunkBytes`, or as many as one kernel needs. */
  constructor(module: KernelModule, chunkBytes: number) {
    this.#module = module;
    this.#chunkBytes = chunkBytes;
  }

  /** Room for so many bytes, aligned for any column. */
  take(bytes: number): KernelPlace {
    const free = this.#place;
    const taken =
      free && free.at + bytes <= free.buffer.byteLength
        ? free
        : placeOf(this.#module, Math.max(bytes, this.#chunkBytes));
    this.#place = { ...taken, at: Math.ceil((taken.at + bytes) / ALIGN) * ALIGN };
    return taken;
  }
}

/**
 * Reduces one channel's trend rows to pixel columns, keeping every extreme.
 *
 * The rows live in the kernel's own memory, created at its final size, or in
 * its part of a room, so that nothing is copied between the ring that collects
 * and the kernel.
 */
export class DecimateKernel {
  readonly capacity: number;
  readonly maxColumns: number;
  readonly rows: TrendRows;
  readonly #exports: KernelExports;
  readonly #buffer: ArrayBuffer;
  readonly #rowsAt: number;
  readonly #pixels: number;
  #columns: PixelColumns | undefined;

  /** Throws where the module's ABI is not this program's. */
  constructor(
    module: KernelModule,
    { capacity, maxColumns, room }: { capacity: number; maxColumns: number; room?: KernelRoom | undefined },
  ) {
    this.capacity = capacity;
    this.maxColumns = maxColumns;
    const rowBytes = capacity * ABI.ROW_COLUMNS * 8;
    const bytes = rowBytes + maxColumns * ABI.PIXEL_BYTES;
    const { exports, buffer, at } = room?.take(bytes) ?? placeOf(module, bytes);
    this.#exports = exports;
    this.#buffer = buffer;
    this.#rowsAt = at;
    this.#pixels = at + rowBytes;

    const column = (index: number) => new Float64Array(buffer, at + index * capacity * 8, capacity);
    this.rows = { timeMs: column(0), min: column(1), max: column(2), mean: column(3), count: column(4) };
  }

  /** Reduces the rows of a range to its columns. The result is valid until the next call. */
  decimate({ from, to, fromMs, columnMs, columns }: DecimateRange): PixelColumns {
    if (!(from >= 0 && to >= from && to - from <= this.capacity)) {
      throw new RangeError(`rows ${from} .. ${to} of ${this.capacity}`);
    }
    if (!(columns >= 1 && columns <= this.maxColumns && columnMs > 0)) {
      throw new RangeError(`${columns} columns of ${columnMs} ms, expected 1 .. ${this.maxColumns}`);
    }

    const first = from % this.capacity; // a count of rows outgrows u32, a position does not
    const { capacity } = this;
    this.#exports.decimate(this.#rowsAt, capacity, first, first + to - from, fromMs, columnMs, columns, this.#pixels);
    if (this.#columns?.length !== columns) this.#columns = this.#view(columns);
    return this.#columns;
  }

  #view(length: number): PixelColumns {
    const at = (index: number) => this.#pixels + index * length * 8;
    const column = (index: number) => new Float64Array(this.#buffer, at(index), length);
    return {
      length,
      min: column(0),
      max: column(1),
      mean: column(2),
      count: column(3),
      broken: new Uint8Array(this.#buffer, at(4), length),
    };
  }
}

const ALIGN = 8;

/** A memory of its own. Throws where the module's ABI is not this program's. */
function placeOf(module: KernelModule, bytes: number): KernelPlace {
  const memory = createMemory(ABI.HOST_BASE + bytes);
  return { exports: bindKernels(module, memory), buffer: memory.buffer, at: ABI.HOST_BASE };
}
