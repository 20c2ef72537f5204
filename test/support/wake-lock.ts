import type { BrowserContext } from 'playwright-core';

/** Counts, in the pages of a context, how often the screen was asked to stay awake (`wakes`), and has the newest lock (`lock`). */
export async function countWakes(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const counted = globalThis as { wakes?: number; lock?: WakeLockSentinel };
    const request = navigator.wakeLock.request.bind(navigator.wakeLock);
    navigator.wakeLock.request = async (type) => {
      counted.wakes = (counted.wakes ?? 0) + 1;
      counted.lock = await request(type);
      return counted.lock;
    };
  });
}
