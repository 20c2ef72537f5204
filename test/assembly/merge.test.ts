import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ABI } from '../../server/kernels/abi.ts';
import { bindKernels, createMemory, type KernelExports, type KernelMemory } from '../../server/kernels/module.ts';
import { type RawSummary, readSummary } from '../../server/kernels/reduce-kernel.ts';
import { EMPTY_SUMMARY } from '../../server/trend/summary.ts';
import { sampleWindow } from '../support/arbitraries.ts';
import { loadKernels } from '../support/kernels.ts';
import { runs } from '../support/runs.ts';
import { scalarReduce, tolerances } from '../support/scalar-reduce.ts';

const { MAX_VALUE } = Number;
const SOAK_MS = runs(30_000, 3_600_000);

let memory: KernelMemory;
let kernels: KernelExports;
let view: DataView;

beforeAll(async () => {
  memory = createMemory(65_536);
  kernels = bindKernels(await loadKernels(), memory);
  view = new DataView(memory.buffer);
});

describe('mergeSummaries', () => {
  it(
    'makes of the parts of a window what the whole makes',
    () => {
      fc.assert(
        fc.property(sampleWindow, ({ samples, cuts }) => {
          const parts = cuts.map((end, i) => scalarReduce(samples.subarray(cuts[i - 1] ?? 0, end), [-1, 1]));

          const { mean, m2, ...exact } = merge(parts);

          const expected = scalarReduce(samples, [-1, 1]);
          const { mean: wholeMean, m2: wholeM2, ...whole } = expected;
          const within = tolerances(expected);
          expect(exact).toStrictEqual(whole);
          expect(Math.abs(mean - wholeMean)).toBeLessThanOrEqual(within.mean);
          if (m2 === wholeM2) return; // infinities too
          expect(Math.abs(m2 - wholeM2)).toBeLessThanOrEqual(within.m2);
        }),
        { numRuns: runs(300, 20_000) },
      );
    },
    SOAK_MS,
  );

  it('leaves a summary as it is when empty ones join, and takes one into an empty one bit by bit', () => {
    const summary = { count: 3, min: -0, max: 1e300, mean: 0.1, m2: Infinity, clipped: 1, nonfinite: 2 };

    expect(merge([EMPTY_SUMMARY, summary, EMPTY_SUMMARY])).toStrictEqual(summary);
    expect(merge([])).toStrictEqual(EMPTY_SUMMARY);
    expect(merge([{ ...EMPTY_SUMMARY, nonfinite: 5 }])).toStrictEqual({ ...EMPTY_SUMMARY, nonfinite: 5 });
  });

  it('does not overflow the mean of the greatest samples', () => {
    const { mean, m2 } = merge([scalarReduce([-MAX_VALUE], [0, 1]), scalarReduce([MAX_VALUE, MAX_VALUE], [0, 1])]);

    expect(mean / MAX_VALUE).toBeCloseTo(1 / 3, 12);
    expect(m2).toBe(Infinity);
  });
});

// The records end where the memory ends: a read past them traps.
function merge(parts: readonly RawSummary[]): RawSummary {
  const src = memory.buffer.byteLength - parts.length * ABI.SUMMARY_BYTES;
  const dst = src - ABI.SUMMARY_BYTES;
  for (const [i, part] of [EMPTY_SUMMARY, ...parts].entries()) writeSummary(dst + i * ABI.SUMMARY_BYTES, part);
  new Uint8Array(memory.buffer, 0, dst).fill(0xa5);

  kernels.mergeSummaries(dst, src, parts.length);

  expect(new Uint8Array(memory.buffer, 0, dst).every((byte) => byte === 0xa5)).toBe(true);
  expect(parts.map((_, i) => readSummary(view, src + i * ABI.SUMMARY_BYTES))).toStrictEqual(parts);
  return readSummary(view, dst);
}

function writeSummary(address: number, summary: RawSummary): void {
  view.setFloat64(address + ABI.SUMMARY_COUNT, summary.count, true);
  view.setFloat64(address + ABI.SUMMARY_MIN, summary.min, true);
  view.setFloat64(address + ABI.SUMMARY_MAX, summary.max, true);
  view.setFloat64(address + ABI.SUMMARY_MEAN, summary.mean, true);
  view.setFloat64(address + ABI.SUMMARY_M2, summary.m2, true);
  view.setFloat64(address + ABI.SUMMARY_CLIPPED, summary.clipped, true);
  view.setFloat64(address + ABI.SUMMARY_NONFINITE, summary.nonfinite, true);
}
