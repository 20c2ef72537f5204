import type { ModelManifest } from '../../server/model/manifest.ts';
import { describeCompared } from './candidate-words.ts';
import type { CardFacts } from './card-facts.ts';
import { percent, share, table } from './markdown.ts';

/** `card.md` */
export function englishCard(facts: CardFacts): string {
  const { manifest, report, isGenerated, reached, weakest, leftOut } = facts;
  const { input, classes } = manifest;
  const { test, data, unknown, comparison } = report;
  const nameOf = (label: string) => classes.find((of) => of.label === label)!.name.en;
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
    isGenerated
      ? 'They are generated, not measured: the figures below are of simulated light, and say little of a plasma that it does not resemble.'
      : 'What these data do not show, the model cannot know.'
  }

## What it reaches

On the test runs: ${percent(test.accuracy)} are named rightly, macro-F1 ${share(test.macroF1)}; confidence is off by ${percent(test.calibrationError)} on average.
${decisionText(facts)}
Weakest class: ${nameOf(weakest.label)}, of whose runs it finds ${percent(weakest.recall)}; of what it calls so, ${percent(weakest.precision)} is.

${table(
  ['class', 'finds of its runs', 'surely', 'right of what it calls so', 'runs'],
  reached.map(({ label, cells }) => [nameOf(label), ...cells]),
)}

${
  leftOut === undefined
    ? 'How well it knows what it does not know could not be measured with two classes.'
    : `Of classes that it had never seen, ${percent(leftOut.rejected)} of the runs are called unknown where 1 % of the known ones are (AUROC ${share(leftOut.auroc)}).`
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

function decisionText({ weights, report: { test } }: CardFacts): string {
  if (weights === undefined) return 'It names the most probable class.';
  return `It names the class with the greatest product of probability and weight, ${weights.join(' to ')}: the rarer a class in the data, the
heavier, so that rare faults are found at the price of more false ones. By probability alone ${percent(test.unweighted.accuracy)} would be named rightly, at a macro-F1 of ${share(test.unweighted.macroF1)}.`;
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
