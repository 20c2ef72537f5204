import { rm } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { AppError } from '../base/errors.ts';
import { TIERS } from '../trend/tier.ts';
import type { ExportOptions } from './export-rows.ts';
import { partsFolder, removeParts } from './parts-folder.ts';
import { addRangeOptions, refuseEmptyRange } from './range-options.ts';
import { addStorageOptions, type StorageFlags, storageDirectory } from './storage-options.ts';
import { undoOnFailure } from './undo-on-failure.ts';
import { isClosedPipe } from './window-output.ts';

type Options = StorageFlags & Omit<ExportOptions, 'directory'>;

/** `fenestra export history`, which is meant where nothing else is named. */
export function exportHistoryCommand(): Command {
  const command = new Command('history')
    .description('write the history of a channel to a file, also while the server runs')
    .requiredOption('--channel <name>', 'the channel')
    .requiredOption('-o, --output <file>', 'what to write: .parquet, .arrow, .csv, or - for CSV on standard output')
    .option(
      '--tier <number>',
      `0 the windows themselves, each further one ten times coarser, to ${TIERS - 1}`,
      parseTier,
    )
    .option('--columns <number>', 'the finest tier that has at most so many rows in the range', parseColumns)
    .addHelpText('after', HELP);
  return addStorageOptions(addRangeOptions(command)).action(run);
}

const HELP = `
Parquet and Arrow hold all figures of a row, to the bit, and, as metadata under "fenestra", channel, unit, clock and
streams. CSV has the columns of fenestra reduce, and the metadata in a file of its name with .json appended. fenestra
import reads all three. From CSV two figures come back rounded: the sum of squared deviations, because CSV holds the
deviation, in its last digits, and the windows of a coarse row, which are told by its samples. A running
server makes a snapshot first, which takes room for the hour that is not sealed yet. Rows are collected as
Parquet in a temporary folder, beside the output, or for - that of the system.`;

async function run(options: Options): Promise<void> {
  if (options.tier !== undefined && options.columns !== undefined) {
    throw new AppError('REQUEST_INVALID', 'both --tier and --columns, expected one of them');
  }
  refuseEmptyRange(options);
  // Loads the database only here.
  const { exportWriter } = await import('./export-file.ts');
  const { openSnapshot } = await import('./open-snapshot.ts');
  const { exportRows } = await import('./export-rows.ts');
  const write = exportWriter(options.output);
  const parts = partsFolder(options.output);
  const directory = storageDirectory(options);
  await removeParts(parts);
  const snapshot = await openSnapshot(directory);
  const close = async () => {
    await snapshot.close();
    await removeParts(parts);
  };
  try {
    await undoOnFailure(
      () => exportRows(snapshot.path, { ...options, directory }, { parts, write }),
      async () => {
        await close();
        if (options.output !== '-') await rm(`${options.output}.partial`, { force: true });
      },
    );
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
  } finally {
    await close();
  }
}

function parseTier(text: string): number {
  return parseWhole(text, 0, TIERS - 1);
}

function parseColumns(text: string): number {
  return parseWhole(text, 1, 1e9);
}

function parseWhole(text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
}
