import type { ModelEntry } from './inference/model-state.ts';
import type { ModelManifest } from './model/manifest.ts';
import type { Diagnosis, Outcome } from './trend/diagnosis.ts';
import type { DiagnosisModel, DiagnosisOutcome, ModelAbout, RunDiagnosis } from './wire/diagnoses.ts';

// Digits of a probability after the point: less than that is not what a model and its copy must agree in.
const PRECISION = 1e7;

/** A diagnosis as viewers are told. */
export function toRunDiagnosis({ timeNs, endNs, outcome, ...run }: Diagnosis): RunDiagnosis {
  return { ...run, fromNs: String(timeNs), toNs: String(endNs), outcome: toWireOutcome(outcome) };
}

/** A model as viewers are told. */
export function toDiagnosisModel({ name, state, model, reason }: ModelEntry): DiagnosisModel {
  return {
    name,
    state,
    ...(reason !== undefined && { reason }),
    ...(model && { about: toAbout(model.manifest) }),
  };
}

function toWireOutcome(outcome: Outcome): DiagnosisOutcome {
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

function toAbout({ version, input, classes, thresholds }: ModelManifest): ModelAbout {
  const { length, pointsPerSecond, unit, alignment } = input;
  const { unknown, confidence } = thresholds;
  return {
    version,
    points: length,
    pointsPerSecond,
    unit,
    ...(alignment.kind === 'sliding' && { hop: alignment.hop }),
    classes,
    thresholds: { confidence, ...(unknown !== undefined && { unknown }) },
  };
}
