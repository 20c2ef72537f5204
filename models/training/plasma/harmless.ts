import type { Random } from '../../../server/ingest/simulator/random.ts';
import { boundedNormal, logBetween } from './draws.ts';

/**
 * What light does without anything being wrong, in runs of all classes alike.
 * Each kind comes as far, in one figure or another, as some anomaly: none can
 * be told by one figure of a run alone.
 */
export interface Harmless {
  /** What the light is multiplied by at `ms`, of a plasma that has burned since `litMs`. */
  factorAt(ms: number, litMs: number): number;
  /** What is added to a draw of the fluctuation of a step of `ms`, in spreads of a calm plasma. */
  restlessAt(ms: number): number;
  /** Pick-up of the cable. */
  readonly pulses: readonly Pulse[];
}

/** Interference from a switch nearby: rings to both sides of the light, for microseconds. */
export interface Pulse {
  readonly ms: number;
  /** V. */
  readonly height: number;
  readonly decaySamples: number;
  readonly periodSamples: number;
}

type Factor = (ms: number, litMs: number) => number;

/** A stretch of time in which something may happen, ms. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export function drawHarmless(random: Random, { fromMs, toMs }: Stretch): Harmless {
  const anywhere = () => random.between(fromMs, toMs);
  const factors: Factor[] = [wander(random)];
  if (random.uniform() < 0.5) factors.push(warmUp(random));
  if (random.uniform() < 0.25) factors.push(overshoot(random));
  if (random.uniform() < 0.3) factors.push(puff(random, anywhere()));
  if (random.uniform() < 0.2) factors.push(puff(random, fromMs + random.between(60, 1500)));
  if (random.uniform() < 0.2) factors.push(zeroCheck(random, anywhere()));
  if (random.uniform() < 0.11) factors.push(stutter(random, anywhere()));
  if (random.uniform() < 0.13) factors.push(recipeStep(random, anywhere()));
  const restless = random.uniform() < 0.34 ? restlessness(random, random.between(fromMs - 2000, toMs)) : () => 0;
  const pulses = random.uniform() < 0.25 ? pickUp(random, anywhere) : [];
  return {
    factorAt: (ms, litMs) => factors.reduce((product, factor) => product * factor(ms, litMs), 1),
    restlessAt: restless,
    pulses,
  };
}

/** The matching network and the gas never stand quite still. */
function wander(random: Random): Factor {
  const depth = random.between(0, 0.012);
  const periodMs = random.between(4000, 20_000);
  const phase = random.between(0, 2 * Math.PI);
  return (ms) => 1 + depth * Math.sin((2 * Math.PI * ms) / periodMs + phase);
}

/** The wall of the chamber warms after the ignition: the light comes to rest slowly, from either side. */
function warmUp(random: Random): Factor {
  const change = random.sign() * logBetween(random, 0.008, 0.4);
  const decayMs = logBetween(random, 100, 3000);
  return (ms, litMs) => 1 + change * Math.exp(-(ms - litMs) / decayMs);
}

/** Every ignition may overshoot a little. */
function overshoot(random: Random): Factor {
  const height = logBetween(random, 0.02, 0.12);
  const decayMs = random.between(5, 40);
  return (ms, litMs) => 1 + height * Math.exp(-(ms - litMs) / decayMs);
}

/** A puff of gas or a step of the matching network: the light jumps, and comes back slowly. */
function puff(random: Random, startMs: number): Factor {
  const isUp = random.uniform() < 0.4;
  const change = isUp ? logBetween(random, 0.04, 1.5) : -logBetween(random, 0.15, 0.97);
  const decayMs = logBetween(random, 4, 80);
  return (ms) => (ms < startMs ? 1 : 1 + change * Math.exp(-(ms - startMs) / decayMs));
}

/** The sensor closes its shutter to read its zero; after it the amplifier may overshoot. */
function zeroCheck(random: Random, startMs: number): Factor {
  const endMs = startMs + logBetween(random, 60, 450);
  const overshoot = random.uniform() < 0.8 ? logBetween(random, 0.05, 1.1) : 0;
  const decayMs = random.between(10, 65);
  return (ms) => {
    if (ms < startMs) return 1;
    return ms < endMs ? 0 : 1 + overshoot * Math.exp(-(ms - endMs) / decayMs);
  };
}

/** The converter stutters: for less than a point there is no light. */
function stutter(random: Random, startMs: number): Factor {
  const endMs = startMs + logBetween(random, 1, 3.5);
  return (ms) => (ms >= startMs && ms < endMs ? 0 : 1);
}

/** A step of the recipe: the power is led to another value and stays there. */
function recipeStep(random: Random, startMs: number): Factor {
  const change = random.sign() * logBetween(random, 0.04, 0.25);
  const rampMs = logBetween(random, 500, 2000);
  return (ms) => 1 + change * Math.max(0, Math.min(1, (ms - startMs) / rampMs));
}

/** For a while the light is restless, in any colour of noise. */
function restlessness(random: Random, startMs: number): (ms: number) => number {
  const endMs = startMs + logBetween(random, 400, 12_000);
  const spread = logBetween(random, 2, 13);
  const memory = random.between(-0.95, 0.95);
  const fresh = Math.sqrt(1 - memory ** 2);
  let value = 0;
  return (ms) => {
    if (ms < startMs || ms >= endMs) return 0;
    value = memory * value + fresh * boundedNormal(random);
    return spread * value;
  };
}

function pickUp(random: Random, anywhere: () => number): Pulse[] {
  const height = logBetween(random, 0.015, 0.17);
  return Array.from({ length: Math.round(logBetween(random, 1, 40)) }, () => ({
    ms: anywhere(),
    height: height * random.between(0.5, 1.5),
    decaySamples: random.between(4, 30),
    periodSamples: random.between(3, 9),
  })).sort((a, b) => a.ms - b.ms);
}
