import { Command } from 'commander';
import { loadKernels } from '../compute/load-kernels.ts';
import { openSource } from '../ingest/replay/open-source.ts';
import { KERNELS } from '../installed-files.ts';
import { createProgress } from './progress.ts';
import { reduceSource } from './reduce-source.ts';
import { addSourceOptions, parseWindow, type SourceFlags, toSourceOptions } from './source-options.ts';
import { undoOnFailure } from './undo-on-failure.ts';
import { isClosedPipe, openOutput } from './window-output.ts';

interface Options extends SourceFlags {
  readonly output: string;
  readonly window: number;
}

/** `fenestra reduce FILE -o OUT` */
export function reduceCommand(): Command {
  const command = new Command('reduce')
    .description('reduce a recording (SigMF, WAV, CSV or bare samples) to windows, without a server')
    .argument('<file>', 'the recording')
    .requiredOption('-o, --output <file>', 'what to write: .csv, .parquet, or - for CSV on standard output')
    .option('--window <samples>', 'samples a window', parseWindow, 50_000)
    .addHelpText('after', HELP);
  return addSourceOptions(command).action(run);
}

const HELP = `
Columns: window (number from 0), time, min, max, mean, std, count, clipped, nonfinite, flags.
Figures are in the recording's unit: raw × scale + offset. std is the population deviation; count is the
finite samples. time is that of the window's first sample: a date in UTC where the recording or --epoch
tells one, else seconds since the first sample. flags are words joined by |: partial (the short last
window), gap (samples are missing in it), and those of a device. Windows that lie wholly in a gap have no row.`;

async function run(path: string, options: Options): Promise<void> {
  const source = await openSource(path, toSourceOptions(options));
  const progress = createProgress(`reducing ${path}`);
  try {
    const output = await openOutput(options.output, source.epochNs !== undefined);
    const work = async () => {
      await reduceSource(source, {
        module: await loadKernels(KERNELS),
        window: options.window,
        emit: (window) => output.write(window),
        onProgress: progress.update,
      });
      await output.finish();
    };
    await undoOnFailure(work, () => output.abandon());
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
  } finally {
    progress.stop();
    await source.close();
  }
}
