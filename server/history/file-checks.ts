import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Catalogue } from './catalogue.ts';
import { insertLoss, type Loss } from './losses.ts';
import type { Quarantine } from './quarantine.ts';
import { type Checksum, checksum, SEALED, type SealedFile } from './sealed-file.ts';
import { deleteFiles } from './sealed-list.ts';

export interface FileChecksOptions {
  readonly folder: string;
  readonly catalogue: Catalogue;
  readonly quarantine: Quarantine;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Checks sealed files against the list, each once a start, before its first
 * use. One that is wrong goes to quarantine, off the list and into the losses,
 * so that nobody is served from it.
 */
export class FileChecks {
  readonly #options: FileChecksOptions;
  readonly #checks = new Map<string, Promise<boolean>>();

  constructor(options: FileChecksOptions) {
    this.#options = options;
  }

  /** Whether a listed file is as it was sealed. Rejects where that cannot be told, such as for want of file handles or on a disk that fails, and where it is not listed any more. */
  verify(file: SealedFile): Promise<boolean> {
    const known = this.#checks.get(file.path);
    if (known !== undefined) return known;
    const check = this.#check(file);
    this.#checks.set(file.path, check);
    check.catch(() => this.#checks.delete(file.path)); // tried again with the next use
    return check;
  }

  /** Remembers that a file that was just written is as it was sealed. */
  trust(path: string): void {
    this.#checks.set(path, Promise.resolve(true));
  }

  /** Forgets files that are gone. */
  forget(paths: readonly string[]): void {
    for (const path of paths) this.#checks.delete(path);
  }

  async #check(file: SealedFile): Promise<boolean> {
    const why = await findDamage(join(this.#options.folder, SEALED, file.path), file);
    if (why === undefined) return true;
    // Merging and retention take files off the list, then off the disk, while a query that saw the list looks for them.
    if (!(await this.#options.catalogue.isListed(file.path))) throw new Error(`${file.path} is not listed any more`);
    await this.#quarantine(file, why);
    return false;
  }

  async #quarantine(file: SealedFile, why: string): Promise<void> {
    const { folder, catalogue, quarantine, clock, log } = this.#options;
    const { path, rows, fromNs, toNs } = file;
    const loss: Loss = { atMs: clock.nowMs(), what: `${SEALED}/${path}`, why, rows, fromNs, toNs };
    await catalogue.change(async (connection) => {
      await deleteFiles(connection, [path]);
      await insertLoss(connection, loss);
    });
    await quarantine.move([join(folder, SEALED, path)], loss);
    log.error(loss, `${loss.what} is damaged (${why}) and in quarantine; its ${rows} rows are lost`);
  }
}

/** What is wrong with a file, in words. Rejects where it cannot be read: that a disk fails now does not make a file wrong for good. */
async function findDamage(path: string, expected: Checksum): Promise<string | undefined> {
  const found = await checksum(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return 'the file is missing';
    if (error.code === 'EISDIR') return 'it is a folder';
    throw error;
  });
  if (typeof found === 'string') return found;
  if (found.bytes !== expected.bytes) return `${found.bytes} bytes, expected ${expected.bytes}`;
  if (found.crc32 !== expected.crc32) return `checksum ${hex(found.crc32)}, expected ${hex(expected.crc32)}`;
  return undefined;
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
