import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../base/errors.ts';

/** Bytes read at a time. */
export const BLOCK_BYTES = 1 << 20;

/** Opens a file to read. Throws `FILE_INVALID` with the reason where it cannot. */
export async function openFile(path: string): Promise<{ readonly file: FileHandle; readonly bytes: number }> {
  try {
    const file = await open(path, 'r');
    const stat = await file.stat();
    if (stat.isFile()) return { file, bytes: stat.size };
    await file.close();
  } catch (cause) {
    throw new AppError('FILE_INVALID', `${basename(path)}: ${(cause as Error).message}`, { cause });
  }
  throw new AppError('FILE_INVALID', `${basename(path)} is not a file`);
}

/** Bytes `from .. to-1` of a file, in blocks of whole `unitBytes`; each block is good until the next is asked for. */
export async function* readBlocks(
  file: FileHandle,
  { from, to, unitBytes, name }: { from: number; to: number; unitBytes: number; name: string },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const block = new Uint8Array(BLOCK_BYTES - (BLOCK_BYTES % unitBytes));
  let at = from;
  while (at < to) {
    const wanted = Math.min(block.length, to - at);
    await fill(file, block.subarray(0, wanted), { at, name });
    at += wanted;
    yield block.subarray(0, wanted);
  }
}

async function fill(file: FileHandle, into: Uint8Array, { at, name }: { at: number; name: string }): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, at + done);
    if (bytesRead === 0) {
      throw new AppError('FILE_INVALID', `${name} ends at byte ${at + done}, expected ${at + into.length} or more`);
    }
    done += bytesRead;
  }
}
