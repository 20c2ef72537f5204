import { type Anomaly, type AnomalyKind, arcVolts, lightFactor } from './anomaly.ts';
import { Random } from './random.ts';
import { type Run, Schedule } from './schedule.ts';
import { NOISE_ZERO, NOMINAL_LEVEL, type NoiseTables, VOLTS_PER_COUNT } from './shot-noise.ts';

/** What really happened: samples `first` .. `last` of the stream differ from a calm plasma, or `run`: it burned there. */
export interface Truth {
  readonly kind: AnomalyKind | 'run';
  readonly first: number;
  readonly last: number;
  readonly figures: Readonly<Record<string, number>>;
}

export interface PlasmaOptions {
  readonly seed: string;
  readonly rateHz: number;
  readonly anomaliesPerMinute: number;
  readonly firstRunMs: number;
  readonly noise: NoiseTables;
  /** Told of each event when its last sample has been rendered. */
  readonly onTruth: (truth: Truth) => void;
}

/** Lowest and highest rate: ten samples a step, and what one process can do. */
export const RATE_RANGE = [20_000, 50_000_000] as const;

const STEP_MS = 0.5;
const NOISE_STEPS = 40; // steps before the noise goes on elsewhere in its tables: 20 ms
const FLUCTUATION_STEPS = 10; // steps between two draws of the slow fluctuation: one window of 5 ms
/** Spread of the draws, V. Between two the light goes straight, so a window's mean spreads by a share of 1/√2 of it. */
const FLUCTUATION = 0.002 * Math.SQRT2;
const IGNITION_MS = 2;
const DARK_SHARE = 0.01; // of the shot noise's power that is there without light
const CALM_GAIN = 0.03;
const CALM_CHANGE = 0.1; // of the level within a step: calm light never comes near zero

/**
 * The light of one plasma as a photomultiplier at a fast converter gives it,
 * int16 counts.
 *
 * The light goes in straight lines from step to step of 0.5 ms; on it lies the
 * shot noise, in proportion to the root of the light; micro-arcs are added
 * sample by sample. The result depends on the options alone, not on how much
 * is rendered at a time.
 */
export class PlasmaLight {
  readonly stepSamples: number;
  readonly #options: PlasmaOptions;
  readonly #schedule: Schedule;
  readonly #random: Random;
  #run: Run;
  #pending: Truth[] = [];
  #arcs: { readonly first: number; readonly anomaly: Anomaly }[] = [];
  #step = 0;
  #level = 0; // at the beginning of the step, V
  #drawn: readonly [from: number, to: number];
  #offsetA = 0;
  #offsetB = 0;

  constructor(options: PlasmaOptions) {
    const [low, high] = RATE_RANGE;
    if (!(options.rateHz >= low && options.rateHz <= high)) {
      throw new RangeError(`sample rate ${options.rateHz} Hz, expected ${low} to ${high}`);
    }
    this.#options = options;
    this.stepSamples = 2 * Math.round((options.rateHz * STEP_MS) / 2000);
    this.#schedule = new Schedule(options);
    this.#random = new Random(`${options.seed}/light`);
    this.#drawn = [this.#random.normal(), this.#random.normal()];
    this.#run = this.#startRun();
  }

  /** Samples rendered. */
  get position(): number {
    return this.#step * this.stepSamples;
  }

  /** Fills `samples`, a whole number of steps and aligned to four bytes, with what comes next. */
  render(samples: Int16Array): void {
    if (samples.length % this.stepSamples !== 0) {
      throw new RangeError(`${samples.length} samples, expected a multiple of ${this.stepSamples}`);
    }
    for (let at = 0; at < samples.length; at += this.stepSamples) {
      this.#renderStep(samples.subarray(at, at + this.stepSamples));
    }
    this.#tell(this.position);
  }

  /** Goes on by `steps` that nobody samples: what comes after, and what is told, is as if they had been rendered. */
  skip(steps: number): void {
    for (let i = 0; i < steps; i++) this.#endStep(this.#beginStep().to);
    this.#tell(this.position);
  }

  /** Tells what is still under way as if it ended here. */
  finish(): void {
    for (const truth of this.#pending) {
      if (truth.first < this.position)
        this.#options.onTruth({ ...truth, last: Math.min(truth.last, this.position - 1) });
    }
    this.#pending = [];
  }

