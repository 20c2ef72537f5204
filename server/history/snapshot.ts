import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Catalogue, cataloguePath } from './catalogue.ts';
import type { Database } from './database.ts';
import type { FileUses } from './file-uses.ts';
import { SEALED } from './sealed-file.ts';
import { listPaths } from './sealed-list.ts';
import { segmentName, segmentPath } from './segment.ts';

const SNAPSHOTS = 'snapshots';
/** Names that are given at a time. */
const NAMES_AT_ONCE = 16;

export interface SnapshotOptions {
  readonly database: Database;
  readonly catalogue: Catalogue;
  /** Of the history. */
  readonly folder: string;
  readonly uses: FileUses;
  /** Gives a file a second name. */
  readonly addName?: (from: string, to: string) => Promise<void>;
}

/**
 * Makes a folder in which the history is as it stood: everything durable at the
 * call is in it. Commits go on meanwhile. Sealed files are in it as further
 * names of the same content, databases as copies that DuckDB makes within a
 * transaction. The catalogue stands still only until its copy is made and its
 * files are held, not while thousands of them get their names. Returns its path; `dropSnapshot` removes it.
 */
export async function makeSnapshot(options: SnapshotOptions, name: string): Promise<string> {
  const target = join(options.folder, SNAPSHOTS, name);
  try {
    await mkdir(target, { recursive: true });
    // Segments before the catalogue: one that is sealed meanwhile is then in its list of files, and one that begins is
    // after the call.
    const copied = await copySegments(options, target, name);
    const held = await copyCatalogue(options, target, { name, copied });
    try {
      await addNames(options, target, held.paths);
    } finally {
      await held.release();
    }
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

interface HeldFiles {
  /** Of the sealed files that the copy lists, below `sealed/`. */
  readonly paths: readonly string[];
  readonly release: () => Promise<void>;
}

function copyCatalogue(
  { database, catalogue, folder, uses }: SnapshotOptions,
  target: string,
  { name, copied }: { name: string; copied: readonly number[] },
): Promise<HeldFiles> {
  const copy = `copy_${name}`;
  // Nothing is listed or taken off the list until all that the copy lists is held.
  return catalogue.exclusive(async () => {
    await copyDatabase(database, 'catalogue', {
      as: copy,
      path: cataloguePath(target),
      also: `DELETE FROM ${copy}.segments WHERE NOT list_contains([${copied.join()}]::INTEGER[], id)`,
    });
    const paths: string[] = [];
    await database.use(async (connection) => {
      for await (const some of listPaths(connection)) paths.push(...some);
    });
    return { paths, release: uses.hold(paths.map((path) => join(folder, SEALED, path))) };
  });
}

async function addNames(
  { folder, addName = linkFile }: SnapshotOptions,
  target: string,
  paths: readonly string[],
): Promise<void> {
  for (const made of new Set(paths.map(dirname))) await mkdir(join(target, SEALED, made), { recursive: true });
  for (let at = 0; at < paths.length; at += NAMES_AT_ONCE) {
    const some = paths.slice(at, at + NAMES_AT_ONCE);
    const named = some.map((path) => addName(join(folder, SEALED, path), join(target, SEALED, path)));
    await Promise.allSettled(named); // nothing may be added to a folder that is about to be removed
    await Promise.all(named);
  }
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
async function linkFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK') throw error;
    await copyFile(from, to); // a file system without further names
  }
}
