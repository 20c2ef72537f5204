import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CaptureWave } from '../../../client/waveform/capture-wave.ts';
import type { PartialFile } from '../../../client/waveform/partial-file.ts';
import type { WaveView } from '../../../client/waveform/wave-source.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import type { CaptureReply } from '../../../server/wire/captures.ts';
import { captureReply, overviewOf, segmentsWithGaps } from '../../support/capture-files.ts';
import { bytesOf, loadKernels, SAMPLE_ARRAYS, type SampleArray } from '../../support/kernels.ts';
import { MemoryFile } from '../../support/memory-file.ts';
import { runs } from '../../support/runs.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const NAMES = {
  i8: 'ri8',
  u8: 'ru8',
  i16: 'ri16_le',
  u16: 'ru16_le',
  i32: 'ri32_le',
  f32: 'rf32_le',
  f64: 'rf64_le',
} as const;
const TYPES = Object.keys(NAMES) as (keyof typeof NAMES)[];
const INDEX = 5_000_000;

let module: KernelModule;

afterEach(() => {
  vi.useRealTimers();
});

beforeAll(async () => {
  module = await loadKernels();
});

describe('a recording on the screen', () => {
  it('has in every column the extremes of its samples, whatever their type, scale, gaps and view', () => {
    fc.assert(
      fc.property(scene(), ({ type, lengths, gap, scale, from, span, columns, seed }) => {
        const { wave, samples, capture } = record({ type, lengths, gap, scale, seed });
        const whole = wave.whole.to - wave.whole.from;
        const view = { from: INDEX + from * whole, to: INDEX + from * whole + span * whole, columns };

        const picture = wave.picture(view);

        if (picture?.kind === 'samples') return expectSamples(picture, samples, capture, view);
        if (picture?.kind !== 'columns') throw new Error('no picture');
        const isExact = (view.to - view.from) / columns < 500;
        for (let c = 0; c < columns; c++) {
          const own = inColumn(samples, capture, view, c);
          if (isExact) {
            expect([c, picture.count[c]]).toEqual([c, own.length]);
            if (own.length > 0) expect([picture.min[c], picture.max[c]]).toEqual([Math.min(...own), Math.max(...own)]);
          }
        }
        if (isExact) return;
        // No extreme is lost; one just outside is shown where a cell reaches over the end of the view.
        const shown = samplesIn(samples, capture, view.from, view.to);
        const [low, high] = [
          Math.min(...picture.min.filter(Number.isFinite)),
          Math.max(...picture.max.filter(Number.isFinite)),
        ];
        expect(low).toBeLessThanOrEqual(Math.min(...shown));
        expect(high).toBeGreaterThanOrEqual(Math.max(...shown));
        if (from === 0 && span === 1) expect([low, high]).toEqual([Math.min(...shown), Math.max(...shown)]);
      }),
      { numRuns: runs(60, 20_000) },
    );
  });

  it('shows nothing in a gap, and joins nothing across it', () => {
    const { wave } = record({ type: 'i16', lengths: [50_000, 50_000], gap: 100_000, scale: 1, seed: 1 });

    const picture = wave.picture({ ...wave.whole, columns: 40 });

    if (picture?.kind !== 'columns') throw new Error('no columns');
    expect([...picture.count].map((count) => (count > 0 ? 1 : 0))).toEqual([
      ...Array(10).fill(1),
      ...Array(20).fill(0),
      ...Array(10).fill(1),
    ]);
    expect(picture.broken[9]).toBe(1);
  });

  it('shows a spike of one sample at its height from all of it to the sample itself', () => {
    const samples = new Int16Array(300_000);
    samples[123_456] = 30_000;
    const { wave } = recordOf(samples, captureReply({ id: 'c', samples: samples.length, scale: 1 }));
    const at = wave.whole.from + 123_456;

    for (let span = samples.length; span >= 10; span = Math.floor(span / 3)) {
      const from = Math.max(wave.whole.from, at - span / 2);
      const picture = wave.picture({ from, to: from + span, columns: 700 });
      const highs = picture?.kind === 'columns' ? picture.max : (picture?.value ?? []);
      expect([span, Math.max(...Array.from(highs).filter(Number.isFinite))]).toEqual([span, 30_000]);
    }
  });
});

it('comes to an end where columns are much finer than samples, far into a stream', () => {
  const samples = new Int16Array(600_000).fill(7);
  const segments = segmentsWithGaps([600_000], { index: 1e12, gap: 0, rateHz: 1e6, timeMs: 0 });
  const capture = captureReply({ id: 'c', samples: samples.length, segments, scale: 1 });
  const overview = new MemoryFile(new Uint8Array(overviewOf(samples).buffer));
  const nothing = { has: () => false, held: () => [], load: async () => undefined };
  const wave = new CaptureWave(capture, { data: nothing, overview }, module); // so that cells stand in for samples

  const picture = wave.picture({ from: 1e12 + 300_000.1, to: 1e12 + 300_008.1, columns: 4000 });

  if (picture?.kind !== 'columns') throw new Error('no columns');
  expect(new Set(picture.max.filter(Number.isFinite))).toEqual(new Set([7]));
});

