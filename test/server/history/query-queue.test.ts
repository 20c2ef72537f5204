import { describe, expect, it } from 'vitest';
import type { AppError } from '../../../server/base/errors.ts';
import { QueryQueue } from '../../../server/history/query-queue.ts';

const NOBODY_LEAVES = new AbortController().signal;

describe('queue of queries', () => {
  it('runs few of a thousand at a time, lets few wait, and refuses the others at once', async () => {
    const queue = new QueryQueue({ running: 2, waiting: 10, deadlineMs: 60_000 });
    const gate = deferred();
    let running = 0;
    let most = 0;
    const task = async () => {
      most = Math.max(most, ++running);
      await gate.promise;
      running--;
      return 'answer';
    };

    const all = Array.from({ length: 1000 }, () => queue.run(task, NOBODY_LEAVES).catch((error: AppError) => error));
    const refused = (await Promise.all(all.slice(12))) as AppError[];

    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['HISTORY_BUSY']));
    expect(queue.status()).toMatchObject({ running: 2, waiting: 10, refused: 988 });
    gate.resolve();
    expect(await Promise.all(all.slice(0, 12))).toEqual(new Array(12).fill('answer'));
    expect(most).toBe(2);
    expect(queue.status()).toMatchObject({ running: 0, waiting: 0, answered: 12 });
  });

  it('answers in the order of coming', async () => {
    const queue = new QueryQueue({ running: 1, waiting: 10, deadlineMs: 60_000 });
    const order: number[] = [];

    await Promise.all([0, 1, 2, 3].map((i) => queue.run(async () => order.push(i), NOBODY_LEAVES)));

    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('gives up what is late, under way or waiting, and tells the one that runs', async () => {
    const queue = new QueryQueue({ running: 1, waiting: 10, deadlineMs: 30 });
    let told: AbortSignal | undefined;
    const hanging = queue.run((signal) => {
      told = signal;
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => setTimeout(() => reject(new Error('interrupted')), 100)),
      );
    }, NOBODY_LEAVES);
    const waiting = queue.run(async () => 'never', NOBODY_LEAVES);

    const results = await Promise.allSettled([hanging, waiting]);

    const late = { status: 'rejected', reason: { code: 'HISTORY_BUSY', message: expect.stringContaining('0.03 s') } };
    expect(results).toMatchObject([late, late]);
    expect(told?.aborted).toBe(true);
    expect(queue.status()).toMatchObject({ waiting: 0, late: 2 });
    await expect.poll(() => queue.status().running).toBe(0);
    expect(await queue.run(async () => 'next', NOBODY_LEAVES)).toBe('next');
  });

  it('gives up in time also what takes no notice, whose place is free only once it ends', async () => {
    const queue = new QueryQueue({ running: 1, waiting: 10, deadlineMs: 30 });
    const gate = deferred();

    const late = queue.run(() => gate.promise, NOBODY_LEAVES);

    await expect(late).rejects.toMatchObject({ code: 'HISTORY_BUSY' });
    expect(queue.status()).toMatchObject({ running: 1, late: 1 });
    gate.resolve();
    await expect.poll(() => queue.status().running).toBe(0);
  });

  it('forgets who leaves, and gives the place to the next', async () => {
    const queue = new QueryQueue({ running: 1, waiting: 1, deadlineMs: 60_000 });
    const gate = deferred();
    const first = queue.run(() => gate.promise, NOBODY_LEAVES);
    const leaving = new AbortController();
    const left = queue.run(async () => 'never', leaving.signal);

    leaving.abort(new Error('gone'));

    await expect(left).rejects.toThrow('gone');
    expect(queue.status()).toMatchObject({ running: 1, waiting: 0, abandoned: 1 });
    const next = queue.run(async () => 'next', NOBODY_LEAVES);
    gate.resolve();
    await first;
    expect(await next).toBe('next');
  });
});

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}
