import { OnnxSession } from '../../server/model/onnx-session.ts';
import type { Dataset } from './dataset.ts';
import { decideRows } from './decision.ts';
import { type Diagnoses, INPUT, PROBABILITIES, UNKNOWN } from './model.ts';

/** A run on which trainer and runtime differ by more than the tolerance. */
export interface Exception {
  /** Place in the test set, from 0. */
  readonly run: number;
  /** Largest difference of a probability. */
  readonly probability: number;
  /** Difference of the unknown score, in units of its magnitude where that is above 1. */
  readonly unknown: number;
  readonly isSameClass: boolean;
  /** Whether both call it unknown, or neither does. */
  readonly isSameUnknown: boolean;
}

/** How far the runtime agrees with the trainer. */
export interface Parity {
  readonly runs: number;
  /** Runs within the tolerance. */
  readonly within: number;
  readonly tolerance: number;
  readonly largestProbability: number;
  readonly largestUnknown: number;
  readonly exceptions: readonly Exception[];
}

export const TOLERANCE = 1e-5;
/** Share of the runs that must be within the tolerance; every class must be equal, and so must be what is called unknown. */
export const LEAST_WITHIN = 0.999;
/** As many as a model is given at a time. */
const BATCH = 16;

/** Runs a graph on all runs, in batches. */
export async function runOnnx(bytes: Uint8Array, data: Dataset): Promise<Diagnoses> {
  const { runs, rows, length, classes, values } = data;
  const probabilities = new Float32Array(runs * classes.length);
  const unknown = new Float32Array(runs);
  const session = await OnnxSession.open(bytes);
  try {
    for (let from = 0; from < runs; from += BATCH) {
      const batch = Math.min(BATCH, runs - from);
      const part = values.slice(from * rows * length, (from + batch) * rows * length);
      const outputs = await session.run({ [INPUT]: { data: part, shape: [batch, rows, length] } });
      probabilities.set(outputs[PROBABILITIES]!.data, from * classes.length);
      unknown.set(outputs[UNKNOWN]!.data, from);
    }
  } finally {
    await session.close();
  }
  return { probabilities, unknown };
}

/** What makes an answer of probabilities and score, as the manifest says it. */
export interface Deciding {
  readonly weights: readonly number[];
  /** A score above it is unknown. */
  readonly threshold: number;
}

/** Compares what the runtime says with what the trainer says, run by run, and the answers that follow. */
export function compareDiagnoses(trainer: Diagnoses, runtime: Diagnoses, { weights, threshold }: Deciding): Parity {
  const runs = trainer.unknown.length;
  const classes = weights.length;
  const predicted = decideRows(trainer.probabilities, weights);
  const found = decideRows(runtime.probabilities, weights);
  const all = Array.from({ length: runs }, (_, run): Exception => {
    let probability = 0;
    for (let at = run * classes; at < (run + 1) * classes; at++) {
      probability = worst(probability, Math.abs(trainer.probabilities[at]! - runtime.probabilities[at]!));
    }
    const magnitude = Math.max(1, Math.abs(trainer.unknown[run]!));
    const unknown = worst(0, Math.abs(trainer.unknown[run]! - runtime.unknown[run]!) / magnitude);
    const isSameUnknown = trainer.unknown[run]! > threshold === runtime.unknown[run]! > threshold;
    return { run, probability, unknown, isSameClass: predicted[run] === found[run], isSameUnknown };
  });
  const exceptions = all.filter((one) => Math.max(one.probability, one.unknown) > TOLERANCE || !isSameAnswer(one));
  return {
    runs,
    within: runs - exceptions.length,
    tolerance: TOLERANCE,
    largestProbability: all.reduce((most, { probability }) => Math.max(most, probability), 0),
    largestUnknown: all.reduce((most, { unknown }) => Math.max(most, unknown), 0),
    exceptions,
  };
}

/** Whether a model may leave: nearly every run within the tolerance, and every answer the same. */
export function isInParity({ runs, within, exceptions }: Parity): boolean {
  return within >= LEAST_WITHIN * runs && exceptions.every(isSameAnswer);
}

export function isSameAnswer({ isSameClass, isSameUnknown }: Exception): boolean {
  return isSameClass && isSameUnknown;
}

// What is no number differs as far as can be.
function worst(most: number, difference: number): number {
  return Number.isNaN(difference) ? Number.MAX_VALUE : Math.max(most, difference);
}
