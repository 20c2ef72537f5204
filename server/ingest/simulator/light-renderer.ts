import { type Anomaly, arcVolts } from './anomaly.ts';
import { Random } from './random.ts';
import { NOISE_ZERO, type NoiseTables, VOLTS_PER_COUNT } from './shot-noise.ts';

/** How long the light goes in a straight line. */
export const STEP_MS = 0.5;
const NOISE_STEPS = 40; // steps before the noise goes on elsewhere in its tables: 20 ms
const DARK_SHARE = 0.01; // of the shot noise's power that is there without light
const CALM_GAIN = 0.03;
const CALM_CHANGE = 0.1; // of the level within a step: calm light never comes near zero

export interface RendererOptions {
  readonly seed: string;
  readonly stepSamples: number;
  /** Of light of `level`, V. */
  readonly noise: NoiseTables;
  readonly level: number;
}

/** A micro-arc and the sample it begins with. */
export interface PlacedArc {
  readonly first: number;
  readonly anomaly: Anomaly;
}

/** Renders light step by step as int16 counts, with shot noise on it, in proportion to the root of the light. */
export class LightRenderer {
  readonly #options: RendererOptions;
  readonly #random: Random;
  #step = 0;
  #offsetA = 0;
  #offsetB = 0;

  constructor(options: RendererOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
  }

  /** Fills the samples of the next step, aligned to four bytes, with light that goes straight between two levels, V. */
  render(samples: Int16Array, fromVolts: number, toVolts: number): void {
    this.#place();
    const { noise, level } = this.#options;
    const [from, to] = [fromVolts / VOLTS_PER_COUNT, toVolts / VOLTS_PER_COUNT];
    const light = { noise, offsetA: this.#offsetA, offsetB: this.#offsetB, from, to };
    const gain = Math.sqrt(DARK_SHARE + Math.max(0, (fromVolts / level) * (1 - DARK_SHARE)));
    const isCalm = Math.abs(gain - 1) < CALM_GAIN && Math.abs(to - from) < CALM_CHANGE * from;
    if (isCalm) renderCalm(samples, light);
    else renderScaled(samples, light, gain);
    this.#advance();
  }

  /** Goes on by a step that nobody samples. */
  skip(): void {
    this.#place();
    this.#advance();
  }

  #place(): void {
    if (this.#step % NOISE_STEPS !== 0) return;
    const { noise, stepSamples } = this.#options;
    const last = (noise.a.length - NOISE_STEPS * stepSamples) / 2;
    this.#offsetA = 2 * this.#random.whole(0, last);
    this.#offsetB = 2 * this.#random.whole(0, last);
  }

  #advance(): void {
    this.#offsetA += this.#options.stepSamples;
    this.#offsetB += this.#options.stepSamples;
    this.#step++;
  }
}

/** Adds to samples, of which the first is `firstSample`, what of a micro-arc falls on them. */
export function addArc(samples: Int16Array, firstSample: number, { first, anomaly }: PlacedArc): void {
  const end = Math.min(samples.length, first + arcLength(anomaly) - firstSample);
  for (let i = Math.max(0, first - firstSample); i < end; i++) {
    const counts = samples[i] + arcVolts(anomaly, firstSample + i - first) / VOLTS_PER_COUNT;
    samples[i] = Math.min(32_767, Math.round(counts));
  }
}

/** Samples to where a micro-arc is a hundredth of its height, below the noise. */
export function arcLength({ figures }: Anomaly): number {
  return Math.ceil(figures.decaySamples * Math.log(100));
}

interface Light {
  readonly noise: NoiseTables;
  /** Where in the tables the noise of the first sample is; even. */
  readonly offsetA: number;
  readonly offsetB: number;
  /** Counts at the first sample, and at the one after the last. */
  readonly from: number;
  readonly to: number;
}

// Two samples at a time as the halves of an integer. Neither carries into the
// other, since around the nominal level the noise and every sample are between
// 0 and 32,767. 16 binary places below the count carry the straight line, which
// is level over 8 samples: even in a flicker it moves by less than a count.
function renderCalm(samples: Int16Array, { noise, offsetA, offsetB, from, to }: Light): void {
  const pairs = samples.length >> 1;
  const out = new Int32Array(samples.buffer, samples.byteOffset, pairs);
  const { pairsA, pairsB } = noise;
  const step = toFixed(((to - from) * 4) / pairs);
  let level = toFixed(from - 2 * NOISE_ZERO + 0.5);
  let a = offsetA >> 1;
  let b = offsetB >> 1;
  let i = 0;
  for (; i + 4 <= pairs; i += 4) {
    const both = Math.imul(level >> 16, 0x10001);
    out[i] = pairsA[a] + pairsB[b] + both;
    out[i + 1] = pairsA[a + 1] + pairsB[b + 1] + both;
    out[i + 2] = pairsA[a + 2] + pairsB[b + 2] + both;
    out[i + 3] = pairsA[a + 3] + pairsB[b + 3] + both;
    a += 4;
    b += 4;
    level = (level + step) | 0;
  }
  const both = Math.imul(level >> 16, 0x10001);
  for (; i < pairs; i++) out[i] = pairsA[a++] + pairsB[b++] + both;
}

// Likewise two at a time; a sample may be negative here, so each half is made by itself.
function renderScaled(samples: Int16Array, { noise, offsetA, offsetB, from, to }: Light, gain: number): void {
  const pairs = samples.length >> 1;
  const out = new Int32Array(samples.buffer, samples.byteOffset, pairs);
  const { pairsA, pairsB } = noise;
  const step = toFixed((to - from) / pairs);
  const fixedGain = toFixed(gain);
  let level = toFixed(from + 0.5 - gain * 2 * NOISE_ZERO);
  const a = offsetA >> 1;
  const b = offsetB >> 1;
  for (let i = 0; i < pairs; i++) {
    const both = pairsA[a + i] + pairsB[b + i];
    const low = level + Math.imul(fixedGain, both & 0xffff);
    const high = level + Math.imul(fixedGain, both >> 16);
    out[i] = (high & -65_536) | (low >>> 16);
    level = (level + step) | 0;
  }
}

// With 16 binary places.
function toFixed(counts: number): number {
  return Math.round(counts * 65_536) | 0;
}
