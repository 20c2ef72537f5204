import { Command } from 'commander';
import { exportHistoryCommand } from './export-history.ts';
import { exportRunsCommand } from './export-runs.ts';

/** `fenestra export --channel NAME -o FILE` and `fenestra export runs`. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write the history of a channel, or runs of it to train models on, to a file')
    .addCommand(exportHistoryCommand(), { isDefault: true })
    .addCommand(exportRunsCommand());
}
