import { readFileSync } from 'node:fs';
import { compileKernels, type KernelExports, type KernelModule } from '../../server/kernels/module.ts';
import type { SampleType } from '../../server/kernels/sample-type.ts';

/** Typed array of each sample type. */
export const SAMPLE_ARRAYS = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

export type SampleArray = InstanceType<(typeof SAMPLE_ARRAYS)[SampleType]>;

export const SAMPLE_TYPES = Object.keys(SAMPLE_ARRAYS) as SampleType[];

/** The built module, the one that the server and the browser load. */
export function loadKernels(): Promise<KernelModule> {
  return compileKernels(readFileSync(new URL('../../build/assembly/kernels.wasm', import.meta.url)));
}

/** The raw kernels of a type, for tests that lay the memory out themselves. */
export function rawKernels(exports: KernelExports, type: SampleType) {
  const name = type.toUpperCase() as Uppercase<SampleType>;
  return { fold: exports[`fold${name}`], finish: exports[`finish${name}`] };
}

export function bytesOf(samples: SampleArray): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
