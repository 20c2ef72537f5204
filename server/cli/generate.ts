import { availableParallelism } from 'node:os';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { PLASMA_CLASSES } from '../../models/training/classes.ts';
import { LABEL_COLUMN, pointNames } from '../../models/training/datasets/columns.ts';
import { type GenerateTask, generateRuns } from '../../models/training/plasma/generate-runs.ts';
import { PLASMA_ALIGNMENTS, plasmaInput } from '../../models/training/plasma/input.ts';
import { RATE_STEP_HZ } from '../../models/training/plasma/run-generator.ts';
import { RATE_RANGE } from '../ingest/simulator/plasma-light.ts';
import { GENERATE_WORKER, KERNELS } from '../installed-files.ts';
import { createProgress } from './progress.ts';
import { rowsOption } from './rows-option.ts';
import { RunFile } from './run-file.ts';
import { undoOnFailure } from './undo-on-failure.ts';
import { readVersion } from './version.ts';
import { wholeOption } from './whole-option.ts';

interface Options extends Omit<GenerateTask, 'rateHz'> {
  readonly rate: number;
  readonly runs: number;
  readonly output: string;
}

const MAX_RUNS = 1_000_000;

/** `fenestra generate plasma --runs N -o FILE` */
export function generateCommand(): Command {
  return new Command('generate')
    .description('generate labelled runs of simulated light, to train models on')
    .addArgument(new Argument('<kind>', 'what of').choices(['plasma']))
    .option('--runs <number>', 'how many', wholeOption(1, MAX_RUNS), 7000)
    .option('--seed <text>', 'the same seed gives the same runs', '1')
    .option('--rate <hz>', 'samples a second, as the channels have that it is for', parseRate, 10_000_000)
    .addOption(rowsOption())
    .addOption(
      new Option('--alignment <kind>', 'where a run begins').choices(Object.keys(PLASMA_ALIGNMENTS)).default('sliding'),
    )
    .requiredOption('-o, --output <file>', 'what to write: .csv')
    .addHelpText('after', HELP)
    .action(run);
}

const HELP = `
Each run is light sampled, at 10 MS/s where nothing else is said, and reduced as that of a device: 972 points of 5 ms. Columns: 0 … 971, or
with three rows min_0 …, max_0 …, mean_0 …; and target, 0 to 6: ${PLASMA_CLASSES.map(({ name }) => name.en).join(', ')}.
A file of the same name with .json appended tells fenestra train of alignment, unit and classes. Runs begin: sliding, at
any time of a plasma's life; ignition, with the last dark point; mark, with the start signal, a while before the light.`;

async function run(_kind: string, { rate: rateHz, output, ...options }: Options): Promise<void> {
  const file = new RunFile(output);
  const progress = createProgress(`generating ${options.runs} runs`);
  try {
    await undoOnFailure(
      () => write(file, { ...options, rateHz }, progress.update),
      () => file.abandon(),
    );
  } finally {
    progress.stop();
  }
}

async function write(
  file: RunFile,
  task: GenerateTask & { readonly runs: number },
  onProgress: (progress: number) => void,
): Promise<void> {
  const { seed, rows, rateHz, alignment, runs } = task;
  const input = plasmaInput(alignment, rows);
  await file.open([...pointNames(rows, input.length), LABEL_COLUMN]);
  for await (const block of generateRuns({
    ...task,
    threads: availableParallelism(),
    worker: GENERATE_WORKER,
    wasm: KERNELS,
  })) {
    await file.write(block.text);
    onProgress((block.first + block.runs) / runs);
  }
  await file.finish({
    format: 1,
    input,
    classes: [...PLASMA_CLASSES],
    runs,
    source: { kind: 'plasma', seed, rateHz, version: readVersion() },
  });
}

function parseRate(text: string): number {
  const [low, high] = RATE_RANGE;
  const value = wholeOption(low, high)(text);
  if (value % RATE_STEP_HZ === 0) return value;
  throw new InvalidArgumentError(`It must be a multiple of ${RATE_STEP_HZ}.`);
}
