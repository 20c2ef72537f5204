import { Command } from 'commander';
import { plasmaInput } from '../../models/training/plasma/input.ts';
import { type AlignmentFlags, addAlignmentOptions, toAlignment } from './alignment-options.ts';
import { partsFolder, removeParts } from './parts-folder.ts';
import { addRangeOptions, type RangeFlags, refuseEmptyRange } from './range-options.ts';
import { rowsOption } from './rows-option.ts';
import { RunFile } from './run-file.ts';
import { addStorageOptions, type StorageFlags, storageDirectory } from './storage-options.ts';
import { undoOnFailure } from './undo-on-failure.ts';
import { wholeOption } from './whole-option.ts';

interface Options extends StorageFlags, RangeFlags, AlignmentFlags {
  readonly rows: 1 | 3;
  readonly channel: readonly string[];
  readonly groupMinutes: number;
  readonly output: string;
}

/** `fenestra export runs --channel NAME… -o FILE` */
export function exportRunsCommand(): Command {
  const command = new Command('runs')
    .description('cut the history of channels into runs, to be labelled by a person and trained on')
    .requiredOption('--channel <names...>', 'the channels')
    .requiredOption('-o, --output <file>', 'what to write: .csv')
    .addOption(rowsOption())
    .option(
      '--group-minutes <minutes>',
      'how much of a stream of a channel is one group; 0: all of it',
      wholeOption(0, MAX_GROUP_MINUTES),
      10,
    )
    .addHelpText('after', HELP);
  return addStorageOptions(addRangeOptions(addAlignmentOptions(command))).action(run);
}

const MAX_GROUP_MINUTES = 10_080; // a week

const HELP = `
Runs are cut as the server cuts them for a model: 972 points of 5 ms. Those with a missing or
flagged point are left out and counted. Columns: channel, stream and time, by which a run is found again; the
points; target, which is empty: fill it with the class of each run, and remove those that have none; and group,
which fenestra train keeps on one side of a split. A group is what begins in a block of --group-minutes of a stream, on whole
multiples of them since 1970 UTC. Runs that share points with the group before are left out and counted, so no point is
in two groups. fenestra train wants each class in six groups: smaller ones are more, but what is alike for longer than
a group then lies on both sides. Each channel has groups of its own: where several see one plasma, two views of the same
moment may lie on both sides, so replace the column group by one of your own that has the same word in all runs of a
plasma, such as the number of the discharge, and name it to fenestra train by --group. A file of the same name with .json
appended tells it the rest.`;

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
