import { ABI_VERSION } from './abi.ts';

/** A compiled kernel module, what hosts know as `WebAssembly.Module`. May be shared by any number of kernels. */
export type KernelModule = object;

/** What hosts know as `WebAssembly.Memory`. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
}

/** Addresses and counts are u32; see `assembly/abi.ts` for the records they point at. */
export interface KernelExports {
  readonly ABI_VERSION: { readonly value: number };
  openWindow(state: number): void;
  foldI8: Fold;
  foldU8: Fold;
  foldI16: Fold;
  foldU16: Fold;
  foldI32: Fold;
  foldF32: Fold;
  foldF64: Fold;
  finishI8: Finish;
  finishU8: Finish;
  finishI16: Finish;
  finishU16: Finish;
  finishI32: Finish;
  finishF32: Finish;
  finishF64: Finish;
  fft(re: number, im: number, turns: number, log2: number): void;
  mergeSummaries(dst: number, src: number, records: number): void;
  decimate(
    rows: number,
    capacity: number,
    from: number,
    to: number,
    fromMs: number,
    columnMs: number,
    columns: number,
    dst: number,
  ): void;
}

export type Fold = (state: number, src: number, samples: number) => void;
export type Finish = (state: number) => void;

// The part of the WebAssembly API used here. Declared, because this folder
// compiles with neither Node's types nor the DOM's.
declare const WebAssembly: {
  compile(bytes: ArrayBuffer | ArrayBufferView): Promise<KernelModule>;
  Memory: new (size: { initial: number; maximum: number }) => KernelMemory;
  Instance: new (
    module: KernelModule,
    imports: { env: { memory: KernelMemory } },
  ) => { readonly exports: KernelExports };
};

const PAGE_BYTES = 65_536;

/** Compiles the bytes of `kernels.wasm`. */
export function compileKernels(bytes: ArrayBuffer | ArrayBufferView): Promise<KernelModule> {
  return WebAssembly.compile(bytes);
}

/** Creates a memory of at least `bytes`, at its final size: growing would detach every view on it. */
export function createMemory(bytes: number): KernelMemory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  return new WebAssembly.Memory({ initial: pages, maximum: pages });
}

/** Instantiates the kernels on `memory`. Throws where the module speaks another ABI than this program. */
export function bindKernels(module: KernelModule, memory: KernelMemory): KernelExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const version = exports.ABI_VERSION?.value;
  if (version !== ABI_VERSION) throw new Error(`kernel module has ABI ${version}, expected ${ABI_VERSION}`);
  return exports;
}
