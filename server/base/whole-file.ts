import { writeFile } from 'node:fs/promises';
import { publish } from './durable-file.ts';

/** Ending of files that are not whole yet. */
export const PARTIAL = '.partial';

/** Writes a file that appears whole or not at all, and is on the disk when it resolves; `mode` says who may open it. */
export async function writeWhole(path: string, content: string, mode = 0o666): Promise<void> {
  await writeFile(path + PARTIAL, content, { mode });
  await publish(path + PARTIAL, path);
}
