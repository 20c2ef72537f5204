import { MergeKernel } from '../../server/kernels/merge-kernel.ts';
import type { KernelModule } from '../../server/kernels/module.ts';
import { type RawSummary, ReduceKernel } from '../../server/kernels/reduce-kernel.ts';
import { SAMPLE_BYTES } from '../../server/kernels/sample-type.ts';
import {
  type CaptureSegment,
  OVERVIEW_CELL_BYTES,
  OVERVIEW_FIGURES_BYTES,
  overviewBytes,
} from '../../server/wire/captures.ts';
import { piecesIn, type SampleRange } from './capture-pieces.ts';
import type { CaptureFiles, CaptureWave } from './capture-wave.ts';
import { type Cover, coverExactly } from './cell-cover.ts';
import { countReader, toValue } from './sample-values.ts';
import { type Spectrum, SpectrumMeter, spectrumPlan } from './spectrum.ts';

/** What a selection came to, in the channel's unit; exact, however long it is. */
export interface SelectionFigures {
  /** Samples in it. */
  readonly samples: number;
  /** Undefined where nothing is finite. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** These are undefined, too, where only all samples could tell them and there are more than `READ_LIMIT`. */
  readonly mean: number | undefined;
  readonly deviation: number | undefined;
  readonly clipped: number | undefined;
  readonly nonfinite: number | undefined;
}

/** So many samples are read at most where the overview has no figures. */
export const READ_LIMIT = 1 << 20;
const STAGING_BYTES = 1 << 18;

/** Samples of the file, `to` not included. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** One of the two pyramids of the overview, and where it lies. */
interface CellLevels {
  readonly levels: readonly number[];
  readonly byteOffset: number;
  readonly cellBytes: number;
}

const EMPTY: RawSummary = { count: 0, min: Infinity, max: -Infinity, mean: 0, m2: 0, clipped: 0, nonfinite: 0 };

/** Studies what of a recording is selected. Loads no more than a few megabytes, however much that is. */
export class SelectionStudy {
  readonly #wave: CaptureWave;
  readonly #files: CaptureFiles;
  readonly #module: KernelModule;
  readonly #bytes: number;

  constructor(wave: CaptureWave, files: CaptureFiles, module: KernelModule) {
    this.#wave = wave;
    this.#files = files;
    this.#module = module;
    this.#bytes = SAMPLE_BYTES[wave.type];
  }

  async figures(range: SampleRange, signal: AbortSignal): Promise<SelectionFigures> {
    const { capture } = this.#wave;
    const stretch = stretchIn(capture.segments, range);
    const summary = await this.#summary(stretch, signal);
    const [low, high] = await this.#extremes(stretch, signal);
    const ends = low <= high ? [toValue(low, capture), toValue(high, capture)].sort((a, b) => a - b) : [];
    const { count = 0, mean = 0, m2 = 0, clipped, nonfinite } = summary ?? {};
    return {
      samples: stretch.to - stretch.from,
      min: ends[0],
      max: ends[1],
      mean: count === 0 ? undefined : toValue(mean, capture),
      deviation: count === 0 ? undefined : Math.sqrt(m2 / count) * Math.abs(capture.scale),
      clipped,
      nonfinite,
    };
  }

