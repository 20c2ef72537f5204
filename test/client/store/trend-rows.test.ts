import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RowRun } from '../../../client/store/row-run.ts';
import { TrendRows } from '../../../client/store/trend-rows.ts';
import { DecimateKernel } from '../../../server/kernels/decimate-kernel.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { loadKernels } from '../../support/kernels.ts';
import { runs } from '../../support/runs.ts';
import { scalarDecimate, type TrendRow } from '../../support/scalar-decimate.ts';

const ROW_MS = 5;
const START_MS = 1_700_000_000_000;

let kernels: KernelModule;

beforeAll(async () => {
  kernels = await loadKernels();
});

describe('trend rows', () => {
  it('hold what a plain array would, in whatever order runs come in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 60 }), disjointRuns(), (capacity, slots) => {
        const rows = createRows(capacity);

        for (const run of slots) rows.insert(runOf(run));

        expectAgreement(rows, slots, capacity);
      }),
      { numRuns: runs(500, 20_000) },
    );
  });

  it('drop the oldest row for the newest when full', () => {
    const rows = createRows(10);

    rows.insert(runOf({ from: 0, length: 25 }));

    expect(rows.length).toBe(10);
    expect(rows.oldestMs).toBe(START_MS + 15 * ROW_MS);
    expect(rows.newestMs).toBe(START_MS + 25 * ROW_MS);
  });

  it('mark a gap, and unmark it when the missing rows come in', () => {
    const rows = createRows(100);
    rows.insert(runOf({ from: 0, length: 5 }));
    rows.insert(runOf({ from: 10, length: 5 }));
    expect(brokenSlots(rows, 15)).toEqual([5]);

    rows.insert(runOf({ from: 5, length: 2 }));
    expect(brokenSlots(rows, 15)).toEqual([7]);

    rows.insert(runOf({ from: 7, length: 3 }));
    expect(brokenSlots(rows, 15)).toEqual([]);
    expect(rows.length).toBe(15);
  });

  it('keep both halves of a row that came in two parts', () => {
    const rows = createRows(100);
    rows.insert(runOf({ from: 0, length: 5 }));

    rows.insert({ ...runOf({ from: 4, length: 1 }), max: Float64Array.of(1e6) });

    const columns = rows.decimate({ fromMs: START_MS, columnMs: ROW_MS, columns: 5 });
    expect(columns.max[4]).toBe(1e6);
    expect(columns.count[4]).toBe(countOf(4) * 2);
  });

  it('mark only what no row reaches to, where rows have many lengths and come in parts', () => {
    fc.assert(
      fc.property(mergedRuns(), (merged) => {
        const rows = createRows(1000);

        for (const { run } of merged) rows.insert(run);

        expectUnion(rows, merged);
      }),
      { numRuns: runs(1_000, 100_000) },
    );
  });

  it('are the same in a larger kernel, whenever they move there', () => {
    fc.assert(
      fc.property(mergedRuns(), fc.nat({ max: 12 }), (merged, moved) => {
        const rows = createRows(301);

        for (const [i, { run }] of merged.entries()) {
          if (i === moved) rows.moveTo(new DecimateKernel(kernels, { capacity: 702, maxColumns: 256 }));
          rows.insert(run);
        }

        expectUnion(rows, merged);
      }),
      { numRuns: runs(300, 20_000) },
    );
  });

  it('cut what a newer stream took over', () => {
    const rows = createRows(100);
    rows.insert(runOf({ from: 0, length: 20 }));

    rows.cut(START_MS + 8 * ROW_MS, Infinity);

    expect(rows.length).toBe(8);
    expect(rows.newestMs).toBe(START_MS + 8 * ROW_MS);
  });
});

interface Slots {
  readonly from: number;
  readonly length: number;
}

