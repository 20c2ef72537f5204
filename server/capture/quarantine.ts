import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sync } from '../base/durable-file.ts';

const QUARANTINE = 'quarantine';
const REASON = '.why.txt';

/** Moves all files of a recording aside, as they were found, with a text beside them that says why. */
export async function quarantine(directory: string, id: string, names: readonly string[], why: string): Promise<void> {
  const aside = join(directory, QUARANTINE);
  await mkdir(aside, { recursive: true });
  for (const name of names) await rename(join(directory, name), join(aside, name));
  await writeFile(join(aside, id + REASON), `${why}\n`);
  await sync(aside);
  await sync(directory);
}

/** Recordings that were put aside, and the bytes of their files. */
export interface Quarantined {
  readonly ids: readonly string[];
  readonly bytes: number;
}

export async function readQuarantine(directory: string): Promise<Quarantined> {
  const aside = join(directory, QUARANTINE);
  const names = await readdir(aside).catch(() => [] as string[]); // there is none
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(aside, name))).size));
  return {
    ids: names.filter((name) => name.endsWith(REASON)).map((name) => name.slice(0, -REASON.length)),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}
