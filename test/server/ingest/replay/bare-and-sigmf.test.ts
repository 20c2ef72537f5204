import { truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES } from '../../../../server/ingest/replay/file-blocks.ts';
import { openSource } from '../../../../server/ingest/replay/open-source.ts';
import { Folder } from '../../../support/folder.ts';
import { readSource } from '../../../support/sources.ts';

const folder = new Folder();

const NOON_NS = 1_769_860_800_000_000_000n;
const META = {
  global: {
    'core:datatype': 'ri16_le',
    'core:version': '1.2.5',
    'core:sample_rate': 1000,
    'fenestra:scale': 0.5,
    'fenestra:unit': 'V',
  },
  captures: [
    { 'core:sample_start': 0, 'core:datetime': '2026-01-31T12:00:00Z' },
    { 'core:sample_start': 4, 'core:global_index': 104, 'core:datetime': '2026-01-31T12:00:00.104Z' },
  ],
};

describe('bare samples', () => {
  it('are read in blocks, whole samples each', async () => {
    const samples = BLOCK_BYTES / 8 + 1000;
    const values = Float64Array.from({ length: samples }, (_, i) => i);
    const path = folder.write('light.f64', new Uint8Array(values.buffer));

    const source = await openSource(path, { datatype: 'rf64_le', rateHz: 5, unit: 'V', scale: 2, offset: 1 });
    const [run, ...others] = await readSource(source);

    expect(source).toMatchObject({ rateHz: 5, unit: 'V', scale: 2, offset: 1, progress: 1 });
    expect([run?.samples.length, run?.samples.at(-1), others.length]).toEqual([samples, samples - 1, 0]);
  });

  it.each([
    ['without a datatype', { rateHz: 1 }, 'light.bin holds bare samples: expected --datatype and --rate'],
    ['without a rate', { datatype: 'ru8' }, 'light.bin holds bare samples: expected --datatype and --rate'],
    [
      'of half a sample',
      { datatype: 'rf64_le', rateHz: 1 },
      'light.bin has 15 bytes, expected a multiple of 8 for rf64_le',
    ],
    ['that are complex', { datatype: 'cf32_le', rateHz: 1 }, 'datatype cf32_le has complex samples'],
  ])('%s are refused', async (_name, options, message) => {
    const path = folder.write('light.bin', new Uint8Array(15));

    await expect(openSource(path, options)).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('that shrink while they are read are refused where they end', async () => {
    const path = folder.write('light.bin', new Uint8Array(BLOCK_BYTES * 2));
    const source = await openSource(path, { datatype: 'ru8', rateHz: 1 });
    truncateSync(path, BLOCK_BYTES + 10);

    await expect(readSource(source)).rejects.toThrow(
      `light.bin ends at byte ${BLOCK_BYTES + 10}, expected ${BLOCK_BYTES * 2}`,
    );
    await source.close();
  });
});

describe('a SigMF recording', () => {
  it('keeps the places and times of its captures', async () => {
    const source = await open(META);

    expect(source).toMatchObject({
      datatype: 'ri16_le',
      rateHz: 1000,
      scale: 0.5,
      unit: 'V',
      epochNs: NOON_NS,
      epochSample: 0,
    });
    expect(await readSource(source)).toEqual([
      { firstSample: 0, timeNs: undefined, samples: [0, 1, 2, 3] },
      { firstSample: 104, timeNs: NOON_NS + 104_000_000n, samples: [4, 5, 6, 7, 8, 9] },
    ]);
  });

  it('has its first sample at the time that is given, whatever its captures say', async () => {
    const source = await open(META, { epochNs: 5n });

    expect(source).toMatchObject({ epochNs: 5n, epochSample: undefined });
    expect((await readSource(source)).map(({ timeNs }) => timeNs)).toEqual([undefined, undefined]);
  });

  it('reckons the time of its first sample from a later capture', async () => {
    const { 'core:datetime': _, ...untimed } = META.captures[0]!;

    const source = await open({ ...META, captures: [untimed, META.captures[1]!] });

    expect(source).toMatchObject({ epochNs: NOON_NS + 104_000_000n, epochSample: 104 });
  });

  it('without a rate asks for one', async () => {
    const { 'core:sample_rate': _, ...global } = META.global;

    await expect(open({ ...META, global })).rejects.toThrow(
      'light.sigmf-meta has no core:sample_rate: expected --rate',
    );
    expect((await open({ ...META, global }, { rateHz: 7 })).rateHz).toBe(7);
  });
});

function open(metadata: object, options = {}) {
  folder.write('light.sigmf-data', new Uint8Array(Int16Array.from({ length: 10 }, (_, i) => i).buffer));
  return openSource(folder.write('light.sigmf-meta', JSON.stringify(metadata)), options);
}
