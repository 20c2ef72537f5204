import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { type CaptureReply, overviewBytes } from '../wire/captures.ts';
import type { CaptureFiles } from './capture-files.ts';

const READ_BYTES = 1 << 20;

/** What a recording's files are held against. */
export type CaptureShape = Pick<CaptureReply, 'bytes' | 'sha512' | 'overview'>;

/** Says which bytes of samples were checked: they are others where it is. */
export async function stampOf(files: Pick<CaptureFiles, 'data'>): Promise<string> {
  const { size, mtimeMs } = await stat(files.data);
  return `${size} ${mtimeMs}`;
}

/** Why files cannot be those of a whole recording, in words, by their sizes; undefined where they can. Rejects where a file cannot be opened now. */
export async function sizeFault(files: CaptureFiles, { bytes, overview }: CaptureShape): Promise<string | undefined> {
  return (
    (await lengthFault(files.data, 'samples', bytes)) ??
    (await lengthFault(files.overview, 'overview', overviewBytes(overview).all)) ??
    (await lengthFault(files.meta, 'metadata', undefined))
  );
}

/** The same, by the checksum of the samples. `pause` is awaited after each MiB. Rejects where they cannot be read now. */
export async function checksumFault(
  files: CaptureFiles,
  { sha512 }: CaptureShape,
  pause: () => Promise<void> | void,
): Promise<string | undefined> {
  const hash = createHash('sha512');
  for await (const piece of createReadStream(files.data, { highWaterMark: READ_BYTES })) {
    hash.update(piece as Buffer);
    await pause();
  }
  const found = hash.digest('hex');
  return found === sha512
    ? undefined
    : `its samples are damaged: sha512 ${found.slice(0, 16)}…, expected ${sha512.slice(0, 16)}…`;
}

// Opened, not only looked at: what cannot be read is not served.
async function lengthFault(path: string, what: string, expected: number | undefined): Promise<string | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    if (size === expected || (expected === undefined && size > 0)) return undefined;
    return `its ${what} are damaged: ${size} bytes, expected ${expected ?? 'some'}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return `its ${what} are not there any more`;
    throw error;
  } finally {
    await file?.close();
  }
}
