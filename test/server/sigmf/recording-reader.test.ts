import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../server/base/errors.ts';
import { METADATA_BYTES, parseMetadata } from '../../../server/sigmf/metadata.ts';
import { openRecording } from '../../../server/sigmf/recording-reader.ts';
import { runs } from '../../support/runs.ts';

const BYTES = new Uint8Array(2000).map((_, i) => i);
const GLOBAL = { 'core:datatype': 'ri16_le', 'core:version': '1.2.5', 'core:sample_rate': 1000 };

let folder: string;
let base: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenestra-sigmf-'));
  base = join(folder, 'light');
  writeFileSync(`${base}.sigmf-data`, BYTES);
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('openRecording', () => {
  it('finds a recording by either file or by what their names share', async () => {
    writeMeta({});

    const found = await Promise.all(['', '.sigmf-meta', '.sigmf-data'].map((end) => openRecording(base + end)));

    expect(found.map(({ samples, dataPath }) => [samples, dataPath])).toEqual(
      Array(3).fill([1000, `${base}.sigmf-data`]),
    );
  });

  it('takes one whole stretch where no capture is told', async () => {
    writeMeta({ captures: [] });

    const { stretches } = await openRecording(base);

    expect(stretches).toEqual([{ byteOffset: 0, firstSample: 0, samples: 1000, timeNs: undefined }]);
  });

  it('passes over headers, trailing bytes and an offset of the counter', async () => {
    writeMeta({
      global: { 'core:offset': 50, 'core:trailing_bytes': 10 },
      captures: [
        { 'core:sample_start': 50, 'core:header_bytes': 40 },
        { 'core:sample_start': 250, 'core:header_bytes': 50, 'core:global_index': 1000 },
      ],
    });

    const { stretches } = await openRecording(base);

    expect(stretches).toMatchObject([
      { byteOffset: 40, firstSample: 50, samples: 200 },
      { byteOffset: 490, firstSample: 1000, samples: 750 },
    ]);
  });

  it('verifies the checksum', async () => {
    writeMeta({ global: { 'core:sha512': createHash('sha512').update(BYTES).digest('hex').toUpperCase() } });
    expect((await openRecording(base)).samples).toBe(1000);

    writeFileSync(`${base}.sigmf-data`, BYTES.toReversed());

    await expect(openRecording(base)).rejects.toThrow(
      /light\.sigmf-data: SHA-512 [0-9a-f]{16}…, expected [0-9a-f]{16}…/,
    );
  });

  // biome-ignore format: a table
  it.each([
    ['complex samples', { 'core:datatype': 'cf32_le' }, 'datatype cf32_le has complex samples'],
    ['big-endian samples', { 'core:datatype': 'ri16_be' }, 'datatype ri16_be is big-endian'],
    ['samples nobody may send', { 'core:datatype': 'ru32_le' }, 'datatype ru32_le, expected ri8'],
    ['no datatype', { 'core:datatype': undefined }, 'global.core:datatype: '],
    ['a datatype of another world', { 'core:datatype': 'double' }, 'must be a SigMF datatype'],
    ['another version', { 'core:version': '2.0.0' }, 'global.core:version: must be 1.x.x'],
    ['two channels', { 'core:num_channels': 2 }, '2 channels interleaved, expected 1'],
    ['no samples', { 'core:metadata_only': true }, 'metadata only'],
    ['a negative rate', { 'core:sample_rate': -1 }, 'global.core:sample_rate: '],
    ['half a checksum', { 'core:sha512': 'ab' }, 'must be 128 hexadecimal digits'],
    ['data in another folder', { 'core:dataset': '../secret' }, 'must be a file name without a folder'],
    ['data that is a folder', { 'core:dataset': '..', 'core:sha512': 'a'.repeat(128) }, ': a folder, expected the samples'],
    ['data that is not there', { 'core:dataset': 'gone.bin' }, 'gone.bin: ENOENT'],
    ['more trailing bytes than bytes', { 'core:trailing_bytes': 2001 }, '-1 bytes of data'],
    ['half a sample', { 'core:trailing_bytes': 1 }, '1999 bytes of data with 0 of headers, expected a multiple of 2'],
    ['an extension it must understand', { 'core:extensions': [{ name: 'antenna', version: '1.0.0', optional: false }] }, 'needs the SigMF extension antenna'],
    ['a scale of 0', { 'fenestra:scale': 0 }, 'global.fenestra:scale: must not be 0'],
  ])('refuses %s in one sentence', async (_name, global, message) => {
    writeMeta({ global });

    const refusal = await openRecording(base).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'FILE_INVALID', message: expect.stringContaining(message) });
    expect((refusal as Error).message).not.toContain('\n');
  });

  // biome-ignore format: a table
  it.each([
    ['out of order', [{ 'core:sample_start': 9 }, { 'core:sample_start': 0 }], 'must be sorted by core:sample_start'],
    ['that begin late', [{ 'core:sample_start': 5 }], 'first capture at sample 5, expected 0'],
    ['past the end', [{ 'core:sample_start': 0 }, { 'core:sample_start': 1001 }], 'capture of samples 0 to 1001, expected 0 to 1000'],
    ['that go back', [{ 'core:sample_start': 0 }, { 'core:sample_start': 500, 'core:global_index': 400 }], 'capture at global index 400, expected 500 or more'],
    ['on 30 February', [{ 'core:sample_start': 0, 'core:datetime': '2026-02-30T00:00:00Z' }], 'captures.0.core:datetime: must be a UTC time'],
    ['without a place', [{}], 'captures.0.core:sample_start: '],
  ])('refuses captures %s', async (_name, captures, message) => {
    writeMeta({ captures });

    await expect(openRecording(base)).rejects.toThrow(message);
  });

  it('refuses metadata that is longer than any recording needs', async () => {
    writeMeta({});
    truncateSync(`${base}.sigmf-meta`, METADATA_BYTES + 1);

    await expect(openRecording(base)).rejects.toThrow(
      `${METADATA_BYTES + 1} bytes, expected at most ${METADATA_BYTES}`,
    );
  });
});

describe('parseMetadata', () => {
  it('never fails but with FILE_INVALID, whatever it is given', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(noise, (bytes) => {
        expect(() => parseMetadata(bytes, 'x')).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
      }),
      { numRuns: runs(200, 20_000) },
    );
  });
});

function writeMeta({
  global = {},
  captures = [{ 'core:sample_start': 0 }],
}: {
  global?: object;
  captures?: object[];
}): void {
  const metadata = { global: { ...GLOBAL, ...global }, captures, annotations: [] };
  writeFileSync(`${base}.sigmf-meta`, JSON.stringify(metadata));
}
