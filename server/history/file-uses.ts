import { removeSealed } from './remove-sealed.ts';

/** Which sealed files are being read, so that none is removed under its reader. Paths are whole ones. */
export class FileUses {
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  /** Files that are to be removed and are still read. */
  get doomed(): number {
    return this.#doomed.size;
  }

  /** Keeps files until `release` is called, once. */
  hold(paths: readonly string[]): () => Promise<void> {
    for (const path of paths) this.#readers.set(path, (this.#readers.get(path) ?? 0) + 1);
    return async () => {
      for (const path of paths) this.#release(path);
      await this.remove(paths.filter((path) => this.#doomed.has(path)));
    };
  }

  /** Removes files that are no longer listed: at once, or when their last reader is done. */
  async remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.#doomed.add(path);
    const free = paths.filter((path) => !this.#readers.has(path));
    await removeSealed(free);
    for (const path of free) this.#doomed.delete(path);
  }

  #release(path: string): void {
    const readers = this.#readers.get(path)! - 1;
    if (readers > 0) this.#readers.set(path, readers);
    else this.#readers.delete(path);
  }
}
