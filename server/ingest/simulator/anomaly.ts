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
}

/** Draws what a running plasma suffers at `startMs`. A late ignition belongs to a run's beginning: `drawLateIgnition`. */
export function drawAnomaly(random: Random, startMs: number): Anomaly {
  const kind = drawKind(random);
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

function drawKind(random: Random): AnomalyKind {
  const u = random.uniform();
  if (u < 0.4) return 'micro-arc';
  if (u < 0.55) return 'flicker';
  if (u < 0.7) return 'drop-out';
  return u < 0.85 ? 'drift' : 'mode-jump';
}

function drawFigures(kind: AnomalyKind, random: Random): [durationMs: number, figures: Record<string, number>] {
  switch (kind) {
    case 'flicker':
      return [random.between(500, 3000), { frequencyHz: random.between(20, 90), depth: random.between(0.06, 0.15) }];
    case 'drift':
      return [random.between(5000, 20_000), { change: random.sign() * random.between(0.06, 0.12) }];
    case 'drop-out':
      return [random.between(2, 30), { rest: random.between(0, 0.1) }];
    case 'mode-jump':
      return [random.between(2000, 10_000), { change: random.sign() * random.between(0.08, 0.15) }];
    default:
      return [0.05, { height: random.between(0.04, 0.12), decaySamples: random.between(4, 30) }];
  }
}
