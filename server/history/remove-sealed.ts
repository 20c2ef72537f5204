import { rm, rmdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** A folder for a day, or for a channel of it; those of tiers are few and stay. */
const FOLDER = /^(day|channel)=/;

/**
 * Removes sealed files, given by whole paths, that may be absent, and the
 * folders that are empty then. What a crash brings back is unlisted, and goes at the next start.
 */
export async function removeSealed(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await rm(path, { force: true });
    await removeEmpty(dirname(path));
  }
}

/** Removes folders of days and channels in which there is nothing, and those above that are empty then. */
export async function removeEmpty(folder: string): Promise<void> {
  for (let at = folder; FOLDER.test(basename(at)); at = dirname(at)) {
    if (!(await removeFolder(at))) return;
  }
}

async function removeFolder(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}
