import type { Anomaly, AnomalyKind } from '../../../server/ingest/simulator/anomaly.ts';
import type { Random } from '../../../server/ingest/simulator/random.ts';
import { logBetween } from './draws.ts';
import type { Stretch } from './harmless.ts';

/**
 * Draws what is wrong with a run of a class, within `lit`, where the plasma
 * burns in it. The figures are those of the simulator, from beyond the most
 * that it draws down to the noise: the weakest cannot be told from normal.
 * Micro-arcs come several to a run, any other anomaly alone.
 */
export function drawFaults(random: Random, kind: AnomalyKind, lit: Stretch): Anomaly[] {
  const litMs = lit.toMs - lit.fromMs;
  const at = (startMs: number, durationMs: number, figures: Anomaly['figures']) => [
    { kind, startMs, endMs: startMs + durationMs, figures },
  ];
  switch (kind) {
    case 'micro-arc':
      return drawArcs(random, lit);
    case 'flicker': {
      const durationMs = Math.min(litMs, logBetween(random, 600, 5000));
      const startMs = random.between(lit.fromMs, lit.toMs - durationMs);
      const figures = { frequencyHz: random.between(20, 90), depth: logBetween(random, 0.03, 0.16) };
      return at(startMs, durationMs, figures);
    }
    case 'drift': {
      const durationMs = logBetween(random, 2500, 12_000);
      const startMs = random.between(lit.fromMs - 0.1 * durationMs, lit.fromMs + 0.5 * litMs);
      return at(startMs, durationMs, { change: random.sign() * logBetween(random, 0.045, 0.18) });
    }
    case 'drop-out': {
      const durationMs = logBetween(random, 5, 40);
      return at(random.between(lit.fromMs, lit.toMs - durationMs), durationMs, {
        rest: 1 - random.between(0.3, 1),
      });
    }
    case 'late-ignition': {
      const figures = { delayMs: 0, overshoot: logBetween(random, 0.12, 0.85), decayMs: random.between(15, 65) };
      return at(lit.fromMs, 5 * figures.decayMs, figures);
    }
    case 'mode-jump': {
      const durationMs = logBetween(random, 800, 10_000);
      const edgeMs = random.between(lit.fromMs + 0.1 * litMs, lit.toMs - 0.1 * litMs); // one of both is in the run
      const startMs = random.uniform() < 0.5 ? edgeMs : edgeMs - durationMs;
      return at(startMs, durationMs, { change: random.sign() * logBetween(random, 0.045, 0.18) });
    }
  }
}

function drawArcs(random: Random, lit: Stretch): Anomaly[] {
  const height = logBetween(random, 0.015, 0.13);
  return Array.from({ length: Math.round(logBetween(random, 1, 40)) }, () => {
    const startMs = random.between(lit.fromMs, lit.toMs);
    const figures = { height: height * random.between(0.5, 1.5), decaySamples: random.between(4, 30) };
    return { kind: 'micro-arc' as const, startMs, endMs: startMs + 0.05, figures };
  }).sort((a, b) => a.startMs - b.startMs);
}
