import { expect, it } from 'vitest';
import { systemClock } from '../../../server/base/clock.ts';
import { SharedRead } from '../../../server/base/shared-read.ts';

const INTERVAL_MS = 50;

it('reads once for all who ask at the same time', async () => {
  const { shared, reads } = counting();

  const answers = await Promise.all(Array.from({ length: 100 }, () => shared.read()));

  expect(reads()).toBe(1);
  expect(new Set(answers)).toEqual(new Set([1]));
});

it('reads no more often than its interval, however often it is asked', async () => {
  const { shared, reads } = counting();
  const startMs = performance.now();

  const ask = async () => {
    for (let i = 0; i < 5; i++) await shared.read();
  };
  await Promise.all(Array.from({ length: 20 }, ask));

  expect(reads()).toBeLessThanOrEqual(1 + (performance.now() - startMs) / (INTERVAL_MS - 1));
  expect(reads()).toBe(5);
});

it('never answers with what is older than the question', async () => {
  let value = 'old';
  let finish = () => {};
  const shared = new SharedRead(
    async () => {
      const found = value;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return found;
    },
    INTERVAL_MS,
    systemClock,
  );

  const early = shared.read();
  await new Promise((resolve) => setTimeout(resolve, 1));
  value = 'new';
  const late = shared.read(); // while the first is under way
  finish();
  expect(await early).toBe('old');
  await new Promise((resolve) => setTimeout(resolve, 2 * INTERVAL_MS));
  finish();

  expect(await late).toBe('new');
});

it('tells everyone that waits of a failure, and tries again for the next', async () => {
  let isBroken = true;
  const shared = new SharedRead(
    async () => {
      if (isBroken) throw new Error('broken');
      return 'whole';
    },
    INTERVAL_MS,
    systemClock,
  );

  const failed = await Promise.allSettled([shared.read(), shared.read()]);
  isBroken = false;

  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await shared.read()).toBe('whole');
});

function counting() {
  let reads = 0;
  const shared = new SharedRead(async () => ++reads, INTERVAL_MS, systemClock);
  return { shared, reads: () => reads };
}
