import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ChannelStore } from '../../../client/store/channel-store.ts';
import { ServerClock } from '../../../client/store/server-clock.ts';
import { DecimateKernel } from '../../../server/kernels/decimate-kernel.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import type { TrendBlock } from '../../../server/wire/trend-frame.ts';
import { blockOf, channel, FIRST_MS } from '../../support/fake-hub.ts';
import { loadKernels } from '../../support/kernels.ts';
import { runs } from '../../support/runs.ts';

const ROW_MS = 5;
const SLOTS = 200;

let kernels: KernelModule;

beforeAll(async () => {
  kernels = await loadKernels();
});

describe('channel store', () => {
  it('draws the same in whatever order the blocks come in, the newest stream where two claim a time', () => {
    fc.assert(
      fc.property(streams, (drawn) => {
        const { blocks, order } = drawn;
        const store = create();

        for (const i of order) store.add(blocks[i]);

        expect(meansOf(store)).toEqual(expected(blocks));
        expect(store.ledger.missing).toBe(0);
      }),
      { numRuns: runs(300, 20_000) },
    );
  });

  it('holds a frozen picture for drawn though its rows make room, and says from where on it has rows', () => {
    const store = create({ capacity: 100, sinceMs: 100 * ROW_MS });
    store.add(blockOf(0, 100));
    store.freeze();
    const { version } = store;
    const before = store.keptFromMs;

    store.add(blockOf(100, 60));

    expect(store.version).toBe(version);
    expect({ before, after: store.keptFromMs }).toEqual({ before: undefined, after: FIRST_MS + 60 * ROW_MS });
    expect(store.rows.length).toBe(100);
  });

  it('reads its value from the newest window, whatever of the past comes in after it', () => {
    const store = create();
    store.add(blockOf(100, 20));
    const { reading, ageMs } = store.value;

    store.add(coarse(blockOf(80, 20), 10)); // its last row lasts as long as the newest of the present
    store.add(blockOf(0, 80));

    expect(store.value).toMatchObject({ reading, ageMs });
    expect(store.rowMs).toBe(ROW_MS);
  });

  it('keeps the extremes of a coarse past, and shows no gap where it meets the present', () => {
    const store = create();
    store.add(blockOf(103, 20));
    store.add(
      coarse({ ...blockOf(63, 40), max: Float64Array.from({ length: 40 }, (_, i) => (i === 17 ? 1e6 : 0)) }, 10),
    );

    const { max, broken, count } = store.decimate({
      fromMs: FIRST_MS + 60 * ROW_MS,
      columnMs: 10 * ROW_MS,
      columns: 7,
    });

    expect(max[2]).toBe(1e6); // window 80 lies in row 8, the third
    expect(Array.from(broken)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(Array.from(count).reduce((sum, each) => sum + each, 0)).toBe(60 * 10);
  });

  it('marks what is missing between a coarse past and the present', () => {
    const store = create();
    store.add(blockOf(160, 20));
    store.add(coarse(blockOf(60, 40), 10));

    const { broken } = store.decimate({ fromMs: FIRST_MS + 60 * ROW_MS, columnMs: 10 * ROW_MS, columns: 12 });

    expect(Array.from(broken).indexOf(1)).toBe(4);
    store.add(blockOf(100, 60));
    const filled = store.decimate({ fromMs: FIRST_MS + 60 * ROW_MS, columnMs: 10 * ROW_MS, columns: 12 });
    expect(Array.from(filled.broken)).not.toContain(1);
  });
});

describe('a sample clock that is set back', () => {
  it.each([
    ['within a stream', 0],
    ['with a new stream', 1],
  ])('%s has the rows go on from there, and says what only the history has', (_, stream) => {
    const store = create();
    store.add(blockOf(0, 100));

    store.add(at(40, blockOf(100, 20, stream)));

    expect(store.rows).toMatchObject({ newestMs: FIRST_MS + 60 * ROW_MS });
    expect(meansOf(store).slice(38, 62)).toEqual([38, 39, ...range(100, 120), undefined, undefined]);
    expect(store.value.reading?.mean).toBeCloseTo(109.5, 9);
    expect(store.streams).toMatchObject({
      stepped: 1,
      droppedToMs: FIRST_MS + 100 * ROW_MS,
      wholeFromMs: FIRST_MS + 40 * ROW_MS,
    });
  });

  it('is over once the present is past what it had dropped', () => {
    const store = create();
    store.add(blockOf(0, 100));
    store.add(at(40, blockOf(100, 20)));

    store.add(at(60, blockOf(120, 60)));

    expect(store.streams).toMatchObject({ stepped: 1, wholeFromMs: FIRST_MS + 100 * ROW_MS });
  });

  it('leaves no row of before in the way that a refill brings later', () => {
    const store = create();
    store.add(blockOf(0, 50));
    store.add(at(40, blockOf(100, 20)));

    store.add(blockOf(50, 50));

    expect(store.rows.newestMs).toBe(FIRST_MS + 60 * ROW_MS);
    expect(store.streams.droppedToMs).toBe(FIRST_MS + 100 * ROW_MS);
    expect(store.ledger.missing).toBe(0);
  });
});

/** The same windows at another time. */
function at(slot: number, block: TrendBlock): TrendBlock {
  return { ...block, timeNs: BigInt(FIRST_MS + slot * ROW_MS) * 1_000_000n };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function create({ capacity = 1000, sinceMs = 10_000 } = {}): ChannelStore {
  const clock = new ServerClock(() => 0);
  clock.observe(FIRST_MS + sinceMs, { delayMs: 0, errorMs: 0 });
  return new ChannelStore(channel(), {
    clock,
    kernel: new DecimateKernel(kernels, { capacity, maxColumns: 256 }),
  });
}

/** Windows of streams that begin anywhere, so that a clock may go back, in blocks, and an order to send those in. */
const streams = fc
  .array(
    fc.record({
      start: fc.nat(150),
      lengths: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((drawn) => {
    let seq = 0;
    return drawn.flatMap(({ start, lengths }, stream) => {
      let slot = start;
      return lengths.map((length) => {
        const timeNs = BigInt(FIRST_MS + slot * ROW_MS) * 1_000_000n;
        const block = { ...blockOf(seq, length, stream), timeNs };
        seq += length;
        slot += length;
        return block;
      });
    });
  })
  .chain((blocks) => {
    const indexes = blocks.map((_, i) => i);
    const order = fc.oneof(
      fc.constant(indexes),
      fc.constant(indexes.toReversed()),
      fc.nat(blocks.length).map((from) => [...indexes.slice(from), ...indexes.slice(0, from).reverse()]),
      fc.shuffledSubarray(indexes, { minLength: indexes.length }),
    );
    return fc.record({ blocks: fc.constant(blocks), order });
  });

/** The value of each slot, by the rule: a row stays that no newer stream begins at or before. */
function expected(blocks: readonly TrendBlock[]): (number | undefined)[] {
  const slots: (number | undefined)[] = new Array(SLOTS).fill(undefined);
  for (const block of blocks) {
    const newer = blocks.filter(({ stream }) => stream > block.stream).map(slotOf);
    const limit = Math.min(SLOTS, ...newer);
    for (let i = 0; i < block.min.length; i++) if (slotOf(block) + i < limit) slots[slotOf(block) + i] = block.mean[i];
  }
  return slots;
}

function slotOf({ timeNs }: TrendBlock): number {
  return (Number(timeNs / 1_000_000n) - FIRST_MS) / ROW_MS;
}

function meansOf(store: ChannelStore): (number | undefined)[] {
  const { mean, count } = store.decimate({ fromMs: FIRST_MS - ROW_MS / 2, columnMs: ROW_MS, columns: SLOTS });
  return Array.from(mean, (value, i) => (count[i] === 0 ? undefined : value));
}

/** The same windows in rows of `span`, on the grid of rows as the hub has it. */
function coarse(block: TrendBlock, span: number): TrendBlock {
  const firstRow = Math.floor(block.firstRow / span);
  const rows = Math.floor((block.firstRow + block.windows - 1) / span) - firstRow + 1;
  const merged = (column: Float64Array | Uint32Array, merge: (...values: number[]) => number) =>
    Array.from({ length: rows }, (_, row) =>
      merge(...column.filter((_, i) => Math.floor((block.firstRow + i) / span) === firstRow + row)),
    );
  const sum = (...values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    ...block,
    span,
    firstRow,
    timeNs: BigInt(FIRST_MS + firstRow * span * ROW_MS) * 1_000_000n,
    rowNs: span * block.rowNs,
    min: Float64Array.from(merged(block.min, Math.min)),
    max: Float64Array.from(merged(block.max, Math.max)),
    mean: Float64Array.from(merged(block.mean, (...values) => sum(...values) / values.length)),
    m2: new Float64Array(rows),
    count: Uint32Array.from(merged(block.count, sum)),
  };
}
