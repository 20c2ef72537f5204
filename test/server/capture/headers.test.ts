import { describe, expect, it } from 'vitest';
import { npyHeader } from '../../../server/capture/npy-header.ts';
import { tarHeader, tarPadding } from '../../../server/capture/tar-header.ts';
import { wavHeader } from '../../../server/capture/wav-header.ts';

describe('NPY header', () => {
  it('is what NumPy writes', () => {
    const header = npyHeader('i2', 1234);

    expect(header.length % 64).toBe(0);
    expect(header.subarray(0, 10).toString('hex')).toBe('934e554d50590100' + '7600'); // 118 characters of text
    expect(header.toString('latin1', 10).trimEnd()).toBe(
      "{'descr': '<i2', 'fortran_order': False, 'shape': (1234,), }",
    );
    expect(npyHeader('u1', 1).toString('latin1')).toContain("'|u1'");
  });
});

describe('WAV header', () => {
  it('is RIFF with 16 bits a sample', () => {
    const header = wavHeader({ isFloat: false, sampleBytes: 2, rateHz: 10_000_000, dataBytes: 6 });

    expect(header.toString('latin1', 0, 4) + header.toString('latin1', 8, 16)).toBe('RIFFWAVEJUNK');
    expect(header.readUInt32LE(4)).toBe(header.length - 8 + 6);
    expect(header.subarray(48).toString('hex')).toBe(
      '666d742010000000' + '01000100' + '80969800' + '002d3101' + '02001000' + '6461746106000000',
    );
  });

  it('is RF64 from 4 GiB on, with the sizes in 64 bits', () => {
    const dataBytes = 5 * 2 ** 30;
    const header = wavHeader({ isFloat: true, sampleBytes: 8, rateHz: 1000, dataBytes });

    expect(header.toString('latin1', 0, 4) + header.toString('latin1', 8, 16)).toBe('RF64WAVEds64');
    expect([header.readUInt32LE(4), header.readUInt32LE(76)]).toEqual([2 ** 32 - 1, 2 ** 32 - 1]);
    expect([20, 28, 36].map((at) => Number(header.readBigUInt64LE(at)))).toEqual([
      dataBytes + header.length - 8,
      dataBytes,
      dataBytes / 8,
    ]);
    expect(header.readUInt16LE(56)).toBe(3);
  });
});

describe('tar header', () => {
  it('has its fields in octal, and a checksum over the block', () => {
    const block = tarHeader({ name: 'a/a.sigmf-data', bytes: 1000, modified: 1_700_000_000 });

    expect(block).toHaveLength(512);
    expect(block.toString('latin1', 0, 15)).toBe('a/a.sigmf-data\0');
    expect(block.toString('latin1', 124, 148)).toBe('00000001750\x0014524770400\x00'.slice(0, 24));
    expect(block.toString('latin1', 257, 265)).toBe('ustar\x0000');
    const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
    expect(parseInt(block.toString('latin1', 148, 154), 8)).toBe(sum);
  });

  it('has a size past 8 GiB in binary', () => {
    const block = tarHeader({ name: 'a', bytes: 2 ** 40, modified: 0 });

    expect(block.readUInt8(124)).toBe(0x80);
    expect(Number(block.readBigUInt64BE(128))).toBe(2 ** 40);
  });

  it('pads to whole blocks', () => {
    expect([0, 1, 511, 512, 513].map((bytes) => tarPadding(bytes).length)).toEqual([0, 511, 1, 0, 511]);
  });
});
