import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWindower } from '../../../server/compute/open-windower.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import type { TrendWindow } from '../../../server/trend/trend-window.ts';
import { loadKernels } from '../../support/ingest.ts';
import { runs } from '../../support/runs.ts';

let kernels: KernelModule;
beforeAll(async () => {
  kernels = await loadKernels();
});

describe('Windower', () => {
  it('hands out bit-equal figures however the bytes are cut', () => {
    const samples = fc.array(fc.float({ noDefaultInfinity: false }), { maxLength: 200 });
    fc.assert(
      fc.property(samples, fc.array(fc.nat(800), { maxLength: 40 }), fc.nat(1000), (values, cuts, first) => {
        const bytes = new Uint8Array(Float32Array.from(values).buffer);

        expect(reduce('rf32_le', bytes, first, cuts)).toEqual(reduce('rf32_le', bytes, first, []));
        expect(reduce('rf32_le', bytes, first, [...bytes.keys()])).toEqual(reduce('rf32_le', bytes, first, []));
      }),
      { numRuns: runs(200, 50_000) },
    );
  });

  it('takes chunks larger than its staging', () => {
    const samples = new Int16Array(1_000_003).fill(5);

    const windows = reduce('ri16_le', new Uint8Array(samples.buffer), 0, []);

    expect(windows.length).toBe(100_000);
    expect(windows.every(({ summary }) => summary.mean === 5 && summary.count === 10)).toBe(true);
  });

  it('keeps an open window when its memory is given back', () => {
    const windows: TrendWindow[] = [];
    const sink = openWindower(kernels, (window) => windows.push(window))(INFO, () => 0n);
    sink.seek(0, 0);
    sink.write(new Uint8Array(Int16Array.of(1, 2, 3, 4).buffer), 0, 8, 0);
    sink.release();

    expect(sink.tally).toMatchObject({ reduced: 0, pending: 4 });
    sink.seek(4, 0);
    sink.write(new Uint8Array(Int16Array.of(5, 6, 7, 8, 9, 10).buffer), 0, 12, 0);

    expect(windows).toMatchObject([
      { index: 0, flags: 0, summary: { count: 10, min: 1, max: 10, mean: 5.5, m2: 82.5 } },
    ]);
    expect(sink.tally).toMatchObject({ reduced: 10, pending: 0, windows: 1 });
  });

  it('says when the last sample of a window was read', () => {
    const windows: TrendWindow[] = [];
    const sink = openWindower(kernels, (window) => windows.push(window))(INFO, () => 0n);
    sink.seek(0, 0);
    for (let i = 0; i < 4; i++) sink.write(new Uint8Array(10), 0, 10, 1000 + i);

    expect(windows.map(({ arrivedMs }) => arrivedMs)).toEqual([1001, 1003]);
  });
});

const INFO = {
  channel: 'a',
  stream: 's',
  datatype: 'ri16_le',
  rateHz: 1000,
  window: 10,
  unit: '',
  scale: 1,
  offset: 0,
  hardware: '',
  description: '',
  recorder: '',
};

function reduce(datatype: string, bytes: Uint8Array, first: number, cuts: readonly number[]): TrendWindow[] {
  const windows: TrendWindow[] = [];
  const sink = openWindower(kernels, (window) => windows.push(window))({ ...INFO, datatype }, () => 0n);
  sink.seek(first, 0);
  let at = 0;
  for (const cut of [...cuts.filter((it) => it < bytes.length), bytes.length].sort((a, b) => a - b)) {
    sink.write(bytes, at, cut, 0);
    at = cut;
  }
  return windows;
}
