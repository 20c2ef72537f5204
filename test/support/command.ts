import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const COMMAND = fileURLToPath(new URL('../../build/program/fenestra.js', import.meta.url));

export interface CommandRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Runs `fenestra` with `args` in the folder `cwd` to its end; `output` is a file to have as its standard output. */
export async function runCommand(args: readonly string[], cwd: string, output?: number): Promise<CommandRun> {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, stdio: ['ignore', output ?? 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    text(child.stderr!),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { stdout, stderr, status };
}
