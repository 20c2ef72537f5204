import type { DiagnosisMixReply } from '../../server/wire/diagnosis-history.ts';
import type { ModelClassReply, ModelManifestReply, ModelReportReply } from '../../server/wire/models.ts';

// What live runs are called, beside what runs like those of the training
// would be: whether the channels still are what the model was made for.

/** Shares are of the named runs. */
export interface MixRow {
  readonly of: ModelClassReply;
  readonly runs: number;
  readonly share: number;
  /** In the training data; undefined without a report, as what follows. */
  readonly trained: number | undefined;
  /** What the model would call runs of the training's mix, by how it called those of its test. */
  readonly expected: number | undefined;
}

/** Half the sum of the differences of two mixes: the share of one that would have to be called otherwise to get the other. */
export interface MixDistance {
  readonly value: number;
  /** So far it may be from that of all runs, by chance: 19 times in 20 at most. */
  readonly noise: number;
  /** Runs of the test, from which it is known what is expected. */
  readonly tested: number;
  readonly verdict: MixVerdict;
}

/** `beyond-chance` is more than chance explains, but not for sure what matters to whoever reads a confidence. */
export type MixVerdict = 'alike' | 'drift' | 'beyond-chance' | 'unsure';

/** How often a model says *unknown*, beside what it promised. */
export interface UnknownRate {
  readonly share: number;
  /** Of runs of known classes: as set, and as its test had it. */
  readonly promised: number | undefined;
  readonly isMore: boolean;
}

export interface ClassMix {
  readonly rows: readonly MixRow[];
  /** Runs that ended in the range, whatever came of them. */
  readonly runs: number;
  readonly named: number;
  /** So many runs that do not overlap cover the time of those that are named. */
  readonly apart: number;
  /** Runs by other versions, which are not among the others. */
  readonly others: number;
  /** Undefined without a run that is looked at, or where the model never says so. */
  readonly unknown: UnknownRate | undefined;
  /** Shares of all runs; undefined without any. */
  readonly incomplete: number | undefined;
  readonly unanswered: number | undefined;
  /** Undefined without named runs or without a report. */
  readonly distance: MixDistance | undefined;
}

/** A model's unknown score is cut so that it calls so many of known runs unknown. */
const PROMISED_UNKNOWN = 0.01;
/** Mixes less apart than that are alike for whoever reads a confidence. */
const DRIFT_SHARE = 0.1;
/** Of fewer runs apart nothing is said: they may all be of one state that lasts. */
const FEW_APART = 100;
/** Probability of a wrong alarm. */
const ERROR = 0.05;
/** Of the normal distribution, one-sided, for that probability. */
const DEVIATIONS = 1.645;

export interface MixWish {
  readonly version: string;
  /** Undefined for all channels. */
  readonly channel: string | undefined;
  readonly manifest: ModelManifestReply;
  readonly report: ModelReportReply | undefined;
}

/** Works out the mix of a model's version from the counts of runs; those of other models say nothing. */
export function classMix({ counts }: DiagnosisMixReply, { version, channel, manifest, report }: MixWish): ClassMix {
  const ofModel = counts.filter(({ model }) => model === manifest.name);
  const ofChannel = ofModel.filter((one) => channel === undefined || one.channel === channel);
  const known = ofChannel.filter((one) => one.version === version);
  const runsOf = (kind: string, label?: string) =>
    total(known.filter((one) => one.outcome === kind && (label === undefined || one.label === label)));
  const [runs, named, unknown] = [total(known), runsOf('class'), runsOf('unknown')];
  const reference = report && referenceOf(report);
  const rows = manifest.classes.map((of, i): MixRow => {
    const ofClass = runsOf('class', of.label);
    const share = named === 0 ? 0 : ofClass / named;
    return { of, runs: ofClass, share, trained: reference?.trained[i], expected: reference?.expected[i] };
  });
  const apart = named * apartness(manifest);
  return {
    rows,
    ...{ runs, named, apart, others: total(ofChannel) - runs },
    unknown: unknownRate(unknown, named + unknown, manifest, report),
    incomplete: runs === 0 ? undefined : runsOf('incomplete') / runs,
    unanswered: runs === 0 ? undefined : (runsOf('unavailable') + runsOf('dropped')) / runs,
    distance: reference && named > 0 ? distanceOf(rows, apart, reference) : undefined,
  };
}

