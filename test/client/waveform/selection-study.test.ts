import { beforeAll, describe, expect, it } from 'vitest';
import { CaptureWave } from '../../../client/waveform/capture-wave.ts';
import { SelectionStudy } from '../../../client/waveform/selection-study.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import type { CaptureReply } from '../../../server/wire/captures.ts';
import { type CaptureFile, captureReply, overviewOf, segmentsWithGaps } from '../../support/capture-files.ts';
import { bytesOf, loadKernels, type SampleArray } from '../../support/kernels.ts';
import { MemoryFile } from '../../support/memory-file.ts';

const { signal } = new AbortController();
const RATE_HZ = 1_000_000;

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
    expect(figures).toMatchObject({ samples: 6, read: 6, min: -13, max: 21, clipped: 1, nonfinite: 1 });
    expect(figures.mean).toBeCloseTo(mean, 12);
    expect(figures.deviation).toBeCloseTo(deviation, 12);
  });

  it('have exact extremes however long the selection is, of a few megabytes', async () => {
    const samples = new Int16Array(8_000_000);
    samples[1] = 900; // just outside
    samples[2] = -20_000;
    samples[5_111_111] = 12_345;
    samples[7_999_000] = 30_000; // outside as well
    const { study, from, data } = studyOf(samples, { scale: 1 });

    const figures = await study.figures({ from: from + 2, to: from + 7_999_000 }, signal);

    expect(figures).toMatchObject({ samples: 7_998_998, min: -20_000, max: 12_345, read: 1 << 20 });
    expect(data.loaded).toBeLessThan(3_000_000);
  });

  it('are none of a selection that lies in a gap', async () => {
    const { study, from } = studyOf(new Int16Array(200), { lengths: [100, 100], gap: 1000 });

    const figures = await study.figures({ from: from + 200, to: from + 300 }, signal);

    expect(figures).toMatchObject({ samples: 0, min: undefined, mean: undefined, deviation: undefined });
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
  const overview = new MemoryFile(new Uint8Array(overviewOf(samples).buffer), 4096);
  const wave = new CaptureWave(capture, { data, overview }, module);
  return { study: new SelectionStudy(wave, { data, overview }, module), data, ...wave.whole };
}
