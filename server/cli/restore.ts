import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { sync } from '../base/durable-file.ts';
import { AppError } from '../base/errors.ts';
import { RESTORING } from '../history/unfinished-restore.ts';
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
      path: z.string().regex(/^(history|captures|alarms|boards)(\/(?!\.\.?(\/|$))[^/\0\\]+)+$/),
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
The storage directory must be empty or absent; it may be a mount point. Every file is checked as it is copied; where one
is damaged nothing is restored. What a restore that was cut off has left is no history to any command: restore again. A
damaged backup can still be copied to a storage directory by hand: the server puts aside what is wrong.`;

// The history last: it is what a storage directory is known by.
const PARTS = ['captures', 'alarms', 'boards', 'history'];
const LOST_AND_FOUND = 'lost+found'; // of the file system, where the directory is its root

async function run(folder: string, flags: StorageFlags): Promise<void> {
  const backup = resolve(folder);
  const target = storageDirectory(flags);
  const { files } = await readList(join(backup, BACKUP_LIST));
  await refuseFilled(target);
  let made: string | undefined;
  await undoOnFailure(
    async () => {
      await clear(target);
      made = await mkdir(target, { recursive: true });
      await copyChecked(files, backup, join(target, RESTORING));
      await finish(target);
    },
    async () => {
      await clear(target);
      if (made !== undefined) await rm(made, { recursive: true, force: true });
    },
  ).catch(failWriting(target));
}

async function refuseFilled(target: string): Promise<void> {
  if (!existsSync(target)) return;
  const found = (await readdir(target)).filter((name) => name !== LOST_AND_FOUND);
  const allowed = found.includes(RESTORING) ? [RESTORING, ...PARTS] : [];
  const filled = found.find((name) => !allowed.includes(name));
  if (filled === undefined) return;
  throw new AppError(
    'FILE_INVALID',
    `${target} is not empty (it holds ${filled}), expected an empty storage directory or none`,
  );
}

/** Removes what a restore has left that did not end; the mark goes last. */
async function clear(target: string): Promise<void> {
  for (const name of [...PARTS, RESTORING]) {
    if (existsSync(join(target, RESTORING))) await rm(join(target, name), { recursive: true, force: true });
  }
}

// All is on the disk before a part has its name, and all parts have theirs before the mark goes.
async function finish(target: string): Promise<void> {
  const from = join(target, RESTORING);
  await syncFolders(from);
  for (const name of PARTS) {
    if (existsSync(join(from, name))) await rename(join(from, name), join(target, name));
  }
  await sync(target);
  await rm(from, { recursive: true });
  await sync(target);
  await sync(dirname(target));
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
