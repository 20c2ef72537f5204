import { Command } from 'commander';
import { exportDiagnosesCommand } from './export-diagnoses.ts';
import { exportHistoryCommand } from './export-history.ts';
import { exportRunsCommand } from './export-runs.ts';

/** `fenestra export --channel NAME -o FILE`, `fenestra export runs` and `fenestra export diagnoses`. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write the history of a channel, runs of it to train models on, or its diagnoses, to a file')
    .addCommand(exportHistoryCommand(), { isDefault: true })
    .addCommand(exportRunsCommand())
    .addCommand(exportDiagnosesCommand());
}
