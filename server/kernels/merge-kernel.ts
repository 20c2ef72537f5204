import { ABI } from './abi.ts';
import { bindKernels, createMemory, type KernelExports, type KernelModule } from './module.ts';
import { type RawSummary, readSummary } from './reduce-kernel.ts';

/** The figures of a summary in the order in which the kernels have them in memory. */
export const FIGURES = ['min', 'max', 'mean', 'm2', 'count', 'clipped', 'nonfinite'] as const;

/** The summary that is row `at` of `figures`, each in the order of `FIGURES`. */
export function summaryAt(figures: Float64Array, at: number): RawSummary {
  const of = (figure: number) => figures[at * FIGURES.length + figure];
  return { min: of(0), max: of(1), mean: of(2), m2: of(3), count: of(4), clipped: of(5), nonfinite: of(6) };
}

/** Merges summaries of windows into one. Owns one WASM memory with room for `capacity` of them. */
export class MergeKernel {
  readonly capacity: number;
  readonly #exports: KernelExports;
  readonly #view: DataView;
  readonly #numbers: Float64Array;
  readonly #merged: Float64Array;

  /** Throws where the module's ABI is not this program's. */
  constructor(module: KernelModule, capacity: number) {
    const memory = createMemory(PARTS + capacity * ABI.SUMMARY_BYTES);
    this.capacity = capacity;
    this.#exports = bindKernels(module, memory);
    this.#view = new DataView(memory.buffer);
    this.#numbers = new Float64Array(memory.buffer);
    this.#merged = new Float64Array(memory.buffer, MERGED, FIGURES.length);
  }

  /** What all samples of `parts` came to together, merged in order. At least one and at most `capacity` parts. */
  merge(parts: readonly RawSummary[]): RawSummary {
    if (parts.length < 1 || parts.length > this.capacity) {
      throw new RangeError(`${parts.length} summaries, expected 1 .. ${this.capacity}`);
    }
    let address = MERGED;
    for (const part of parts) {
      this.#write(address, part);
      address += ABI.SUMMARY_BYTES;
    }
    this.#exports.mergeSummaries(MERGED, PARTS, parts.length - 1); // the first is where the others go
    return readSummary(this.#view, MERGED);
  }

  /**
   * The same of summaries that are rows of `figures`, each in the order of
   * `FIGURES`: of those at `places`, however many. Its figures are good until
   * the next call.
   */
  mergeRows(figures: Float64Array, places: readonly number[]): Float64Array {
    if (places.length === 0) throw new RangeError('0 summaries, expected at least 1');
    this.#copy(MERGED, figures, places[0]);
    for (let at = 1; at < places.length; at += this.capacity) {
      const parts = Math.min(this.capacity, places.length - at);
      for (let i = 0; i < parts; i++) this.#copy(PARTS + i * ABI.SUMMARY_BYTES, figures, places[at + i]);
      this.#exports.mergeSummaries(MERGED, PARTS, parts);
    }
    return this.#merged;
  }

  #copy(address: number, figures: Float64Array, place: number): void {
    const to = address / Float64Array.BYTES_PER_ELEMENT;
    const from = place * FIGURES.length;
    for (let i = 0; i < FIGURES.length; i++) this.#numbers[to + i] = figures[from + i];
  }

  #write(address: number, part: RawSummary): void {
    const view = this.#view;
    view.setFloat64(address + ABI.SUMMARY_MIN, part.min, true);
    view.setFloat64(address + ABI.SUMMARY_MAX, part.max, true);
    view.setFloat64(address + ABI.SUMMARY_MEAN, part.mean, true);
    view.setFloat64(address + ABI.SUMMARY_M2, part.m2, true);
    view.setFloat64(address + ABI.SUMMARY_COUNT, part.count, true);
    view.setFloat64(address + ABI.SUMMARY_CLIPPED, part.clipped, true);
    view.setFloat64(address + ABI.SUMMARY_NONFINITE, part.nonfinite, true);
  }
}

// Memory: nothing | the first summary, into which the others are merged | the others.
const MERGED = ABI.HOST_BASE;
const PARTS = MERGED + ABI.SUMMARY_BYTES;
