import { type Anomaly, type AnomalyKind, lightFactor } from './anomaly.ts';
import { addArc, arcLength, LightRenderer, type PlacedArc, STEP_MS } from './light-renderer.ts';
import { Random } from './random.ts';
import { type Run, Schedule } from './schedule.ts';
import { NOMINAL_LEVEL, type NoiseTables } from './shot-noise.ts';

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

/** Steps between two draws of the slow fluctuation: one window of 5 ms. */
export const FLUCTUATION_STEPS = 10;
/** Spread of the draws, V. Between two the light goes straight, so a window's mean spreads by a share of 1/√2 of it. */
export const FLUCTUATION = 0.002 * Math.SQRT2;
const IGNITION_MS = 2;

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
  readonly #renderer: LightRenderer;
  #run: Run;
  #pending: Truth[] = [];
  readonly #arcs: PlacedArc[] = []; // to come or under way, in order of time
  #step = 0;
  #level = 0; // at the beginning of the step, V
  #drawn: readonly [from: number, to: number];

  constructor(options: PlasmaOptions) {
    const [low, high] = RATE_RANGE;
    if (!(options.rateHz >= low && options.rateHz <= high)) {
      throw new RangeError(`sample rate ${options.rateHz} Hz, expected ${low} to ${high}`);
    }
    this.#options = options;
    this.stepSamples = 2 * Math.round((options.rateHz * STEP_MS) / 2000);
    this.#schedule = new Schedule(options);
    this.#random = new Random(`${options.seed}/light`);
    const { noise } = options;
    const seed = `${options.seed}/noise`;
    this.#renderer = new LightRenderer({ seed, stepSamples: this.stepSamples, noise, level: NOMINAL_LEVEL });
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
    for (let i = 0; i < steps; i++) {
      this.#renderer.skip();
      this.#endStep(this.#levelAfter(this.#step + 1));
    }
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
    const to = this.#levelAfter(this.#step + 1);
    this.#renderer.render(samples, this.#level, to);
    for (const arc of this.#arcs) {
      if (arc.first >= this.position + this.stepSamples) break;
      addArc(samples, this.position, arc);
    }
    this.#endStep(to);
  }

  #endStep(to: number): void {
    this.#level = to;
    this.#step++;
    while (this.#arcs.length > 0 && endOf(this.#arcs[0]) <= this.position) this.#arcs.shift();
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
      const { kind, figures } = anomaly;
      const arcs = (anomaly.arcs ?? []).map((arc) => this.#place(arc));
      this.#arcs.push(...arcs);
      const range = kind === 'micro-arc' ? rangeOf(arcs) : this.#stretch(anomaly);
      this.#pending.push({ kind, ...range, figures });
    }
    return run;
  }

  #place(arc: Anomaly): PlacedArc {
    return { first: Math.round((arc.startMs / STEP_MS) * this.stepSamples), anomaly: arc };
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

function rangeOf(arcs: readonly PlacedArc[]): { first: number; last: number } {
  const [from, to] = [arcs[0], arcs[arcs.length - 1]];
  return { first: from.first, last: endOf(to) - 1 };
}

function endOf({ first, anomaly }: PlacedArc): number {
  return first + arcLength(anomaly);
}
