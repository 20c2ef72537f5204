import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

// Nothing is on the disk before the file and the folder that names it are synced.

/** Resolves when the content of a file, or the names in a folder, are on the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it, all of them on the disk when it resolves. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  const above = dirname(first);
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    await sync(folder);
    if (folder === above) return;
  }
}

/** Gives a finished file its name: it appears whole or not at all, whatever happens. */
export async function publish(temporary: string, path: string): Promise<void> {
  await sync(temporary);
  await rename(temporary, path);
  await sync(dirname(path));
}
