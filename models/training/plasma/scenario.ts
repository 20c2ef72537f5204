import type { Anomaly } from '../../../server/ingest/simulator/anomaly.ts';
import type { Random } from '../../../server/ingest/simulator/random.ts';
import { NOMINAL_LEVEL } from '../../../server/ingest/simulator/shot-noise.ts';
import type { Alignment } from '../../../server/model/manifest.ts';
import { classAt, type GeneratedClass } from './classes.ts';
import { boundedNormal, logBetween, type Stretch } from './draws.ts';
import { drawFaults } from './faults.ts';
import { drawHarmless, type Harmless } from './harmless.ts';
import { PLASMA_ALIGNMENTS, POINT_MS, RUN_POINTS } from './input.ts';

/** All that is drawn of a run before its light is. Times are of its stream. */
export interface Scenario {
  readonly plasmaClass: GeneratedClass;
  /** When the plasma burns. */
  readonly burns: readonly Stretch[];
  readonly faults: readonly Anomaly[];
  readonly harmless: Harmless;
  /** Light of this plasma, V. */
  readonly level: number;
  /** How much more its points spread than the simulator's. */
  readonly spread: number;
  /** How much more shot noise it has than one of the same light in the simulator. */
  readonly shotNoise: number;
  /** Time constant of its ignition. */
  readonly riseMs: number;
}

const RUN_MS = RUN_POINTS * POINT_MS;
const LEAST_LIT_MS = 1000;

/** Draws the class of a run and what happens in it. */
export function drawScenario(random: Random, alignment: Alignment['kind']): Scenario {
  const plasmaClass = classAt(random.uniform());
  const burns = drawBurns(random, alignment, plasmaClass);
  const lit = longest(
    burns.map(({ fromMs, toMs }) => ({ fromMs: Math.max(0, fromMs), toMs: Math.min(toMs, endOf(burns, alignment)) })),
  );
  const { kind } = plasmaClass;
  return {
    plasmaClass,
    burns,
    faults: kind === undefined ? [] : drawFaults(random, kind, lit),
    harmless: drawHarmless(random, lit, kind),
    level: NOMINAL_LEVEL * (1 + 0.035 * boundedNormal(random)),
    spread: Math.exp(0.3 * boundedNormal(random)),
    shotNoise: Math.exp(0.1 * boundedNormal(random)),
    riseMs: random.between(0.2, 5),
  };
}

function drawBurns(random: Random, alignment: Alignment['kind'], { kind }: GeneratedClass): Stretch[] {
  const isLate = kind === 'late-ignition';
  switch (alignment) {
    case 'ignition': {
      const darkPoints = PLASMA_ALIGNMENTS.ignition.rearmPoints + random.between(1, 2);
      return [{ fromMs: darkPoints * POINT_MS, toMs: Infinity }];
    }
    case 'mark': {
      const isSlow = isLate || random.uniform() < 0.4; // the gas may come late, and the plasma light as calmly as ever
      const delayMs = isSlow ? logBetween(random, 30, 200) : 2 + Math.min(60, random.exponential(12));
      return [{ fromMs: delayMs, toMs: Infinity }];
    }
    case 'sliding':
      return drawLife(random, { isLate, isNormal: kind === undefined });
  }
}

/** A run may begin at any time of a plasma's life: most while it burns, some around its beginning, its end or a pause. */
function drawLife(random: Random, { isLate, isNormal }: { isLate: boolean; isNormal: boolean }): Stretch[] {
  const ignitionMs = logBetween(random, 20, RUN_MS - LEAST_LIT_MS);
  const endMs = random.between(LEAST_LIT_MS, RUN_MS);
  const burningMs = logBetween(random, 300, 200_000);
  const share = isLate ? 0 : random.uniform();
  if (share < 0.55) return [{ fromMs: ignitionMs, toMs: Infinity }];
  if (share < 0.59) return [{ fromMs: -burningMs, toMs: endMs }];
  if (share < 0.62) {
    return [
      { fromMs: -burningMs, toMs: endMs },
      { fromMs: endMs + random.between(2000, 6000), toMs: Infinity },
    ];
  }
  return share < 0.63 && isNormal ? [] : [{ fromMs: -burningMs, toMs: Infinity }];
}

function endOf(burns: readonly Stretch[], alignment: Alignment['kind']): number {
  return alignment === 'ignition' ? (burns[0] as Stretch).fromMs + RUN_MS - POINT_MS : RUN_MS;
}

function longest(stretches: readonly Stretch[]): Stretch {
  return stretches.reduce((a, b) => (b.toMs - b.fromMs > a.toMs - a.fromMs ? b : a), { fromMs: 0, toMs: 0 });
}
