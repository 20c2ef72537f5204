import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folder of the real recordings: `FENESTRA_DATA`, else `../shared/data` beside the checkout. It need not exist. */
export const DATA = resolve(ROOT, process.env.FENESTRA_DATA ?? '../shared/data');

/** The path of a program on the search path, or `undefined`. */
export function findTool(name: string): string | undefined {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'] // where Debian has servers, which others than root do not search
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Whether a program is there: `describe.skipIf(!hasTool('gcc'))`. The summary of a run names what it skipped. */
export function hasTool(name: 'gcc' | 'mkfifo' | 'mosquitto' | 'openssl' | 'prlimit' | 'python3' | 'tar'): boolean {
  return findTool(name) !== undefined;
}

/** Whether a file system in memory can be mounted here; only the superuser may, and not everywhere. */
export function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'fenestra-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // how the machine answers "no"
  } finally {
    rmdirSync(place);
  }
}

/** Whether Python is there and can import `module`. */
export function hasPythonModule(module: 'numpy'): boolean {
  if (!hasTool('python3')) return false;
  try {
    execFileSync('python3', ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // how Python answers "no such module"
  }
}

/** Whether a folder or file of the real recordings is there. */
export function hasData(path: string): boolean {
  return existsSync(join(DATA, path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // how the file system answers "no"
  }
}
