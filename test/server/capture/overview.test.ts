import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { OVERVIEW_CELL, Overview } from '../../../server/capture/overview.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { defaultFullScale, SAMPLE_BYTES, type SampleType } from '../../../server/kernels/sample-type.ts';
import { overviewBytes } from '../../../server/wire/captures.ts';
import { sampleWindow } from '../../support/arbitraries.ts';
import { bytesOf, loadKernels, SAMPLE_ARRAYS, type SampleArray } from '../../support/kernels.ts';
import { runs } from '../../support/runs.ts';
import { scalarReduce, tolerances } from '../../support/scalar-reduce.ts';

let module: KernelModule;
beforeAll(async () => {
  module = await loadKernels();
});

describe('Overview', () => {
  it('has the extremes of every cell, however the samples are cut', () => {
    fc.assert(
      fc.property(sampleWindow, fc.array(fc.nat(3000), { maxLength: 10 }), ({ type, samples }, pieces) => {
        const { extremes } = overviewOf({ type, samples, pieces });

        expect(extremes.map(plus0)).toEqual(scalarCells(samples).map(plus0));
      }),
      { numRuns: runs(200, 20_000) },
    );
  });

  it('has coarser levels until one has at most a thousand cells, each ten times coarser', () => {
    const samples = Int16Array.from({ length: 5_512_345 }, (_, i) => (i * 31) % 20_011);
    const overview = new Overview({ module, type: 'i16', sampleBytes: 2, fullScale: [-1, 20_000] });

    const finest = overview.push(bytesOf(samples));
    const rest = overview.finish();

    expect(rest.overview.levels).toEqual([11_025, 1103, 111]);
    const all = [...finest, ...rest.cells].slice(0, 2 * (11_025 + 1103 + 111));
    expect(all.slice(2 * 11_025, 2 * 11_026)).toEqual(scalarCells(samples.subarray(0, 5000), 5000));
    expect(all.slice(-2)).toEqual(scalarCells(samples.subarray(5_500_000), 50_000));
    expect(overview.clipped).toBe(samples.filter((x) => x >= 20_000).length);
  });

  it('has the figures of every cell of every level, however the samples are cut', () => {
    fc.assert(
      fc.property(sampleWindow, fc.array(fc.nat(3000), { maxLength: 10 }), (window, pieces) => {
        const { type, samples, fullScale } = window;
        const made = overviewOf({ type, samples, pieces, ...(fullScale && { fullScale }) });

        expect(made.overview.figures).toEqual({ cell: 5000, levels: [Math.ceil(samples.length / 5000)] });
        expectFigures(made.figures, samples, { size: 5000, fullScale: fullScale ?? defaultFullScale(type) });
      }),
      { numRuns: runs(200, 20_000) },
    );
  });

  it('has coarser figures until a level has at most a thousand cells', () => {
    const samples = Float32Array.from({ length: 5_512_345 }, (_, i) => (i % 1234 === 0 ? NaN : (i * 31) % 20_011));
    const fullScale = [-1, 20_000] as const;
    const { overview, figures } = overviewOf({ type: 'f32', samples, fullScale, pieces: [] });

    expect(overview.figures).toEqual({ cell: 5000, levels: [1103, 111] });
    expectFigures(figures.slice(0, 5 * 20), samples.subarray(0, 100_000), { size: 5000, fullScale });
    expectFigures(figures.slice(5 * 1103), samples, { size: 50_000, fullScale });
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
      expect(overview.finish().overview).toEqual({ cell: 500, levels: [201], figures: { cell: 5000, levels: [21] } });
    }
  });
});

interface Recorded {
  readonly type: SampleType;
  readonly samples: SampleArray;
  readonly fullScale?: readonly [number, number];
  /** Samples of each push but the last. */
  readonly pieces: readonly number[];
}

function overviewOf({ type, samples, fullScale, pieces }: Recorded) {
  const sampleBytes = SAMPLE_BYTES[type];
  const making = new Overview({ module, type, sampleBytes, ...(fullScale && { fullScale }) });
  const bytes = bytesOf(samples);
  const numbers: number[] = [];
  let at = 0;
  for (const piece of [...pieces, samples.length]) {
    const end = Math.min(bytes.length, at + piece * sampleBytes);
    for (const number of making.push(bytes.subarray(at, end))) numbers.push(number);
    at = end;
  }
  const { cells, overview } = making.finish();
  for (const number of cells) numbers.push(number);
  const extremes = overviewBytes(overview).extremes / 8;
  return { overview, extremes: numbers.slice(0, extremes), figures: numbers.slice(extremes) };
}

function expectFigures(
  figures: readonly number[],
  samples: SampleArray,
  { size, fullScale }: { readonly size: number; readonly fullScale: readonly [number, number] },
): void {
  expect(figures).toHaveLength(5 * Math.ceil(samples.length / size));
  for (let cell = 0; cell * size < samples.length; cell++) {
    const [mean, m2, ...counts] = figures.slice(5 * cell, 5 * (cell + 1)) as [number, number, ...number[]];
    const plain = scalarReduce(samples.subarray(cell * size, (cell + 1) * size), fullScale);
    const near = tolerances(plain);
    expect(counts).toEqual([plain.count, plain.clipped, plain.nonfinite]);
    expect(Math.abs(mean - plain.mean)).toBeLessThanOrEqual(near.mean);
    if (Number.isFinite(plain.m2)) expect(Math.abs(m2 - plain.m2)).toBeLessThanOrEqual(near.m2);
    else expect(m2).toBe(Infinity);
  }
}

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
