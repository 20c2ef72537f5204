import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { sync } from '../../server/base/durable-file.ts';
import { AppError } from '../../server/base/errors.ts';
import { ModelManifest } from '../../server/model/manifest.ts';

/** A folder that appears whole or not at all. */
export interface NewFolder {
  /** The name of the model. */
  readonly name: string;
  /** Makes sure, before hours of work, that it can be written. Throws `FILE_INVALID` where not. */
  prepare(): Promise<void>;
  /** Writes the files and puts the folder in its place. */
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  /** Removes what is not in its place yet, and brings back what it was to replace. */
  abandon(): Promise<void>;
}

/** Prepares a model's folder. Throws `REQUEST_INVALID` where the name is none of a model, or the folder is there and is not to be replaced. */
export function newModelFolder(path: string, { replace }: { readonly replace: boolean }): NewFolder {
  const place = resolve(path);
  const name = basename(place);
  const named = ModelManifest.shape.name.safeParse(name);
  if (!named.success) {
    throw new AppError('REQUEST_INVALID', `${name} is no name of a model: it ${named.error.issues[0]!.message}`);
  }
  if (existsSync(place) && !replace) {
    throw new AppError('REQUEST_INVALID', `${path} is there already; --force replaces it`);
  }
  const partial = join(dirname(place), `.${name}.${process.pid}.partial`);
  const replaced = join(dirname(place), `.${name}.${process.pid}.replaced`);
  return {
    name,
    prepare: async () => {
      try {
        await mkdir(partial, { recursive: true });
      } catch (cause) {
        throw new AppError('FILE_INVALID', `cannot write ${path}: ${(cause as Error).message}`, { cause });
      }
    },
    write: async (files) => {
      await mkdir(partial, { recursive: true });
      for (const [file, content] of Object.entries(files)) await writeSynced(join(partial, file), content);
      await sync(partial);
      if (existsSync(place)) await rename(place, replaced);
      await rename(partial, place);
      await sync(dirname(place));
      await rm(replaced, { recursive: true, force: true });
    },
    abandon: async () => {
      await rm(partial, { recursive: true, force: true });
      if (existsSync(replaced) && !existsSync(place)) await rename(replaced, place);
    },
  };
}

async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
