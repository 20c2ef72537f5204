import { lightFactor } from '../../../server/ingest/simulator/anomaly.ts';
import { addArc, LightRenderer, type PlacedArc, STEP_MS } from '../../../server/ingest/simulator/light-renderer.ts';
import { FLUCTUATION, FLUCTUATION_STEPS } from '../../../server/ingest/simulator/plasma-light.ts';
import type { Random } from '../../../server/ingest/simulator/random.ts';
import { type NoiseTables, VOLTS_PER_COUNT } from '../../../server/ingest/simulator/shot-noise.ts';
import type { Pulse } from './harmless.ts';
import type { Scenario } from './scenario.ts';

const PULSE_DECAYS = 5; // of a pulse's ringing: then it is below a hundredth of its height

export interface RunLightOptions {
  readonly random: Random;
  readonly seed: string;
  /** Of this run's light. */
  readonly noise: NoiseTables;
  /** Its steps have a whole, even number of samples. */
  readonly rateHz: number;
}

/** The light of one run as the converter gives it, rendered from its beginning in stretches of whole steps. */
export class RunLight {
  readonly #scenario: Scenario;
  readonly #samplesPerMs: number;
  readonly #random: Random;
  readonly #renderer: LightRenderer;
  readonly #arcs: readonly PlacedArc[];
  #step = 0;
  #level = 0;
  #drawn: readonly [from: number, to: number];

  constructor(scenario: Scenario, { random, seed, noise, rateHz }: RunLightOptions) {
    this.#scenario = scenario;
    this.#samplesPerMs = rateHz / 1000;
    this.#random = random;
    this.#renderer = new LightRenderer({ seed, stepSamples: this.#stepSamples, noise, level: scenario.level });
    this.#arcs = scenario.faults
      .filter(({ kind }) => kind === 'micro-arc')
      .map((anomaly) => ({ first: Math.round(anomaly.startMs * this.#samplesPerMs), anomaly }));
    this.#drawn = [random.normal(), random.normal()];
    this.#level = this.#levelAfter(0);
  }

  /** Fills `samples`, a whole number of steps and aligned to four bytes, with what comes next. */
  render(samples: Int16Array): void {
    const stepSamples = this.#stepSamples;
    const first = this.#step * stepSamples;
    for (let at = 0; at < samples.length; at += stepSamples) {
      const to = this.#levelAfter(this.#step + 1);
      this.#renderer.render(samples.subarray(at, at + stepSamples), this.#level, to);
      this.#level = to;
      this.#step++;
    }
    for (const arc of this.#arcs) addArc(samples, first, arc);
    for (const pulse of this.#scenario.harmless.pulses) addPulse(samples, first - pulse.ms * this.#samplesPerMs, pulse);
  }

  get #stepSamples(): number {
    return this.#samplesPerMs * STEP_MS;
  }

  // As the simulator's: the fluctuation goes straight between draws, one a point.
  #levelAfter(step: number): number {
    const { burns, faults, harmless, level, riseMs, spread } = this.#scenario;
    const ms = step * STEP_MS;
    if (step % FLUCTUATION_STEPS === 1) this.#drawn = [this.#drawn[1], this.#random.normal()];
    const burn = burns.find(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
    if (burn === undefined) return 0;

    const share = ((step - 1) % FLUCTUATION_STEPS) / FLUCTUATION_STEPS;
    const fluctuation = spread * FLUCTUATION * (this.#drawn[0] * (1 - share) + this.#drawn[1] * share);
    const ignition = 1 - Math.exp(-(ms - burn.fromMs) / riseMs);
    const calm = (level + fluctuation) * ignition * harmless.factorAt(ms, burn.fromMs);
    return faults.reduce((light, anomaly) => light * lightFactor(anomaly, ms), calm);
  }
}

/** Adds to samples, of which the first is `after` samples after its beginning, what of a pulse falls on them. */
function addPulse(samples: Int16Array, after: number, { height, decaySamples, periodSamples }: Pulse): void {
  const first = Math.round(after);
  const end = Math.min(samples.length, PULSE_DECAYS * decaySamples - first);
  for (let i = Math.max(0, -first); i < end; i++) {
    const since = first + i;
    const volts = height * Math.exp(-since / decaySamples) * Math.cos((2 * Math.PI * since) / periodSamples);
    samples[i] = Math.max(-32_768, Math.min(32_767, Math.round(samples[i] + volts / VOLTS_PER_COUNT)));
  }
}
