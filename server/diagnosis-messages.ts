import type { ModelEntry } from './inference/model-state.ts';
import type { ModelManifest } from './model/manifest.ts';
import { faultFromWords } from './trend/model-fault.ts';
import type { DiagnosisModel, ModelAbout } from './wire/diagnoses.ts';

/** A model as viewers are told. */
export function toDiagnosisModel({ name, state, model, reason }: ModelEntry): DiagnosisModel {
  const fault = reason === undefined ? undefined : faultFromWords(reason);
  return {
    name,
    state,
    ...(reason !== undefined && { reason }),
    ...(fault && { fault }),
    ...(model && { about: toAbout(model.manifest) }),
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
    classes: classes.map(({ weight: _weight, ...shown }) => shown),
    thresholds: { confidence, ...(unknown !== undefined && { unknown }) },
  };
}
