import { beforeAll, expect, it } from 'vitest';
import type { PastQuery } from '../../../client/store/channel-past.ts';
import { ChannelStore } from '../../../client/store/channel-store.ts';
import { Refill } from '../../../client/store/refill.ts';
import { ServerClock } from '../../../client/store/server-clock.ts';
import type { TimeRange } from '../../../client/store/time-view.ts';
import { DecimateKernel } from '../../../server/kernels/decimate-kernel.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { blockOf, channel, FIRST_MS } from '../../support/fake-hub.ts';
import { replyOf } from '../../support/history-replies.ts';
import { loadKernels } from '../../support/kernels.ts';

const ROW_MS = 5;

let kernels: KernelModule;

beforeAll(async () => {
  kernels = await loadKernels();
});

it('looks up a loss on both sides of a step of the clock, and counts what is found but not what was there', async () => {
  const store = create();
  store.add(blockOf(0, 100));
  const asked: PastQuery[] = [];
  // Of 50 lost, 30 came before the step, and 20 after it, at times of which the page has rows already.
  const before = slots(100, 150);
  const after = slots(20, 70);
  const load = async (query: PastQuery) => {
    asked.push(query);
    return query.fromMs === before.fromMs ? answer(100, 130) : twice(answer(20, 70), 20);
  };

  const found = await refill(store, { ranges: [before, after], points: 50, load });

  expect(asked.map(({ fromMs, toMs }) => ({ fromMs, toMs }))).toEqual([before, after]);
  expect(found).toBe(50);
  expect(store.rows).toMatchObject({ length: 100, newestMs: FIRST_MS + 100 * ROW_MS });
});

it('fills a hole between rows that are there, however long ago', async () => {
  const store = create();
  store.add(blockOf(0, 100));
  store.add(blockOf(150, 100));
  store.add({ ...blockOf(300_000, 10) }); // more than what is kept of the past, later

  const load = async () => answer(100, 150);
  const found = await refill(store, { ranges: [slots(100, 150)], points: 50, load });

  expect(found).toBe(50);
  expect([...store.rows.times()]).toHaveLength(260);
});

/** Resolves with how many points were found. */
function refill(
  store: ChannelStore,
  { ranges, points, load }: { ranges: TimeRange[]; points: number; load: (query: PastQuery) => Promise<unknown> },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const refill = new Refill({
      load: load as never,
      after: () => {
        reject(new Error('asked in vain'));
        return () => {};
      },
    });
    refill.add(store, [{ ranges, points, recover: resolve }]);
  });
}

function create(): ChannelStore {
  const clock = new ServerClock(() => 0);
  clock.observe(FIRST_MS + 10_000, { delayMs: 0, errorMs: 0 });
  return new ChannelStore(channel(), {
    clock,
    kernel: new DecimateKernel(kernels, { capacity: 1000, maxColumns: 64 }),
  });
}

function slots(from: number, to: number): TimeRange {
  return { fromMs: FIRST_MS + from * ROW_MS, toMs: FIRST_MS + to * ROW_MS };
}

function answer(from: number, to: number) {
  return replyOf({ from, to, originMs: FIRST_MS, rowMs: ROW_MS });
}

/** With the last `rows` rows of an answer there once more, of another line of time. */
function twice(reply: ReturnType<typeof answer>, rows: number): ReturnType<typeof answer> {
  const order = reply.rows.time.flatMap((_, i) => (i < reply.rows.time.length - rows ? [i] : [i, i]));
  const columns = Object.entries(reply.rows).map(([name, column]) => [name, order.map((i) => column[i])]);
  return { ...reply, rows: Object.fromEntries(columns) as typeof reply.rows };
}
