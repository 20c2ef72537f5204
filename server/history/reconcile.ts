import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Catalogue } from './catalogue.ts';
import { cutOffImports, forgetImports } from './cut-off-imports.ts';
import type { Database } from './database.ts';
import { FileChecks } from './file-checks.ts';
import { insertLoss } from './losses.ts';
import type { Quarantine } from './quarantine.ts';
import { removeEmpty, removeSealed } from './remove-sealed.ts';
import {
  checksum,
  countSealed,
  namedChecksum,
  type Piece,
  readMeta,
  SEALED,
  type SealedFile,
  type SealedMeta,
  TEMPORARY,
  toSealedFile,
} from './sealed-file.ts';
import { insertFile, listFiles, listPaths, storeStreams, tableOf } from './sealed-list.ts';
import { segmentPath } from './segment.ts';

export interface ReconcileOptions {
  readonly folder: string;
  readonly quarantine: Quarantine;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Reconciled {
  readonly adopted: number;
  readonly removed: number;
  readonly damaged: number;
}

interface Unlisted {
  readonly file: SealedFile;
  readonly meta: SealedMeta;
}

/**
 * Makes the list and the disk agree: removes what a crash has left, and lists
 * again what the list does not know, as after its loss. A piece is served from
 * one place only: a listed segment, a listed file, then the unlisted file that
 * holds most pieces. Damaged files go to quarantine: those that nobody lists,
 * and listed ones in whose place an unlisted one may stand.
 */
export async function reconcile(
  database: Database,
  catalogue: Catalogue,
  options: ReconcileOptions,
): Promise<Reconciled> {
  const { folder } = options;
  const found = await findUnlisted(database, catalogue, options);
  const { unlisted } = found;
  const { covered, damaged: damagedRivals } = await findCovered(database, catalogue, options, unlisted);
  let { removed } = found;
  let damaged = found.damaged + damagedRivals;
  for (const { id } of await catalogue.segments()) {
    if (existsSync(segmentPath(folder, id))) covered.segments.add(id);
  }
  const cutOff = [...(await catalogue.openImports()), ...(await cutOffImports(folder))];
  for (const id of cutOff) covered.segments.add(id); // an import is there as a whole or not at all
  let adopted = 0;
  unlisted.sort((a, b) => b.meta.pieces.length - a.meta.pieces.length);
  for (const one of unlisted) {
    const known = one.meta.pieces.filter((piece) => covered.has(one.meta, piece)).length;
    if (known === 0) {
      await adopt(catalogue, one);
      covered.add(one.meta);
      adopted++;
    } else if (known === one.meta.pieces.length) {
      await removeSealed([join(folder, SEALED, one.file.path)]);
      removed++;
    } else {
      const { path } = one.file;
      await putAside(
        catalogue,
        options,
        { path, rows: undefined },
        'some of its rows are in another file and some are not',
      );
      damaged++;
    }
  }
  if (cutOff.length > 0) await forgetImports(folder);
  await catalogue.endImports(cutOff);
  return { adopted, removed, damaged };
}

async function adopt(catalogue: Catalogue, { file, meta }: Unlisted): Promise<void> {
  await catalogue.changeStreams(async (connection) => {
    await insertFile(connection, file);
    await storeStreams(connection, meta.streams, file);
  });
}

async function putAside(
  catalogue: Catalogue,
  options: ReconcileOptions,
  { path, rows }: { readonly path: string; readonly rows: number | undefined },
  why: string,
): Promise<void> {
  const { folder, quarantine, clock, log } = options;
  const loss = { atMs: clock.nowMs(), what: `${SEALED}/${path}`, why, rows };
  await catalogue.change((connection) => insertLoss(connection, loss));
  await quarantine.move([join(folder, SEALED, path)], loss);
  log.error(loss, `${loss.what} cannot be used (${why}) and is in quarantine`);
}

/** Which pieces have their place. */
class Covered {
  readonly segments = new Set<number>();
  readonly #pieces = new Set<string>();

  add(meta: SealedMeta): void {
    for (const piece of meta.pieces) this.#pieces.add(keyOf(meta, piece));
  }

