import { join } from 'node:path';
import { Command } from 'commander';
import { AppError } from '../base/errors.ts';
import { refuseUnfinishedRestore } from '../history/unfinished-restore.ts';
import { createProgress } from './progress.ts';
import { addStorageOptions, type StorageFlags, storageDirectory } from './storage-options.ts';

/** `fenestra import FILE…` */
export function importCommand(): Command {
  const command = new Command('import')
    .description('add exported files to the history of a server that does not run')
    .argument('<file...>', 'what fenestra export wrote: .parquet, .arrow, or .csv with its .json beside it')
    .addHelpText('after', HELP);
  return addStorageOptions(command).action(run);
}

const HELP = `
Rows that are there already, also in part, are left out, so a file can be imported twice. Of what is added the coarser
tiers are made anew. Each file is added whole or not at all.`;

async function run(paths: readonly string[], flags: StorageFlags): Promise<void> {
  // Loads the database only here.
  const { openExported } = await import('./import-file.ts');
  const { importRows } = await import('../history/import-rows.ts');
  const { openOffline } = await import('./open-snapshot.ts');
  const directory = storageDirectory(flags);
  refuseUnfinishedRestore(directory);
  const history = await openOffline(join(directory, 'history'), { make: true }).catch((error: unknown) => {
    throw toOneSentence(`cannot open the history in ${directory}`, error);
  });
  try {
    for (const path of paths) {
      const file = await openExported(path);
      const total = file.meta.streams.reduce((sum, { rows }) => sum + rows, 0);
      const progress = createProgress(`importing ${path}`);
      try {
        const rows = told(file.rows(), (done) => progress.update(Math.min(1, done / Math.max(1, total))));
        const { imported, known } = await importRows(history, file.meta, rows);
        progress.stop();
        console.log(`${path}: ${imported} rows of ${file.meta.channel} imported, ${known} were there already`);
      } catch (error) {
        throw toOneSentence(`cannot import ${path}, nothing of it was stored`, error);
      } finally {
        progress.stop();
        file.close();
      }
    }
  } finally {
    await history.close();
  }
}

// What the database or the disk says is told by its first line; the rest is advice for those who call it.
function toOneSentence(what: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const [reason] = (cause as Error).message.split('\n');
  return new AppError('STORAGE_FAILED', `${what}: ${reason}`, { cause });
}

async function* told<T>(
  rows: AsyncIterable<readonly T[]>,
  onRows: (done: number) => void,
): AsyncGenerator<readonly T[]> {
  let done = 0;
  for await (const some of rows) {
    yield some;
    done += some.length;
    onRows(done);
  }
}
