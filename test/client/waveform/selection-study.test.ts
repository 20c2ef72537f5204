import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { CaptureWave } from '../../../client/waveform/capture-wave.ts';
import { type SelectionFigures, SelectionStudy } from '../../../client/waveform/selection-study.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { defaultFullScale } from '../../../server/kernels/sample-type.ts';
import type { CaptureReply } from '../../../server/wire/captures.ts';
import { sampleWindow } from '../../support/arbitraries.ts';
import { type CaptureFile, captureReply, overviewOf, segmentsWithGaps } from '../../support/capture-files.ts';
import { bytesOf, loadKernels, type SampleArray } from '../../support/kernels.ts';
import { MemoryFile } from '../../support/memory-file.ts';
import { runs } from '../../support/runs.ts';
import { scalarReduce, tolerances } from '../../support/scalar-reduce.ts';

const { signal } = new AbortController();
const RATE_HZ = 1_000_000;
const NAMES = { i8: 'ri8', u8: 'ru8', i16: 'ri16_le', u16: 'ru16_le', i32: 'ri32_le', f32: 'rf32_le', f64: 'rf64_le' };

let module: KernelModule;

beforeAll(async () => {
  module = await loadKernels();
});

describe('the figures of a selection', () => {
  it('are those of its samples, with what is clipped and what is no number', async () => {
    const samples = Float64Array.of(1, 2, 3, 4, Number.NaN, 10, -7, 6);
    const { study, from } = studyOf(samples, { datatype: 'rf64_le', scale: 2, offset: 1, fullScale: [-10, 10] });

    const figures = await study.figures({ from: from + 1, to: from + 7 }, signal);

    const kept = [2, 3, 4, 10, -7].map((x) => 2 * x + 1);
    const mean = kept.reduce((a, b) => a + b) / 5;
    const deviation = Math.sqrt(kept.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 5);
    expect(figures).toMatchObject({ samples: 6, min: -13, max: 21, clipped: 1, nonfinite: 1 });
    expect(figures.mean).toBeCloseTo(mean, 12);
    expect(figures.deviation).toBeCloseTo(deviation, 12);
  });

  it('are exact however long the selection is, of a few megabytes', async () => {
    const samples = new Int16Array(8_000_000);
    samples[1] = 900; // just outside
    samples[2] = -20_000;
    samples[5_111_111] = 12_345;
    samples[7_999_000] = 30_000; // outside as well
    const { study, from, data, overview } = studyOf(samples, { scale: 1 });

    const figures = await study.figures({ from: from + 2, to: from + 7_999_000 }, signal);

    expect(figures).toMatchObject({ samples: 7_998_998, min: -20_000, max: 12_345, clipped: 0, nonfinite: 0 });
    expect(figures.mean).toBeCloseTo(-7655 / 7_998_998, 12);
    expect(figures.deviation).toBeCloseTo(Math.sqrt((20_000 ** 2 + 12_345 ** 2) / 7_998_998), 6);
    expect(data.loaded + overview.loaded).toBeLessThan(100_000);
  });

  it('count every clipped sample of three million, of which a thousand are', async () => {
    const samples = Int16Array.from({ length: 3_000_000 }, (_, i) => Math.round(1000 * Math.sin(i / 100)));
    samples.fill(32_767, 1_700_000, 1_701_000);
    const { study, from, to } = studyOf(samples, { scale: 1e-3 });

    const figures = await study.figures({ from, to }, signal);

    expect(figures).toMatchObject({ samples: 3_000_000, max: 32.767, clipped: 1000, nonfinite: 0 });
    expectFigures(figures, samples, { scale: 1e-3, offset: 0, fullScale: [-32_768, 32_767] });
    expect(figures.deviation).toBeCloseTo(0.93, 2);
  });

  it('are those of a plain computation, whatever is selected of whichever datatype', async () => {
    const place = fc.integer({ min: 0, max: 30_000 });
    await fc.assert(
      fc.asyncProperty(sampleWindow, fc.array(place, { maxLength: 3 }), place, place, async (window, cuts, a, b) => {
        const { type, fullScale } = window;
        const samples = repeated(window.samples, 23_456);
        const ends = [...new Set([...cuts.map((cut) => cut % samples.length), samples.length])].sort((x, y) => x - y);
        const lengths = ends.map((end, i) => end - (ends[i - 1] ?? 0)).filter((length) => length > 0);
        const gap = 1000;
        const { study, from, capture } = studyOf(samples, { datatype: NAMES[type], lengths, gap, fullScale });
        const range = { from: from + Math.min(a, b), to: from + Math.max(a, b) };

        const figures = await study.figures(range, signal);

        const chosen = capture.segments.flatMap(({ start, index, samples: length }) => [
          ...samples.subarray(
            start + Math.min(length, Math.max(0, range.from - index)),
            start + Math.min(length, Math.max(0, range.to - index)),
          ),
        ]);
        expectFigures(figures, chosen, { ...capture, fullScale: fullScale ?? defaultFullScale(type) });
      }),
      { numRuns: runs(100, 5000) },
    );
  });

  it('are not guessed of more samples than are read where the overview has none', async () => {
    const samples = new Int16Array(1_100_000).fill(100).fill(32_767, 600_000, 601_000);
    const levels = [2200, 220];
    const { study, from, to, data } = studyOf(samples, { scale: 1, overview: { cell: 500, levels } });

    const long = await study.figures({ from, to }, signal);
    const loaded = data.loaded;
    const short = await study.figures({ from: from + 1000, to: from + 1000 + (1 << 20) }, signal);

    const unknown = { mean: undefined, deviation: undefined, clipped: undefined, nonfinite: undefined };
    expect(long).toEqual({ samples: 1_100_000, min: 100, max: 32_767, ...unknown });
    expect(loaded).toBe(0);
    expect(short).toMatchObject({ samples: 1 << 20, max: 32_767, clipped: 1000, nonfinite: 0 });
  });

  it('are none of a selection that lies in a gap', async () => {
    const { study, from } = studyOf(new Int16Array(200), { lengths: [100, 100], gap: 1000 });

    const figures = await study.figures({ from: from + 200, to: from + 300 }, signal);

    expect(figures).toEqual({
      ...{ samples: 0, min: undefined, max: undefined, mean: undefined, deviation: undefined },
      ...{ clipped: 0, nonfinite: 0 },
    });
    expect(await study.spectrum({ from: from + 200, to: from + 300 }, signal)).toBeUndefined();
  });
});

