import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ABI } from '../../server/kernels/abi.ts';
import { bindKernels, createMemory, type KernelExports, type KernelMemory } from '../../server/kernels/module.ts';
import { type RawSummary, readSummary } from '../../server/kernels/reduce-kernel.ts';
import { defaultFullScale, SAMPLE_BYTES } from '../../server/kernels/sample-type.ts';
import { type SampleWindow, sampleWindow, windowBytes } from '../support/arbitraries.ts';
import { bytesOf, loadKernels, rawKernels, SAMPLE_ARRAYS, SAMPLE_TYPES } from '../support/kernels.ts';
import { runs } from '../support/runs.ts';
import { exactMoments, scalarReduce, tolerances } from '../support/scalar-reduce.ts';

// The state in the middle, the samples against the memory's very end: a read
// past them traps, and every byte but the state must come out as it went in.
const STATE = 4096 + 8;
const MEMORY_BYTES = 16 * 65_536; // holds the longest window of the widest type
const GUARD = 0xa5;
const SOAK_MS = runs(30_000, 14_400_000);

let memory: KernelMemory;
let kernels: KernelExports;
let bytes: Uint8Array;
let view: DataView;

beforeAll(async () => {
  memory = createMemory(MEMORY_BYTES);
  kernels = bindKernels(await loadKernels(), memory);
  bytes = new Uint8Array(memory.buffer);
  view = new DataView(memory.buffer);
});

describe('the reduce kernels', () => {
  it(
    'agree with the scalar reference on any window, however it is cut, and write nothing outside their state',
    () => {
      fc.assert(
        fc.property(sampleWindow, (window) => {
          const found = reduce(window, window.cuts);

          expectSummary(found, scalarReduce(window.samples, window.fullScale ?? defaultFullScale(window.type)));
          expect(bits(found)).toEqual(bits(reduce(window, [window.samples.length])));
        }),
        { numRuns: runs(3_000, 1_000_000) },
      );
    },
    SOAK_MS,
  );

  it(
    'sum 8- and 16-bit integers exactly, to the last digit of mean and m2',
    () => {
      fc.assert(
        fc.property(
          sampleWindow.filter(({ type, samples }) => SAMPLE_BYTES[type] <= 2 && samples.length > 0),
          (window) => {
            const { mean, m2 } = reduce(window, window.cuts);
            const exact = exactMoments(window.samples);

            expect(Math.abs(mean - exact.mean)).toBeLessThanOrEqual(4e-16 * Math.abs(exact.mean));
            expect(Math.abs(m2 - exact.m2)).toBeLessThanOrEqual(4e-16 * exact.m2);
          },
        ),
        { numRuns: runs(500, 20_000) },
      );
    },
    SOAK_MS,
  );

  it.each(SAMPLE_TYPES)('start from nothing after each window: %s', (type) => {
    const window = { type, samples: SAMPLE_ARRAYS[type].from([1, 2, 3]), fullScale: undefined, cuts: [] };
    const first = reduce(window, [3]);

    rawKernels(kernels, type).finish(STATE);

    expect(first.count).toBe(3);
    expect(readSummary(view, STATE + ABI.STATE_RESULT)).toEqual(scalarReduce([], [0, 1]));
  });

  it('keep the variance of a small ripple on a large offset', () => {
    const ripple = Float64Array.from({ length: 50_000 }, (_, i) => 1e9 + (i % 2));

    const { mean, m2 } = reduce({ type: 'f64', samples: ripple, fullScale: undefined, cuts: [] }, [ripple.length]);

    expect(mean).toBeCloseTo(1e9 + 0.5, 3);
    expect(m2 / ripple.length).toBeCloseTo(0.25, 6);
  });

  it('do not overflow the mean of the greatest samples', () => {
    const { MAX_VALUE } = Number;
    const samples = Float64Array.from({ length: 5_000 }, (_, i) => (i < 2_500 ? MAX_VALUE : -MAX_VALUE));

    const { min, max, mean, m2 } = reduce({ type: 'f64', samples, fullScale: undefined, cuts: [] }, [5_000]);

    expect([min, max]).toEqual([-MAX_VALUE, MAX_VALUE]);
    expect(Math.abs(mean)).toBeLessThan(1e-12 * MAX_VALUE);
    expect(m2).toBe(Infinity);
  });

  it('count NaN and infinities and leave them out', () => {
    const samples = Float32Array.of(NaN, 1, Infinity, 2, -Infinity, 3);

    const found = reduce({ type: 'f32', samples, fullScale: [-5, 3], cuts: [] }, [6]);

    expect(found).toEqual({ count: 3, min: 1, max: 3, mean: 2, m2: 2, clipped: 1, nonfinite: 3 });
  });

  it('square the least 16-bit sample without overflow', () => {
    const samples = new Int16Array(4_096).fill(-32_768).fill(32_767, 4_000);

    const { m2 } = reduce({ type: 'i16', samples, fullScale: undefined, cuts: [] }, [4_096]);

    expect(m2).toBe(exactMoments(samples).m2);
  });
});

function reduce(window: SampleWindow, cuts: readonly number[]): RawSummary {
  const { type, samples, fullScale } = window;
  const { fold, finish } = rawKernels(kernels, type);
  const src = bytes.length - windowBytes(window);
  const [low, high] = fullScale ?? defaultFullScale(type);

  bytes.fill(GUARD);
  bytes.set(bytesOf(samples), src);
  view.setFloat64(STATE + ABI.STATE_LOW, low, true);
  view.setFloat64(STATE + ABI.STATE_HIGH, high, true);
  kernels.openWindow(STATE);
  let from = 0;
  for (const cut of cuts) {
    fold(STATE, src + from * SAMPLE_BYTES[type], cut - from);
    from = cut;
  }
  finish(STATE);

  expect(untouched(0, STATE) && untouched(STATE + ABI.STATE_BYTES, src)).toBe(true);
  expect(Buffer.compare(bytes.subarray(src), bytesOf(samples))).toBe(0);
  return readSummary(view, STATE + ABI.STATE_RESULT);
}

const GUARDS = new Uint8Array(MEMORY_BYTES).fill(GUARD);

function untouched(from: number, to: number): boolean {
  return Buffer.compare(bytes.subarray(from, to), GUARDS.subarray(from, to)) === 0;
}

// Counts and extremes are exact, to the sign of zero; sums may round otherwise.
function expectSummary(found: RawSummary, expected: RawSummary): void {
  const { mean, m2, ...exact } = found;
  const { mean: expectedMean, m2: expectedM2, ...expectedExact } = expected;
  expect(exact).toStrictEqual(expectedExact);

  const within = tolerances(expected);
  expect(Math.abs(mean - expectedMean), `mean ${mean}, expected ${expectedMean}`).toBeLessThanOrEqual(within.mean);
  if (m2 === expectedM2) return;
  expect(expectedM2).toBeLessThan(Infinity);
  expect(Math.abs(m2 - expectedM2), `m2 ${m2}, expected ${expectedM2}`).toBeLessThanOrEqual(within.m2);
}

function bits(summary: RawSummary): BigUint64Array {
  return new BigUint64Array(Float64Array.from(Object.values(summary) as number[]).buffer);
}
