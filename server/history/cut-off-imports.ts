import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sync } from '../base/durable-file.ts';
import { SEGMENT_FILE } from './segment.ts';

/**
 * Where an import keeps its segment until all its sealed files are listed: so
 * the disk says whose files are not whole, also where the catalogue is lost.
 */
export function importPlace(folder: string): string {
  return join(folder, 'importing');
}

/** The segments of imports that were cut off; empty while none was. */
export async function cutOffImports(folder: string): Promise<number[]> {
  const place = importPlace(folder);
  if (!existsSync(place)) return [];
  return (await readdir(place)).flatMap((name) => SEGMENT_FILE.exec(name)?.[1] ?? []).map(Number);
}

/** Forgets them: once their sealed files are listed, or gone. */
export async function forgetImports(folder: string): Promise<void> {
  await rm(importPlace(folder), { recursive: true, force: true });
  await sync(folder);
}