  has(meta: SealedMeta, piece: Piece): boolean {
    return this.segments.has(piece.segment) || this.#pieces.has(keyOf(meta, piece));
  }
}

function keyOf({ kind, tier, channel }: SealedMeta, { segment, day }: Piece): string {
  return `${kind ?? ''}/${tier}/${channel}/${segment}/${day}`;
}

function shelfOf({ path, tier, channel }: SealedFile): string {
  return `${tableOf(path)}/${tier}/${channel}`;
}

async function findUnlisted(database: Database, catalogue: Catalogue, options: ReconcileOptions) {
  const { folder } = options;
  const listed = new Set<string>();
  await database.use(async (connection) => {
    for await (const paths of listPaths(connection)) for (const path of paths) listed.add(path);
  });
  const unlisted: Unlisted[] = [];
  let removed = 0;
  let damaged = 0;
  const { files, empty } = await sealedPaths(folder);
  for (const path of empty) await removeEmpty(join(folder, SEALED, path));
  for (const path of files) {
    if (listed.has(path)) continue;
    const full = join(folder, SEALED, path);
    if (path.endsWith(TEMPORARY)) {
      await removeSealed([full]);
      removed++;
      continue;
    }
    const found = await database.use((connection) => readUnlisted(connection, path, full));
    if (typeof found !== 'string') {
      unlisted.push(found);
      continue;
    }
    await putAside(catalogue, options, { path, rows: await rowsOf(database, full) }, found);
    damaged++;
  }
  return { unlisted, removed, damaged };
}

// A file nobody lists proves itself by the checksum in its name.
async function readUnlisted(connection: DuckDBConnection, path: string, full: string): Promise<Unlisted | string> {
  const sum = await checksum(full);
  const named = namedChecksum(path);
  if (named !== sum.crc32) return `its checksum is not that of its name`;
  const meta = await readMeta(connection, full);
  return { meta, file: toSealedFile(path, meta, sum) };
}

// What the end of a damaged file says, which may be whole.
function rowsOf(database: Database, full: string): Promise<number | undefined> {
  return database.use((connection) => countSealed(connection, full)).catch(() => undefined);
}

// Pieces of listed files that are there and whole, as far as unlisted ones could hold them too.
async function findCovered(
  database: Database,
  catalogue: Catalogue,
  options: ReconcileOptions,
  unlisted: readonly Unlisted[],
): Promise<{ covered: Covered; damaged: number }> {
  const covered = new Covered();
  let damaged = 0;
  if (unlisted.length === 0) return { covered, damaged };
  const checks = new FileChecks({ ...options, catalogue });
  const rivals = new Set(unlisted.map(({ file }) => shelfOf(file)));
  const rivalPieces = new Set(unlisted.flatMap(({ meta }) => meta.pieces.map((piece) => keyOf(meta, piece))));
  const listed = await database.use(async (connection) => [
    ...(await listFiles(connection)),
    ...(await listFiles(connection, 'true', 'diagnosis_files')),
  ]);
  for (const file of listed) {
    const full = join(options.folder, SEALED, file.path);
    if (!rivals.has(shelfOf(file)) || !existsSync(full)) continue;
    const meta = await database.use((connection) => readMeta(connection, full)).catch((error: Error) => error);
    const isRival = meta instanceof Error || meta.pieces.some((piece) => rivalPieces.has(keyOf(meta, piece)));
    if (isRival && !(await checks.verify(file))) {
      damaged++; // an unlisted one may have its rows
      continue;
    }
    if (meta instanceof Error) throw meta;
    covered.add(meta);
  }
  return { covered, damaged };
}

// The files, and the folders without any, which a crash or a removed file may leave.
async function sealedPaths(folder: string): Promise<{ files: string[]; empty: string[] }> {
  const root = join(folder, SEALED);
  if (!existsSync(root)) return { files: [], empty: [] };
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const pathOf = (path: string) =>
    path
      .slice(root.length + 1)
      .split(sep)
      .join('/');
  const used = new Set(entries.map(({ parentPath }) => parentPath));
  const empty = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !used.has(path));
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return { files: files.map(pathOf), empty: empty.map(pathOf) };
}
