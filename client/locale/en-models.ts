/** Words of the page of models, in English. They come with the page. */
export const enModels = {
  noModels: 'No model yet',
  noModelsWhy:
    'A model names what a run of a channel looks like; train one from labelled runs with “fenestra train plasma runs.csv -o models/NAME”. Then name it in the settings of a channel, model = "NAME", and start the server again.',
  notListed: (why: string) => `The server does not list its models: ${why}. Trying again.`,
  notFound: (name: string) => `There is no model ${name}.`,
  which: 'Which model',

  states: {
    loading: 'being loaded',
    ready: 'in use',
    stopped: 'stopped',
    quarantined: 'put aside',
    unfit: 'unfit',
    unused: 'not in use',
  },
  unusedWhy: 'No channel names this model in its settings, so nobody has tried it here.',
  loadingWhy: 'Being read and tried; its channels get their first diagnosis when that is done.',
  quarantinedWhy: (reason: string) =>
    `Put aside because it took too long twice: ${reason}. Its channels get no diagnosis until somebody loads it again.`,
  unfitWhy: (reason: string) => `It failed a check, so its channels get no diagnosis: ${reason}.`,
  stoppedWhy: (reason: string) =>
    `No thread runs it for now, so its channels get no diagnosis: ${reason}. Trying again by itself.`,
  cutWhy: (reason: string) => `It was cut off once: ${reason}. After the second time it is put aside.`,

  change: 'Change of version',
  rollBack: (version: string) => `Roll back to ${version}`,
  askRollBack: (now: string, then: string) => `Use ${then} again instead of ${now}, for all its channels?`,
  goBack: 'Roll back',
  use: (version: string, folder: string) => `Use ${version} of ${folder}`,
  askUse: (version: string) => `Check ${version} and use it for all its channels?`,
  goUse: 'Use it',
  loadAgain: 'Load it again',
  stay: 'Leave it as it is',
  changeFailed: (why: string) => `Nothing was changed: ${why}`,

  facts: 'This model',
  version: 'Version',
  previous: 'The one before',
  learner: 'Learner',
  learners: {
    logistic: 'logistic regression',
    nearest: 'nearest neighbours',
    svm: 'support vector machine',
    'extra-trees': 'extra trees',
    rocket: 'MiniRocket',
  } as Readonly<Record<string, string>>,
  withHead: (learner: string, head: string) => `${learner}, ${head} head`,
  heads: { ridge: 'ridge', logistic: 'logistic' } as Readonly<Record<string, string>>,
  channelsOf: 'Channels',
  noChannels: 'none',
  trained: 'Trained',
  trainedOn: 'Trained on',
  testedOn: 'Tested on',
  runsOf: (runs: string, source: string) => `${runs} runs of ${source}`,
  heldOut: (runs: string) => `${runs} runs kept out of it`,
  looksAt: 'Looks at',
  pointsOf: (points: string, seconds: string, rows: string) => `${points} points, ${seconds} s: ${rows}`,
  rows: { min: 'minimum', max: 'maximum', mean: 'mean' },
  begins: 'A run begins',
  alignment: {
    sliding: (hop: string) => `every ${hop} points`,
    ignition: (threshold: string) => `where the light passes ${threshold}`,
    mark: 'at the start of a stream',
  },

  inference: 'Diagnosis now',
  sinceStart: 'all models, since the start',
  runsNamed: 'Runs named',
  runsUnknown: 'Called unknown',
  runsIncomplete: 'Incomplete, not guessed',
  runsUnavailable: 'Without an answer',
  runsDropped: 'Left out, too many waited',
  batchTime: 'A batch takes',
  latency: 'From sample to answer',
  typicalWorst: (typical: string, worst: string) => `${typical}, 1 in 100: ${worst}`,
  cuts: 'Cut off for taking too long',
  spare: 'Spare thread',
  spareReady: 'stands by',
  spareMissing: 'not there yet',

  drift: {
    heading: 'Live mix against training',
    channel: 'Channel',
    allChannels: (count: string) => `All ${count} channels`,
    failed: (why: string) => `The mix could not be had: ${why}. Trying again.`,
    noRuns: 'No run of this version in this time.',
    others: (runs: string) => `${runs} runs by other versions are not counted.`,
    verdicts: {
      alike: 'The runs are called much as those of the training would be.',
      'beyond-chance':
        'The mix is another than in training, by more than chance explains; whether by more than 10\u202f% cannot be told yet.',
      unsure:
        'Whether the mix is another than in training cannot be told yet: chance alone could make this difference.',
      drift:
        'The mix is another than in training. Confidence was fitted to the mix of the training, so what it says now is off; look whether the channels have changed, and train again with runs of theirs if it stays so.',
    },
    moreUnknown:
      'More runs are called unknown than chance explains: the channels show what the training did not. Look at some of them.',
    className: 'Class',
    now: 'Now',
    expected: 'Expected',
    trained: 'In training',
    runs: 'Runs',
    note: 'Bar: share of the named runs now. Line, and “expected”: what this model would call runs of the training’s mix, mistakes of its test included.',
    figures: 'How far apart',
    distance: 'of runs otherwise',
    distanceWhy: (noise: string, runs: string, apart: string, tested: string) =>
      `So many would have to be called another class for both mixes to be the same (total variation distance). Chance alone may make ±${noise}: ${runs} runs, which say as much as ${apart} that do not overlap, against a test of ${tested}. What is more than 10\u202f% for sure is told above.`,
    unknown: 'called unknown',
    unknownWhy: (promised: string) => `Promised for runs of known classes: at most ${promised}.`,
    unknownAlone: 'Without a report nobody knows what was promised.',
    incomplete: 'incomplete',
    incompleteWhy: (runs: string) =>
      `Of ${runs} runs. Points were missing or flagged, so nobody guessed; the training had none.`,
    unanswered: 'without an answer',
    unansweredWhy: 'No model could look at them, or too many waited.',
  },

  noReport: 'No report',
  noReportWhy:
    'The folder of this version holds no report of it, or one that another version of Fenestra wrote and this one cannot read, so what it is worth is not known here. “fenestra train” writes one.',

  worth: 'What it is worth',
  accuracy: 'named rightly',
  accuracyWhy: (right: string, runs: string) => `${right} of ${runs} runs that it had never seen (accuracy).`,
  macroF1: 'macro-F1',
  macroF1Why: (least: string) =>
    `All classes count the same, however rare. 1 is perfect; always the same answer gives ${least}.`,
  logLoss: 'log-loss',
  logLossWhy: (nothing: string) => `How much the truth surprises it. 0 is perfect; to know nothing gives ${nothing}.`,
  calibration: 'calibration error',
  calibrationWhy: 'So far its confidence is from how often it is right, on average.',
  rejected: 'strangers noticed',
  rejectedWhy: 'Of kinds that it was never shown, it calls so many unknown while 1\u202f% of known runs are.',

  confusion: 'What it said, against the truth',
  confusionWhy: 'A row is what was true, a column what it said. Shade and small figure: share of the row.',
  trueSaid: 'true ↓  said →',
  ofRow: (share: string) => `${share} of the row`,

  classes: 'Class by class',
  classesWhy: 'Precision: of what it calls so, how much is. Recall: of what is so, how much it finds.',
  sureWhy: (confidence: string) =>
    `Surely: how much of what is so it finds with a confidence of ${confidence} or more. The rest of the recall is shown as unsure.`,
  sureNone: 'Its report does not say how much of the recall is told surely; a model trained now does.',
  className: 'Class',
  precision: 'Precision',
  recall: 'Recall',
  sureRecall: 'Surely',
  f1: 'F1',
  testRuns: 'Test runs',
  trainRuns: 'Trained on',

  reliability: 'Is its confidence earned?',
  reliabilityWhy: 'On the straight line it is right as often as it says. The larger a dot, the more runs.',
  confidence: 'confidence',
  rightShare: 'share that was right',
  runs: 'runs',

  learning: 'Would more runs help?',
  learningWhy: 'Macro-F1 on runs kept out, by how many it was fitted to.',
  fittedTo: 'runs it was fitted to',

  compared: 'All that was compared',
  comparedWhy: (candidates: string, runs: string, folds: string) =>
    `${candidates} candidates on ${runs} runs in ${folds} folds, each calibrated. ▸ marks the one that was taken: the best macro-F1.`,
  omitted: (learners: string) => `Not compared: ${learners}.`,
  tooManyRuns: (learner: string, found: string, limit: string) => `${learner} (${found} runs, at most ${limit})`,
  tooFewPoints: (learner: string, found: string, limit: string) =>
    `${learner} (${found} points a run, at least ${limit})`,
  taken: 'taken',
  parameters: 'Parameters',
  scaling: 'Scaling',
  spread: '±',
  accuracyShort: 'Accuracy',
  secondsAFit: 's a fit',
  sortBy: (column: string) => `Sort by ${column}`,

  unknown: 'Does it know what it does not know?',
  unknownWhy: (score: string, alarms: string) =>
    `Each class was left out of a fit and then shown to it. AUROC: 0.5 is guessing, 1 tells all. Noticed: share called unknown while 1\u202f% of known runs are. The model uses ${score}; of its test runs it calls ${alarms} unknown.`,
  unknownNone: 'With two classes, none can be left out.',
  leftOut: 'Left out',
  allClasses: 'all',
  scores: { energy: 'energy', distance: 'distance', residual: 'residual' },
  auroc: (score: string) => `AUROC, ${score}`,
  told: (score: string) => `Noticed, ${score}`,

  made: 'How it was made',
  parity: 'Trainer and runtime agree',
  parityOf: (within: string, runs: string, tolerance: string) => `on ${within} of ${runs} runs within ${tolerance}`,
  parityMost: 'Largest difference',
  hash: 'Hash of the data',
  graphHash: 'Hash of the graph',
  seed: 'Seed',
  took: 'Took',

  card: 'Card',
};

export type ModelTexts = typeof enModels;
