import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { OVERVIEW_CELL, Overview } from '../../../server/capture/overview.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { SAMPLE_BYTES } from '../../../server/kernels/sample-type.ts';
import { sampleWindow } from '../../support/arbitraries.ts';
import { bytesOf, loadKernels, SAMPLE_ARRAYS, type SampleArray } from '../../support/kernels.ts';
import { runs } from '../../support/runs.ts';

let module: KernelModule;
beforeAll(async () => {
  module = await loadKernels();
});

describe('Overview', () => {
  it('has the extremes of every cell, however the samples are cut', () => {
    fc.assert(
      fc.property(sampleWindow, fc.array(fc.nat(3000), { maxLength: 10 }), ({ type, samples }, pieces) => {
        const sampleBytes = SAMPLE_BYTES[type];
        const overview = new Overview({ module, type, sampleBytes });
        const bytes = bytesOf(samples);
        const cells: number[] = [];
        let at = 0;
        for (const piece of [...pieces, samples.length]) {
          const end = Math.min(bytes.length, at + piece * sampleBytes);
          cells.push(...overview.push(bytes.subarray(at, end)));
          at = end;
        }
        const rest = overview.finish();

        const [finest] = rest.levels;
        expect([...cells, ...rest.cells].slice(0, 2 * finest!).map(plus0)).toEqual(scalarCells(samples).map(plus0));
      }),
      { numRuns: runs(200, 20_000) },
    );
  });

  it('has coarser levels until one has at most a thousand cells, each ten times coarser', () => {
    const samples = Int16Array.from({ length: 5_512_345 }, (_, i) => (i * 31) % 20_011);
    const overview = new Overview({ module, type: 'i16', sampleBytes: 2, fullScale: [-1, 20_000] });

    const finest = overview.push(bytesOf(samples));
    const { cells, levels } = overview.finish();

    expect(levels).toEqual([11_025, 1103, 111]);
    const all = [...finest, ...cells];
    expect(all).toHaveLength(2 * (11_025 + 1103 + 111));
    expect(all.slice(2 * 11_025, 2 * 11_026)).toEqual(scalarCells(samples.subarray(0, 5000), 5000));
    expect(all.slice(-2)).toEqual(scalarCells(samples.subarray(5_500_000), 50_000));
    expect(overview.clipped).toBe(samples.filter((x) => x >= 20_000).length);
  });

  it('marks a cell of nothing but NaN and infinities', () => {
    const overview = new Overview({ module, type: 'f32', sampleBytes: 4 });

    const samples = new Float32Array(2 * OVERVIEW_CELL).fill(NaN, 0, OVERVIEW_CELL).fill(-Infinity, 0, 3);
    expect([...overview.push(bytesOf(samples))]).toEqual([NaN, NaN, 0, 0]);
  });

  it('takes pieces of any length of every type', () => {
    for (const [type, Samples] of Object.entries(SAMPLE_ARRAYS) as [keyof typeof SAMPLE_ARRAYS, typeof Int8Array][]) {
      const overview = new Overview({ module, type, sampleBytes: SAMPLE_BYTES[type] });
      overview.push(bytesOf(new Samples(100_001)));
      expect(overview.finish().levels).toEqual([201]);
    }
  });
});

function scalarCells(samples: SampleArray, size = OVERVIEW_CELL): number[] {
  const cells: number[] = [];
  for (let at = 0; at < samples.length; at += size) {
    const finite = [...samples.subarray(at, at + size)].filter(Number.isFinite);
    if (finite.length === 0) cells.push(NaN, NaN);
    else
      cells.push(
        finite.reduce((a, b) => Math.min(a, b)),
        finite.reduce((a, b) => Math.max(a, b)),
      );
  }
  return cells;
}

// Which zero is the extreme of -0 and 0 is another test's matter.
function plus0(x: number): number {
  return x + 0;
}
