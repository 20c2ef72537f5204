import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { metaPath, type RunsMeta } from '../../models/training/datasets/runs-meta.ts';
import { publish } from '../base/durable-file.ts';
import { AppError } from '../base/errors.ts';

/**
 * A table of runs that is written, which has its name only when it is whole.
 * `open` comes first; then `finish`, or `abandon` at any time. Failures are
 * `FILE_INVALID`.
 */
export class RunFile {
  readonly #path: string;
  #out: WriteStream | undefined;
  #failure: Error | undefined;

  /** Throws `FILE_INVALID` where the name is not that of a table. */
  constructor(path: string) {
    if (!path.endsWith('.csv')) throw new AppError('FILE_INVALID', `output ${path}, expected a name ending in .csv`);
    this.#path = path;
  }

  async open(heading: readonly string[]): Promise<void> {
    const out = createWriteStream(this.#partial);
    this.#out = out;
    await once(out, 'open').catch((error: Error) => this.#fail(error));
    out.on('error', (error) => {
      this.#failure ??= error;
    });
    await this.write(`${heading.join()}\n`);
  }

  /** Resolves when there is room for more. */
  async write(lines: string): Promise<void> {
    const out = this.#out as WriteStream;
    if (this.#failure !== undefined) this.#fail(this.#failure);
    if (!out.write(lines)) await once(out, 'drain').catch((error: Error) => this.#fail(error));
  }

  /** Gives the table its name, and what it does not say of itself a file beside it. */
  async finish(meta: RunsMeta): Promise<void> {
    const out = this.#out as WriteStream;
    try {
      out.end();
      await finished(out);
      await writeFile(this.#partialMeta, `${JSON.stringify(meta, undefined, 2)}\n`, { flush: true });
      await publish(this.#partialMeta, metaPath(this.#path));
      await publish(this.#partial, this.#path);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Removes what there is. May be called twice. */
  async abandon(): Promise<void> {
    this.#out?.destroy();
    await rm(this.#partial, { force: true });
    await rm(this.#partialMeta, { force: true });
  }

  get #partial(): string {
    return `${this.#path}.partial`;
  }

  get #partialMeta(): string {
    return `${metaPath(this.#path)}.partial`;
  }

  #fail(cause: Error): never {
    throw new AppError('FILE_INVALID', `cannot write ${this.#path}: ${cause.message}`, { cause });
  }
}
