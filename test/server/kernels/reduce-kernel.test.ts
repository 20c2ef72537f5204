import { beforeAll, describe, expect, it } from 'vitest';
import { bindKernels, createMemory, type KernelModule } from '../../../server/kernels/module.ts';
import { ReduceKernel } from '../../../server/kernels/reduce-kernel.ts';
import { defaultFullScale } from '../../../server/kernels/sample-type.ts';
import { bytesOf, loadKernels, SAMPLE_ARRAYS, SAMPLE_TYPES } from '../../support/kernels.ts';
import { scalarReduce } from '../../support/scalar-reduce.ts';

// A module that exports nothing but ABI_VERSION = 99.
const FOREIGN = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version 1
  ...[0x06, 0x07, 0x01, 0x7f, 0x00, 0x41, 0xe3, 0x00, 0x0b], // one global, i32.const 99
  ...[0x07, 0x0f, 0x01, 0x0b, ...new TextEncoder().encode('ABI_VERSION'), 0x03, 0x00],
);

let module: KernelModule;

beforeAll(async () => {
  module = await loadKernels();
});

describe('ReduceKernel', () => {
  it.each(SAMPLE_TYPES)('reduces what is staged and counts what is open: %s', (type) => {
    const samples = SAMPLE_ARRAYS[type].from(Array.from({ length: 5_003 }, (_, i) => i % 128));
    const kernel = new ReduceKernel(module, { type, stagingBytes: 65_536 });
    kernel.staging.set(bytesOf(samples), 1_000 * samples.BYTES_PER_ELEMENT);

    kernel.fold(1_000 * samples.BYTES_PER_ELEMENT, 3);
    const early = kernel.folded;
    kernel.fold(1_003 * samples.BYTES_PER_ELEMENT, 5_000);
    const late = kernel.folded;
    const found = kernel.finish();

    const { mean, m2, ...exact } = scalarReduce(samples, defaultFullScale(type));
    expect([early, late, kernel.folded]).toEqual([3, 5_003, 0]);
    expect(found).toMatchObject(exact);
    expect(found.mean).toBeCloseTo(mean, 10);
    expect(found.m2 / m2).toBeCloseTo(1, 12);
  });

  it.each(SAMPLE_TYPES)('glances at some samples and leaves the open window as it is: %s', (type) => {
    const samples = SAMPLE_ARRAYS[type].from(Array.from({ length: 5_003 }, (_, i) => (i * 7) % 128));
    const kernel = new ReduceKernel(module, { type, stagingBytes: 65_536 });
    kernel.staging.set(bytesOf(samples));
    const [size, from, count] = [samples.BYTES_PER_ELEMENT, 1_001, 2_999];

    kernel.fold(0, 3_000);
    const glanced = [0, 1].map(() => kernel.glance(from * size, count));
    kernel.fold(3_000 * size, 2_003);

    const part = scalarReduce(samples.slice(from, from + count), defaultFullScale(type));
    const all = scalarReduce(samples, defaultFullScale(type));
    for (const { min, max, count } of glanced) expect([min, max, count]).toEqual([part.min, part.max, part.count]);
    expect(kernel.finish()).toMatchObject({ min: all.min, max: all.max, count: all.count, clipped: all.clipped });
  });

  it('counts samples that are not finite as folded', () => {
    const kernel = new ReduceKernel(module, { type: 'f32', stagingBytes: 65_536 });
    kernel.staging.set(bytesOf(new Float32Array(3_000).fill(NaN)));

    kernel.fold(0, 3_000);

    expect(kernel.folded).toBe(3_000);
    expect(kernel.finish()).toEqual(scalarReduce(new Float32Array(3_000).fill(NaN), [0, 1]));
  });

  it('counts as clipped by the full scale it is given', () => {
    const kernel = new ReduceKernel(module, { type: 'i16', stagingBytes: 64, fullScale: [-2, 2] });
    kernel.staging.set(bytesOf(Int16Array.of(-3, -2, -1, 0, 1, 2, 3)));

    kernel.fold(0, 7);

    expect(kernel.finish().clipped).toBe(4);
  });

  it('keeps channels apart', () => {
    const [a, b] = [1, 2].map(() => new ReduceKernel(module, { type: 'u8', stagingBytes: 64 }));
    a.staging.fill(7);
    b.staging.fill(9);

    a.fold(0, 64);
    b.fold(0, 32);

    expect([a.finish().mean, b.finish().mean]).toEqual([7, 9]);
  });

  it.each([
    ['past the end', 60, 3],
    ['before the start', -2, 1],
    ['between two samples', 1, 1],
    ['a negative count', 0, -1],
    ['not a number', 0, NaN],
  ])('refuses samples outside of staging: %s', (_name, byteOffset, samples) => {
    const kernel = new ReduceKernel(module, { type: 'i16', stagingBytes: 64 });

    expect(() => kernel.fold(byteOffset, samples)).toThrow(RangeError);
  });

  it('refuses a full scale that is none', () => {
    expect(() => new ReduceKernel(module, { type: 'f32', stagingBytes: 64, fullScale: [1, NaN] })).toThrow(
      'full scale 1 .. NaN, expected low < high',
    );
  });
});

it('refuses a module of another ABI, naming both', () => {
  const foreign = new WebAssembly.Module(FOREIGN);

  expect(() => bindKernels(foreign, createMemory(1))).toThrow('kernel module has ABI 99, expected 3');
});