  /** Undefined where there are too few samples. */
  async spectrum(range: SampleRange, signal: AbortSignal): Promise<Spectrum | undefined> {
    const { capture } = this.#wave;
    const plan = spectrumPlan(piecesIn(capture.segments, range));
    if (!plan) return undefined;
    const meter = new SpectrumMeter(this.#module, plan, capture.rateHz);
    for (const start of plan.starts) {
      meter.add(await this.#values(start, plan.samples, signal));
      await breathe(); // a transform may take longer than a frame
      signal.throwIfAborted();
    }
    return meter.result();
  }

  /** In the channel's unit; undefined where there is no sample. */
  async valueAt(index: number, signal: AbortSignal): Promise<number | undefined> {
    const [piece] = piecesIn(this.#wave.capture.segments, { from: index, to: index + 1 });
    return piece && (await this.#values(piece.start, 1, signal))[0];
  }

  /** From the figures of the overview, and from samples where a cell reaches out of the stretch. */
  async #summary(stretch: Stretch, signal: AbortSignal): Promise<RawSummary | undefined> {
    const { overview } = this.#wave.capture;
    const { figures } = overview;
    if (figures === undefined) {
      return stretch.to - stretch.from > READ_LIMIT ? undefined : this.#reduce(stretch, signal);
    }
    const levels = { ...figures, byteOffset: overviewBytes(overview).extremes, cellBytes: OVERVIEW_FIGURES_BYTES };
    const parts: RawSummary[] = [];
    for (const cover of coverExactly(figures, stretch)) {
      if (cover.level === undefined) parts.push(await this.#reduce(cover, signal));
      else parts.push(...summariesOf(await this.#cells(levels, cover, signal)));
    }
    return parts.length === 0 ? EMPTY : new MergeKernel(this.#module, parts.length).merge(parts);
  }

  async #reduce({ from, to }: Stretch, signal: AbortSignal): Promise<RawSummary> {
    const { type, capture } = this.#wave;
    const kernel = new ReduceKernel(this.#module, { type, stagingBytes: STAGING_BYTES, fullScale: capture.fullScale });
    await this.#files.data.load(from * this.#bytes, to * this.#bytes, signal);
    for (const { bytes } of this.#files.data.held(from * this.#bytes, to * this.#bytes)) {
      fold(kernel, bytes, this.#bytes);
    }
    return kernel.finish();
  }

  /** The same of the extremes. */
  async #extremes(stretch: Stretch, signal: AbortSignal): Promise<[low: number, high: number]> {
    const { overview } = this.#wave.capture;
    const levels = { ...overview, byteOffset: 0, cellBytes: OVERVIEW_CELL_BYTES };
    let [low, high] = [Infinity, -Infinity];
    const add = (min: number, max: number) => {
      if (min < low) low = min; // false for NaN
      if (max > high) high = max;
    };
    for (const cover of coverExactly(overview, stretch)) {
      if (cover.level === undefined) {
        const { min, max } = await this.#reduce(cover, signal);
        add(min, max);
        continue;
      }
      const cells = await this.#cells(levels, cover, signal);
      for (let i = 0; i < cells.length; i += 2) add(cells[i], cells[i + 1]);
    }
    return [low, high];
  }

  /** The numbers of cells of the overview; one may lie across two parts that are here. */
  async #cells(
    { levels, byteOffset, cellBytes }: CellLevels,
    { level, from, to }: Cover,
    signal: AbortSignal,
  ): Promise<Float64Array> {
    const base = levels.slice(0, level).reduce((sum, cells) => sum + cells, 0);
    const [first, end] = [from, to].map((cell) => byteOffset + (base + cell) * cellBytes);
    const bytes = new Uint8Array(end - first);
    await this.#files.overview.load(first, end, signal);
    for (const part of this.#files.overview.held(first, end)) bytes.set(part.bytes, part.from - first);
    return new Float64Array(bytes.buffer);
  }

  async #values(start: number, samples: number, signal: AbortSignal): Promise<Float64Array> {
    const values = new Float64Array(samples).fill(NaN);
    const read = countReader(this.#wave.type);
    const [from, to] = [start * this.#bytes, (start + samples) * this.#bytes];
    await this.#files.data.load(from, to, signal);
    for (const part of this.#files.data.held(from, to)) {
      const view = new DataView(part.bytes.buffer, part.bytes.byteOffset, part.bytes.length);
      const first = (part.from - from) / this.#bytes;
      for (let i = 0; i * this.#bytes < part.bytes.length; i++) {
        values[first + i] = toValue(read(view, i * this.#bytes), this.#wave.capture);
      }
    }
    return values;
  }
}

function fold(kernel: ReduceKernel, bytes: Uint8Array, sampleBytes: number): void {
  for (let at = 0; at < bytes.length; at += kernel.staging.length) {
    const block = bytes.subarray(at, at + kernel.staging.length);
    kernel.staging.set(block);
    kernel.fold(0, block.length / sampleBytes);
  }
}

/** Where the samples of a range are in the file, which has no gaps. */
function stretchIn(segments: readonly CaptureSegment[], range: SampleRange): Stretch {
  const pieces = piecesIn(segments, range);
  const last = pieces.at(-1);
  return last ? { from: pieces[0].start, to: last.start + last.samples } : { from: 0, to: 0 };
}

function summariesOf(numbers: Float64Array): RawSummary[] {
  const summaries: RawSummary[] = [];
  for (let i = 0; i < numbers.length; i += OVERVIEW_FIGURES_BYTES / Float64Array.BYTES_PER_ELEMENT) {
    const [mean, m2, count, clipped, nonfinite] = numbers.subarray(i);
    summaries.push({ ...EMPTY, mean, m2, count, clipped, nonfinite });
  }
  return summaries;
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
