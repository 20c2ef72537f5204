import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { Database } from './database.ts';

// What DuckDB may use for pages, sorts, answers and what it keeps of sealed files, together.
const MEMORY_BYTES = 512 * 2 ** 20;

/** Opens the database of a server, whose folder is made where it is not there. Throws `STORAGE_FAILED` where it cannot be used. */
export async function openDatabase(directory: string): Promise<Database> {
  const temporaryDirectory = join(directory, 'temporary');
  try {
    mkdirSync(directory, { recursive: true });
    rmSync(temporaryDirectory, { recursive: true, force: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('STORAGE_FAILED', `cannot use ${directory} (storage.directory): ${reason}`, { cause: error });
  }
  // The name of a sealed file tells its content, and the server reads no others.
  return Database.open({ memoryBytes: MEMORY_BYTES, temporaryDirectory, parquetNeverChanges: true });
}
