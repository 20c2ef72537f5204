import { describe, expect, it } from 'vitest';
import { FileOpener } from '../../../server/history/file-opener.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import type { SealedFile } from '../../../server/history/sealed-file.ts';

describe('FileOpener', () => {
  it('checks no more files once nobody waits for the reading', async () => {
    const left = new AbortController();
    let checked = 0;
    const verify = async () => {
      checked++;
      left.abort(new Error('left'));
      return true;
    };
    const opener = new FileOpener({ folder: '/', uses: new FileUses(), checks: { verify }, signal: left.signal });

    const files = Array.from({ length: 100 }, (_, i) => file(`${i}.parquet`));
    await expect(opener.open(files)).rejects.toThrow('left');
    expect(checked).toBe(8); // at a time
    await opener.close();
  });
});

function file(path: string): SealedFile {
  return { path, tier: 0, day: '2026-01-01', channel: 'A', rows: 1, bytes: 1, crc32: 0, ...segments, ...times };
}

const segments = { firstSegment: 1, lastSegment: 1 };
const times = { fromNs: 0n, toNs: 1n, storedMs: 0 };
