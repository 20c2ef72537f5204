import type { AnomalyKind } from '../../../server/ingest/simulator/anomaly.ts';
import type { Random } from '../../../server/ingest/simulator/random.ts';
import { boundedNormal, drawStays, logBetween, type Stretch } from './draws.ts';
import { POINT_MS, POINTS_PER_SECOND } from './input.ts';

/**
 * What light does without anything being wrong. Each anomaly has a likeness
 * here that comes as far in every figure and as often in normal runs,
 * and differs in shape alone: none can be told by one figure of a run.
 */
export interface Harmless {
  /** What the light is multiplied by at `ms`, of a plasma that has burned since `litMs`. */
  factorAt(ms: number, litMs: number): number;
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

/**
 * Draws what happens besides an anomaly of `kind`. An anomaly has its likeness instead of it, not with it: the sum of both
 * would go beyond what either does, and one figure would tell it.
 */
export function drawHarmless(random: Random, { fromMs, toMs }: Stretch, kind: AnomalyKind | undefined): Harmless {
  const anywhere = () => random.between(fromMs, toMs);
  const happens = (share: number, ...likenessOf: AnomalyKind[]) =>
    random.uniform() < share && !likenessOf.some((one) => one === kind);
  const factors: Factor[] = [wander(random)];
  if (happens(0.9, 'late-ignition')) factors.push(warmUp(random));
  if (happens(0.25, 'late-ignition')) factors.push(overshoot(random));
  if (happens(0.15)) factors.push(puff(random, anywhere()));
  if (happens(0.05)) factors.push(zeroCheck(random, anywhere()));
  if (happens(0.5, 'drop-out')) factors.push(stutters(random, anywhere));
  if (happens(0.55, 'drift', 'mode-jump')) factors.push(recipeSteps(random, { fromMs, toMs }));
  if (happens(0.2, 'flicker')) factors.push(throb(random, fromMs, toMs));
  else if (happens(0.45, 'flicker')) factors.push(restlessness(random, fromMs, toMs));
  return {
    factorAt: (ms, litMs) => factors.reduce((product, factor) => product * factor(ms, litMs), 1),
    pulses: happens(0.6, 'micro-arc') ? pickUp(random, anywhere) : [],
  };
}

/** The matching network and the gas never stand quite still. */
function wander(random: Random): Factor {
  const depth = random.between(0, 0.006);
  const periodMs = random.between(4000, 20_000);
  const phase = random.between(0, 2 * Math.PI);
  return (ms) => 1 + depth * Math.sin((2 * Math.PI * ms) / periodMs + phase);
}

/** The wall of the chamber warms after the ignition: the light comes to rest slowly, from either side. */
function warmUp(random: Random): Factor {
  const isUp = random.uniform() < 0.8;
  const change = isUp ? logBetween(random, 0.15, 1.2) : -logBetween(random, 0.05, 0.4);
  const decayMs = logBetween(random, 150, 500);
  return (ms, litMs) => 1 + change * Math.exp(-(ms - litMs) / decayMs);
}

/** Every ignition may overshoot a little. */
function overshoot(random: Random): Factor {
  const height = logBetween(random, 0.02, 0.15);
  const decayMs = random.between(5, 40);
  return (ms, litMs) => 1 + height * Math.exp(-(ms - litMs) / decayMs);
}

/** A puff of gas: the light swells or sinks, and comes back as smoothly. */
function puff(random: Random, middleMs: number): Factor {
  const change = random.uniform() < 0.5 ? logBetween(random, 0.05, 0.85) : -logBetween(random, 0.05, 0.85);
  const widthMs = logBetween(random, 30, 150);
  return (ms) => 1 + change * Math.exp(-(((ms - middleMs) / widthMs) ** 2) / 2);
}

/** The sensor closes its shutter to read its zero. */
function zeroCheck(random: Random, startMs: number): Factor {
  const endMs = startMs + logBetween(random, 100, 450);
  return (ms) => (ms >= startMs && ms < endMs ? 0 : 1);
}

/** The converter stutters: now and then it loses about a point. */
function stutters(random: Random, anywhere: () => number): Factor {
  const rest = 1 - random.between(0.3, 1);
  const all = Array.from({ length: Math.round(logBetween(random, 1, 9)) }, () => {
    const startMs = anywhere();
    return { startMs, endMs: startMs + random.between(4, 6.5) };
  });
  return (ms) => (all.some(({ startMs, endMs }) => ms >= startMs && ms < endMs) ? rest : 1);
}

/** Steps of the recipe: the power is led between two values. */
function recipeSteps(random: Random, lit: Stretch): Factor {
  const change = random.sign() * logBetween(random, 0.08, 0.6);
  const rampMs = logBetween(random, 200, 500);
  const steps = drawStays(random, lit, random.between(0.6, 4.4));
  const ramp = (ms: number) => Math.max(0, Math.min(1, ms / rampMs + 0.5));
  return (ms) => 1 + change * steps.reduce((sum, { fromMs, toMs }) => sum + ramp(ms - fromMs) - ramp(ms - toMs), 0);
}

/** For a while the light is restless, in any colour of noise. */
function restlessness(random: Random, fromMs: number, toMs: number): Factor {
  const durationMs = Math.min(toMs - fromMs, logBetween(random, 1000, 6000));
  const startMs = random.between(fromMs, toMs - durationMs);
  const frequencyHz = random.between(20, 97);
  const spread = logBetween(random, 0.04, 0.3) * 0.9 * (1 - frequencyHz / 300);
  const memory = Math.cos((2 * Math.PI * frequencyHz) / POINTS_PER_SECOND);
  const fresh = Math.sqrt(1 - memory ** 2);
  let value = boundedNormal(random);
  const values = Array.from({ length: Math.ceil(durationMs / POINT_MS) }, () => {
    value = memory * value + fresh * boundedNormal(random);
    return Math.max(-0.9, spread * value);
  });
  const first = Math.ceil(startMs / POINT_MS);
  return (ms) => 1 + (values[Math.floor(ms / POINT_MS) - first] ?? 0);
}

/** A pump throbs for a while, as regularly as flicker, and sways more slowly as its shaft turns. */
function throb(random: Random, fromMs: number, toMs: number): Factor {
  const durationMs = Math.min(toMs - fromMs, logBetween(random, 1500, 8000));
  const startMs = random.between(fromMs, toMs - durationMs);
  const depth = logBetween(random, 0.09, 0.25);
  const sway = depth * random.between(0.2, 1);
  const throbHz = random.between(20, 90);
  const turnHz = random.between(4, 9);
  const phase = random.between(0, 2 * Math.PI);
  return (ms) => {
    if (ms < startMs || ms >= startMs + durationMs) return 1;
    const turns = (2 * Math.PI * ms) / 1000;
    return 1 + depth * Math.sin(throbHz * turns) + sway * Math.sin(turnHz * turns + phase);
  };
}

/** Switching nearby, several times in a run. */
function pickUp(random: Random, anywhere: () => number): Pulse[] {
  const height = logBetween(random, 0.02, 0.2);
  return Array.from({ length: Math.round(logBetween(random, 1, 60)) }, () => ({
    ms: anywhere(),
    height: height * random.between(0.5, 1.5),
    decaySamples: random.between(4, 30),
    periodSamples: random.between(3, 9),
  })).sort((a, b) => a.ms - b.ms);
}
