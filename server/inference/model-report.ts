import { z } from 'zod';

const Share = z.number().min(0).max(1);
const Count = z.int().min(0);
const Seconds = z.number().min(0);

const Parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const Source = z.strictObject({ source: z.string(), sha256: z.string(), runs: Count });

const ComparedCandidate = z.strictObject({
  learner: z.string(),
  parameters: Parameters,
  scaling: z.string(),
  /** Mean over the folds, and the standard deviation between them. */
  macroF1: Share,
  macroF1Spread: z.number().min(0),
  accuracy: Share,
  logLoss: z.number(),
  /** Of one fit with its scoring. */
  seconds: Seconds,
});

const Omission = z.strictObject({
  learner: z.enum(['logistic', 'nearest', 'svm', 'extra-trees', 'rocket']),
  because: z.enum(['too-many-runs', 'too-few-points']),
  found: Count,
  /** The most runs, or the fewest points of a run, that it takes. */
  limit: Count,
});

/** Of one class on the test set; 0 where there is nothing to divide by. */
const ClassFigures = z.strictObject({
  label: z.string(),
  precision: Share,
  recall: Share,
  /** Of the runs that are told with at least `confidence` of the test alone; reports from before 2026-11-22 do not have it. */
  sureRecall: Share.optional(),
  f1: Share,
  support: Count,
});

const ReliabilityBin = z.strictObject({
  from: Share,
  to: Share,
  runs: Count,
  /** Mean probability of the class that is told, and share of right ones; 0 without runs. */
  confidence: Share,
  accuracy: Share,
});

const UnknownScore = z.enum(['energy', 'distance', 'residual']);

/** How well runs of classes that were left out are told from known ones. */
const UnknownCandidate = z.strictObject({
  score: UnknownScore,
  /** Means over the classes. */
  auroc: Share,
  /** Share that is rejected at 1 % false alarms. */
  rejected: Share,
  classes: z.array(z.strictObject({ label: z.string(), auroc: Share, rejected: Share })),
});

const ParityException = z.strictObject({
  run: Count,
  probability: z.number(),
  unknown: z.number(),
  isSameClass: z.boolean(),
  /** Reports from before 2026-11-22 do not have it. */
  isSameUnknown: z.boolean().optional(),
});

/** How a model was made and what it is worth: `report.json` of its folder. */
export const ModelReport = z.strictObject({
  format: z.literal(1),
  name: z.string(),
  version: z.string(),
  /** UTC, as ISO 8601. */
  trainedAt: z.string(),
  seed: z.string(),
  versions: z.record(z.string(), z.string()),
  seconds: z.strictObject({ compare: Seconds, fit: Seconds, total: Seconds }),

  data: z.strictObject({
    train: Source,
    /** Runs kept out of the training table, or a table of their own. */
    test: Source.extend({ kind: z.enum(['held-out', 'file']) }),
    rows: z.array(z.string()),
    length: Count,
    /** Runs of each class that were trained on. */
    classes: z.array(z.strictObject({ label: z.string(), runs: Count })),
    /** Groups that no split parts; without it there are none. */
    groups: Count.optional(),
  }),

  /** All that was tried, on a sample of the training runs; the best by macro-F1 was taken. */
  comparison: z.strictObject({
    runs: Count,
    folds: Count,
    /** Index of the one that was taken. */
    best: Count,
    candidates: z.array(ComparedCandidate),
    /** Learners that were asked for and cannot be fitted to these runs. */
    omitted: z.array(Omission),
  }),

  /** How the probabilities become a class. */
  decision: z.strictObject({
    /** A class weighs (its share of the training runs / the largest share) ^ -exponent. */
    exponent: z.number(),
    /** Macro-F1 of the training runs by fits that had not seen them; the best exponent was taken, of equals the smallest. */
    candidates: z.array(z.strictObject({ exponent: z.number(), macroF1: Share })),
    classes: z.array(z.strictObject({ label: z.string(), weight: z.number() })),
  }),

  /** On the test set, once. Accuracy, macro-F1 and all by class are of the class that is told. */
  test: z.strictObject({
    accuracy: Share,
    macroF1: Share,
    logLoss: z.number(),
    brier: z.number(),
    /** Runs by true class (row) and predicted one. */
    confusion: z.array(z.array(Count)),
    classes: z.array(ClassFigures),
    /** Least probability of a class that is told surely. */
    confidence: Share.optional(),
    /** Of the class that is told, by its probability, in bins of equal width. */
    reliability: z.array(ReliabilityBin),
    /** Expected calibration error over those bins. */
    calibrationError: Share,
    /** Of the most probable class, without the weights. */
    unweighted: z.strictObject({ accuracy: Share, macroF1: Share }),
    /** Of the scores' softmax and its greatest, without calibration and weights. */
    uncalibrated: z.strictObject({ macroF1: Share, logLoss: z.number(), calibrationError: Share }),
  }),

  /** The best, fitted to more and more of the runs, on a fold of the training runs. */
  learningCurve: z.array(z.strictObject({ runs: Count, macroF1: Share, accuracy: Share })),

  unknown: z.strictObject({
    /** The one in the model. */
    score: UnknownScore,
    threshold: z.number(),
    /** Share of the test runs above the threshold: known classes that are called unknown. */
    falseAlarms: Share,
    /** Of the fits that left a class out. Empty with two classes, which cannot be parted. */
    candidates: z.array(UnknownCandidate),
  }),

  /** ONNX Runtime against the trainer, on the test set. */
  parity: z.strictObject({
    runs: Count,
    within: Count,
    tolerance: z.number(),
    largestProbability: z.number(),
    largestUnknown: z.number(),
    exceptions: z.array(ParityException),
  }),
});
export type ModelReport = z.output<typeof ModelReport>;
