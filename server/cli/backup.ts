import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { AppError } from '../base/errors.ts';
import { type PlannedGroup, planCaptures, planHistory, planLogs } from './backup-plan.ts';
import { type CopiedFile, copyWhole, syncFolders } from './copy-tree.ts';
import { createProgress } from './progress.ts';
import { addStorageOptions, type StorageFlags, storageDirectory } from './storage-options.ts';
import { undoOnFailure } from './undo-on-failure.ts';

/** In a backup, beside `history/`, `captures/`, `alarms/` and `boards/`: every file of it. Written last, so a backup that has it is whole. */
export const BACKUP_LIST = 'backup.json';

export interface BackupList {
  readonly version: 1;
  readonly createdMs: number;
  readonly files: readonly CopiedFile[];
}

/** `fenestra backup FOLDER` */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('copy history, recordings, alarms and boards to a new folder, of a running server too')
    .argument('<folder>', 'where to; must not exist')
    .addHelpText('after', HELP);
  return addStorageOptions(command).action(run);
}

const HELP = `
Everything that was acknowledged, every recording that was ready, and all that was done about alarms and boards, before the command began is in the backup. It is laid out as a storage directory, with
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
        await mkdir(partial, { recursive: true });
        const recordings = await planCaptures(join(directory, 'captures'));
        const logs = [...(await planLogs(directory, 'alarms')), ...(await planLogs(directory, 'boards'))];
        await copyAll([...(await planHistory(snapshot.path)), ...recordings, ...logs], partial);
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

async function copyAll(groups: readonly PlannedGroup[], partial: string): Promise<void> {
  const createdMs = Date.now();
  const total = groups.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = createProgress('backing up');
  const files: CopiedFile[] = [];
  let done = 0;
  try {
    for (const group of groups) {
      const copied = await copyGroup(group, partial, (bytes) => {
        done += bytes;
        progress.update(Math.min(1, done / Math.max(1, total)));
      });
      files.push(...copied);
    }
  } finally {
    progress.stop();
  }
  const list: BackupList = { version: 1, createdMs, files };
  await writeFile(join(partial, BACKUP_LIST), `${JSON.stringify(list)}\n`, { flush: true });
}

/** Copies the files of a group, in their order; none of them is left where one has gone meanwhile. */
async function copyGroup(
  { files, mayGo }: PlannedGroup,
  partial: string,
  onBytes: (bytes: number) => void,
): Promise<CopiedFile[]> {
  const copied: CopiedFile[] = [];
  for (const { from, path } of files) {
    try {
      copied.push({ path, ...(await copyWhole(from, join(partial, path), onBytes)) });
    } catch (error) {
      if (!mayGo || (error as NodeJS.ErrnoException).code !== 'ENOENT' || existsSync(from)) throw error;
      for (const file of files) await rm(join(partial, file.path), { force: true });
      return [];
    }
  }
  return copied;
}

/** Tells a failed file operation in a sentence, with the folder that was named. */
export function failWriting(folder: string): (error: Error) => never {
  return (error) => {
    if (error instanceof AppError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new AppError('FILE_INVALID', `cannot write ${folder}: ${error.message}`, { cause: error });
  };
}
