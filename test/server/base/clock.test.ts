import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../server/base/clock.ts';

afterEach(() => vi.useRealTimers());

it('follows when the system clock is set, and only then steps', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const before = systemClock.monotonicMs();

  vi.setSystemTime(5_000_000);
  expect(systemClock.nowMs()).toBe(5_000_000);
  vi.setSystemTime(1_000_000);
  expect(systemClock.nowMs()).toBe(1_000_000);

  expect(systemClock.monotonicMs() - before).toBeGreaterThanOrEqual(0);
  expect(systemClock.monotonicMs() - before).toBeLessThan(60_000);
});
