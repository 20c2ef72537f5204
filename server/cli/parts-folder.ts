import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const ENDING = '.parts';

/** Where the rows of an export are until all are collected: beside the output, which has room for them. */
export function partsFolder(output: string): string {
  return output === '-'
    ? join(tmpdir(), `fenestra-export.${process.pid}${ENDING}`)
    : `${output}.${process.pid}${ENDING}`;
}

/** Removes a folder of parts, and those that exports to the same output have left that were killed. */
export async function removeParts(folder: string): Promise<void> {
  const place = dirname(folder);
  const name = basename(folder, `.${process.pid}${ENDING}`);
  const found = await readdir(place).catch(() => []); // it is not there, which who writes to it says
  for (const entry of found) {
    const pid = /^\.(\d+)\.parts$/.exec(entry.startsWith(name) ? entry.slice(name.length) : '')?.[1];
    if (pid === undefined || (Number(pid) !== process.pid && isRunning(Number(pid)))) continue;
    await rm(join(place, entry), { recursive: true, force: true, maxRetries: 3 }); // a signal comes while files are made in it
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // somebody else's
  }
}
