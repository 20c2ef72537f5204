/** Figures of a class. Without runs, or without predictions, a figure of it is 0. */
export interface ClassFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Runs of the class. */
  readonly support: number;
}

/** classes × classes, row-major: runs by their class (row) and the one predicted. */
export function confusionMatrix(labels: Int32Array, predicted: Int32Array, classes: number): Int32Array {
  const counts = new Int32Array(classes * classes);
  labels.forEach((label, run) => {
    counts[label * classes + predicted[run]!]!++;
  });
  return counts;
}

/** Precision, recall and F1 of each class of a confusion matrix. */
export function classFigures(confusion: Int32Array, classes: number): ClassFigures[] {
  return Array.from({ length: classes }, (_, one) => {
    let support = 0;
    let predictions = 0;
    for (let other = 0; other < classes; other++) {
      support += confusion[one * classes + other]!;
      predictions += confusion[other * classes + one]!;
    }
    const hits = confusion[one * classes + one]!;
    return {
      precision: share(hits, predictions),
      recall: share(hits, support),
      f1: share(2 * hits, support + predictions),
      support,
    };
  });
}

/** Share of each class's runs that is told with a probability of at least `confidence`; 0 without runs. */
export function sureRecalls(
  labels: Int32Array,
  probabilities: Float32Array,
  predicted: Int32Array,
  confidence: number,
): number[] {
  const classes = probabilities.length / labels.length;
  const supports = new Int32Array(classes);
  const hits = new Int32Array(classes);
  labels.forEach((label, run) => {
    supports[label]!++;
    const isSure = probabilities[run * classes + label]! >= confidence;
    hits[label]! += Number(predicted[run] === label && isSure);
  });
  return Array.from(hits, (count, one) => share(count, supports[one]!));
}

/** Mean F1 of the classes that have runs or predictions. */
export function macroF1(labels: Int32Array, predicted: Int32Array, classes: number): number {
  const confusion = confusionMatrix(labels, predicted, classes);
  const seen = new Set([...labels, ...predicted]);
  const figures = classFigures(confusion, classes).filter((_, one) => seen.has(one));
  return figures.reduce((sum, { f1 }) => sum + f1, 0) / figures.length;
}

export function accuracy(labels: Int32Array, predicted: Int32Array): number {
  return share(
    labels.reduce((hits, label, run) => hits + Number(label === predicted[run]), 0),
    labels.length,
  );
}

/** Of each row of runs × classes, the place of its greatest; the first of equals. */
export function argmaxRows(scores: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: scores.length / classes }, (_, run) => {
    let best = run * classes;
    for (let i = best + 1; i < (run + 1) * classes; i++) if (scores[i]! > scores[best]!) best = i;
    return best - run * classes;
  });
}

/** The smallest probability that is counted, so that one certain error is not infinite: the step of f32 at 1. */
const LEAST_PROBABILITY = 2 ** -23;

/** Mean negative logarithm of the probability of the true class, nat. */
export function logLoss(labels: Int32Array, probabilities: Float32Array, classes: number): number {
  const losses = labels.reduce((sum, label, run) => {
    const p = probabilities[run * classes + label]!;
    return sum - Math.log(Math.min(1, Math.max(LEAST_PROBABILITY, p)));
  }, 0);
  return share(losses, labels.length);
}

/** Mean over runs of the summed squares between the probabilities and the truth, 0 to 2. */
export function brierScore(labels: Int32Array, probabilities: Float32Array, classes: number): number {
  const squares = probabilities.reduce(
    (sum, p, i) => sum + (p - Number(labels[Math.floor(i / classes)] === i % classes)) ** 2,
    0,
  );
  return share(squares, labels.length);
}

/** Runs whose class is told with a probability in the same fifteenth of 0 … 1. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly runs: number;
  /** Mean probability of the class that is told; 0 without runs. */
  readonly confidence: number;
  /** Share of runs whose class is the one told; 0 without runs. */
  readonly accuracy: number;
}

const BINS = 15;

/** The reliability curve of the predicted classes, by their probabilities (runs × classes), in 15 bins of equal width; a bin holds its upper bound. */
export function reliabilityBins(
  labels: Int32Array,
  probabilities: Float32Array,
  predicted: Int32Array,
): ReliabilityBin[] {
  const classes = probabilities.length / labels.length;
  const runs = new Int32Array(BINS);
  const confidences = new Float64Array(BINS);
  const hits = new Int32Array(BINS);
  predicted.forEach((told, run) => {
    const p = probabilities[run * classes + told]!;
    const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(p * BINS) - 1));
    runs[bin]!++;
    confidences[bin]! += p;
    hits[bin]! += Number(told === labels[run]);
  });
  return Array.from(runs, (count, bin) => ({
    from: bin / BINS,
    to: (bin + 1) / BINS,
    runs: count,
    confidence: share(confidences[bin]!, count),
    accuracy: share(hits[bin]!, count),
  }));
}

/** Mean distance of confidence and accuracy over the bins, each by its share of runs (expected calibration error). */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, { runs }) => sum + runs, 0);
  return bins.reduce(
    (sum, { runs, confidence, accuracy }) => sum + share(runs * Math.abs(confidence - accuracy), all),
    0,
  );
}

/** Probability that one of `positives` is greater than one of `negatives`, equals half: the area under the ROC curve. */
export function areaUnderRoc(negatives: ArrayLike<number>, positives: ArrayLike<number>): number {
  const low = Float64Array.from(negatives).sort();
  const high = Float64Array.from(positives).sort();
  let below = 0;
  let notAbove = 0;
  let wins = 0;
  for (const value of high) {
    while (below < low.length && low[below]! < value) below++;
    while (notAbove < low.length && low[notAbove]! <= value) notAbove++;
    wins += (below + notAbove) / 2;
  }
  return share(wins, low.length * high.length);
}

/** The value below which `share` of `values` lie, between neighbours in proportion, as numpy does. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}

/** Share of `strange` above the 99th percentile of `known`: what is rejected at 1 % false alarms. */
export function rejectionRate(known: ArrayLike<number>, strange: ArrayLike<number>): number {
  const threshold = quantile(known, 1 - FALSE_ALARMS);
  return share(Array.from(strange).filter((score) => score > threshold).length, strange.length);
}

/** Share of known runs that may be called unknown. */
export const FALSE_ALARMS = 0.01;

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
