import { join } from 'node:path';
import type { FileChecks } from './file-checks.ts';
import type { FileUses } from './file-uses.ts';
import { SEALED, type SealedFile } from './sealed-file.ts';

export interface FileOpenerOptions {
  /** The history's folder. */
  readonly folder: string;
  readonly uses: FileUses;
  readonly checks: Pick<FileChecks, 'verify'>;
  /** Aborted when nobody waits for the reading any more. */
  readonly signal?: AbortSignal | undefined;
}

/** Files that are checked at a time; each is open meanwhile. */
const CHECKS = 8;

/** The sealed files of one reading: kept on the disk until it is closed, and checked before their first use. */
export class FileOpener {
  readonly #options: FileOpenerOptions;
  readonly #releases: (() => Promise<void>)[] = [];

  constructor(options: FileOpenerOptions) {
    this.#options = options;
  }

  /** Paths of files that may be read. Throws where one has just gone to quarantine: then the list is another; and the reason of `signal`. */
  async open(files: readonly SealedFile[]): Promise<string[]> {
    const { folder, uses, checks, signal } = this.#options;
    const paths = files.map(({ path }) => join(folder, SEALED, path));
    this.#releases.push(uses.hold(paths));
    for (let at = 0; at < files.length; at += CHECKS) {
      signal?.throwIfAborted();
      const some = files.slice(at, at + CHECKS);
      const areGood = await Promise.all(some.map((file) => checks.verify(file)));
      const bad = areGood.indexOf(false);
      if (bad >= 0) throw new Error(`${some[bad].path} has gone to quarantine`);
    }
    return paths;
  }

  async close(): Promise<void> {
    for (const release of this.#releases.splice(0)) await release();
  }
}