it('asks for what failed after a while, not with every frame, and for what stands in for everything too', async () => {
  vi.useFakeTimers();
  const { wave, files } = openAway();
  const narrow = { from: wave.whole.from, to: wave.whole.from + 500, columns: 700 };
  wave.subscribe(() => setTimeout(() => wave.want(narrow))); // as a chart does

  wave.want(narrow);
  await vi.advanceTimersByTimeAsync(1000);
  expect([wave.value.failure, files[0].asked + files[1].asked]).toEqual(['the server is away', 1]);

  for (const file of files) file.isAway = false;
  await vi.advanceTimersByTimeAsync(3000);
  expect([wave.value.failure, files[0].asked, files[1].asked]).toEqual([undefined, 1, 2]);
  wave.close();
});

it('says nothing more of what failed once somebody else has got it', async () => {
  vi.useFakeTimers();
  const { wave, files } = openAway();
  wave.want({ ...wave.whole, columns: 700 });
  await vi.advanceTimersByTimeAsync(1000);
  const before = wave.value.failure;
  const told = vi.fn();
  wave.subscribe(told);

  for (const file of files) {
    file.isAway = false;
    await file.load();
  }
  await vi.advanceTimersByTimeAsync(3000);

  expect([before, wave.value.failure, told.mock.calls.length > 0]).toEqual(['the server is away', undefined, true]);
  wave.close();
});

function openAway() {
  const files = [new AwayFile(), new AwayFile()] as const;
  const [data, overview] = files;
  return { files, wave: new CaptureWave(captureReply({ id: 'c', samples: 5_000_000 }), { data, overview }, module) };
}

function scene() {
  return fc.record({
    type: fc.constantFrom(...TYPES),
    lengths: fc.array(fc.integer({ min: 1, max: 6000 }), { minLength: 1, maxLength: 4 }),
    gap: fc.integer({ min: 1, max: 3000 }),
    scale: fc.constantFrom(1, 2, -0.5),
    from: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.9, noNaN: true })),
    span: fc.oneof(fc.constant(1), fc.double({ min: 0.001, max: 1, noNaN: true })),
    columns: fc.integer({ min: 2, max: 300 }),
    seed: fc.nat(),
  });
}

function record({
  type,
  lengths,
  gap,
  scale,
  seed,
}: {
  type: keyof typeof NAMES;
  lengths: readonly number[];
  gap: number;
  scale: number;
  seed: number;
}) {
  const random = seededRandom(seed);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const samples = new SAMPLE_ARRAYS[type](total).map(
    () => Math.floor(random() * 200) - (type.startsWith('u') ? 0 : 100),
  ) as SampleArray;
  const segments = segmentsWithGaps(lengths, { index: INDEX, gap, rateHz: 1e6, timeMs: 0 });
  return recordOf(
    samples,
    captureReply({ id: 'c', datatype: NAMES[type], samples: total, segments, scale, offset: 1 }),
  );
}

function recordOf(samples: SampleArray, capture: CaptureReply) {
  const data = new MemoryFile(Uint8Array.from(bytesOf(samples)), 4096);
  const overview = new MemoryFile(new Uint8Array(overviewOf(samples).buffer), 160);
  return { samples, capture, wave: new CaptureWave(capture, { data, overview }, module) };
}

function samplesIn(
  samples: SampleArray,
  { segments, scale, offset }: CaptureReply,
  from: number,
  to: number,
): number[] {
  return segments.flatMap(({ start, index, samples: length }) => {
    const first = Math.max(index, Math.ceil(from));
    const end = Math.min(index + length, Math.ceil(to));
    return Array.from(
      { length: Math.max(0, end - first) },
      (_, i) => samples[start + first - index + i] * scale + offset,
    );
  });
}

function inColumn(samples: SampleArray, capture: CaptureReply, { from, to, columns }: WaveView, c: number): number[] {
  const each = (to - from) / columns;
  return samplesIn(samples, capture, from + c * each, c === columns - 1 ? to : from + (c + 1) * each);
}

function expectSamples(
  { length, index, value }: { readonly length: number; readonly index: Float64Array; readonly value: Float64Array },
  samples: SampleArray,
  capture: CaptureReply,
  { from, to }: WaveView,
): void {
  expect([...value.subarray(0, length)]).toEqual(samplesIn(samples, capture, Math.floor(from) - 1, Math.ceil(to) + 1));
  expect([...index].every((at) => Number.isInteger(at) && at >= Math.floor(from) - 1 && at <= Math.ceil(to))).toBe(
    true,
  );
}

class AwayFile implements PartialFile {
  isAway = true;
  asked = 0;
  #isThere = false;

  has(): boolean {
    return this.#isThere;
  }

  held(): [] {
    return [];
  }

  async load(): Promise<void> {
    this.asked++;
    if (this.isAway) throw new Error('the server is away');
    this.#isThere = true;
  }
}
