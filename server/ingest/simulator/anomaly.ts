import type { Random } from './random.ts';

export const ANOMALY_KINDS = ['micro-arc', 'flicker', 'drift', 'drop-out', 'late-ignition', 'mode-jump'] as const;
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

/**
 * Something that goes wrong with a plasma. `startMs` and `endMs` are of the
 * stream; `figures` say how it looks, and are logged as they are.
 */
export interface Anomaly {
  readonly kind: AnomalyKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly figures: Readonly<Record<string, number>>;
  /** Of a burst of micro-arcs each one, in order of time and none overlapping; left out of all else. */
  readonly arcs?: readonly Anomaly[];
}

const ARC_MS = 0.05;

/** Draws what a running plasma suffers at `startMs`. A late ignition belongs to a run's beginning: `drawLateIgnition`. */
export function drawAnomaly(random: Random, startMs: number): Anomaly {
  const kind = drawKind(random);
  if (kind === 'micro-arc') return drawBurst(random, startMs);
  const [durationMs, figures] = drawFigures(kind, random);
  return { kind, startMs, endMs: startMs + durationMs, figures };
}

/** The plasma lights `delayMs` after it should, and too bright. */
export function drawLateIgnition(random: Random, startMs: number): Anomaly {
  const delayMs = random.between(50, 400);
  const figures = { delayMs, overshoot: random.between(0.4, 0.8), decayMs: random.between(20, 60) };
  return { kind: 'late-ignition', startMs, endMs: startMs + delayMs + 5 * figures.decayMs, figures };
}

/** What the anomaly multiplies the light by at `ms` of the stream; 1 outside it. */
export function lightFactor({ kind, startMs, endMs, figures }: Anomaly, ms: number): number {
  if (ms < startMs || ms >= endMs) return 1;
  const t = ms - startMs;
  switch (kind) {
    case 'micro-arc':
      return 1; // far shorter than a step of the light: added to the samples by `arcCounts`
    case 'flicker':
      return 1 + figures.depth * Math.sin(2 * Math.PI * figures.frequencyHz * (t / 1000));
    case 'drift':
      return 1 + figures.change * Math.sin((Math.PI * t) / (endMs - startMs));
    case 'drop-out':
      return figures.rest;
    case 'mode-jump':
      return 1 + figures.change;
    case 'late-ignition':
      return t < figures.delayMs ? 0 : 1 + figures.overshoot * Math.exp(-(t - figures.delayMs) / figures.decayMs);
  }
}

/** Height of a micro-arc `samples` after its beginning, V: up at once, then down with its own time constant. */
export function arcVolts({ figures }: Anomaly, samples: number): number {
  return figures.height * Math.exp(-samples / figures.decaySamples);
}

function drawKind(random: Random): Exclude<AnomalyKind, 'late-ignition'> {
  const u = random.uniform();
  if (u < 0.4) return 'micro-arc';
  if (u < 0.55) return 'flicker';
  if (u < 0.7) return 'drop-out';
  return u < 0.85 ? 'drift' : 'mode-jump';
}

/** Arcs come in trains: what let the first one strike is still there. */
function drawBurst(random: Random, startMs: number): Anomaly {
  const count = random.whole(8, 40);
  const height = random.between(0.05, 0.14);
  let ms = startMs;
  const arcs = Array.from({ length: count }, (_, i): Anomaly => {
    if (i > 0) ms += random.between(10, 100);
    const figures = { height: height * random.between(0.7, 1.3), decaySamples: random.between(4, 30) };
    return { kind: 'micro-arc', startMs: ms, endMs: ms + ARC_MS, figures };
  });
  return { kind: 'micro-arc', startMs, endMs: ms + ARC_MS, figures: { arcs: count, height }, arcs };
}

function drawFigures(
  kind: Exclude<AnomalyKind, 'micro-arc' | 'late-ignition'>,
  random: Random,
): [durationMs: number, figures: Record<string, number>] {
  switch (kind) {
    case 'flicker':
      return [random.between(1000, 4000), { frequencyHz: random.between(20, 90), depth: random.between(0.1, 0.2) }];
    case 'drift':
      return [random.between(4000, 10_000), { change: random.sign() * random.between(0.15, 0.3) }];
    case 'drop-out':
      return [random.between(15, 45), { rest: random.between(0, 0.1) }];
    case 'mode-jump':
      return [random.between(2000, 10_000), { change: random.sign() * random.between(0.15, 0.3) }];
  }
}
