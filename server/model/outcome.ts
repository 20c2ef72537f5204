import type { Answer, Outcome } from '../trend/diagnosis.ts';
import { decideClass } from './decide-class.ts';
import type { ModelManifest } from './manifest.ts';
import type { Run } from './run.ts';
import type { Outputs } from './runnable-model.ts';

/** The answer for run `index` of a batch. */
export function toOutcome({ classes, thresholds }: ModelManifest, outputs: Outputs, index: number): Outcome {
  const fault = outputs.faults[index];
  if (fault !== undefined) return { kind: 'unavailable', reason: fault };
  const probabilities = [...outputs.probabilities.subarray(index * classes.length, (index + 1) * classes.length)];
  const weights = classes.map(({ weight }) => weight);
  const classIndex = decideClass(probabilities, weights);
  const unknownScore = outputs.unknown?.[index];
  const { label } = classes[classIndex];
  const answer: Answer = { classIndex, label, probabilities, unknownScore };
  const isUnknown = unknownScore !== undefined && thresholds.unknown !== undefined && unknownScore > thresholds.unknown;
  return { kind: isUnknown ? 'unknown' : 'class', ...answer };
}

/** Why a run is incomplete, in figures and in words. */
export function incompleteOutcome({ missing, flagged, empty, isEnded }: Extract<Run, { kind: 'incomplete' }>): Outcome {
  const reasons = [
    missing > 0 ? `${missing} points are missing` : '',
    flagged > 0 ? `${flagged} points are flagged` : '',
    empty > 0 ? `${empty} points have no finite sample` : '',
    isEnded ? 'the stream ended' : '',
  ];
  const reason = reasons.filter((one) => one !== '').join(', ');
  return { kind: 'incomplete', reason, lack: { missing, flagged, empty, isEnded } };
}
