import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';

/** In a storage directory while `fenestra restore` fills it: what lies beside it may not be all there is. */
export const RESTORING = 'restoring';

/** Throws `STORAGE_FAILED` where a restore into the storage directory is under way or was cut off. */
export function refuseUnfinishedRestore(directory: string): void {
  if (!existsSync(join(directory, RESTORING))) return;
  throw new AppError(
    'STORAGE_FAILED',
    `a restore into ${directory} has not been finished: run fenestra restore again, or remove its folder ${RESTORING} to take what is there for all`,
  );
}
