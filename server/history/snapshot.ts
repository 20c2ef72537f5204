import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Catalogue, cataloguePath } from './catalogue.ts';
import type { Database } from './database.ts';
import { SEALED } from './sealed-file.ts';
import { listPaths } from './sealed-list.ts';
import { segmentName, segmentPath } from './segment.ts';

const SNAPSHOTS = 'snapshots';

export interface SnapshotOptions {
  readonly database: Database;
  readonly catalogue: Catalogue;
  /** Of the history. */
  readonly folder: string;
}

/**
 * Makes a folder in which the history is as it stood: everything durable at the
 * call is in it. Commits go on meanwhile. Sealed files are in it as further
 * names of the same content, databases as copies that DuckDB makes within a
 * transaction. Returns its path; `dropSnapshot` removes it.
 */
export async function makeSnapshot(options: SnapshotOptions, name: string): Promise<string> {
  const target = join(options.folder, SNAPSHOTS, name);
  try {
    await mkdir(target, { recursive: true });
    // Segments before the catalogue: one that is sealed meanwhile is then in its list of files, and one that begins is
    // after the call.
    const copied = await copySegments(options, target, name);
    await copyCatalogue(options, target, { name, copied });
    return target;
  } catch (error) {
    await dropSnapshot(target);
    throw error;
  }
}

export async function dropSnapshot(target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
}

/** Removes what a crash has left of snapshots. */
export async function dropSnapshots(folder: string): Promise<void> {
  await rm(join(folder, SNAPSHOTS), { recursive: true, force: true });
}

async function copySegments({ database, catalogue }: SnapshotOptions, target: string, name: string): Promise<number[]> {
  const copied: number[] = [];
  for (const { id } of await catalogue.segments()) {
    try {
      await copyDatabase(database, segmentName(id), { as: `copy_${name}`, path: segmentPath(target, id) });
      copied.push(id);
    } catch (error) {
      if ((await catalogue.segments()).some((segment) => segment.id === id)) throw error; // else it has just been sealed
    }
  }
  return copied;
}

async function copyCatalogue(
  { database, catalogue, folder }: SnapshotOptions,
  target: string,
  { name, copied }: { name: string; copied: readonly number[] },
): Promise<void> {
  const copy = `copy_${name}`;
  // Nothing is listed or taken off the list until all files have their second name.
  await catalogue.exclusive(async () => {
    await copyDatabase(database, 'catalogue', {
      as: copy,
      path: cataloguePath(target),
      also: `DELETE FROM ${copy}.segments WHERE NOT list_contains([${copied.join()}]::INTEGER[], id)`,
    });
    await database.use(async (connection) => {
      for await (const paths of listPaths(connection)) {
        for (const path of paths) await addName(join(folder, SEALED, path), join(target, SEALED, path));
      }
    });
  });
}

async function copyDatabase(
  database: Database,
  from: string,
  { as, path, also = '' }: { as: string; path: string; also?: string },
): Promise<void> {
  await database.attach(as, path);
  try {
    await database.run(`COPY FROM DATABASE ${from} TO ${as}`);
    if (also !== '') await database.run(also);
  } finally {
    await database.detach(as);
  }
}

// A file that damage has taken since it was listed is the reader's loss as it is ours.
async function addName(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK') throw error;
    await copyFile(from, to); // a file system without further names
  }
}
