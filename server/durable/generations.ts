import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, sync } from '../base/durable-file.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { PARTIAL } from '../base/whole-file.ts';
import { AppendLog, type AppendLogOptions } from './append-log.ts';
import { QUARANTINE } from './quarantine.ts';

/** Records are copied so many at a time, but one at least. */
const BATCH_BYTES = 1 << 20;
const NAME = /^\d{8}$/;

type NewLog = Omit<AppendLogOptions, 'folder'>;

/** A log and which of its records are kept. */
export interface KeptRecords {
  readonly log: AppendLog;
  readonly sequences: ReadonlySet<number>;
}

/**
 * Finds the newest of the folders of a store, each a log with all that is kept,
 * and removes the others. One is written under another name and renamed when it
 * is whole, so the one with the largest number is the store.
 */
export async function newestGeneration(folder: string, log: Logger): Promise<number> {
  await makeFolder(folder);
  await sync(folder); // before others are removed, and before a change is written to what was renamed
  const names = await readdir(folder);
  const numbers = names.filter((name) => NAME.test(name)).map(Number);
  const newest = Math.max(1, ...numbers);
  for (const name of names) {
    if (name.endsWith(PARTIAL)) await remove(join(folder, name), log);
    if (NAME.test(name) && Number(name) !== newest) await removeOld(folder, Number(name), log);
  }
  return newest;
}

export function generationFolder(folder: string, number: number): string {
  return join(folder, String(number).padStart(8, '0'));
}

/** Writes the next generation: a first record, and those that are kept in their order. The old one stays; where this rejects, that is still the newest. */
export async function writeGeneration(path: string, first: Buffer, kept: KeptRecords, options: NewLog): Promise<void> {
  const partial = path + PARTIAL;
  try {
    await rm(partial, { recursive: true, force: true });
    await copyRecords(partial, first, kept, options);
    await rename(partial, path);
  } catch (error) {
    if (existsSync(path)) return; // it was renamed, whatever was said
    await remove(partial, options.log);
    throw error;
  }
}

async function copyRecords(folder: string, first: Buffer, kept: KeptRecords, options: NewLog): Promise<void> {
  const log = await AppendLog.open({ ...options, folder });
  try {
    let batch = [first];
    let bytes = 0;
    let count = 0;
    for await (const { sequence, payload } of kept.log.read(1)) {
      if (!kept.sequences.has(sequence)) continue;
      if (bytes + payload.length > BATCH_BYTES) {
        await log.append(batch);
        batch = [];
        bytes = 0;
      }
      batch.push(payload);
      bytes += payload.length;
      count++;
    }
    await log.append(batch);
    if (count !== kept.sequences.size) {
      throw new AppError('STORAGE_FAILED', `${count} records could be read, ${kept.sequences.size} expected`);
    }
  } finally {
    await log.close();
  }
}

// What lies in its quarantine is kept beside.
async function removeOld(folder: string, number: number, log: Logger): Promise<void> {
  const old = generationFolder(folder, number);
  try {
    if ((await readdir(old)).includes(QUARANTINE)) {
      await makeFolder(join(folder, QUARANTINE));
      await rename(join(old, QUARANTINE), generationFolder(join(folder, QUARANTINE), number));
      await sync(join(folder, QUARANTINE));
    }
  } catch (err) {
    log.error({ err, path: old }, 'what is damaged could not be put aside');
    return;
  }
  await remove(old, log);
}

async function remove(path: string, log: Logger): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((err: unknown) =>
    log.error({ err, path }, 'a folder that is not needed could not be removed'),
  );
}
