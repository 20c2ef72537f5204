import { beforeAll, describe, expect, it } from 'vitest';
import { DecimateKernel, KernelRoom } from '../../../server/kernels/decimate-kernel.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { loadKernels } from '../../support/kernels.ts';

let module: KernelModule;

beforeAll(async () => {
  module = await loadKernels();
});

describe('DecimateKernel', () => {
  it('reduces the newest rows of a ring that has wrapped many times', () => {
    const kernel = new DecimateKernel(module, { capacity: 100, maxColumns: 10 });
    for (let row = 0; row < 1_050; row++) append(kernel, row);

    const pixels = kernel.decimate({ from: 950, to: 1_050, fromMs: 9_500, columnMs: 100, columns: 10 });

    expect([...pixels.min]).toEqual([950, 960, 970, 980, 990, 1000, 1010, 1020, 1030, 1040].map((row) => -row - 9));
    expect([...pixels.max]).toEqual([959, 969, 979, 989, 999, 1009, 1019, 1029, 1039, 1049]);
    expect([...pixels.mean]).toEqual([954.5, 964.5, 974.5, 984.5, 994.5, 1004.5, 1014.5, 1024.5, 1034.5, 1044.5]);
    expect([...pixels.count]).toEqual(Array(10).fill(20));
    expect([...pixels.broken]).toEqual(Array(10).fill(0));
  });

  it('hands out the same views again while the number of columns stays', () => {
    const kernel = new DecimateKernel(module, { capacity: 4, maxColumns: 10 });
    const range = { from: 0, to: 0, fromMs: 0, columnMs: 1 };

    const first = kernel.decimate({ ...range, columns: 10 });

    expect(kernel.decimate({ ...range, columns: 10 })).toBe(first);
    expect(kernel.decimate({ ...range, columns: 3 }).min).toHaveLength(3);
  });

  it('has its part of a room to itself, and another memory where that is full', () => {
    const room = new KernelRoom(module, 20_000);
    const sized = { capacity: 500, maxColumns: 11 };
    const kernels = Array.from({ length: 8 }, () => new DecimateKernel(module, { ...sized, room }));
    const alone = new DecimateKernel(module, sized);
    const range = { from: 0, to: 100, fromMs: 0, columnMs: 100, columns: 11 };
    for (const kernel of [...kernels, alone]) for (let row = 0; row < 100; row++) append(kernel, row);

    const expected = alone.decimate(range);
    const found = kernels.map((kernel) => kernel.decimate(range));

    for (const pixels of found) expect(pixels).toEqual(expected);
    expect(new Set(kernels.map(({ rows }) => rows.min.buffer)).size).toBeLessThan(8);
    expect(new Set(kernels.map(({ rows }) => rows.min.buffer)).size).toBeGreaterThan(1);
  });

  it.each([
    ['more rows than there are', { from: 0, to: 5, columns: 1, columnMs: 1 }],
    ['rows that run backwards', { from: 2, to: 1, columns: 1, columnMs: 1 }],
    ['more columns than there are', { from: 0, to: 1, columns: 11, columnMs: 1 }],
    ['no columns', { from: 0, to: 1, columns: 0, columnMs: 1 }],
    ['columns of no width', { from: 0, to: 1, columns: 1, columnMs: 0 }],
  ])('refuses %s', (_name, range) => {
    const kernel = new DecimateKernel(module, { capacity: 4, maxColumns: 10 });

    expect(() => kernel.decimate({ ...range, fromMs: 0 })).toThrow(RangeError);
  });
});

function append({ rows, capacity }: DecimateKernel, row: number): void {
  const at = row % capacity;
  rows.timeMs[at] = row * 10;
  rows.min[at] = -row;
  rows.max[at] = row;
  rows.mean[at] = row;
  rows.count[at] = 2;
}
