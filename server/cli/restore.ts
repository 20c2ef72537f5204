import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { BACKUP_LIST, type BackupList, failWriting } from './backup.ts';
import { copyWhole, syncFolders } from './copy-tree.ts';
import { createProgress } from './progress.ts';
import { addStorageOptions, type StorageFlags, storageDirectory } from './storage-options.ts';
import { undoOnFailure } from './undo-on-failure.ts';

// Whoever wrote a backup, its list names nothing outside of it.
const List = z.object({
  version: z.literal(1),
  createdMs: z.number(),
  files: z.array(
    z.object({
      path: z.string().regex(/^(history|captures)(\/(?!\.\.?(\/|$))[^/\0\\]+)+$/),
      bytes: z.int().min(0),
      crc32: z.int().min(0),
    }),
  ),
});

/** `fenestra restore FOLDER` */
export function restoreCommand(): Command {
  const command = new Command('restore')
    .description('make a storage directory of a backup')
    .argument('<folder>', 'the backup')
    .addHelpText('after', HELP);
  return addStorageOptions(command).action(run);
}

const HELP = `
The storage directory must be empty or absent. Every file is checked as it is copied; where one is damaged nothing is
restored. A damaged backup can still be copied to a storage directory by hand: the server puts aside what is wrong.`;

async function run(folder: string, flags: StorageFlags): Promise<void> {
  const backup = resolve(folder);
  const target = storageDirectory(flags);
  const { files } = await readList(join(backup, BACKUP_LIST));
  if (existsSync(target) && (await readdir(target)).length > 0) {
    throw new AppError('FILE_INVALID', `${target} is not empty, expected an empty storage directory or none`);
  }
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await undoOnFailure(
    async () => {
      await mkdir(partial, { recursive: true });
      await copyChecked(files, backup, partial);
      await rename(partial, target);
      await syncFolders(target);
    },
    () => rm(partial, { recursive: true, force: true }),
  ).catch(failWriting(target));
}

async function readList(path: string): Promise<BackupList> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('FILE_INVALID', `cannot read ${path}, which a whole backup has: ${reason}`, { cause: error });
  }
  const list = List.safeParse(content);
  if (!list.success)
    throw new AppError('FILE_INVALID', `${path} is not the list of a backup: ${z.prettifyError(list.error)}`);
  return list.data;
}

async function copyChecked(files: BackupList['files'], backup: string, partial: string): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = createProgress('restoring');
  let done = 0;
  try {
    for (const { path, bytes, crc32 } of files) {
      const from = join(backup, path);
      if (!existsSync(from)) throw new AppError('FILE_INVALID', `${from} is missing: the backup is damaged`);
      const copied = await copyWhole(from, join(partial, path), (piece) => {
        done += piece;
        progress.update(Math.min(1, done / Math.max(1, total)));
      });
      if (copied.bytes === bytes && copied.crc32 === crc32) continue;
      const found = `${copied.bytes} bytes with checksum ${copied.crc32}`;
      throw new AppError('FILE_INVALID', `${from} has ${found}, expected ${bytes} and ${crc32}: the backup is damaged`);
    }
  } finally {
    progress.stop();
  }
}
