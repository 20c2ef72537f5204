import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { AppError } from '../base/errors.ts';
import { addRangeOptions, type RangeFlags, refuseEmptyRange } from './range-options.ts';
import { addStorageOptions, type StorageFlags, storageDirectory } from './storage-options.ts';
import { undoOnFailure } from './undo-on-failure.ts';

interface Options extends StorageFlags, RangeFlags {
  readonly channel?: readonly string[];
  readonly output: string;
}

const ENDINGS = ['.parquet', '.csv'];

/** `fenestra export diagnoses -o FILE [--channel NAME…]` */
export function exportDiagnosesCommand(): Command {
  const command = new Command('diagnoses')
    .description('write what models made of the runs of channels to a file, also while the server runs')
    .requiredOption('-o, --output <file>', `what to write: ${ENDINGS.join(' or ')}`)
    .option('--channel <names...>', 'the channels; all where none is named')
    .addHelpText('after', HELP);
  return addStorageOptions(addRangeOptions(command)).action(run);
}

const HELP = `
A row is a run that a model looked at, or could not. Columns: channel, stream; window, the run's first, and
windows, how many it has; time and end, of the sample clock (Parquet: TIMESTAMP_NS; CSV: ISO 8601, UTC); model,
version; outcome: class, unknown, incomplete, unavailable or dropped; class, as the model labels the one
that is told, and class_index; probabilities, of each class (Parquet: a list; CSV: with spaces between); unknown, the score;
latency_ms, from the arrival of the last sample to the answer; reason, why there is no answer. A cell that does not
apply is null, in CSV empty. Rows are in the order of channel and time.`;

async function run(options: Options): Promise<void> {
  refuseEmptyRange(options);
  const { output, from: fromNs, to: toNs, channel } = options;
  if (!ENDINGS.some((ending) => output.endsWith(ending))) {
    throw new AppError('FILE_INVALID', `output ${output}, expected a name ending in ${ENDINGS.join(' or ')}`);
  }
  // Loads the database only here.
  const { openSnapshot } = await import('./open-snapshot.ts');
  const { writeDiagnoses } = await import('./write-diagnoses.ts');
  const snapshot = await openSnapshot(storageDirectory(options));
  const close = () => snapshot.close();
  try {
    const wish = { fromNs, toNs, channels: channel === undefined ? undefined : [...new Set(channel)] };
    let rows = 0;
    await undoOnFailure(
      async () => {
        rows = await writeDiagnoses(snapshot.path, wish, output);
      },
      async () => {
        await close();
        await rm(`${output}.partial`, { force: true });
      },
    );
    console.error(`fenestra: ${rows} diagnoses`);
  } finally {
    await close();
  }
}
