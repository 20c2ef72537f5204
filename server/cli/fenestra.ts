#!/usr/bin/env node
import { Command } from 'commander';
import { AppError } from '../base/errors.ts';
import { readVersion } from './version.ts';

// A command is loaded where it is asked for: a server starts without what the others need.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand(),
  simulate: async () => (await import('./simulate.ts')).simulateCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  reduce: async () => (await import('./reduce.ts')).reduceCommand(),
  export: async () => (await import('./export.ts')).exportCommand(),
  import: async () => (await import('./import.ts')).importCommand(),
  backup: async () => (await import('./backup.ts')).backupCommand(),
  restore: async () => (await import('./restore.ts')).restoreCommand(),
  config: async () => (await import('./config.ts')).configCommand(),
};

const program = new Command('fenestra').description('real-time monitoring of fast sensors').version(readVersion());
for (const load of asked(process.argv[2])) program.addCommand(await load());

try {
  await program.parseAsync();
} catch (error) {
  // An expected failure is one sentence; a bug is told whole.
  console.error(error instanceof AppError ? `fenestra: ${error.message}` : error);
  process.exitCode = 1;
}

/** The command of that name; where there is none, all of them, to be listed. */
function asked(name = ''): (() => Promise<Command>)[] {
  return Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
}
