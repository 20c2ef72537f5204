import { Command } from 'commander';

// A command is loaded where it is asked for: a server starts without what the others need.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand(),
  simulate: async () => (await import('./simulate.ts')).simulateCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  reduce: async () => (await import('./reduce.ts')).reduceCommand(),
  train: async () => (await import('./train.ts')).trainCommand(),
  export: async () => (await import('./export.ts')).exportCommand(),
  import: async () => (await import('./import.ts')).importCommand(),
  generate: async () => (await import('./generate.ts')).generateCommand(),
  backup: async () => (await import('./backup.ts')).backupCommand(),
  restore: async () => (await import('./restore.ts')).restoreCommand(),
  alarms: async () => (await import('./alarms.ts')).alarmsCommand(),
  models: async () => (await import('./models.ts')).modelsCommand(),
  cert: async () => (await import('./cert.ts')).certCommand(),
  'push-key': async () => (await import('./push-key.ts')).pushKeyCommand(),
  config: async () => (await import('./config.ts')).configCommand(),
};

/** `fenestra` with the command of that name; where there is none, with all of them, to be listed. */
export async function createProgram(version: string, name = ''): Promise<Command> {
  const program = new Command('fenestra').description('real-time monitoring of fast sensors').version(version);
  const wanted = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  for (const load of wanted) program.addCommand(await load());
  return program;
}
