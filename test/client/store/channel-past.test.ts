import { beforeAll, describe, expect, it } from 'vitest';
import { ChannelPast, type KnownTime, type PastQuery } from '../../../client/store/channel-past.ts';
import { PastRows } from '../../../client/store/past-rows.ts';
import { DecimateKernel } from '../../../server/kernels/decimate-kernel.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { HISTORY_COLUMNS, type HistoryReply } from '../../../server/wire/history.ts';
import { FakeTimers } from '../../support/fake-timers.ts';
import { replyOf } from '../../support/history-replies.ts';
import { loadKernels } from '../../support/kernels.ts';

const EDGE_MS = 1_000_000;

let kernels: KernelModule;

beforeAll(async () => {
  kernels = await loadKernels();
});

describe('the past of a channel', () => {
  it('is asked for with what lies beside it, once, however often it is wanted', async () => {
    const { past, asked, answer } = start();
    const need = { fromMs: 100_000, toMs: 200_000, columnMs: 100 };

    for (let i = 0; i < 10; i++) past.want(need, known(EDGE_MS));
    await answer();
    past.want(need, known(EDGE_MS));
    past.want({ fromMs: 60_000, toMs: 160_000, columnMs: 100 }, known(EDGE_MS));

    expect(asked.map(({ query }) => query)).toEqual([
      { channel: 'etch.1', fromMs: 50_000, toMs: 250_000, columns: 5000 },
    ]);
    expect(past.best(need)).toHaveLength(1);
  });

  it('is not asked for what lies before its beginning, unless that is what is seen', () => {
    const early = start();
    early.past.want({ fromMs: 100_000, toMs: 200_000, columnMs: 100 }, known(EDGE_MS, 90_000));
    const before = start();
    before.past.want({ fromMs: 100_000, toMs: 200_000, columnMs: 100 }, known(EDGE_MS, 150_000));

    expect(early.asked[0].query).toMatchObject({ fromMs: 90_000, toMs: 250_000 });
    expect(before.asked[0].query).toMatchObject({ fromMs: 100_000, toMs: 250_000 });
  });

  it('asks for the newest wish once the view rests, and never for two at a time', async () => {
    const { past, asked, answer } = start();
    past.want({ fromMs: 0, toMs: 100_000, columnMs: 100 }, known(EDGE_MS));
    for (let i = 1; i <= 20; i++)
      past.want({ fromMs: i * 10_000, toMs: i * 10_000 + 10_000, columnMs: 10 }, known(EDGE_MS));
    expect(asked).toHaveLength(1);

    await answer();

    expect(asked).toHaveLength(2);
    expect(asked[1].query.fromMs).toBe(195_000);
  });

  it('gives up what nobody wants any more', () => {
    const { past, asked } = start();
    past.want({ fromMs: 0, toMs: 100_000, columnMs: 100 }, known(EDGE_MS));

    past.want({ fromMs: 500_000, toMs: 600_000, columnMs: 100 }, known(EDGE_MS));

    expect(asked[0].signal.aborted).toBe(true);
  });

  it('gives up what is under way for who has gone back to what is there', async () => {
    const { past, asked, answer, timers } = start();
    const whole = { fromMs: 0, toMs: 100_000, columnMs: 100 };
    past.want(whole, known(EDGE_MS));
    await answer();
    past.want({ fromMs: 0, toMs: 1000, columnMs: 1 }, known(EDGE_MS));
    timers.advance(100);

    past.want(whole, known(EDGE_MS));

    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, true]);
  });

  it('says what went wrong, asks again after a pause and keeps what it has', async () => {
    const { past, asked, answer, fail, timers } = start();
    past.want({ fromMs: 0, toMs: 100_000, columnMs: 100 }, known(EDGE_MS));
    await answer();
    const finer = { fromMs: 0, toMs: 10_000, columnMs: 1 };
    past.want(finer, known(EDGE_MS));
    timers.advance(100);

    await fail(new Error('away'));
    expect(past.value).toMatchObject({ isLoading: false, problem: new Error('away') });
    expect(past.best(finer)).toHaveLength(1);
    expect(asked).toHaveLength(2);
    timers.advance(1000);
    await answer();

    expect(asked).toHaveLength(3);
    expect(past.value.problem).toBeUndefined();
  });

  it('knows nothing of the time beyond the edge it was asked at', async () => {
    const { past, asked, answer, timers } = start();
    past.want({ fromMs: 0, toMs: 100_000, columnMs: 100 }, known(100_000));
    await answer();

    past.want({ fromMs: 0, toMs: 110_000, columnMs: 100 }, known(110_000));
    timers.advance(100);

    expect(asked.map(({ query }) => query.toMs)).toEqual([100_000, 110_000]);
  });
});

describe('an answer of times ahead of the present', () => {
  const need = { fromMs: 0, toMs: 100_000, columnMs: 100 };
  const ahead = { ...known(50_000), lastMs: 200_000, heldMs: 10_000 };

  it('holds while live rows tell what came since', async () => {
    const { past, asked, answer } = start();
    past.want(need, ahead);
    await answer();

    past.want(need, { ...ahead, nowMs: 80_000, heldMs: 40_000 });

    expect(asked).toHaveLength(1);
  });

  it('is asked for again once they do not, and shown until then', async () => {
    const { past, asked, answer, timers } = start();
    past.want(need, ahead);
    await answer();

    past.want(need, { ...ahead, nowMs: 80_000, heldMs: 60_000 });
    timers.advance(100);

    expect(asked).toHaveLength(2);
    expect(past.best(need)).toHaveLength(1);
  });

  it('is asked for again when the clock has been set back since', async () => {
    const { past, asked, answer, timers } = start();
    past.want(need, known(200_000));
    await answer();

    past.want(need, { ...known(200_000), stepped: 1 });
    timers.advance(100);

    expect(asked).toHaveLength(2);
  });
});

/** A clock that was never set back. */
function known(edgeMs: number, firstMs = -Infinity): KnownTime {
  return { firstMs, lastMs: edgeMs, nowMs: edgeMs, heldMs: edgeMs, stepped: 0 };
}

function start() {
  const timers = new FakeTimers();
  const asked: {
    query: PastQuery;
    signal: AbortSignal;
    resolve: (reply: HistoryReply) => void;
    reject: (error: unknown) => void;
  }[] = [];
  const past = new ChannelPast('etch.1', {
    ask: (query, need, signal) =>
      new Promise<HistoryReply>((resolve, reject) => asked.push({ query, signal, resolve, reject })).then(
        (reply) => new PastRows(reply, need, (capacity) => new DecimateKernel(kernels, { capacity, maxColumns: 100 })),
      ),
    mostRows: HISTORY_COLUMNS,
    after: (delayMs, run) => timers.after(delayMs, run),
  });
  timers.advance(0);
  const settle = async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    timers.advance(100);
  };
  const wanted = past.want.bind(past);
  past.want = (need, known) => {
    wanted(need, known);
    timers.advance(0);
  };
  return {
    past,
    asked,
    timers,
    async answer() {
      const { query, resolve } = asked.at(-1)!;
      resolve(replyOf({ from: query.fromMs / 5, to: query.toMs / 5, span: 20 }));
      await settle();
    },
    async fail(error: unknown) {
      asked.at(-1)!.reject(error);
      await settle();
    },
  };
}