/** Runs of a time axis of rows, some left out, in any order: no row twice. */
function disjointRuns(): fc.Arbitrary<Slots[]> {
  const lengths = fc.array(fc.record({ length: fc.integer({ min: 1, max: 12 }), isThere: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  });
  return lengths
    .map((pieces) => {
      let from = 0;
      const found: Slots[] = [];
      for (const { length, isThere } of pieces) {
        if (isThere) found.push({ from, length });
        from += length;
      }
      return found;
    })
    .chain((found) => fc.shuffledSubarray(found, { minLength: found.length }));
}

interface Merged {
  readonly run: RowRun;
  /** Slots that were merged into the run: the first and the last row may be of a part only. */
  readonly from: number;
  readonly to: number;
  readonly span: number;
}

/** Slots in pieces, each piece merged to rows of its own span, in any order after the first, which is of one slot. */
function mergedRuns(): fc.Arbitrary<Merged[]> {
  const piece = fc.record({
    length: fc.integer({ min: 1, max: 12 }),
    span: fc.constantFrom(1, 2, 3, 4, 8),
    isThere: fc.boolean(),
  });
  return fc.array(piece, { minLength: 1, maxLength: 12 }).chain((pieces) => {
    let to = 1;
    const merged = pieces.flatMap(({ length, span, isThere }) => {
      const from = to;
      to += length;
      return isThere ? [mergeSlots({ from, to, span })] : [];
    });
    const first = mergeSlots({ from: 0, to: 1, span: 1 });
    return fc.shuffledSubarray(merged, { minLength: merged.length }).map((others) => [first, ...others]);
  });
}

function mergeSlots({ from, to, span }: Omit<Merged, 'run'>): Merged {
  const row = (slot: number) => Math.floor(slot / span);
  const length = row(to - 1) - row(from) + 1;
  const run: RowRun = {
    timeMs: START_MS + row(from) * span * ROW_MS,
    rowMs: span * ROW_MS,
    min: new Float64Array(length).fill(Infinity),
    max: new Float64Array(length).fill(-Infinity),
    mean: new Float64Array(length),
    m2: new Float64Array(length),
    count: new Uint32Array(length),
  };
  for (let slot = from; slot < to; slot++) {
    const i = row(slot) - row(from);
    run.min[i] = Math.min(run.min[i], -slot);
    run.max[i] = Math.max(run.max[i], slot);
    run.count[i] += 1;
  }
  return { run, from, to, span };
}

/** The twin knows which slots any row reaches over: a gap begins where one does and the next does not. */
function expectUnion(rows: TrendRows, merged: readonly Merged[]): void {
  const reached = new Set<number>();
  let samples = 0;
  for (const { from, to, span } of merged) {
    samples += to - from;
    const end = Math.ceil(to / span) * span;
    for (let slot = Math.floor(from / span) * span; slot < end; slot++) reached.add(slot);
  }
  const end = Math.max(...reached) + 1;
  const range = { fromMs: START_MS - ROW_MS / 2, columnMs: ROW_MS, columns: end };

  const columns = rows.decimate(range);

  const gaps = [...reached].filter((slot) => slot + 1 < end && !reached.has(slot + 1)).map((slot) => slot + 1);
  expect(Array.from(columns.broken).flatMap((mark, i) => (mark === 0 ? [] : [i]))).toEqual(gaps.sort((a, b) => a - b));
  expect(columns.count.reduce((sum, count) => sum + count, 0)).toBe(samples);
  expect(Math.max(...columns.max.filter((value) => !Number.isNaN(value)))).toBe(
    Math.max(...merged.map(({ to }) => to - 1)),
  );
  expect(rows.newestMs).toBeCloseTo(START_MS + end * ROW_MS, 3);
}

function createRows(capacity: number): TrendRows {
  return new TrendRows(new DecimateKernel(kernels, { capacity, maxColumns: 256 }));
}

function countOf(slot: number): number {
  return 100 + slot;
}

function runOf({ from, length }: Slots): RowRun {
  const column = (value: (slot: number) => number) => Float64Array.from({ length }, (_, i) => value(from + i));
  return {
    timeMs: START_MS + from * ROW_MS,
    rowMs: ROW_MS,
    min: column((slot) => -slot),
    max: column((slot) => slot),
    mean: column((slot) => slot / 2),
    m2: new Float64Array(length),
    count: Uint32Array.from({ length }, (_, i) => countOf(from + i)),
  };
}

/** One column a row, from the oldest that the store still has: the twin knows every row. */
function expectAgreement(rows: TrendRows, slots: readonly Slots[], capacity: number): void {
  expect(rows.length).toBeLessThanOrEqual(capacity);
  if (slots.length === 0) return;
  const held = new Set(slots.flatMap(({ from, length }) => Array.from({ length }, (_, i) => from + i)));
  const end = Math.max(...held) + 1;
  const first = Math.round(((rows.oldestMs ?? START_MS) - START_MS) / ROW_MS);
  const twin: TrendRow[] = [...held].map((slot) => ({
    timeMs: START_MS + slot * ROW_MS,
    min: -slot,
    max: slot,
    mean: slot / 2,
    count: countOf(slot),
  }));
  const range = { fromMs: START_MS + (first - 0.5) * ROW_MS, columnMs: ROW_MS, columns: Math.max(1, end - first) };

  const columns = rows.decimate(range);

  const expected = scalarDecimate(twin, range);
  expect(Array.from(columns.count)).toEqual(expected.map(({ count }) => count));
  expect(Array.from(columns.max)).toEqual(expected.map(({ max }) => max));
  expect(Array.from(columns.min)).toEqual(expected.map(({ min }) => min));
  // Where nothing gave way, every hole is marked once, at its start, and nothing else is.
  if (rows.dropped > 0 || first > Math.min(...held)) return;
  const holes = expected.flatMap(({ count }, i) => (count === 0 && expected[i - 1].count > 0 ? [i] : []));
  expect(Array.from(columns.broken).flatMap((mark, i) => (mark === 0 ? [] : [i]))).toEqual(holes);
  expect(rows.length).toBe(held.size + holes.length);
}

function brokenSlots(rows: TrendRows, slots: number): number[] {
  const columns = rows.decimate({ fromMs: START_MS - ROW_MS / 2, columnMs: ROW_MS, columns: slots });
  return Array.from(columns.broken).flatMap((mark, i) => (mark === 0 ? [] : [i]));
}
