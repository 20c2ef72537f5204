// The whole thing while working on it, fed by the simulator: the compiler and
// the server start again with every change, and vite serves the dashboard on
// port 5173 from source. One Ctrl-C ends all.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMMANDS = [
  ['node_modules/typescript/bin/tsc', '-b', '--watch', '--preserveWatchOutput'],
  ['--watch', 'build/server/cli/fenestra.js', 'serve', '--simulate'],
  ['node_modules/vite/bin/vite.js', 'client', '--config', 'client/vite.config.ts'],
];

const STOP_LIMIT_MS = 4000;

// Each leads a group of its own, since two of them have children that a signal to themselves does not reach.
const children = COMMANDS.map((args) => spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', detached: true }));
let isStopping = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
for (const child of children) child.once('exit', (code) => stop(code ?? 1)); // without one part the rest is of no use

function stop(code) {
  if (isStopping) return;
  isStopping = true;
  process.exitCode = code;
  signalAll('SIGTERM');
  setTimeout(() => signalAll('SIGKILL'), STOP_LIMIT_MS).unref();
}

function signalAll(signal) {
  for (const { pid } of children) {
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error; // nobody is left in that group
    }
  }
}
