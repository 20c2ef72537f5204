import { Random } from '../../../server/ingest/simulator/random.ts';
import { calibrate, fitCalibration } from '../calibration.ts';
import type { Dataset } from '../dataset.ts';
import type { Candidate, FitJob, FitResult } from '../fit-job.ts';
import { areaUnderRoc, rejectionRate } from '../metrics.ts';
import { stratifiedFolds } from '../splits.ts';
import { scoreEnergy } from './energy.ts';
import type { UnknownKind } from './scores.ts';

/** One class left out: what is to be fitted without it, and which of the scored runs are for what. */
export interface LeftOut {
  readonly job: FitJob;
  /** Of the scored runs in their order: known ones to calibrate with, then known ones to judge with, then those of the class. */
  readonly calibrating: number;
  readonly known: number;
}

/** How well a score tells runs of a class that was left out from known ones. */
export interface Told {
  readonly auroc: number;
  /** Share of the class's runs that is rejected where 1 % of the known ones are. */
  readonly rejected: number;
}

/** Each class has a run, or a group, in each of them. */
export const LEFT_OUT_PARTS = 5;

/** Leaves each class out of a fit in turn. Of the known runs three fifths are fitted, one calibrates the scores and one judges. */
export function leaveOut(data: Dataset, candidate: Candidate, seed: string): LeftOut[] {
  const [first, second] = stratifiedFolds(data, LEFT_OUT_PARTS, new Random(`${seed}/left out`));
  const judging = new Set([...first!.test, ...second!.test]);
  return data.classes.map((_, left) => {
    const of = (runs: Int32Array) => runs.filter((run) => data.labels[run] !== left);
    const calibrating = of(first!.test);
    const known = of(second!.test);
    const train = of(first!.train).filter((run) => !judging.has(run));
    const strange = Int32Array.from(data.labels.keys()).filter((run) => data.labels[run] === left);
    const without = {
      ...data,
      classes: data.classes.filter((_, one) => one !== left),
      labels: data.labels.map((label) => (label > left ? label - 1 : label)),
    };
    const test = Int32Array.from([...calibrating, ...known, ...strange]);
    return {
      job: { candidate, data: without, train, test, seed, wants: 'strange' },
      calibrating: calibrating.length,
      known: known.length,
    };
  });
}

/** Tells by each score what was left out from what was known. */
export function judgeLeftOut({ job, calibrating, known }: LeftOut, result: FitResult): Record<UnknownKind, Told> {
  const classes = job.data.classes.length;
  const labels = job.test.subarray(0, calibrating).map((run) => job.data.labels[run]!);
  const calibration = fitCalibration(labels, result.scores.subarray(0, calibrating * classes), classes);
  const told = (scores: Float32Array): Told => {
    const usual = scores.subarray(calibrating, calibrating + known);
    const strange = scores.subarray(calibrating + known);
    return { auroc: areaUnderRoc(usual, strange), rejected: rejectionRate(usual, strange) };
  };
  return {
    distance: told(result.strange!.distance),
    residual: told(result.strange!.residual),
    energy: told(scoreEnergy(calibrate(calibration, result.scores), classes)),
  };
}
