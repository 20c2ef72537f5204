import type { ModelExamples } from '../../server/inference/model-examples.ts';
import { type Dataset, widthOf } from './dataset.ts';

const MOST_EXAMPLES = 20;
/** Of the file; fewer runs of a class are kept where they are long. */
const MAX_BYTES = 1_000_000;
const DIGITS = 4;
/** A number in JSON with its comma. */
const NUMBER_BYTES = 7;
/** Of the runs of a class that were told rightly, those that may be examples: the most probable ones. */
const TYPICAL_SHARE = 0.5;

/**
 * Runs of each class of which fits that had not seen them told it: `decided`, by run. The first is the most probable
 * one; each next is, of the more probable half, the one farthest from all before it (Gonzalez 1985), so that a class
 * is shown in its breadth.
 */
export function pickExamples(data: Dataset, probabilities: Float32Array, decided: Int32Array): ModelExamples {
  const { rows, length, classes, labels, values } = data;
  const width = widthOf(data);
  const most = Math.min(MOST_EXAMPLES, Math.max(1, Math.floor(MAX_BYTES / (classes.length * width * NUMBER_BYTES))));
  const valuesOf = (run: number) => values.subarray(run * width, (run + 1) * width);
  return {
    format: 1,
    rows,
    length,
    classes: classes.map((label, one) => {
      const right = [...labels.keys()]
        .filter((run) => labels[run] === one && decided[run] === one)
        .sort((a, b) => probabilities[b * classes.length + one]! - probabilities[a * classes.length + one]!);
      const typical = right.slice(0, Math.max(most, Math.ceil(TYPICAL_SHARE * right.length)));
      const runs = spreadOut(typical.map(valuesOf), most).map((run) =>
        Array.from(run, (x) => Number(x.toPrecision(DIGITS))),
      );
      return { label, runs };
    }),
  };
}

function spreadOut(runs: readonly Float32Array[], most: number): Float32Array[] {
  const chosen = runs.slice(0, 1);
  const apart = runs.map((run, i) => (i === 0 ? -1 : squaredDistance(run, runs[0]!)));
  while (chosen.length < Math.min(most, runs.length)) {
    const farthest = apart.reduce((best, distance, i) => (distance > apart[best]! ? i : best), 0);
    const next = runs[farthest]!;
    chosen.push(next);
    runs.forEach((run, i) => {
      apart[i] = run === next ? -1 : Math.min(apart[i]!, squaredDistance(run, next));
    });
  }
  return chosen;
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
}
