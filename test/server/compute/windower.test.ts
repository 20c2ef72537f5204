import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWindower } from '../../../server/compute/open-windower.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { defaultFullScale, type SampleType } from '../../../server/kernels/sample-type.ts';
import { DATATYPES } from '../../../server/trend/datatype.ts';
import type { SampleForm } from '../../../server/trend/sample-sink.ts';
import type { TrendWindow } from '../../../server/trend/trend-window.ts';
import { sampleWindow } from '../../support/arbitraries.ts';
import { loadKernels } from '../../support/ingest.ts';
import { bytesOf, type SampleArray } from '../../support/kernels.ts';
import { runs } from '../../support/runs.ts';
import { timesFrom1970 } from '../../support/sample-times.ts';
import { scalarReduce, tolerances } from '../../support/scalar-reduce.ts';

let kernels: KernelModule;
beforeAll(async () => {
  kernels = await loadKernels();
});

describe('Windower', () => {
  it('hands out what the scalar reference says of each window, bit-equal however the bytes are cut', () => {
    const size = fc.constantFrom(10, 333, 49_999, 50_000, 50_001, 200_000);
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(sampleWindow, size, cuts, fc.nat(1000), ({ type, samples, fullScale }, window, shares, first) => {
        const bytes = bytesOf(samples);
        const run = { type, fullScale, bytes, window, first };
        const cut = reduce(
          run,
          shares.map((share) => Math.floor(share * bytes.length)),
        );

        expectWindows(cut, run, samples);
        expectSame(cut, reduce(run, []));
        if (bytes.length < 1000) expectSame(cut, reduce(run, [...bytes.keys()]));
      }),
      { numRuns: runs(300, 50_000) },
    );
  });

  it('takes chunks larger than its staging', () => {
    const samples = new Int16Array(1_000_003).fill(5);

    const run = { type: 'i16', fullScale: undefined, bytes: bytesOf(samples), window: 10, first: 0 } as const;
    const windows = reduce(run, []).slice(0, -1);

    expect(windows.length).toBe(100_000);
    expect(windows.every(({ summary }) => summary.mean === 5 && summary.count === 10)).toBe(true);
  });

  it('keeps an open window when its memory is given back', () => {
    const windows: TrendWindow[] = [];
    const sink = openWindower({ module: kernels, emit: (it) => windows.push(it) })(INFO, timesFrom1970(INFO.rateHz));
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

  it('hands out the same to the bit where its ring moves in the middle of a window', () => {
    const sizes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(1 << 16, 1 << 17)), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        sampleWindow,
        fc.constantFrom(10, 333, 50_000),
        sizes,
        ({ type, samples, fullScale }, window, moves) => {
          const bytes = bytesOf(samples);
          const run = { type, fullScale, bytes, window, first: 3 };
          const at = moves.map(([share, size]) => [Math.floor(share * bytes.length), size] as const);

          expectSame(reduce(run, [...at.map(([cut]) => cut)], new Map(at)), reduce(run, []));
        },
      ),
      { numRuns: runs(200, 20_000) },
    );
  });

  it('says when the last sample of a window was read', () => {
    const windows: TrendWindow[] = [];
    const sink = openWindower({ module: kernels, emit: (it) => windows.push(it) })(INFO, timesFrom1970(INFO.rateHz));
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

interface Run {
  readonly type: SampleType;
  readonly fullScale: SampleForm['fullScale'];
  readonly bytes: Uint8Array;
  readonly window: number;
  readonly first: number;
}

// To the end of the stream, so that the last window is handed out as it is.
function reduce(
  { type, fullScale, bytes, window, first }: Run,
  cuts: readonly number[],
  moves: ReadonlyMap<number, number> = new Map(),
): TrendWindow[] {
  const windows: TrendWindow[] = [];
  const [datatype] = [...DATATYPES].find(([, it]) => it.type === type)!;
  const sink = openWindower({ module: kernels, emit: (it) => windows.push(it) })(
    { ...INFO, datatype, window },
    timesFrom1970(INFO.rateHz),
  );
  sink.describe({ scale: 1, offset: 0, fullScale });
  sink.seek(first, 0);
  let at = 0;
  for (const cut of [...cuts.filter((it) => it < bytes.length), bytes.length].sort((a, b) => a - b)) {
    sink.write(bytes, at, cut, 0);
    const bytesOfRing = moves.get(cut);
    if (bytesOfRing !== undefined) sink.resize(bytesOfRing);
    at = cut;
  }
  sink.end();
  return windows;
}

// A run may have ten thousand windows: what is right is told by plain comparisons, and only what is not is shown by `expect`.
function expectSame(windows: readonly TrendWindow[], others: readonly TrendWindow[]): void {
  const isSame = isDeepStrictEqual(windows, others);
  if (!isSame) expect(windows).toEqual(others);
  expect(isSame).toBe(true);
}

function expectWindows(windows: readonly TrendWindow[], run: Run, samples: SampleArray): void {
  const { type, window, first, fullScale = defaultFullScale(type) } = run;
  let from = 0;
  for (const { index, summary } of windows) {
    const to = Math.min(samples.length, (index + 1) * window - first);
    const expected = scalarReduce(samples.subarray(from, to), fullScale);
    const { min, max, mean, m2, ...counts } = expected;
    const within = tolerances(expected);
    const found = { ...summary, mean: 0, m2: 0 };
    const exact = { ...counts, min: min + 0, max: max + 0, mean: 0, m2: 0 }; // scaled by 1 and 0, which drops a zero's sign
    if (!isDeepStrictEqual(found, exact)) expect(found).toStrictEqual(exact);
    if (!(Math.abs(summary.mean - mean) <= within.mean)) expect(summary.mean).toBe(mean);
    if (summary.m2 !== m2 && !(Math.abs(summary.m2 - m2) <= within.m2)) expect(summary.m2).toBe(m2);
    from = to;
  }
  expect(from).toBe(samples.length);
}
