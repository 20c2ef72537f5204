import { Command, Option } from 'commander';
import { describeCompared, describeOmission } from '../../models/training/candidate-words.ts';
import { LEARNERS, type LearnerKind, LIVE_ROCKET_FEATURES } from '../../models/training/candidates.ts';
import { readRuns, readTestRuns } from '../../models/training/datasets/read-runs.ts';
import { FitPool } from '../../models/training/fit-pool.ts';
import { newModelFolder } from '../../models/training/model-folder.ts';
import { trainModel } from '../../models/training/train-model.ts';
import type { ModelReport } from '../inference/model-report.ts';
import { FIT_WORKER } from '../installed-files.ts';
import { type AlignmentFlags, addAlignmentOptions, toAlignment } from './alignment-options.ts';
import { createStages } from './progress.ts';
import { parsePositive, parseUnit } from './source-options.ts';
import { undoOnFailure } from './undo-on-failure.ts';
import { readVersion } from './version.ts';
import { wholeOption } from './whole-option.ts';

interface Options extends AlignmentFlags {
  readonly output: string;
  readonly test?: string;
  readonly classes?: 'plasma' | 'labels';
  readonly length?: number;
  readonly group?: string;
  readonly learner: readonly LearnerKind[];
  readonly features: number;
  readonly seed: string;
  readonly folds: number;
  readonly sample: number;
  readonly pointsPerSecond?: number;
  readonly unit?: string;
  readonly force?: true;
}

/** `fenestra train plasma DATA -o FOLDER` */
export function trainCommand(): Command {
  return new Command('train').description('fit a model to labelled data').addCommand(plasmaCommand());
}

function plasmaCommand(): Command {
  const command = new Command('plasma')
    .description('compare learners on labelled runs and write the best as a model')
    .argument('<data>', 'runs: .csv, .csv.gz, .tsv, .tsv.gz (UCR archive) or .parquet')
    .requiredOption('-o, --output <folder>', 'what to write, such as models/my-plasma')
    .option('--test <file>', 'runs to test with; default: a fifth of the data')
    .addOption(
      new Option(
        '--classes <kind>',
        'what labels mean; default: labels themselves in .tsv, else those of plasma',
      ).choices(['plasma', 'labels']),
    )
    .option('--length <points>', 'points of a run in a table; default 972', wholeOption(2, 10_000))
    .option(
      '--group <column>',
      'column of what no split may part, such as a device or a day; default: group, if it is there',
    )
    .addOption(new Option('--learner <kind...>', 'what is compared').choices(LEARNERS).default(LEARNERS, 'all'))
    .option(
      '--features <n>',
      'of MiniRocket; more than the default is too slow live',
      wholeOption(84, 50_000),
      LIVE_ROCKET_FEATURES,
    )
    .option('--seed <text>', 'chance: the same seed gives the same model', '1')
    .option('--folds <n>', 'parts of the cross-validation', wholeOption(2, 20), 5)
    .option('--sample <runs>', 'runs that learners are compared on', wholeOption(20, 1_000_000), 1500)
    .option('--points-per-second <n>', 'of the channels it is for; default 200', parsePositive)
    .option('--unit <text>', 'of the channels it is for, up to 16 characters', parseUnit)
    .option('--force', 'replace the folder')
    .addHelpText('after', HELP);
  return addAlignmentOptions(command).action(run);
}

const HELP = `
A table has the columns 0 … 971, or min_0 … min_971, max_0 … and mean_0 …, and target: the class. It may begin with row numbers
without a name and hold a column of groups. What a file of the same name with .json appended says of length, rate, unit, alignment and
classes, as fenestra generate writes it, need not be said. Written are model.onnx, manifest.json, card.md and card.ko.md, report.json, report.md and
examples.json, or nothing where ONNX Runtime does not agree with the trainer. models/README.md tells more.`;

async function run(path: string, options: Options): Promise<void> {
  const alignment = toAlignment(options);
  const folder = newModelFolder(options.output, { replace: options.force ?? false });
  const stages = createStages();
  const pool = new FitPool(FIT_WORKER);
  const work = async () => {
    await folder.prepare();
    const onRead = stages.begin(`reading ${path}`, 1);
    const runs = await readRuns(path, { ...options, alignment });
    const { data, described } = runs;
    const test = options.test === undefined ? undefined : await readTestRuns(options.test, runs, options.group);
    onRead();
    const { report, files } = await trainModel(pool, {
      name: folder.name,
      data,
      test,
      learners: options.learner,
      features: options.features,
      seed: options.seed,
      folds: options.folds,
      sampleRuns: options.sample,
      onStage: (label, fits) => stages.begin(label, fits),
      described,
      version: readVersion(),
    });
    await folder.write(files);
    stages.stop();
    console.log(summary(report, options.output));
  };
  try {
    await undoOnFailure(work, async () => {
      stages.stop();
      await folder.abandon();
    });
  } finally {
    stages.stop();
    await pool.close();
  }
}

function summary({ comparison, test, unknown, parity, data }: ModelReport, output: string): string {
  const best = comparison.candidates[comparison.best]!;
  const told = unknown.candidates.find(({ score }) => score === unknown.score);
  return [
    `best of ${comparison.candidates.length}: ${describeCompared(best)}, macro-F1 ${best.macroF1.toFixed(3)} ± ${best.macroF1Spread.toFixed(3)}`,
    ...comparison.omitted.map((one) => `not compared: ${describeOmission(one)}`),
    `test on ${data.test.runs} runs: accuracy ${test.accuracy.toFixed(3)}, macro-F1 ${test.macroF1.toFixed(3)}, calibration error ${test.calibrationError.toFixed(3)}`,
    ...(told === undefined
      ? []
      : [
          `unknown by ${unknown.score}: AUROC ${told.auroc.toFixed(3)}, ${told.rejected.toFixed(3)} rejected at 1 % false alarms`,
        ]),
    `ONNX Runtime agrees on ${parity.within} of ${parity.runs}`,
    `written to ${output}`,
  ].join('\n');
}
