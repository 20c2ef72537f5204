import type { Anomaly, AnomalyKind } from '../../../server/ingest/simulator/anomaly.ts';
import type { Random } from '../../../server/ingest/simulator/random.ts';
import { drawStays, logBetween, type Stretch } from './draws.ts';

/**
 * Draws what is wrong with a run of a class, within `lit`, where the plasma
 * burns in it. The figures are those of the simulator, from beyond the most
 * that it draws down to the noise: the weakest cannot be told from normal.
 * Micro-arcs and mode jumps may come several to a run, drop-outs mostly come alone.
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
      const durationMs = Math.min(litMs, logBetween(random, 1000, 4500));
      const startMs = random.between(lit.fromMs, lit.toMs - durationMs);
      const figures = { frequencyHz: random.between(20, 90), depth: logBetween(random, 0.04, 0.22) };
      return at(startMs, durationMs, figures);
    }
    case 'drift': {
      const durationMs = logBetween(random, 4000, 12_000);
      const startMs = random.between(lit.fromMs - 0.1 * durationMs, lit.fromMs + 0.5 * litMs);
      return at(startMs, durationMs, { change: random.sign() * logBetween(random, 0.1, 0.6) });
    }
    case 'drop-out': {
      const rest = 1 - random.between(0.3, 1);
      return Array.from({ length: random.uniform() < 0.75 ? 1 : random.whole(2, 3) }, () => {
        const durationMs = logBetween(random, 10, 60);
        return at(random.between(lit.fromMs, lit.toMs - durationMs), durationMs, { rest });
      })
        .flat()
        .sort((a, b) => a.startMs - b.startMs);
    }
    case 'late-ignition': {
      const figures = { delayMs: 0, overshoot: logBetween(random, 0.18, 1.2), decayMs: random.between(15, 65) };
      return at(lit.fromMs, 5 * figures.decayMs, figures);
    }
    case 'mode-jump': {
      const figures = { change: random.sign() * logBetween(random, 0.07, 0.5) };
      return drawStays(random, lit, random.between(0.6, 4.4)).map(({ fromMs, toMs }) => ({
        kind,
        startMs: fromMs,
        endMs: toMs,
        figures,
      }));
    }
  }
}

function drawArcs(random: Random, lit: Stretch): Anomaly[] {
  const height = logBetween(random, 0.02, 0.2);
  return Array.from({ length: Math.round(logBetween(random, 1, 60)) }, () => {
    const startMs = random.between(lit.fromMs, lit.toMs);
    const figures = { height: height * random.between(0.5, 1.5), decaySamples: random.between(4, 30) };
    return { kind: 'micro-arc' as const, startMs, endMs: startMs + 0.05, figures };
  }).sort((a, b) => a.startMs - b.startMs);
}
