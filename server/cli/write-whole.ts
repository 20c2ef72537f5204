import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sync } from '../base/durable-file.ts';
import { AppError } from '../base/errors.ts';

/** Has a file written under another name and gives it its own once it is whole and on the disk. Rejects with `FILE_INVALID`. */
export async function writeWhole(path: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await write(partial);
    await sync(partial);
    await rename(partial, path);
    await sync(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof AppError) throw error;
    throw new AppError('FILE_INVALID', `cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}
