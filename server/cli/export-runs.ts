import { Command } from 'commander';
import { plasmaInput } from '../../models/training/plasma/input.ts';
import { type AlignmentFlags, addAlignmentOptions, toAlignment } from './alignment-options.ts';
import { partsFolder, removeParts } from './parts-folder.ts';
import { addRangeOptions, type RangeFlags, refuseEmptyRange } from './range-options.ts';
import { rowsOption } from './rows-option.ts';
import { RunFile } from './run-file.ts';
import { addStorageOptions, type StorageFlags, storageDirectory } from './storage-options.ts';
import { undoOnFailure } from './undo-on-failure.ts';

interface Options extends StorageFlags, RangeFlags, AlignmentFlags {
  readonly rows: 1 | 3;
  readonly channel: readonly string[];
  readonly output: string;
}

/** `fenestra export runs --channel NAME… -o FILE` */
export function exportRunsCommand(): Command {
  const command = new Command('runs')
    .description('cut the history of channels into runs, to be labelled by a person and trained on')
    .requiredOption('--channel <names...>', 'the channels')
    .requiredOption('-o, --output <file>', 'what to write: .csv')
    .addOption(rowsOption())
    .addHelpText('after', HELP);
  return addStorageOptions(addRangeOptions(addAlignmentOptions(command))).action(run);
}

const HELP = `
Runs are cut as the server cuts them for a model: 972 points of 5 ms. Those with a missing or
flagged point are left out and counted. Columns: channel, stream and time, by which a run is found again; the
points; target, which is empty: fill it with the class of each run, and remove those that have none; and group, one
a stream, which fenestra train keeps on one side of a split. A file of the same name with .json appended tells it the rest.`;

async function run(options: Options): Promise<void> {
  refuseEmptyRange(options);
  // Loads the database only here.
  const { openSnapshot } = await import('./open-snapshot.ts');
  const { exportRuns } = await import('./stored-runs.ts');
  const parts = partsFolder(options.output);
  const directory = storageDirectory(options);
  const file = new RunFile(options.output);
  const said = toAlignment(options);
  const input = { ...plasmaInput('sliding', options.rows), ...(said && { alignment: said }) };
  await removeParts(parts);
  const snapshot = await openSnapshot(directory);
  const close = async () => {
    await snapshot.close();
    await removeParts(parts);
  };
  const undo = async () => {
    await close();
    await file.abandon();
  };
  try {
    const job = { ...options, directory, input, channels: [...new Set(options.channel)], file, parts };
    await undoOnFailure(() => exportRuns(snapshot.path, job), undo);
  } finally {
    await close();
  }
}
