import { decideClass } from '../../server/model/decide-class.ts';
import { type Calibration, calibrate, fitCalibration, softmaxRows } from './calibration.ts';
import { macroF1 } from './metrics.ts';
import { countClasses } from './splits.ts';

/** Scores of runs, runs × classes, by fits that had not seen them, and their true classes. */
export interface Scored {
  readonly labels: Int32Array;
  readonly scores: Float32Array;
  readonly classes: number;
}

/** What a class's probability is multiplied by before the greatest is told. */
export interface Weighting {
  /** A class weighs (its share / the largest share) ^ -exponent. */
  readonly exponent: number;
  /** Of each class, as the manifest says them. */
  readonly weights: readonly number[];
}

/** From the scores of a learner to a class. */
export interface Decision {
  readonly calibration: Calibration;
  readonly weighting: Weighting;
  /** What each exponent that was tried came to on the runs that it was chosen by. */
  readonly tried: readonly { readonly exponent: number; readonly macroF1: number }[];
}

/** 0: the most probable class. 1: as if all classes were as frequent. */
const EXPONENTS = [0, 0.25, 0.5, 0.75, 1];
/** Of a weight, so that people can read it. */
const DIGITS = 4;

/**
 * Calibrates scores, and takes the weighting under which the calibrated
 * probabilities tell the classes with the greatest macro-F1; of equals the
 * smaller exponent.
 */
export function fitDecision({ labels, scores, classes }: Scored): Decision {
  const calibration = fitCalibration(labels, scores, classes);
  const probabilities = softmaxRows(calibrate(calibration, scores), classes);
  const tried = EXPONENTS.map((exponent) => {
    const weighting = { exponent, weights: weightsOf(labels, classes, exponent) };
    return { weighting, macroF1: macroF1(labels, decideRows(probabilities, weighting.weights), classes) };
  });
  const best = tried.reduce((most, one) => (one.macroF1 > most.macroF1 ? one : most));
  return {
    calibration,
    weighting: best.weighting,
    tried: tried.map((one) => ({ exponent: one.weighting.exponent, macroF1: one.macroF1 })),
  };
}

/** The class of each row of probabilities, runs × classes. */
export function decideRows(probabilities: Float32Array, weights: readonly number[]): Int32Array {
  const classes = weights.length;
  return Int32Array.from({ length: probabilities.length / classes }, (_, run) =>
    decideClass(probabilities.subarray(run * classes, (run + 1) * classes), weights),
  );
}

/** Probabilities and classes of scored runs, each part of them by the decision that is fitted to all others: what a decision makes of runs that it was not fitted to. */
export function decideAcross(
  { labels, scores, classes }: Scored,
  partOf: Int32Array,
): { readonly probabilities: Float32Array; readonly decided: Int32Array } {
  const probabilities = new Float32Array(scores.length);
  const decided = new Int32Array(labels.length);
  for (const part of new Set(partOf)) {
    const rowsOf = (isWanted: (of: number) => boolean) =>
      scores.filter((_, at) => isWanted(partOf[Math.floor(at / classes)]!));
    const { calibration, weighting } = fitDecision({
      labels: labels.filter((_, run) => partOf[run] !== part),
      scores: rowsOf((of) => of !== part),
      classes,
    });
    const own = softmaxRows(
      calibrate(
        calibration,
        rowsOf((of) => of === part),
      ),
      classes,
    );
    const ownDecided = decideRows(own, weighting.weights);
    let row = 0;
    partOf.forEach((of, run) => {
      if (of !== part) return;
      probabilities.set(own.subarray(row * classes, (row + 1) * classes), run * classes);
      decided[run] = ownDecided[row++]!;
    });
  }
  return { probabilities, decided };
}

// A class that these runs lack is taken for one run.
function weightsOf(labels: Int32Array, classes: number, exponent: number): number[] {
  const counts = countClasses(labels, classes);
  const most = Math.max(...counts);
  return Array.from(counts, (count) => Number(((most / Math.max(1, count)) ** exponent).toPrecision(DIGITS)));
}
