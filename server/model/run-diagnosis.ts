import type { Diagnosis, Outcome } from '../trend/diagnosis.ts';
import { faultFromWords } from '../trend/model-fault.ts';
import type { DiagnosisOutcome, RunDiagnosis } from '../wire/diagnoses.ts';

// Digits of a probability after the point: less than that is not what a model and its copy must agree in.
const PRECISION = 1e7;

/** A diagnosis as viewers are told. */
export function toRunDiagnosis({ timeNs, endNs, outcome, ...run }: Diagnosis): RunDiagnosis {
  return { ...run, fromNs: String(timeNs), toNs: String(endNs), outcome: toWireOutcome(outcome) };
}

function toWireOutcome(outcome: Outcome): DiagnosisOutcome {
  if (outcome.kind === 'unavailable') {
    const fault = faultFromWords(outcome.reason);
    return { ...outcome, ...(fault && { fault }) };
  }
  if (outcome.kind !== 'class' && outcome.kind !== 'unknown') return outcome;
  const { kind, classIndex, label, unknownScore } = outcome;
  const probabilities = outcome.probabilities.map((p) => Math.round(p * PRECISION) / PRECISION);
  const confidence = probabilities[classIndex];
  return {
    kind,
    index: classIndex,
    label,
    confidence,
    probabilities,
    ...(unknownScore !== undefined && { unknownScore }),
  };
}
