import type { CDPSession, Page } from 'playwright-core';

/** What some seconds of a page came to. */
export interface PageCost {
  /** Share of one core that the page's main thread worked: its processor time, so waiting for a core is not counted. */
  readonly busy: number;
  readonly script: number;
  readonly heapGrowthBytes: number;
}

/**
 * What readings of the heap of a page that stands still in all but its data
 * may differ by: they scatter by 0.4 MB, and the code of the first minutes is
 * compiled once more. A leak of 100 bytes a drawing comes to three times as
 * much in 90 s.
 */
export const HEAP_NOISE_BYTES = 1_000_000;

/** Opens the developer tools of a page. */
export async function inspect(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await session.send('HeapProfiler.enable');
  return session;
}

/** Measures a page by the developer tools' own counters while `wait` lasts. */
export async function measureCost(session: CDPSession, wait: () => Promise<void>): Promise<PageCost> {
  const heapBefore = await heapBytes(session);
  const before = await counters(session);
  await wait();
  const after = await counters(session);
  const heapAfter = await heapBytes(session);

  const share = (name: string) => (after[name] - before[name]) / (after.Timestamp - before.Timestamp);
  return { busy: share('TaskDuration'), script: share('ScriptDuration'), heapGrowthBytes: heapAfter - heapBefore };
}

/**
 * Bytes of the page's JavaScript heap after garbage collections, the least of
 * three, since one alone leaves what is still in use by a frame; typed arrays
 * and WASM memory are outside it.
 */
export async function heapBytes(session: CDPSession): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    least = Math.min(least, usedSize);
  }
  return least;
}

/** Of the straight line nearest to points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, level] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - middle) * (y - level), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - middle) ** 2, 0);
}

async function counters(session: CDPSession): Promise<Record<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}
