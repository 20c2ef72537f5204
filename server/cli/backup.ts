import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { AppError } from '../base/errors.ts';
import { type CopiedFile, copyWhole, filesBelow, syncFolders } from './copy-tree.ts';
import { createProgress } from './progress.ts';
import { addStorageOptions, type StorageFlags, storageDirectory } from './storage-options.ts';
import { undoOnFailure } from './undo-on-failure.ts';

/** In a backup, beside `history/` and `captures/`: every file of it. Written last, so a backup that has it is whole. */
export const BACKUP_LIST = 'backup.json';

export interface BackupList {
  readonly version: 1;
  readonly createdMs: number;
  readonly files: readonly CopiedFile[];
}

/** `fenestra backup FOLDER` */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('copy history and recordings to a new folder, of a running server too')
    .argument('<folder>', 'where to; must not exist')
    .addHelpText('after', HELP);
  return addStorageOptions(command).action(run);
}

const HELP = `
Everything that was acknowledged before the command began is in the backup. It is laid out as a storage directory, with
a list of its files and their checksums; fenestra restore checks it and makes a storage directory of it.`;

async function run(folder: string, flags: StorageFlags): Promise<void> {
  const target = resolve(folder);
  if (existsSync(target)) throw new AppError('FILE_INVALID', `${folder} exists, expected a folder that is to be made`);
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  const directory = storageDirectory(flags);
  const { openSnapshot } = await import('./open-snapshot.ts'); // loads the database only where it is used
  const snapshot = await openSnapshot(directory);
  try {
    await undoOnFailure(
      async () => {
        const sources = [
          { from: snapshot.path, to: 'history' },
          { from: join(directory, 'captures'), to: 'captures' },
        ];
        await mkdir(partial, { recursive: true });
        await copyAll(sources, partial);
        await rename(partial, target);
        await syncFolders(target);
      },
      async () => {
        await rm(partial, { recursive: true, force: true });
        await snapshot.close();
      },
    ).catch(failWriting(folder));
  } finally {
    await snapshot.close();
  }
}

async function copyAll(sources: readonly { from: string; to: string }[], partial: string): Promise<void> {
  const createdMs = Date.now();
  const plan: { from: string; path: string; bytes: number }[] = [];
  for (const { from, to } of sources) {
    for (const path of await filesBelow(from)) {
      plan.push({ from: join(from, path), path: `${to}/${path}`, bytes: (await stat(join(from, path))).size });
    }
  }
  const total = plan.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = createProgress('backing up');
  const files: CopiedFile[] = [];
  let done = 0;
  try {
    for (const { from, path } of plan) {
      const copied = await copyWhole(from, join(partial, path), (bytes) => {
        done += bytes;
        progress.update(Math.min(1, done / Math.max(1, total)));
      }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' && !existsSync(from)) return undefined; // a recording that was removed meanwhile
        throw error;
      });
      if (copied !== undefined) files.push({ path, ...copied });
    }
  } finally {
    progress.stop();
  }
  const list: BackupList = { version: 1, createdMs, files };
  await writeFile(join(partial, BACKUP_LIST), `${JSON.stringify(list)}\n`, { flush: true });
}

/** Tells a failed file operation in a sentence, with the folder that was named. */
export function failWriting(folder: string): (error: Error) => never {
  return (error) => {
    if (error instanceof AppError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new AppError('FILE_INVALID', `cannot write ${folder}: ${error.message}`, { cause: error });
  };
}
