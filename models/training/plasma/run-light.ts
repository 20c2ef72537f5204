import { lightFactor } from '../../../server/ingest/simulator/anomaly.ts';
import { addArc, LightRenderer, type PlacedArc, STEP_MS } from '../../../server/ingest/simulator/light-renderer.ts';
import { FLUCTUATION, FLUCTUATION_STEPS } from '../../../server/ingest/simulator/plasma-light.ts';
import type { Random } from '../../../server/ingest/simulator/random.ts';
import { type NoiseTables, VOLTS_PER_COUNT } from '../../../server/ingest/simulator/shot-noise.ts';
import type { Pulse } from './harmless.ts';
import { RATE_HZ } from './input.ts';
import type { Scenario } from './scenario.ts';

export const STEP_SAMPLES = (RATE_HZ / 1000) * STEP_MS;
const SAMPLES_PER_MS = RATE_HZ / 1000;
const PULSE_DECAYS = 5; // of a pulse's ringing: then it is below a hundredth of its height

/** The light of one run as the converter gives it, rendered from its beginning in stretches of whole steps. */
export class RunLight {
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #renderer: LightRenderer;
  readonly #arcs: readonly PlacedArc[];
  #step = 0;
  #level = 0;
  #drawn: readonly [from: number, to: number];

  /** `noise` is that of this run's light. */
  constructor(scenario: Scenario, { random, seed, noise }: { random: Random; seed: string; noise: NoiseTables }) {
    this.#scenario = scenario;
    this.#random = random;
    this.#renderer = new LightRenderer({ seed, stepSamples: STEP_SAMPLES, noise, level: scenario.level });
    this.#arcs = scenario.faults
      .filter(({ kind }) => kind === 'micro-arc')
      .map((anomaly) => ({ first: Math.round(anomaly.startMs * SAMPLES_PER_MS), anomaly }));
    this.#drawn = [this.#draw(0), this.#draw(0)];
    this.#level = this.#levelAfter(0);
  }

  /** Fills `samples`, a whole number of steps and aligned to four bytes, with what comes next. */
  render(samples: Int16Array): void {
    const first = this.#step * STEP_SAMPLES;
    for (let at = 0; at < samples.length; at += STEP_SAMPLES) {
      const to = this.#levelAfter(this.#step + 1);
      this.#renderer.render(samples.subarray(at, at + STEP_SAMPLES), this.#level, to);
      this.#level = to;
      this.#step++;
    }
    for (const arc of this.#arcs) addArc(samples, first, arc);
    for (const pulse of this.#scenario.harmless.pulses) addPulse(samples, first, pulse);
  }

  // As the simulator's: the fluctuation goes straight between draws, one a point.
  #levelAfter(step: number): number {
    const { burns, faults, harmless, level, riseMs } = this.#scenario;
    const ms = step * STEP_MS;
    if (step % FLUCTUATION_STEPS === 1) this.#drawn = [this.#drawn[1], this.#draw(ms)];
    const burn = burns.find(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
    if (burn === undefined) return 0;

    const share = ((step - 1) % FLUCTUATION_STEPS) / FLUCTUATION_STEPS;
    const fluctuation = FLUCTUATION * (this.#drawn[0] * (1 - share) + this.#drawn[1] * share);
    const ignition = 1 - Math.exp(-(ms - burn.fromMs) / riseMs);
    const calm = (level + fluctuation) * ignition * harmless.factorAt(ms, burn.fromMs);
    return faults.reduce((light, anomaly) => light * lightFactor(anomaly, ms), calm);
  }

  #draw(ms: number): number {
    const { spread, harmless } = this.#scenario;
    return spread * this.#random.normal() + harmless.restlessAt(ms);
  }
}

function addPulse(samples: Int16Array, firstSample: number, { ms, height, decaySamples, periodSamples }: Pulse): void {
  const first = Math.round(ms * SAMPLES_PER_MS);
  const end = Math.min(samples.length, first + PULSE_DECAYS * decaySamples - firstSample);
  for (let i = Math.max(0, first - firstSample); i < end; i++) {
    const after = firstSample + i - first;
    const volts = height * Math.exp(-after / decaySamples) * Math.cos((2 * Math.PI * after) / periodSamples);
    samples[i] = Math.max(-32_768, Math.min(32_767, Math.round(samples[i] + volts / VOLTS_PER_COUNT)));
  }
}
