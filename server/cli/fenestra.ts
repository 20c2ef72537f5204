#!/usr/bin/env node
import { Command } from 'commander';
import { AppError } from '../base/errors.ts';
import { backupCommand } from './backup.ts';
import { configCommand } from './config.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { reduceCommand } from './reduce.ts';
import { replayCommand } from './replay.ts';
import { restoreCommand } from './restore.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';
import { readVersion } from './version.ts';

const program = new Command('fenestra')
  .description('real-time monitoring of fast sensors')
  .version(readVersion())
  .addCommand(serveCommand())
  .addCommand(simulateCommand())
  .addCommand(replayCommand())
  .addCommand(reduceCommand())
  .addCommand(exportCommand())
  .addCommand(importCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(configCommand());

try {
  await program.parseAsync();
} catch (error) {
  // An expected failure is one sentence; a bug is told whole.
  console.error(error instanceof AppError ? `fenestra: ${error.message}` : error);
  process.exitCode = 1;
}
