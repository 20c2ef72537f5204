import type { ModelReport } from '../../server/inference/model-report.ts';
import type { ModelManifest } from '../../server/model/manifest.ts';
import { describeCompared, describeOmission, learnerWords, scalingWords } from './candidate-words.ts';
import { percent, share, table } from './markdown.ts';

/** `report.md`: every figure of the report, as tables; classes with their names of the manifest. */
export function reportMarkdown(report: ModelReport, manifest: ModelManifest): string {
  const { classes, thresholds } = manifest;
  const { data, comparison, decision, test, learningCurve, unknown, parity } = report;
  const best = comparison.candidates[comparison.best]!;
  const named = (label: string) => (nameOf(classes, label) === label ? label : `${label} ${nameOf(classes, label)}`);
  return `# Report of ${report.name} ${report.version}

Trained ${report.trainedAt} with seed \`${report.seed}\` in ${minutes(report.seconds.total)} (comparison ${minutes(report.seconds.compare)}, fits
${minutes(report.seconds.fit)}). Versions: ${Object.entries(report.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.

## Data

${table(
  ['', 'source', 'runs', 'sha256'],
  [
    ['train', data.train.source, data.train.runs, `\`${data.train.sha256}\``],
    [
      data.test.kind === 'file' ? 'test' : 'test, held out',
      data.test.source,
      data.test.runs,
      `\`${data.test.sha256}\``,
    ],
  ],
)}

A run has ${data.length} points of ${data.rows.join(', ')}. ${
    data.groups === undefined ? 'There are no groups.' : `No split parts one of the ${data.groups} groups.`
  } Runs trained on, by class: ${data.classes.map(({ label, runs }) => `${runs} of ${named(label)}`).join(', ')}.

## On the test set

${table(
  ['', 'accuracy', 'macro-F1', 'log-loss', 'calibration error'],
  [
    [
      '**as the model is**',
      share(test.accuracy),
      share(test.macroF1),
      figure(test.logLoss),
      share(test.calibrationError),
    ],
    ['telling the most probable class', share(test.unweighted.accuracy), share(test.unweighted.macroF1), '', ''],
    [
      'and with probabilities not calibrated',
      '',
      share(test.uncalibrated.macroF1),
      figure(test.uncalibrated.logLoss),
      share(test.uncalibrated.calibrationError),
    ],
  ],
)}

Macro-F1 is the mean of F1 over the classes, so that rare ones count as much as frequent ones. Calibration error is how far confidence is from the share that
is right, on average over 15 bins. Brier score: ${figure(test.brier)}.

${table(
  ['class', 'precision', 'recall', 'surely', 'F1', 'runs'],
  test.classes.map((of) => [
    named(of.label),
    share(of.precision),
    share(of.recall),
    of.sureRecall === undefined ? '' : share(of.sureRecall),
    share(of.f1),
    of.support,
  ]),
)}

Surely: share of the class's runs that is told with a probability of at least ${percent(thresholds.confidence)}; the rest of recall is told, and shown as unsure.

Runs by true class (row) and the one told:

${table(
  ['', ...test.classes.map(({ label }) => label)],
  test.confusion.map((row, one) => [`**${named(test.classes[one]!.label)}**`, ...row]),
)}

Confidence against accuracy:

${table(
  ['probability of the class told', 'runs', 'confidence', 'accuracy'],
  test.reliability
    .filter(({ runs }) => runs > 0)
    .map((bin) => [`${share(bin.from)} – ${share(bin.to)}`, bin.runs, share(bin.confidence), share(bin.accuracy)]),
)}

## Decision

The class told is the one with the greatest product of probability and weight. A class weighs (largest share / its share of the training runs) ^ α. Of these
α, α = ${decision.exponent} was taken: the greatest macro-F1 on training runs that a fit had not seen${decision.exponent === 0 ? ', so the most probable class is told' : ''}.

${table(
  ['α', ...decision.candidates.map(({ exponent }) => String(exponent))],
  [['macro-F1', ...decision.candidates.map((of) => share(of.macroF1))]],
)}

${table(
  ['class', 'weight'],
  decision.classes.map(({ label, weight }) => [named(label), weight]),
)}

## All that was compared

On ${comparison.runs} runs in ${comparison.folds} folds, each calibrated and decided by the others; mean and standard deviation over the folds. Taken: ${describeCompared(best)}.${
    comparison.omitted.length === 0 ? '' : ` Not compared: ${comparison.omitted.map(describeOmission).join(', ')}.`
  }

${table(
  ['learner', 'scaling', 'macro-F1', '±', 'accuracy', 'log-loss', 's a fit'],
  comparison.candidates.map((one) => [
    one === best ? `**${learnerWords(one)}**` : learnerWords(one),
    scalingWords(one),
    share(one.macroF1),
    share(one.macroF1Spread),
    share(one.accuracy),
    figure(one.logLoss),
    one.seconds.toFixed(2),
  ]),
)}

## Learning curve

The one that was taken, fitted to more and more of the training runs, on a fold of them that was kept out.

${table(
  ['runs', 'macro-F1', 'accuracy'],
  learningCurve.map((point) => [point.runs, share(point.macroF1), share(point.accuracy)]),
)}

## Unknown

Three scores of how strange a run is compete: distance, how far its features are from those of every class; residual, how much of it the ways do not explain in
which known runs differ; and energy, how little speaks for any class.
The model has ${unknown.score}; above ${figure(unknown.threshold)} it says *unknown*, which it does of ${percent(unknown.falseAlarms)} of the test runs, though their classes are known.
${unknown.candidates.length === 0 ? 'With two classes none can be left out, so how well strange runs are told was not measured.' : leftOutText(unknown.candidates, named)}

## Trainer against ONNX Runtime

${parity.within} of ${parity.runs} test runs agree within ${parity.tolerance}; every class is equal, and so is what is called unknown. Largest difference of a probability
${parity.largestProbability.toExponential(1)}, of the unknown score, by its magnitude, ${parity.largestUnknown.toExponential(1)}.
${parity.exceptions.map((one) => `\n- run ${one.run}: ${one.probability.toExponential(1)}, ${one.unknown.toExponential(1)}`).join('')}
`;
}

function leftOutText(candidates: ModelReport['unknown']['candidates'], named: (label: string) => string): string {
  return `Each class was left out of a fit, and its runs held against known ones that the fit had not seen either:

${table(
  ['score', 'class left out', 'AUROC', 'called unknown where 1 % of the known are'],
  candidates.flatMap(({ score, auroc, rejected, classes }) => [
    [score, '**all**', share(auroc), share(rejected)],
    ...classes.map((of) => [score, named(of.label), share(of.auroc), share(of.rejected)]),
  ]),
)}`;
}

function nameOf(classes: ModelManifest['classes'], label: string): string {
  return classes.find((of) => of.label === label)!.name.en;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`;
}
