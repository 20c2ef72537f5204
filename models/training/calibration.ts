import { minimise, type Objective } from './learners/lbfgs.ts';
import type { GraphBuilder } from './onnx/graph.ts';

/** Turns the scores of a learner into logarithms of odds: slope · score + offset of the class. */
export interface Calibration {
  readonly slope: number;
  /** Of each class. */
  readonly offsets: Float32Array;
}

const STOPPING = { maxIterations: 500, maxSlope: 1e-9 };
/** Keeps offsets from drifting together, which changes no probability. */
const PENALTY = 1e-6;

/**
 * Fits slope and offsets to scores of runs, runs × classes, that the learner
 * was not fitted to: minimises the log-loss, every run weighing the same, so
 * that probabilities are those of classes as often as here. As Platt (1999)
 * did, the truth counts as a little short of certain, so that classes without
 * any error do not make the slope infinite.
 */
export function fitCalibration(labels: Int32Array, scores: Float32Array, classes: number): Calibration {
  const unit = deviation(scores) || 1;
  const solution = minimise(new LogLoss(labels, scores, { classes, unit }), STOPPING);
  const offsets = Float32Array.from(solution.subarray(1));
  return { slope: Math.fround(solution[0]! / unit), offsets };
}

/** Logarithms of odds of scores, runs × classes; in f32, as the graph does. */
export function calibrate({ slope, offsets }: Calibration, scores: Float32Array): Float32Array {
  const classes = offsets.length;
  return scores.map((score, at) => Math.fround(score * slope) + offsets[at % classes]!);
}

/** Probabilities of rows of logarithms of odds; each row adds up to 1. */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let from = 0; from < logits.length; from += classes) {
    const row = logits.subarray(from, from + classes);
    const largest = row.reduce((most, logit) => Math.max(most, logit));
    const powers = Float64Array.from(row, (logit) => Math.exp(logit - largest));
    const sum = powers.reduce((total, power) => total + power);
    for (let one = 0; one < classes; one++) probabilities[from + one] = powers[one]! / sum;
  }
  return probabilities;
}

/** Adds the calibration of `scores`, f32 [batch, classes], to a graph; returns the name of what has the same shape. */
export function addCalibration(graph: GraphBuilder, { slope, offsets }: Calibration, scores: string): string {
  const scaled = graph.add('Mul', [scores, graph.scalar(slope)]);
  return graph.add('Add', [scaled, graph.constant(offsets, [1, offsets.length])]);
}

/** Of the slope, in units of the scores' deviation, and the offsets. */
class LogLoss implements Objective {
  readonly size: number;
  readonly #labels: Int32Array;
  /** In units of their deviation. */
  readonly #scores: Float64Array;
  readonly #classes: number;

  constructor(labels: Int32Array, scores: Float32Array, { classes, unit }: { classes: number; unit: number }) {
    this.#labels = labels;
    this.#scores = Float64Array.from(scores, (score) => score / unit);
    this.#classes = classes;
    this.size = classes + 1;
  }

  // The scale is the solver's to find.
  precondition(): void {}

  evaluate(point: Float64Array, gradient: Float64Array): number {
    const classes = this.#classes;
    const runs = this.#labels.length;
    const doubt = 1 / (runs + 2);
    let loss = 0;
    for (let p = 0; p < this.size; p++) {
      loss += (PENALTY / 2) * point[p]! ** 2;
      gradient[p] = PENALTY * point[p]!;
    }
    const logits = new Float64Array(classes);
    for (let run = 0; run < runs; run++) {
      let largest = -Infinity;
      for (let one = 0; one < classes; one++) {
        logits[one] = point[0]! * this.#scores[run * classes + one]! + point[one + 1]!;
        largest = Math.max(largest, logits[one]!);
      }
      const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
      for (let one = 0; one < classes; one++) {
        const truth = this.#labels[run] === one ? 1 - doubt : doubt / (classes - 1);
        const p = Math.exp(logits[one]! - largest) / sum;
        loss -= (truth * (logits[one]! - largest - Math.log(sum))) / runs;
        gradient[0]! += ((p - truth) * this.#scores[run * classes + one]!) / runs;
        gradient[one + 1]! += (p - truth) / runs;
      }
    }
    return loss;
  }
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
