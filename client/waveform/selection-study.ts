import type { KernelModule } from '../../server/kernels/module.ts';
import { type RawSummary, ReduceKernel } from '../../server/kernels/reduce-kernel.ts';
import { SAMPLE_BYTES } from '../../server/kernels/sample-type.ts';
import { OVERVIEW_CELL_BYTES } from '../../server/wire/captures.ts';
import { type Piece, piecesIn, type SampleRange } from './capture-pieces.ts';
import type { CaptureFiles, CaptureWave } from './capture-wave.ts';
import { coverExactly } from './cell-cover.ts';
import { countReader, toValue } from './sample-values.ts';
import { type Spectrum, SpectrumMeter, spectrumPlan } from './spectrum.ts';

/** What a selection came to, in the channel's unit. */
export interface SelectionFigures {
  /** Samples in it. */
  readonly samples: number;
  /** Exact, whatever was read; undefined where nothing is finite. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly mean: number | undefined;
  readonly deviation: number | undefined;
  /** Those read: the mean, the deviation and the next two are of them. */
  readonly read: number;
  readonly clipped: number;
  readonly nonfinite: number;
}

/** Selections with more samples are read in places that lie evenly in them, 2^20 samples together. */
const EXACT_SAMPLES = 1 << 20;
const PLACES = 16;
const STAGING_BYTES = 1 << 18;

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
    const pieces = piecesIn(capture.segments, range);
    const samples = pieces.reduce((sum, piece) => sum + piece.samples, 0);
    const places = samples <= EXACT_SAMPLES ? pieces : spread(pieces, samples);
    const read = await this.#reduce(places, signal);
    const [low, high] = places === pieces ? [read.min, read.max] : await this.#extremes(pieces, signal);
    const ends = low <= high ? [toValue(low, capture), toValue(high, capture)].sort((a, b) => a - b) : [];
    return {
      samples,
      min: ends[0],
      max: ends[1],
      mean: read.count === 0 ? undefined : toValue(read.mean, capture),
      deviation: read.count === 0 ? undefined : Math.sqrt(read.m2 / read.count) * Math.abs(capture.scale),
      read: read.count + read.nonfinite,
      clipped: read.clipped,
      nonfinite: read.nonfinite,
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

  async #reduce(places: readonly Piece[], signal: AbortSignal): Promise<RawSummary> {
    const { type, capture } = this.#wave;
    const kernel = new ReduceKernel(this.#module, { type, stagingBytes: STAGING_BYTES, fullScale: capture.fullScale });
    for (const { start, samples } of places) {
      const [from, to] = [start * this.#bytes, (start + samples) * this.#bytes];
      await this.#files.data.load(from, to, signal);
      for (const { bytes } of this.#files.data.held(from, to)) fold(kernel, bytes, this.#bytes);
    }
    return kernel.finish();
  }

  /** From the overview, and from samples where a cell reaches out of the selection. */
  async #extremes(pieces: readonly Piece[], signal: AbortSignal): Promise<[low: number, high: number]> {
    const { overview, segments } = this.#wave.capture;
    let [low, high] = [Infinity, -Infinity];
    const add = (min: number, max: number) => {
      if (min < low) low = min; // false for NaN
      if (max > high) high = max;
    };
    const last = pieces[pieces.length - 1];
    const covers =
      segments.length === 0 ? [] : coverExactly(overview, { from: pieces[0].start, to: last.start + last.samples });
    for (const { level, from, to } of covers) {
      if (level === undefined) {
        const { min, max } = await this.#reduce([{ start: from, index: from, samples: to - from }], signal);
        add(min, max);
        continue;
      }
      const base = overview.levels.slice(0, level).reduce((sum, cells) => sum + cells, 0);
      const [first, end] = [(base + from) * OVERVIEW_CELL_BYTES, (base + to) * OVERVIEW_CELL_BYTES];
      await this.#files.overview.load(first, end, signal);
      for (const { bytes } of this.#files.overview.held(first, end)) {
        const cells = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
        for (let i = 0; i < cells.length; i += 2) add(cells[i], cells[i + 1]);
      }
    }
    return [low, high];
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

/** Places that lie evenly in the file, between the first sample of the pieces and the last. */
function spread(pieces: readonly Piece[], samples: number): Piece[] {
  const { start } = pieces[0];
  const each = EXACT_SAMPLES / PLACES;
  const step = (samples - each) / (PLACES - 1);
  return Array.from({ length: PLACES }, (_, i) => {
    const at = start + Math.floor(i * step);
    return { start: at, index: at, samples: each };
  });
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
