import { describe, expect, it } from 'vitest';
import { openSource } from '../../../../server/ingest/replay/open-source.ts';
import type { SourceOptions } from '../../../../server/ingest/replay/sample-source.ts';
import { Folder } from '../../../support/folder.ts';
import { readSource } from '../../../support/sources.ts';
import { type WavForm, wavFile } from '../../../support/wav.ts';

const folder = new Folder();

// Full scale down, half up, and what is just below full scale, in each encoding.
const INTEGERS_24 = Uint8Array.of(0, 0, 0x80, 0, 0, 0x40, 0xff, 0xff, 0x7f);

describe('a WAV file', () => {
  // biome-ignore format: a table
  it.each<[string, WavForm, ArrayBufferView, string, number[], number[]]>([
    ['8 bits', { bits: 8 }, Uint8Array.of(0, 192, 255), 'ru8', [0, 192, 255], [-1, 0.5, 127 / 128]],
    ['16 bits', { bits: 16 }, Int16Array.of(-32_768, 16_384, 32_767), 'ri16_le', [-32_768, 16_384, 32_767], [-1, 0.5, 32_767 / 32_768]],
    ['24 bits', { bits: 24 }, INTEGERS_24, 'ri32_le', [-8_388_608, 4_194_304, 8_388_607], [-1, 0.5, 8_388_607 / 8_388_608]],
    ['32 bits', { bits: 32 }, Int32Array.of(-(2 ** 31), 2 ** 30, 2 ** 31 - 1), 'ri32_le', [-(2 ** 31), 2 ** 30, 2 ** 31 - 1], [-1, 0.5, (2 ** 31 - 1) / 2 ** 31]],
    ['floats', { code: 3, bits: 32 }, Float32Array.of(-1, 0.5, 1), 'rf32_le', [-1, 0.5, 1], [-1, 0.5, 1]],
    ['doubles', { code: 3, bits: 64 }, Float64Array.of(-1, 0.1, 1), 'rf64_le', [-1, 0.1, 1], [-1, 0.1, 1]],
  ])('of %s has a full scale of 1, in the short form and the long', async (_name, form, data, datatype, raw, values) => {
    for (const isExtensible of [false, true]) {
      const source = await open({ ...form, isExtensible, rateHz: 44_100 }, data);
      const [run, ...others] = await readSource(source);

      expect([source.datatype, source.rateHz, others.length]).toEqual([datatype, 44_100, 0]);
      expect(run?.samples).toEqual(raw);
      expect(run?.samples.map((sample) => sample * source.scale + source.offset)).toEqual(values);
    }
  });

  it.each([16, 24])('of several channels gives the one asked for, of %d bits', async (bits) => {
    const frames = 3000;
    const data = new Uint8Array((frames * 3 * bits) / 8);
    const view = Buffer.from(data.buffer);
    for (let i = 0; i < frames * 3; i++) view.writeIntLE(i - 4500, (i * bits) / 8, bits / 8);

    const source = await open({ bits, channels: 3 }, data, { wavChannel: 2 });

    expect((await readSource(source))[0]?.samples).toEqual(Array.from({ length: frames }, (_, i) => i * 3 + 1 - 4500));
    expect(source.progress).toBe(1);
  });

  it('of 24 bits is clipped at its own ends', async () => {
    expect((await open({ bits: 24 }, INTEGERS_24)).fullScale).toEqual([-8_388_608, 8_388_607]);
  });

  it.each([0, 0xffff_ffff, 1000])('that claims %d bytes of data holds what there is', async (claimedBytes) => {
    const source = await open({ bits: 16, claimedBytes }, Int16Array.of(1, 2, 3));

    expect((await readSource(source))[0]?.samples).toEqual([1, 2, 3]);
  });

  it('that was cut off inside a frame ends with the last whole one', async () => {
    const file = wavFile({ bits: 16, channels: 2 }, new Uint8Array(Int16Array.of(1, 2, 3, 4, 5, 6).buffer));

    const source = await openSource(folder.write('light.wav', file.subarray(0, -3)), { wavChannel: 1 });

    expect((await readSource(source))[0]?.samples).toEqual([1, 3]);
  });

  // biome-ignore format: a table
  it.each<[string, Uint8Array, SourceOptions, string]>([
    ['nothing in it', Buffer.alloc(0), {}, 'expected a RIFF or RF64 file of type WAVE'],
    ['another magic', Buffer.from('OggS and so on and so on'), {}, 'light.wav begins with "OggS", expected a RIFF'],
    ['a header alone', wavFile({ bits: 16 }, Buffer.alloc(0)).subarray(0, 30), {}, 'light.wav has no data chunk'],
    ['data before its format', dataFirst(), {}, 'light.wav has no fmt chunk of 16 bytes before its data'],
    ['A-law', wavFile({ code: 6, bits: 8 }, Buffer.alloc(8)), {}, 'light.wav has encoding 6 with 8 bits, expected PCM'],
    ['12 bits', wavFile({ bits: 12 }, Buffer.alloc(8)), {}, 'light.wav has encoding 1 with 12 bits, expected PCM'],
    ['no channels', wavFile({ bits: 16, channels: 0 }, Buffer.alloc(8)), {}, 'light.wav has 0 channels'],
    ['no rate', wavFile({ bits: 16, rateHz: 0 }, Buffer.alloc(8)), {}, 'light.wav has a sample rate of 0 Hz'],
    ['two channels and none named', wavFile({ bits: 16, channels: 2 }, Buffer.alloc(8)), {}, 'light.wav has 2 channels: expected --wav-channel 1 to 2'],
    ['a channel it has not', wavFile({ bits: 16, channels: 2 }, Buffer.alloc(8)), { wavChannel: 3 }, 'light.wav has 2 channels, not a channel 3'],
  ])('with %s is refused in one sentence', async (_name, bytes, options, message) => {
    const refused = openSource(folder.write('light.wav', bytes), options);

    await expect(refused).rejects.toMatchObject({ code: 'FILE_INVALID', message: expect.stringContaining(message) });
  });
});

function open(form: WavForm, data: ArrayBufferView, options: SourceOptions = {}) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return openSource(folder.write('light.wav', wavFile(form, bytes)), options);
}

function dataFirst(): Buffer {
  const file = wavFile({ bits: 16 }, Buffer.alloc(4));
  file.write('junk', file.indexOf('fmt '), 'latin1');
  return file;
}
