import type { ModelReport } from '../../server/inference/model-report.ts';
import type { ModelManifest } from '../../server/model/manifest.ts';
import { describeCompared, describeOmission, learnerWords, scalingWords } from './candidate-words.ts';
import type { Described } from './datasets/read-runs.ts';

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

/** `card.md`: what a person must know of a model before using it. */
export function modelCard(
  manifest: ModelManifest,
  report: ModelReport,
  described: Pick<Described, 'isGenerated'>,
): string {
  const { input, classes } = manifest;
  const { test, data, unknown, comparison } = report;
  const worst = test.classes.filter(({ support }) => support > 0).reduce((low, of) => (of.f1 < low.f1 ? of : low));
  const told = unknown.candidates.find(({ score }) => score === unknown.score);
  return `# ${manifest.name}

Says which of ${classes.length} classes a run of ${input.length} trend points (${(input.length / input.pointsPerSecond).toFixed(2)} s at
${input.pointsPerSecond} a second, ${input.rows.join(', ')}) looks like, or *unknown* where it looks like none.

${table(
  ['class', 'name', '이름', 'severity'],
  classes.map((of) => [of.label, of.name.en, of.name.ko, of.severity]),
)}

## For what

Channels ${input.unit === '' ? 'of any unit' : `in ${input.unit}`} with runs cut as it was trained: ${alignmentText(input)}. It shows a person where to look.

## Not for what

- Switching anything off, or taking the place of an interlock.
- Channels of another light, window or alignment than it was trained on: its answers are then without meaning, and it need not notice.
- Faults that it was not trained on: some are called unknown, others by the name of a class that they resemble.

## Data

${data.train.runs} runs of \`${data.train.source}\`, tested on ${data.test.runs} runs ${data.test.kind === 'file' ? `of \`${data.test.source}\`` : 'kept out of it'}. ${
    described.isGenerated
      ? 'They are generated, not measured: the figures below are of simulated light, and say little of a plasma that it does not resemble.'
      : 'What these data do not show, the model cannot know.'
  }

## What it reaches

On the test runs: ${percent(test.accuracy)} are named rightly, macro-F1 ${share(test.macroF1)}; confidence is off by ${percent(test.calibrationError)} on average.
${decisionText(report)}
Weakest class: ${nameOf(classes, worst.label)}, of whose runs it finds ${percent(worst.recall)}; of what it calls so, ${percent(worst.precision)} is.

${table(
  ['class', 'finds of its runs', 'surely', 'right of what it calls so', 'runs'],
  test.classes.map((of) => [
    nameOf(classes, of.label),
    percent(of.recall),
    of.sureRecall === undefined ? '' : percent(of.sureRecall),
    percent(of.precision),
    of.support,
  ]),
)}

${
  told === undefined
    ? 'How well it knows what it does not know could not be measured with two classes.'
    : `Of classes that it had never seen, ${percent(told.rejected)} of the runs are called unknown where 1 % of the known ones are (AUROC ${share(told.auroc)}).`
}

## Limits

- Probabilities are calibrated for classes as frequent as in the data. Where faults are rarer, they are too high.
- A class with less than ${percent(manifest.thresholds.confidence)} probability is shown as unsure: a suspicion.
- ${percent(unknown.falseAlarms)} of the known test runs are called unknown.
- Runs with a missing or flagged point get no answer.
${manifest.training.live === false ? '- For recorded runs: it looks at more features than a live model should, 2,700.\n' : ''}
Learner: ${describeCompared(comparison.candidates[comparison.best]!)}. All figures: \`report.md\`, \`report.json\`.
`;
}

function decisionText({ decision, test }: ModelReport): string {
  if (decision.exponent === 0) return 'It names the most probable class.';
  const weights = decision.classes.map(({ weight }) => weight);
  return `It names the class with the greatest product of probability and weight, ${Math.min(...weights)} to ${Math.max(...weights)}: the rarer a class in the data, the
heavier, so that rare faults are found at the price of more false ones. By probability alone ${percent(test.unweighted.accuracy)} would be named rightly, at a macro-F1 of ${share(test.unweighted.macroF1)}.`;
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

function alignmentText({ alignment, unit }: ModelManifest['input']): string {
  switch (alignment.kind) {
    case 'sliding':
      return `a run every ${alignment.hop} points`;
    case 'ignition':
      return `from ${alignment.before === 0 ? '' : `${alignment.before} points before `}the last point below ${`${alignment.threshold} ${unit}`.trimEnd()} at an ignition`;
    case 'mark':
      return 'from the start of a stream';
  }
}

function table(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

function share(value: number): string {
  return value.toFixed(3);
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`;
}
