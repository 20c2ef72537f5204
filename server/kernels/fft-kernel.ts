import { ABI } from './abi.ts';
import { bindKernels, createMemory, type KernelExports, type KernelModule } from './module.ts';

/** Largest transform: 32 MiB of memory. */
export const FFT_LOG2_LIMIT = 20;

/**
 * Fourier transform of one size, a power of two. Owns one WASM memory, created
 * at its final size and released with the kernel.
 */
export class FftKernel {
  readonly size: number;
  /** Real parts: written by the owner before `transform`, read after it; views on the kernel's memory. */
  readonly re: Float64Array<ArrayBuffer>;
  /** Imaginary parts, as `re`. */
  readonly im: Float64Array<ArrayBuffer>;
  readonly #exports: KernelExports;
  readonly #log2: number;

  /** Throws where the module's ABI is not this program's, and for a `log2` that is not 0 … 20. */
  constructor(module: KernelModule, log2: number) {
    if (!(Number.isInteger(log2) && log2 >= 0 && log2 <= FFT_LOG2_LIMIT)) {
      throw new RangeError(`transform of 2^${log2}, expected 2^0 to 2^${FFT_LOG2_LIMIT}`);
    }
    const size = 2 ** log2;
    const memory = createMemory(PLACE + 4 * size * 8);
    this.#exports = bindKernels(module, memory);
    this.#log2 = log2;
    this.size = size;
    const column = (index: number, length = size) => new Float64Array(memory.buffer, PLACE + index * size * 8, length);
    this.re = column(0);
    this.im = column(1);
    writeTurns(column(2, 2 * size), size);
  }

  /** Transforms `re` and `im` in place; frequency k of `size` is entry k, not scaled. */
  transform(): void {
    const bytes = this.size * 8;
    this.#exports.fft(PLACE, PLACE + bytes, PLACE + 2 * bytes, this.#log2);
  }
}

// Memory: nothing | re | im | cosines | sines.
const PLACE = ABI.HOST_BASE;

// As assembly/kernels/fft.ts reads them: entry half + k turns by -π k / half.
function writeTurns(turns: Float64Array, size: number): void {
  for (let half = 1; half < size; half *= 2) {
    for (let k = 0; k < half; k++) {
      const angle = (-Math.PI * k) / half;
      turns[half + k] = Math.cos(angle);
      turns[size + half + k] = Math.sin(angle);
    }
  }
}