/**
 * Share of a model's runs that lie apart: sliding ones overlap, and time that
 * was looked at ten times says no more than once.
 */
function apartness({ input: { alignment, length } }: ModelManifestReply): number {
  return alignment.kind === 'sliding' ? Math.min(1, alignment.hop / length) : 1;
}

interface Reference {
  readonly trained: readonly number[];
  readonly expected: readonly number[];
  /** Of a share that is expected, at most, as 1/n of n independent runs. */
  readonly variance: number;
  readonly tested: number;
}

/** The mix of the training, and what its test makes of it: P(said) = Σ P(true) P(said | true). */
function referenceOf({ data, test }: ModelReportReply): Reference {
  const trainedOn = new Map(data.classes.map(({ label, runs }) => [label, runs]));
  const counts = test.classes.map(({ label }) => trainedOn.get(label) ?? 0);
  const all = counts.reduce((sum, runs) => sum + runs, 0);
  const trained = counts.map((runs) => runs / all);
  const expected = trained.map(() => 0);
  let variance = 0;
  let tested = 0;
  for (const [i, row] of test.confusion.entries()) {
    const ofClass = row.reduce((sum, runs) => sum + runs, 0);
    tested += ofClass;
    if (ofClass === 0) {
      expected[i] += trained[i]; // of a class without a test nothing better is known
      continue;
    }
    variance += trained[i] ** 2 / ofClass;
    for (const [k, runs] of row.entries()) expected[k] += (trained[i] * runs) / ofClass;
  }
  return { trained, expected, variance, tested };
}

/**
 * Total variation distance, and what chance may add to it.
 *
 * With `variance` = 1/n + Σ p²/m of n runs that lie apart and of m test runs of
 * each class of share p, the mean of the chance part is at most
 * ½ √(classes − 1) √variance (Jensen, Cauchy-Schwarz), and it is beyond that by
 * √(½ ln(1/error)) √variance no more often than `error` (McDiarmid 1989, *On
 * the method of bounded differences*: one run changes the distance by its
 * share). Holds for any mixes. States that last longer than a run make the true
 * chance part larger; `FEW_APART` and `DRIFT_SHARE` leave room for that.
 */
function distanceOf(rows: readonly MixRow[], apart: number, { variance: ofTest, tested }: Reference): MixDistance {
  const variance = 1 / apart + ofTest;
  const value = rows.reduce((sum, { share, expected = 0 }) => sum + Math.abs(share - expected), 0) / 2;
  const noise = (Math.sqrt(rows.length - 1) / 2 + Math.sqrt(-Math.log(ERROR) / 2)) * Math.sqrt(variance);
  if (apart < FEW_APART) return { value, noise, tested, verdict: 'unsure' };
  if (value - noise > DRIFT_SHARE) return { value, noise, tested, verdict: 'drift' };
  const isAlike = value <= DRIFT_SHARE && noise <= 2 * DRIFT_SHARE;
  if (isAlike) return { value, noise, tested, verdict: 'alike' };
  return { value, noise, tested, verdict: value > noise ? 'beyond-chance' : 'unsure' };
}

/** More than promised is what neither the live runs nor those of the test explain by chance (Wilson 1927, each end). */
function unknownRate(
  unknown: number,
  looked: number,
  manifest: ModelManifestReply,
  report: ModelReportReply | undefined,
): UnknownRate | undefined {
  if (looked === 0 || manifest.outputs.unknown === undefined) return undefined;
  const share = unknown / looked;
  if (report === undefined) return { share, promised: undefined, isMore: false };
  const tested = report.test.classes.reduce((sum, { support }) => sum + support, 0);
  const promised = Math.max(PROMISED_UNKNOWN, report.unknown.falseAlarms);
  const apart = looked * apartness(manifest);
  const isMore = wilson(share, apart, -DEVIATIONS) > wilson(promised, tested, DEVIATIONS);
  return { share, promised, isMore: apart >= FEW_APART && isMore };
}

/** An end of the score interval of a share of `n`. */
function wilson(share: number, n: number, z: number): number {
  const spread = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return (share + z ** 2 / (2 * n) + spread) / (1 + z ** 2 / n);
}

function total(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}
