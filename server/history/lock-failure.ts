import { AppError } from '../base/errors.ts';

/**
 * What is to be said where the catalogue of a directory cannot be opened because
 * another process has it; undefined where that is not why. DuckDB locks the
 * files it opens; the catalogue's lock is that of the whole directory.
 */
export function lockFailure(directory: string, cause: unknown): AppError | undefined {
  if (!(cause instanceof Error) || !cause.message.includes('Could not set lock on file')) return undefined;
  const holder = /PID (\d+)/.exec(String(cause));
  const who = holder ? `process ${holder[1]}` : 'another process';
  const message = `${directory} is in use by ${who}: one server at a time can keep its history there (storage.directory)`;
  return new AppError('STORAGE_LOCKED', message, { cause });
}
