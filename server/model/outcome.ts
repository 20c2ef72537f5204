import type { Answer, Outcome } from '../trend/diagnosis.ts';
import { lackInWords } from '../trend/run-lack.ts';
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
  const lack = { missing, flagged, empty, isEnded };
  return { kind: 'incomplete', reason: lackInWords(lack), lack };
}