  #renderStep(samples: Int16Array): void {
    const light = this.#beginStep();
    const { from, to } = light;
    const gain = Math.sqrt(DARK_SHARE + Math.max(0, (this.#level / NOMINAL_LEVEL) * (1 - DARK_SHARE)));
    const isCalm = Math.abs(gain - 1) < CALM_GAIN && Math.abs(to - from) < CALM_CHANGE * from;
    if (isCalm) renderCalm(samples, light);
    else renderScaled(samples, light, gain);
    for (const arc of this.#arcs) addArc(samples, this.position, arc);
    this.#endStep(to);
  }

  #beginStep(): Light {
    const { noise } = this.#options;
    if (this.#step % NOISE_STEPS === 0) {
      const last = (noise.a.length - NOISE_STEPS * this.stepSamples) / 2;
      this.#offsetA = 2 * this.#random.whole(0, last);
      this.#offsetB = 2 * this.#random.whole(0, last);
    }
    const from = this.#level / VOLTS_PER_COUNT;
    const to = this.#levelAfter(this.#step + 1) / VOLTS_PER_COUNT;
    return { noise, offsetA: this.#offsetA, offsetB: this.#offsetB, from, to };
  }

  #endStep(to: number): void {
    this.#offsetA += this.stepSamples;
    this.#offsetB += this.stepSamples;
    this.#level = to * VOLTS_PER_COUNT;
    this.#step++;
    if (this.#arcs.length > 0) this.#arcs = this.#arcs.filter((arc) => arc.first + ARC_SAMPLES > this.position);
  }

  // The light at the beginning of a step, V.
  #levelAfter(step: number): number {
    const ms = step * STEP_MS;
    if (step % FLUCTUATION_STEPS === 1) this.#drawn = [this.#drawn[1], this.#random.normal()];
    if (ms >= this.#run.endMs) this.#run = this.#startRun();
    const run = this.#run;
    if (ms < run.startMs) return 0;

    const share = ((step - 1) % FLUCTUATION_STEPS) / FLUCTUATION_STEPS;
    const fluctuation = FLUCTUATION * (this.#drawn[0] * (1 - share) + this.#drawn[1] * share);
    const ignition = 1 - Math.exp(-(ms - run.startMs) / IGNITION_MS);
    let level = (NOMINAL_LEVEL + fluctuation) * ignition;
    for (const anomaly of run.anomalies) {
      if (anomaly.startMs > ms) break;
      level *= lightFactor(anomaly, ms);
    }
    return level;
  }

  #startRun(): Run {
    const run = this.#schedule.nextRun();
    this.#pending.push({ kind: 'run', ...this.#stretch(run), figures: {} });
    for (const anomaly of run.anomalies) {
      const { kind, figures, startMs } = anomaly;
      const first = Math.round((startMs / STEP_MS) * this.stepSamples);
      if (kind === 'micro-arc') this.#arcs.push({ first, anomaly });
      const range = kind === 'micro-arc' ? { first, last: first + arcLength(anomaly) - 1 } : this.#stretch(anomaly);
      this.#pending.push({ kind, ...range, figures });
    }
    return run;
  }

  // Samples that differ: from the step before the first changed level to the step after the last.
  #stretch({ startMs, endMs }: { startMs: number; endMs: number }): { first: number; last: number } {
    const firstStep = Math.ceil(startMs / STEP_MS);
    const afterStep = Math.ceil(endMs / STEP_MS);
    return { first: Math.max(0, firstStep - 1) * this.stepSamples + 1, last: afterStep * this.stepSamples - 1 };
  }

  #tell(position: number): void {
    if (!this.#pending.some((truth) => truth.last < position)) return;
    for (const truth of this.#pending) if (truth.last < position) this.#options.onTruth(truth);
    this.#pending = this.#pending.filter((truth) => truth.last >= position);
  }
}

const ARC_SAMPLES = 200; // no arc is longer

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

function renderScaled(samples: Int16Array, { noise, offsetA, offsetB, from, to }: Light, gain: number): void {
  const { a, b } = noise;
  const length = samples.length;
  const step = toFixed((to - from) / length);
  const fixedGain = toFixed(gain);
  let level = toFixed(from + 0.5 - gain * 2 * NOISE_ZERO);
  for (let i = 0; i < length; i++) {
    samples[i] = (level + Math.imul(fixedGain, a[offsetA + i] + b[offsetB + i])) >> 16;
    level = (level + step) | 0;
  }
}

// With 16 binary places.
function toFixed(counts: number): number {
  return Math.round(counts * 65_536) | 0;
}

function addArc(
  samples: Int16Array,
  firstSample: number,
  { first, anomaly }: { first: number; anomaly: Anomaly },
): void {
  const end = Math.min(samples.length, first + arcLength(anomaly) - firstSample);
  for (let i = Math.max(0, first - firstSample); i < end; i++) {
    const counts = samples[i] + arcVolts(anomaly, firstSample + i - first) / VOLTS_PER_COUNT;
    samples[i] = Math.min(32_767, Math.round(counts));
  }
}

// To where the arc is a hundredth of its height, below the noise.
function arcLength({ figures }: Anomaly): number {
  return Math.ceil(figures.decaySamples * Math.log(100));
}
