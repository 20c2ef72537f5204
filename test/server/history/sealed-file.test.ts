import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { checksum } from '../../../server/history/sealed-file.ts';
import { Folder } from '../../support/folder.ts';

const folder = new Folder();

it.each([0, 1, 65_535, 65_536, 65_537, 1_114_112, 1_114_113, 3_300_007])(
  'sums a file of %i bytes as a whole, however it is read',
  async (bytes) => {
    const content = Buffer.alloc(bytes).map((_, i) => Math.imul(i, 2_654_435_761) >>> 24);

    expect(await checksum(folder.write('content', content))).toEqual({ bytes, crc32: crc32(content) });
  },
);
