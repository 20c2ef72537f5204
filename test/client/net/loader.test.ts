import { describe, expect, it } from 'vitest';
import { Loader } from '../../../client/net/loader.ts';
import { FakeTimers } from '../../support/fake-timers.ts';

describe('loader', () => {
  it('asks once, however many want it', async () => {
    const { loader, attempts } = create(0);

    expect(await Promise.all([loader.load(), loader.load()])).toEqual(['part', 'part']);
    expect(await loader.load()).toBe('part');

    expect(attempts()).toBe(1);
  });

  it('tries again when asked again, each time after a longer pause, up to five seconds', async () => {
    const { loader, attempts, timers, failures } = create(7);
    const pauses: number[] = [];
    await expect(loader.load()).rejects.toThrow('out of reach');
    expect(loader.isFailing).toBe(true);

    while (loader.isFailing) {
      const before = attempts();
      const loaded = Promise.allSettled([loader.load(), loader.load()]); // who shares an attempt, shares its end
      let pauseMs = 0;
      for (; attempts() === before; pauseMs += 50) {
        timers.advance(50);
        await Promise.resolve();
      }
      pauses.push(pauseMs);
      await loaded;
    }

    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    expect(failures).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(timers.pending).toBe(0);
  });
});

/** One whose first attempts fail. */
function create(failing: number) {
  const timers = new FakeTimers();
  const failures: number[] = [];
  let attempts = 0;
  const attempt = async () => {
    if (attempts++ < failing) throw new Error('out of reach');
    return 'part';
  };
  const loader = new Loader({ attempt, timers, onFailure: (count) => failures.push(count) });
  return { loader, timers, failures, attempts: () => attempts };
}
