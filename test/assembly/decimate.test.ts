import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ABI } from '../../server/kernels/abi.ts';
import { bindKernels, createMemory, type KernelExports, type KernelMemory } from '../../server/kernels/module.ts';
import { loadKernels } from '../support/kernels.ts';
import { runs } from '../support/runs.ts';
import { type PixelColumn, scalarDecimate, type TrendRow } from '../support/scalar-decimate.ts';
import { seededRandom } from '../support/seeded-random.ts';

const GUARD = 0xa5;
const ROWS = 2048;
const SOAK_MS = runs(30_000, 3_600_000);

let memory: KernelMemory;
let kernels: KernelExports;

beforeAll(async () => {
  memory = createMemory(2 * 65_536);
  kernels = bindKernels(await loadKernels(), memory);
});

interface Case {
  readonly rows: readonly TrendRow[];
  readonly capacity: number;
  /** Where in the ring the first row stands. */
  readonly from: number;
  readonly fromMs: number;
  readonly columnMs: number;
  readonly columns: number;
}

const trend: fc.Arbitrary<Case> = fc
  .record({
    length: fc.nat(300),
    spare: fc.nat(20),
    start: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    gaps: fc.constantFrom(0, 0, 0.02, 0.5, 1),
    seed: fc.integer(),
    columns: fc.integer({ min: 1, max: 200 }),
    zoom: fc.double({ min: 0.1, max: 3, noNaN: true }),
    originMs: fc.constantFrom(0, 1_700_000_000_000),
  })
  .map(({ length, spare, start, gaps, seed, columns, zoom, originMs }) => {
    const random = seededRandom(seed);
    const rows = drawRows({ length, gaps, originMs, random });
    const spanMs = Math.max(1, length * 5);
    const capacity = Math.max(1, length + spare);
    return {
      rows,
      capacity,
      from: Math.floor(start * capacity),
      fromMs: originMs + spanMs * (random() - 0.3),
      columnMs: (spanMs * zoom) / columns,
      columns,
    };
  });

describe('decimate', () => {
  it(
    'agrees with the scalar reference on any trend, at any place of the ring, and writes its columns only',
    () => {
      fc.assert(
        fc.property(trend, (given) => {
          expectColumns(decimate(given), scalarDecimate(given.rows, given));
        }),
        { numRuns: runs(500, 50_000) },
      );
    },
    SOAK_MS,
  );

  it.each([1, 7, 100, 1600])('keeps the height of a spike of one row in %i columns', (columns) => {
    const rows = drawRows({ length: 1_200, gaps: 0, originMs: 0, random: seededRandom(1) });
    const spike = rows.map((row, i) => (i === 777 ? { ...row, max: 1e6 } : row));

    const found = decimate({ rows: spike, capacity: 1_200, from: 400, fromMs: 0, columnMs: 6_000 / columns, columns });

    expect(Math.max(...found.filter(({ count }) => count > 0).map(({ max }) => max))).toBe(1e6);
  });

  it('marks the column of a gap and does not read the figures of the mark', () => {
    const row = { min: -1, max: 1, mean: 0, count: 10 };
    const gap = { min: NaN, max: NaN, mean: NaN, count: 0 };
    const rows = [row, gap, row].map((figures, i) => ({ timeMs: i * 10, ...figures }));

    const found = decimate({ rows, capacity: 3, from: 0, fromMs: 0, columnMs: 20, columns: 2 });

    expect(found).toEqual([
      { ...row, broken: true },
      { ...row, broken: false },
    ]);
  });

  it('puts a row that stands on an edge into the later column, however the division rounds', () => {
    const columnMs = 0.1;
    const rows = Array.from({ length: 50 }, (_, i) => ({ timeMs: i * columnMs, min: i, max: i, mean: i, count: 1 }));

    const found = decimate({ rows, capacity: 50, from: 0, fromMs: 0, columnMs, columns: 50 });

    expect(found.map(({ mean }) => mean)).toEqual(rows.map((_, i) => i));
  });
});

function drawRows(of: { length: number; gaps: number; originMs: number; random: () => number }): TrendRow[] {
  const { length, gaps, originMs, random } = of;
  return Array.from({ length }, (_, i) => {
    const timeMs = originMs + i * 5;
    if (random() < gaps) return { timeMs, min: NaN, max: NaN, mean: NaN, count: 0 };
    const mean = random() * 2 - 1;
    return { timeMs, min: mean - random(), max: mean + random(), mean, count: 1 + Math.floor(random() * 50_000) };
  });
}

// The pixel columns end where the memory ends: a write past them traps.
function decimate({ rows, capacity, from, fromMs, columnMs, columns }: Case): PixelColumn[] {
  const bytes = new Uint8Array(memory.buffer);
  const dst = Math.floor((bytes.length - columns * ABI.PIXEL_BYTES) / 8) * 8;
  bytes.fill(GUARD);
  const column = (index: number) => new Float64Array(memory.buffer, ROWS + index * capacity * 8, capacity);
  const ring = [column(0), column(1), column(2), column(3), column(4)];
  for (const [i, row] of rows.entries()) {
    const at = (from + i) % capacity;
    for (const [c, figure] of [row.timeMs, row.min, row.max, row.mean, row.count].entries()) ring[c][at] = figure;
  }
  const before = bytes.slice();

  kernels.decimate(ROWS, capacity, from, from + rows.length, fromMs, columnMs, columns, dst);

  const end = dst + columns * ABI.PIXEL_BYTES;
  expect(Buffer.compare(bytes.subarray(0, dst), before.subarray(0, dst))).toBe(0);
  expect(Buffer.compare(bytes.subarray(end), before.subarray(end))).toBe(0);
  const figure = (index: number) => new Float64Array(memory.buffer, dst + index * columns * 8, columns);
  const [min, max, mean, count] = [figure(0), figure(1), figure(2), figure(3)];
  const broken = bytes.subarray(dst + 4 * columns * 8, end);
  return Array.from(min, (_, i) => ({
    min: min[i],
    max: max[i],
    mean: mean[i],
    count: count[i],
    broken: broken[i] !== 0,
  }));
}

function expectColumns(found: readonly PixelColumn[], expected: readonly PixelColumn[]): void {
  const exact = (columns: readonly PixelColumn[]) => columns.map(({ mean: _, ...column }) => column);
  expect(exact(found)).toEqual(exact(expected));
  for (const [i, { mean, count }] of found.entries()) {
    if (count > 0) expect(Math.abs(mean - expected[i].mean)).toBeLessThanOrEqual(1e-12);
    else expect(mean).toBeNaN();
  }
}
