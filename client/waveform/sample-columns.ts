import type { KernelModule } from '../../server/kernels/module.ts';
import { ReduceKernel } from '../../server/kernels/reduce-kernel.ts';
import { SAMPLE_BYTES, type SampleType } from '../../server/kernels/sample-type.ts';
import type { Piece } from './capture-pieces.ts';
import type { ColumnRoom } from './column-room.ts';
import type { PartialFile } from './partial-file.ts';
import type { WaveView } from './wave-source.ts';

// Copied into the kernel's memory at a time.
const STAGING_BYTES = 1 << 18;

/** Reduces raw samples to pixel columns, by the kernel that reduces them to windows on the server. */
export class SampleColumns {
  readonly #kernel: ReduceKernel;
  readonly #bytes: number;

  constructor(module: KernelModule, type: SampleType) {
    this.#kernel = new ReduceKernel(module, { type, stagingBytes: STAGING_BYTES });
    this.#bytes = SAMPLE_BYTES[type];
  }

  /** Writes the columns of a view, in raw counts. The pieces are in order; what of them is not here is left out. */
  reduce(view: WaveView, pieces: readonly Piece[], file: PartialFile, room: ColumnRoom): void {
    const bytes = this.#bytes;
    const edges = new ColumnEdges(view);
    for (const { start, index, samples } of pieces) {
      for (const part of file.held(start * bytes, (start + samples) * bytes)) {
        this.#addPart(part.bytes, index + part.from / bytes - start, edges, room);
      }
    }
    this.#close(edges.column, room);
  }

  #addPart(bytes: Uint8Array, firstIndex: number, edges: ColumnEdges, room: ColumnRoom): void {
    const { staging } = this.#kernel;
    for (let at = 0; at < bytes.length; at += staging.length) {
      const block = bytes.subarray(at, at + staging.length);
      staging.set(block);
      const index = firstIndex + at / this.#bytes;
      const end = index + block.length / this.#bytes;
      for (let next = index; next < end; ) {
        if (next >= edges.to) {
          this.#close(edges.column, room);
          edges.moveTo(next);
        }
        const stop = Math.min(end, edges.to);
        this.#kernel.fold((next - index) * this.#bytes, stop - next);
        next = stop;
      }
    }
  }

  #close(column: number, room: ColumnRoom): void {
    const { count, min, max } = this.#kernel.finish();
    if (count > 0) room.set(column, { min, max, count });
  }
}

/** The column under way, and the first index after it. */
class ColumnEdges {
  column = 0;
  to: number;
  readonly #view: WaveView;
  readonly #each: number;

  constructor(view: WaveView) {
    this.#view = view;
    this.#each = (view.to - view.from) / view.columns;
    this.to = this.#edge(1);
  }

  moveTo(index: number): void {
    const last = this.#view.columns - 1;
    this.column = Math.min(last, Math.max(0, Math.floor((index - this.#view.from) / this.#each)));
    while (this.column > 0 && index < this.#edge(this.column)) this.column--; // the quotient may round into a neighbour
    while (this.column < last && index >= this.#edge(this.column + 1)) this.column++;
    this.to = this.column === last ? Infinity : this.#edge(this.column + 1);
  }

  #edge(column: number): number {
    return Math.ceil(this.#view.from + column * this.#each);
  }
}
