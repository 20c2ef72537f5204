import type { AnomalyKind } from '../../../server/ingest/simulator/anomaly.ts';
import type { RunClass } from '../../../server/model/manifest.ts';
import { PLASMA_CLASSES } from '../classes.ts';

/** A class of generated runs. */
export interface GeneratedClass extends Pick<RunClass, 'label'> {
  /** What of the simulator's anomalies it is; undefined of normal runs. */
  readonly kind: AnomalyKind | undefined;
  /** Of all runs. */
  readonly share: number;
}

const KINDS = [undefined, 'micro-arc', 'flicker', 'drift', 'drop-out', 'late-ignition', 'mode-jump'] as const;
const FAULT_SHARE = 0.045;

/** The classes of plasma runs. Most runs are normal, as they are in a plant. */
export const GENERATED_CLASSES: readonly GeneratedClass[] = PLASMA_CLASSES.map(({ label }, place) => ({
  label,
  kind: KINDS[place],
  share: place === 0 ? 1 - FAULT_SHARE * (PLASMA_CLASSES.length - 1) : FAULT_SHARE,
}));

/** The class of a run that a number in [0, 1) draws. */
export function classAt(share: number): GeneratedClass {
  let sum = 0;
  const found = GENERATED_CLASSES.find((one) => {
    sum += one.share;
    return share < sum;
  });
  return found ?? (GENERATED_CLASSES.at(-1) as GeneratedClass);
}
