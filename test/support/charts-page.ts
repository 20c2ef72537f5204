import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import { build } from 'vite';

const SOURCE = fileURLToPath(new URL('../bench/charts-page', import.meta.url));
const BUILT = fileURLToPath(new URL('../../build/charts-page', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** Builds the pages of charts without the dashboard around them, as the product is built, and serves them. Close it when done. */
export async function serveChartsPage(): Promise<{ readonly url: string; close(): void }> {
  await build({
    root: SOURCE,
    logLevel: 'error',
    build: {
      outDir: BUILT,
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: 1000,
      rolldownOptions: { input: ['index.html', 'live.html'].map((name) => join(SOURCE, name)) },
    },
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = join(BUILT, normalize(pathname === '/' ? '/index.html' : pathname));
    if (!existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What a page has cost since it was opened. */
export interface PageCost {
  /** What the main thread has worked, s of processor time: waiting for a core is not counted. */
  readonly taskSeconds: number;
  readonly scriptSeconds: number;
  /** By the browser's monotonic clock, s. */
  readonly atSeconds: number;
}

/** Reads the cost of a page by the developer tools' own counters. */
export async function pageCost(session: CDPSession): Promise<PageCost> {
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((entry) => entry.name === name)?.value ?? NaN;
  return {
    taskSeconds: metric('TaskDuration'),
    scriptSeconds: metric('ScriptDuration'),
    atSeconds: metric('Timestamp'),
  };
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

/** Opens the developer tools of a page. */
export async function inspect(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await session.send('HeapProfiler.enable');
  return session;
}

/** What some seconds of a page came to. */
export interface PageFigures {
  /** Share of one core that the main thread worked. */
  readonly busy: number;
  readonly script: number;
  readonly drawnPerSecond: number;
  readonly heapGrowthBytes: number;
}

/**
 * What the heap of a page in its first minutes may differ by between two
 * readings: compiled code and its feedback come to about 1 MB, and a reading
 * scatters by as much again. A leak of 100 bytes a drawing is as large in 90 s.
 */
export const HEAP_NOISE_BYTES = 3_000_000;

/** Opens the page of `charts` charts drawn by `kind`, lets it settle, and measures it. */
export async function measurePage(
  page: Page,
  url: string,
  { kind, charts, settleSeconds, seconds }: { kind: string; charts: number; settleSeconds: number; seconds: number },
): Promise<PageFigures> {
  const session = await inspect(page);
  await page.goto(`${url}?kind=${kind}&charts=${charts}`);
  await page.waitForTimeout(settleSeconds * 1000);

  const drawn = () => page.evaluate(() => (globalThis as unknown as { figures: { drawn(): number } }).figures.drawn());
  const heapBefore = await heapBytes(session);
  const drawnBefore = await drawn();
  const before = await pageCost(session);
  await page.waitForTimeout(seconds * 1000);
  const after = await pageCost(session);
  const drawnAfter = await drawn();
  const heapAfter = await heapBytes(session);

  const elapsed = after.atSeconds - before.atSeconds;
  return {
    busy: (after.taskSeconds - before.taskSeconds) / elapsed,
    script: (after.scriptSeconds - before.scriptSeconds) / elapsed,
    drawnPerSecond: (drawnAfter - drawnBefore) / elapsed,
    heapGrowthBytes: heapAfter - heapBefore,
  };
}

/** The figures as one line to print. */
export function figuresLine(kind: string, { busy, script, drawnPerSecond, heapGrowthBytes }: PageFigures): string {
  const share = (part: number) => `${(part * 100).toFixed(1)} %`;
  return (
    `${kind.padEnd(6)} main thread ${share(busy)} (script ${share(script)}), ` +
    `${drawnPerSecond.toFixed(0)} drawings/s, heap ${(heapGrowthBytes / 1e6).toFixed(2)} MB`
  );
}
