import { type FileHandle, open } from 'node:fs/promises';

const BLOCK_BYTES = 4096;
/** More than a segment has: of a longer file the rest is not read. */
const MOST_BYTES = 256 << 20;

/**
 * Reads the first `most` bytes of a file, with zeros in blocks that the disk
 * cannot read. Throws where the file cannot be opened.
 */
export async function readSegment(path: string, most = MOST_BYTES): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.min((await handle.stat()).size, most));
    if (!(await fill(handle, bytes, 0, bytes.length))) {
      for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
        const end = Math.min(at + BLOCK_BYTES, bytes.length);
        if (!(await fill(handle, bytes, at, end))) bytes.fill(0, at, end);
      }
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

async function fill(handle: FileHandle, bytes: Buffer, from: number, to: number): Promise<boolean> {
  try {
    for (let at = from; at < to; ) {
      const { bytesRead } = await handle.read(bytes, at, to - at, at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EIO') return false; // how a disk says that it lost a block
    throw error;
  }
}
