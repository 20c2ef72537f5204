import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FFT_LOG2_LIMIT, FftKernel } from '../../../server/kernels/fft-kernel.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { loadKernels } from '../../support/kernels.ts';
import { naiveDft } from '../../support/naive-dft.ts';
import { runs } from '../../support/runs.ts';

let module: KernelModule;

beforeAll(async () => {
  module = await loadKernels();
});

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const signal = fc.integer({ min: 0, max: 8 }).chain((log2) => {
  const part = fc.array(number, { minLength: 2 ** log2, maxLength: 2 ** log2 });
  return fc.record({ log2: fc.constant(log2), re: part, im: part });
});

describe('FftKernel', () => {
  it('agrees with the definition on any numbers of any size', () => {
    fc.assert(
      fc.property(signal, ({ log2, re, im }) => {
        const kernel = transformed(log2, re, im);
        const plain = naiveDft(Float64Array.from(re), Float64Array.from(im));

        const size = Math.max(...re.map(Math.abs), ...im.map(Math.abs), 1e-300) * kernel.size;
        expect(furthest(kernel.re, plain.re)).toBeLessThanOrEqual(1e-13 * size);
        expect(furthest(kernel.im, plain.im)).toBeLessThanOrEqual(1e-13 * size);
      }),
      { numRuns: runs(200, 100_000) },
    );
  });

  it('finds a sine at its frequency, with half its amplitude times the size, and nothing elsewhere', () => {
    const kernel = new FftKernel(module, 16);
    for (let n = 0; n < kernel.size; n++) kernel.re[n] = 3 * Math.sin((2 * Math.PI * 1234 * n) / kernel.size);

    kernel.transform();

    const size = (k: number) => Math.hypot(kernel.re[k], kernel.im[k]) / kernel.size;
    expect(size(1234)).toBeCloseTo(1.5, 10);
    expect(size(kernel.size - 1234)).toBeCloseTo(1.5, 10);
    expect(Math.max(...Array.from({ length: 1234 }, (_, k) => size(k)))).toBeLessThan(1e-12);
  });

  it('transforms the largest size', () => {
    const kernel = new FftKernel(module, FFT_LOG2_LIMIT);
    kernel.re.fill(1);

    kernel.transform();

    expect([kernel.re[0], kernel.im[0]]).toEqual([2 ** FFT_LOG2_LIMIT, 0]);
    expect(kernel.re.subarray(1).every((part) => part === 0)).toBe(true);
  });

  it.each([-1, 21, 2.5, NaN])('refuses a transform of 2^%d', (log2) => {
    expect(() => new FftKernel(module, log2)).toThrow(RangeError);
  });
});

function transformed(log2: number, re: readonly number[], im: readonly number[]): FftKernel {
  const kernel = new FftKernel(module, log2);
  kernel.re.set(re);
  kernel.im.set(im);
  kernel.transform();
  return kernel;
}

function furthest(found: Float64Array, expected: Float64Array): number {
  return Math.max(...found.map((value, i) => Math.abs(value - expected[i])));
}
