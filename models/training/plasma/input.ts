import type { Alignment, ModelInput } from '../../../server/model/manifest.ts';
import { ROW_FIGURES } from '../../../server/model/manifest.ts';

/** How generated runs can be aligned, with the numbers that go into a model's manifest. */
export const PLASMA_ALIGNMENTS = {
  sliding: { kind: 'sliding', hop: 100 },
  // Half a second of darkness: longer than a drop-out, a zero check of the sensor or a late ignition.
  ignition: { kind: 'ignition', threshold: 0.02, hysteresis: 0.01, before: 0, rearmPoints: 100 },
  mark: { kind: 'mark' },
} as const satisfies Record<Alignment['kind'], Alignment>;

/** Trend points a second. */
export const POINTS_PER_SECOND = 200;
export const POINT_MS = 1000 / POINTS_PER_SECOND;
/** Trend points of a run, as in the source table. */
export const RUN_POINTS = 972;

/** What runs look like that are generated with that alignment, of the mean alone or of three rows. */
export function plasmaInput(alignment: Alignment['kind'], rows: 1 | 3): ModelInput {
  return {
    name: 'trend',
    layout: 'rows',
    rows: rows === 1 ? ['mean'] : [...ROW_FIGURES],
    length: RUN_POINTS,
    pointsPerSecond: POINTS_PER_SECOND,
    unit: 'V',
    alignment: PLASMA_ALIGNMENTS[alignment],
  };
}
