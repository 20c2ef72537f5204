import type { ModelExamplesReply } from '../../server/wire/models.ts';
import type { ROWS, RunPoints } from './run-points.ts';

/** What a run is held against. */
export interface Examples {
  /** What the model looks at, in this order in every example. */
  readonly rows: readonly (typeof ROWS)[number][];
  readonly length: number;
  readonly classes: ModelExamplesReply['classes'];
}

/** An example of a class, and how far a run is from it. */
export interface NearExample {
  readonly label: string;
  /** Point after point; a row that the model does not look at is not there. */
  readonly points: Partial<Record<(typeof ROWS)[number], readonly number[]>>;
  /** Root mean square of the differences, in standard deviations of the examples. */
  readonly distance: number;
}

/**
 * Of each class the example that a run is nearest to, the nearest class first.
 *
 * Distance is the standardised Euclidean distance (Mahalanobis' with a diagonal
 * covariance) as a root mean square over all points and rows: differences of a
 * row are divided by its standard deviation over the points of all examples, so
 * that minima, maxima and means count alike. Runs are not z-normalised one by
 * one: a class may be one of level, noise alone would be blown up, and what is
 * near by this measure lies near on common axes.
 *
 * Empty where the run lacks a point, or is of another length than the examples.
 */
export function nearestExamples(run: RunPoints, { rows, length, classes }: Examples): NearExample[] {
  if (run.missing > 0 || run.mean.length !== length) return [];
  const spreads = rows.map((_, row) => spreadOf(classes, row * length, length));
  const found = classes.flatMap(({ label, runs }) => {
    const distances = runs.map((example) => {
      const squares = rows.reduce((sum, name, row) => {
        return sum + squaredDistance(run[name], example, row * length) / spreads[row] ** 2;
      }, 0);
      return Math.sqrt(squares / (rows.length * length));
    });
    const distance = Math.min(...distances);
    const example = runs[distances.indexOf(distance)];
    if (example === undefined) return [];
    const points = Object.fromEntries(rows.map((name, row) => [name, example.slice(row * length, (row + 1) * length)]));
    return [{ label, points, distance }];
  });
  return found.sort((a, b) => a.distance - b.distance);
}

function squaredDistance(run: Float64Array, example: readonly number[], from: number): number {
  return run.reduce((sum, value, at) => sum + (value - example[from + at]) ** 2, 0);
}

/** Standard deviation of the points of a row over all examples; 1 where they are all the same. */
function spreadOf(classes: Examples['classes'], from: number, length: number): number {
  let [count, mean, m2] = [0, 0, 0];
  for (const { runs } of classes) {
    for (const run of runs) {
      for (let at = from; at < from + length; at++) {
        const off = run[at] - mean;
        mean += off / ++count;
        m2 += off * (run[at] - mean);
      }
    }
  }
  return m2 > 0 ? Math.sqrt(m2 / count) : 1;
}
