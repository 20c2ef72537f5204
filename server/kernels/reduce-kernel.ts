import { ABI } from './abi.ts';
import { bindKernels, createMemory, type Finish, type Fold, type KernelExports, type KernelModule } from './module.ts';
import { defaultFullScale, SAMPLE_BYTES, type SampleType } from './sample-type.ts';

/**
 * What one window came to, in raw counts. `count` is the finite samples that
 * the figures are made of; `clipped` counts those at or beyond full scale;
 * NaN and infinities are only in `nonfinite`.
 */
export interface RawSummary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean; variance is `m2 / count`. */
  readonly m2: number;
  readonly clipped: number;
  readonly nonfinite: number;
}

export interface ReduceOptions {
  readonly type: SampleType;
  /** Size of `staging`. */
  readonly stagingBytes: number;
  /** Lowest and highest raw count the device can tell apart; default: the ends of the integer type, none for floats. */
  readonly fullScale?: readonly [low: number, high: number];
}

/**
 * Reduces one channel's windows. Owns one WASM memory, created at its final
 * size and released with the kernel.
 *
 * Figures depend on the samples of a window alone: they are bit-equal however
 * the window is cut into calls of `fold`.
 */
export class ReduceKernel {
  /** Where the caller writes samples before it folds them; a view on the kernel's memory, 64-byte aligned. */
  readonly staging: Uint8Array<ArrayBuffer>;
  readonly #module: KernelModule;
  readonly #options: ReduceOptions;
  readonly #exports: KernelExports;
  readonly #fold: Fold;
  readonly #finish: Finish;
  readonly #sampleBytes: number;
  readonly #view: DataView;

  /** Throws where the module's ABI is not this program's, and where the full scale is not low < high. */
  constructor(module: KernelModule, options: ReduceOptions) {
    const { type, stagingBytes, fullScale = defaultFullScale(type) } = options;
    const [low, high] = fullScale;
    if (!(low < high)) throw new RangeError(`full scale ${low} .. ${high}, expected low < high`);

    this.#module = module;
    this.#options = options;
    const memory = createMemory(STAGING + stagingBytes);
    this.#exports = bindKernels(module, memory);
    [this.#fold, this.#finish] = kernelsOf(this.#exports, type);
    this.#sampleBytes = SAMPLE_BYTES[type];
    this.#view = new DataView(memory.buffer);
    this.staging = new Uint8Array(memory.buffer, STAGING, stagingBytes);

    for (const state of [STATE, GLANCE]) {
      this.#view.setFloat64(state + ABI.STATE_LOW, low, true);
      this.#view.setFloat64(state + ABI.STATE_HIGH, high, true);
      this.#exports.openWindow(state);
    }
  }

  /** A kernel with another size of staging, in a memory of its own, that goes on with the open window of this one. */
  resized(stagingBytes: number): ReduceKernel {
    const next = new ReduceKernel(this.#module, { ...this.#options, stagingBytes });
    const state = new Uint8Array(this.#view.buffer, STATE, ABI.STATE_BYTES);
    new Uint8Array(next.#view.buffer, STATE, ABI.STATE_BYTES).set(state);
    return next;
  }

  /** Adds `samples` samples at `byteOffset` of `staging` to the open window. The offset is sample-aligned. */
  fold(byteOffset: number, samples: number): void {
    this.#fold(STATE, this.#address(byteOffset, samples), samples);
  }

  /** What the samples there come to by themselves. The open window stays as it is. */
  glance(byteOffset: number, samples: number): RawSummary {
    this.#fold(GLANCE, this.#address(byteOffset, samples), samples);
    this.#finish(GLANCE);
    return readSummary(this.#view, GLANCE + ABI.STATE_RESULT);
  }

  /** Samples in the open window by the kernel's own count, finite or not. */
  get folded(): number {
    const open = STATE + ABI.STATE_OPEN;
    return (
      this.#view.getFloat64(open + ABI.SUMMARY_COUNT, true) +
      this.#view.getFloat64(open + ABI.SUMMARY_NONFINITE, true) +
      this.#view.getInt32(STATE + ABI.STATE_CARRIED, true)
    );
  }

  /** Closes the window and opens an empty one. */
  finish(): RawSummary {
    this.#finish(STATE);
    return readSummary(this.#view, STATE + ABI.STATE_RESULT);
  }

  #address(byteOffset: number, samples: number): number {
    const end = byteOffset + samples * this.#sampleBytes;
    const inside = byteOffset >= 0 && samples >= 0 && end <= this.staging.length; // false for NaN
    if (inside && byteOffset % this.#sampleBytes === 0) return STAGING + byteOffset;
    throw new RangeError(`${samples} samples at byte ${byteOffset} of ${this.staging.length}`);
  }
}

// Memory: nothing | state of the open window | state of a glance | staging.
const STATE = ABI.HOST_BASE;
const GLANCE = aligned(STATE + ABI.STATE_BYTES);
const STAGING = aligned(GLANCE + ABI.STATE_BYTES);

function aligned(address: number): number {
  return Math.ceil(address / 64) * 64;
}

/** Reads the summary record at `address`. */
export function readSummary(view: DataView, address: number): RawSummary {
  return {
    count: view.getFloat64(address + ABI.SUMMARY_COUNT, true),
    min: view.getFloat64(address + ABI.SUMMARY_MIN, true),
    max: view.getFloat64(address + ABI.SUMMARY_MAX, true),
    mean: view.getFloat64(address + ABI.SUMMARY_MEAN, true),
    m2: view.getFloat64(address + ABI.SUMMARY_M2, true),
    clipped: view.getFloat64(address + ABI.SUMMARY_CLIPPED, true),
    nonfinite: view.getFloat64(address + ABI.SUMMARY_NONFINITE, true),
  };
}

function kernelsOf(exports: KernelExports, type: SampleType): [Fold, Finish] {
  switch (type) {
    case 'i8':
      return [exports.foldI8, exports.finishI8];
    case 'u8':
      return [exports.foldU8, exports.finishU8];
    case 'i16':
      return [exports.foldI16, exports.finishI16];
    case 'u16':
      return [exports.foldU16, exports.finishU16];
    case 'i32':
      return [exports.foldI32, exports.finishI32];
    case 'f32':
      return [exports.foldF32, exports.finishF32];
    case 'f64':
      return [exports.foldF64, exports.finishF64];
  }
}
