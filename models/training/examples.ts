import type { ModelExamples } from '../../server/inference/model-examples.ts';
import { type Dataset, widthOf } from './dataset.ts';

const MOST_EXAMPLES = 20;
/** Of the file; fewer runs of a class are kept where they are long. */
const MAX_BYTES = 300_000;
const DIGITS = 4;
/** A number in JSON with its comma. */
const NUMBER_BYTES = 7;

/** The runs of each class that fits which had not seen them gave the greatest probability of it, of those that they got right: `decided`, by run. */
export function pickExamples(data: Dataset, probabilities: Float32Array, decided: Int32Array): ModelExamples {
  const { rows, length, classes, labels, values } = data;
  const width = widthOf(data);
  const most = Math.min(MOST_EXAMPLES, Math.max(1, Math.floor(MAX_BYTES / (classes.length * width * NUMBER_BYTES))));
  return {
    format: 1,
    rows,
    length,
    classes: classes.map((label, one) => {
      const typical = [...labels.keys()]
        .filter((run) => labels[run] === one && decided[run] === one)
        .sort((a, b) => probabilities[b * classes.length + one]! - probabilities[a * classes.length + one]!);
      const runs = typical
        .slice(0, most)
        .map((run) =>
          Array.from(values.subarray(run * width, (run + 1) * width), (x) => Number(x.toPrecision(DIGITS))),
        );
      return { label, runs };
    }),
  };
}
