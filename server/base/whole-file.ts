import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Ending of files that are not whole yet. */
export const PARTIAL = '.partial';

/** Writes a file that appears whole or not at all, and is on the disk when it resolves; `mode` says who may open it. */
export async function writeWhole(path: string, content: string, mode = 0o666): Promise<void> {
  const file = await open(path + PARTIAL, 'w', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(path + PARTIAL, path);
  await syncFolder(dirname(path));
}

/** Resolves when the names in a folder are on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
