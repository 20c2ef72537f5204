import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder, sync } from './durable-file.ts';
import type { Loss } from './losses.ts';

const QUARANTINE = 'quarantine';

/**
 * Moves damaged files aside as they were found, with a `.json` beside them
 * that says why; files that are gone have only that. Paths are whole; names in
 * the quarantine are new each time, so nothing is overwritten.
 */
export function quarantine(folder: string, paths: readonly string[], loss: Loss): Promise<void> {
  return putAside(folder, paths, loss, rename);
}

/** The same of a file that stays in use. */
export function quarantineCopy(folder: string, path: string, loss: Loss): Promise<void> {
  return putAside(folder, [path], loss, copyFile);
}

async function putAside(
  folder: string,
  paths: readonly string[],
  loss: Loss,
  put: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const aside = join(folder, QUARANTINE);
  await makeFolder(aside);
  const prefix = `${new Date(loss.atMs).toISOString().replaceAll(/[:.]/g, '-')}-${randomBytes(3).toString('hex')}`;
  const names: string[] = [];
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const name = `${prefix}-${basename(path)}`;
    await put(path, join(aside, name));
    names.push(name);
  }
  const text = JSON.stringify(
    { ...loss, files: names },
    (_, value) => (typeof value === 'bigint' ? `${value}` : value),
    2,
  );
  await writeFile(join(aside, `${prefix}.json`), `${text}\n`);
  await sync(aside);
}