describe('the spectrum of a selection', () => {
  it.each([
    ['at once', 1 << 16, [1 << 16]],
    ['of a length that is no power of two', 50_000, [50_000]],
    ['averaged over segments where it is long', 1_200_000, [1_200_000]],
    ['averaged over segments between gaps', 60_000, [20_000, 15_000, 25_000]],
  ])('shows a sine at its frequency with its amplitude, %s', async (_, length, lengths) => {
    const hz = 123_400;
    const samples = Float32Array.from({ length }, (_, i) => 0.7 + 0.25 * Math.sin((2 * Math.PI * hz * i) / RATE_HZ));
    const { study, from, to } = studyOf(samples, { datatype: 'rf32_le', scale: 2, lengths, gap: 777 });

    const spectrum = await study.spectrum({ from, to }, signal);

    if (!spectrum) throw new Error('no spectrum');
    const { amplitude, stepHz } = spectrum;
    const peak = amplitude.indexOf(Math.max(...amplitude));
    expect(Math.abs(peak * stepHz - hz)).toBeLessThanOrEqual(stepHz);
    expect(amplitude[peak]).toBeGreaterThan(0.5 * 0.84); // a sine between two lines loses 15 % under this window
    expect(amplitude[peak]).toBeLessThan(0.5 * 1.001);
    const far = amplitude.filter((_, k) => Math.abs(k * stepHz - hz) > 20_000);
    expect(Math.max(...far)).toBeLessThan(1e-4);
  });

  it('is of at most 2^20 samples at once and sixteen segments', async () => {
    const { study, from, to, data } = studyOf(new Int16Array(3_000_000), {});

    const spectrum = await study.spectrum({ from, to }, signal);

    expect(spectrum).toMatchObject({ segments: 16, samples: 1 << 17 });
    expect(data.loaded).toBe(16 * (1 << 17) * 2);
  });

  it('ends when nobody wants it any more', async () => {
    const { study, from, to } = studyOf(new Int16Array(3_000_000), {});
    const abort = new AbortController();

    const asked = study.spectrum({ from, to }, abort.signal);
    abort.abort();

    await expect(asked).rejects.toThrow();
  });
});

type Wanted = Partial<CaptureFile> & { readonly lengths?: readonly number[]; readonly gap?: number };

function studyOf(samples: SampleArray, { lengths = [samples.length], gap = 0, ...more }: Wanted) {
  const segments = segmentsWithGaps(lengths, { index: 7_000_000, gap, rateHz: RATE_HZ, timeMs: 0 });
  const capture: CaptureReply = captureReply({ id: 'c', samples: samples.length, segments, rateHz: RATE_HZ, ...more });
  const data = new MemoryFile(new Uint8Array(bytesOf(samples).slice().buffer), 65_536);
  const overview = new MemoryFile(new Uint8Array(overviewOf(samples, capture.fullScale).buffer), 4096);
  const wave = new CaptureWave(capture, { data, overview }, module);
  return { study: new SelectionStudy(wave, { data, overview }, module), data, overview, capture, ...wave.whole };
}

/** What of a recording a plain computation needs. */
interface Scale {
  readonly scale: number;
  readonly offset: number;
  readonly fullScale: readonly [number, number];
}

function expectFigures(found: SelectionFigures, raw: ArrayLike<number>, { scale, offset, fullScale }: Scale): void {
  const plain = scalarReduce(raw, fullScale);
  const { count, clipped, nonfinite } = plain;
  const near = tolerances(plain);
  const scaled = (value: number) => (count === 0 ? undefined : value * scale + offset);
  const { samples, min, max, mean, deviation } = found;
  expect({ ...{ samples, min, max }, clipped: found.clipped, nonfinite: found.nonfinite }).toEqual({
    ...{ samples: raw.length, min: scaled(plain.min), max: scaled(plain.max), clipped, nonfinite },
  });
  if (count === 0) {
    expect([mean, deviation]).toEqual([undefined, undefined]);
    return;
  }
  expect(Math.abs(mean! - scaled(plain.mean)!)).toBeLessThanOrEqual(near.mean * scale);
  const m2 = (deviation! / scale) ** 2 * count;
  if (Number.isFinite(plain.m2)) expect(Math.abs(m2 - plain.m2)).toBeLessThanOrEqual(near.m2 * (1 + 1e-9));
  else expect(m2).toBe(Infinity);
}

function repeated(samples: SampleArray, length: number): SampleArray {
  const all =
    samples.length === 0 ? samples : (new (samples.constructor as typeof Float64Array)(length) as SampleArray);
  for (let i = 0; i < all.length; i++) all[i] = samples[i % samples.length];
  return all;
}
