import { createReadStream, type Dirent } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { crc32 } from 'node:zlib';
import { sync } from '../base/durable-file.ts';

export interface CopiedFile {
  /** Below the root, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly crc32: number;
}

const PIECE_BYTES = 1 << 20;

/** Every file below a folder, as paths relative to it with `/`; none where the folder is not there. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException): Dirent[] => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    );
}

/** Copies a file, making folders as needed; resolves when the copy is on the disk. `onBytes` is told of each piece. */
export async function copyWhole(
  from: string,
  to: string,
  onBytes: (bytes: number) => void,
): Promise<Omit<CopiedFile, 'path'>> {
  await mkdir(dirname(to), { recursive: true });
  const out = await open(to, 'wx');
  try {
    let bytes = 0;
    let sum = 0;
    for await (const piece of createReadStream(from, { highWaterMark: PIECE_BYTES })) {
      const chunk = piece as Buffer;
      for (let at = 0; at < chunk.length; ) at += (await out.write(chunk, at)).bytesWritten;
      bytes += chunk.length;
      sum = crc32(chunk, sum);
      onBytes(chunk.length);
    }
    await out.sync();
    return { bytes, crc32: sum };
  } finally {
    await out.close();
  }
}

/** Resolves when the names of all files below a folder are on the disk. */
export async function syncFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await sync(join(entry.parentPath, entry.name));
  await sync(folder);
  await sync(dirname(folder));
}
