import { FFT_LOG2_LIMIT, FftKernel } from '../../server/kernels/fft-kernel.ts';
import type { KernelModule } from '../../server/kernels/module.ts';
import type { Piece } from './capture-pieces.ts';

/** What the spectrum of a selection is made of: places in the file, each without a gap. */
export interface SpectrumPlan {
  /** Samples of each segment. */
  readonly samples: number;
  readonly starts: readonly number[];
  /** Size of the transform, a power of two: what a segment lacks is filled with zeros. */
  readonly log2: number;
}

/** Amplitudes in the channel's unit: a sine of amplitude A between two frequencies shows as up to A. */
export interface Spectrum {
  readonly amplitude: Float64Array;
  /** Between two entries; the first is of 0 Hz, whose amplitude is left out as 0. */
  readonly stepHz: number;
  readonly samples: number;
  readonly segments: number;
}

/** A frequency, and its amplitude in the channel's unit. */
export interface Peak {
  readonly hz: number;
  readonly amplitude: number;
}

/** The largest amplitude from one entry to another. Undefined where all are 0. */
export function peakOf({ amplitude, stepHz }: Spectrum, first = 1, last = amplitude.length - 1): Peak | undefined {
  let best = 0; // whose amplitude is 0
  for (let k = Math.max(1, first); k <= Math.min(last, amplitude.length - 1); k++) {
    if (amplitude[k] > amplitude[best]) best = k;
  }
  return best === 0 ? undefined : { hz: best * stepHz, amplitude: amplitude[best] };
}

// Selections with more samples are averaged over segments that lie evenly in them.
const WHOLE_SAMPLES = 1 << FFT_LOG2_LIMIT;
const SEGMENT_LOG2 = 17;
const SEGMENTS = 16;
// A smaller transform is filled with zeros to this size, which draws the curve between its lines.
const LEAST_LOG2 = 12;
// Of fewer samples a spectrum says nothing.
const LEAST_SAMPLES = 8;

/** How the spectrum of samples without gaps is made: of all at once, or of segments where they are many or have gaps. Undefined of too few. */
export function spectrumPlan(pieces: readonly Piece[]): SpectrumPlan | undefined {
  const longest = Math.max(0, ...pieces.map(({ samples }) => samples));
  if (longest < LEAST_SAMPLES) return undefined;
  if (pieces.length === 1 && longest <= WHOLE_SAMPLES) {
    const log2 = Math.max(LEAST_LOG2, Math.ceil(Math.log2(longest)));
    return { samples: longest, starts: [pieces[0].start], log2 };
  }
  const log2 = Math.min(SEGMENT_LOG2, Math.floor(Math.log2(longest)));
  const samples = 2 ** log2;
  const fitting = pieces.filter((piece) => piece.samples >= samples);
  const starts = fitting.flatMap((piece) => evenly(piece, samples, Math.max(1, Math.floor(SEGMENTS / fitting.length))));
  return { samples, starts: starts.slice(0, SEGMENTS), log2: Math.max(LEAST_LOG2, log2) };
}

/** Up to `most` places for segments in a piece, at most half of each over the next. */
function evenly({ start, samples: room }: Piece, samples: number, most: number): number[] {
  const count = Math.min(most, 1 + Math.floor((room - samples) / (samples / 2)));
  const step = count > 1 ? (room - samples) / (count - 1) : 0;
  return Array.from({ length: count }, (_, i) => start + Math.floor(i * step));
}

/** Averages the spectra of segments, each without its mean, under a Hann window. */
export class SpectrumMeter {
  readonly #kernel: FftKernel;
  readonly #window: Float64Array;
  readonly #power: Float64Array;
  readonly #rateHz: number;
  #segments = 0;

  constructor(module: KernelModule, { samples, log2 }: SpectrumPlan, rateHz: number) {
    this.#kernel = new FftKernel(module, log2);
    this.#window = Float64Array.from({ length: samples }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / samples) ** 2);
    this.#power = new Float64Array(this.#kernel.size / 2 + 1);
    this.#rateHz = rateHz;
  }

  /** Adds a segment, in the channel's unit. What is not finite counts as the mean. */
  add(values: Float64Array): void {
    const { re, im } = this.#kernel;
    const mean = meanOf(values);
    im.fill(0);
    re.fill(0);
    for (const [i, weight] of this.#window.entries()) {
      re[i] = Number.isFinite(values[i]) ? (values[i] - mean) * weight : 0;
    }
    this.#kernel.transform();
    for (let k = 1; k < this.#power.length; k++) this.#power[k] += re[k] * re[k] + im[k] * im[k];
    this.#segments++;
  }

  /** The average of what was added. */
  result(): Spectrum {
    const scale = 2 / this.#window.reduce((sum, weight) => sum + weight, 0);
    return {
      amplitude: this.#power.map((power) => scale * Math.sqrt(power / this.#segments)),
      stepHz: this.#rateHz / this.#kernel.size,
      samples: this.#window.length,
      segments: this.#segments,
    };
  }
}

function meanOf(values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
