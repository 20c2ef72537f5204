import { addCalibration, type Calibration, calibrate, softmaxRows } from './calibration.ts';
import type { Runs } from './learners/learner.ts';
import { addLearner, type Learned, scoreRuns } from './learners/learners.ts';
import { GraphBuilder } from './onnx/graph.ts';
import { addScaling, applyScaling, type Scaling } from './scaling.ts';
import { addDistance, type Distance, scoreDistance } from './unknown/distance.ts';
import { addEnergy, scoreEnergy } from './unknown/energy.ts';

/** A learner that was fitted, with the scaling before it. */
export interface Fitted {
  readonly scaling: Scaling;
  readonly learned: Learned;
}

/** How strange runs are told. */
export type UnknownScore = { readonly kind: 'energy' } | { readonly kind: 'distance'; readonly distance: Distance };

/** Everything from raw runs to probabilities and the unknown score. */
export interface Model extends Fitted {
  readonly calibration: Calibration;
  /** Of each class, in the decision; the graph has none of it. */
  readonly weights: readonly number[];
  readonly unknown: UnknownScore;
  readonly rows: number;
  readonly length: number;
}

export const INPUT = 'trend';
export const PROBABILITIES = 'probabilities';
export const UNKNOWN = 'unknown';

export interface Diagnoses {
  /** runs × classes. */
  readonly probabilities: Float32Array;
  /** Of each run. */
  readonly unknown: Float32Array;
}

/** Scores and features of raw runs. */
export function scoreFitted({ scaling, learned }: Fitted, runs: Runs) {
  return scoreRuns(learned, applyScaling(scaling, runs));
}

/** Diagnoses raw runs as the graph does. */
export function diagnose(model: Model, runs: Runs): Diagnoses {
  const { calibration, unknown } = model;
  const classes = calibration.offsets.length;
  const { scores, features } = scoreFitted(model, runs);
  const logits = calibrate(calibration, scores);
  return {
    probabilities: softmaxRows(logits, classes),
    unknown: unknown.kind === 'energy' ? scoreEnergy(logits, classes) : scoreDistance(unknown.distance, features),
  };
}

/** The bytes of the model as one ONNX graph: f32 [batch, rows, length] to f32 [batch, classes] and f32 [batch]. */
export function encodeModel(model: Model, producerVersion: string): Uint8Array<ArrayBuffer> {
  const { scaling, learned, calibration, unknown, rows, length } = model;
  const graph = new GraphBuilder('diagnosis');
  const trend = graph.input(INPUT, ['batch', rows, length]);
  const { scores, features } = addLearner(graph, learned, addScaling(graph, scaling, trend));
  const logits = addCalibration(graph, calibration, scores);
  const probabilities = graph.add('Softmax', [logits], { attributes: { axis: 1n } });
  graph.output(PROBABILITIES, probabilities, ['batch', calibration.offsets.length]);
  const strange = unknown.kind === 'energy' ? addEnergy(graph, logits) : addDistance(graph, unknown.distance, features);
  graph.output(UNKNOWN, strange, ['batch']);
  return graph.encode(producerVersion);
}
