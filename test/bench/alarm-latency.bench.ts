import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AlarmServer } from '../support/alarm-server.ts';
import { launchBrowser } from '../support/browser.ts';
import { Folder } from '../support/folder.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { StepDevice, WINDOW_MS } from '../support/step-device.ts';

// From the raw sample that passes a limit to the frame that shows its alarm: the
// built server with one device at full rate over TCP, and Chromium beside it on
// the same machine. The clock of the page is compared with this one's at each step.

const STEPS = Number(process.env.BENCH_STEPS ?? 40);
const TAG = 'level:lamp';
/** Above which a sample is too high; the device's are 0 and 1000. */
const LEVEL = {
  channels: ['lamp'],
  condition: { kind: 'limit', figure: 'max', above: 500 },
  autoAcknowledgeReturns: true,
};
/** The server says so within 100 ms of the window that shows it; people see it within what they may see of trends. */
const RAISED_MS = 100;
const SHOWN_MS = 250;

const ROOMS = [
  {
    room: 'phone',
    path: '/alarms',
    host: 'fen-alarms-page',
    alarm: 'fen-alarm-card',
    size: { width: 390, height: 844 },
  },
  {
    room: 'control room',
    path: '/',
    host: 'fen-alarm-banner',
    alarm: 'section.most',
    size: { width: 1920, height: 1080 },
  },
] as const;

const folder = new Folder();
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

it.each(ROOMS)(
  'brings an alarm from the raw sample to the screen of the $room',
  async ({ room, path, host, alarm, size }) => {
    const plant = new AlarmServer(folder.path(), { level: LEVEL });
    await plant.start();
    const device = await StepDevice.open(plant.server.ingest, 'lamp');
    const page = await browser.newPage({ viewport: size, isMobile: room === 'phone' });
    try {
      await page.goto(plant.server.url + path);
      const watch = await watchFrames(page, host, alarm);
      const random = seededRandom(7);
      const raised: number[] = [];
      const shown: number[] = [];
      for (let i = 0; i < STEPS; i++) {
        await new Promise((resolve) => setTimeout(resolve, 500 + 300 * random()));
        const seen = watch.next(true);
        const sentMs = await device.step(1000);
        shown.push((await seen) - sentMs);
        raised.push((await plant.find(TAG)).raisedMs! - sentMs);
        const gone = watch.next(false);
        await device.step(0);
        await gone;
      }

      const [ofServer, ofScreen] = [quantiles(raised), quantiles(shown)];
      console.log(
        `${room}, ${STEPS} steps at 10 MS/s: from the sample sent to raised ${words(ofServer)}; to the frame that shows it ` +
          `${words(ofScreen)}, at the median ${(ofScreen.p50 / WINDOW_MS).toFixed(1)} windows of ${WINDOW_MS} ms`,
      );
      expect(ofServer.max).toBeLessThan(RAISED_MS + WINDOW_MS);
      expect(ofScreen.p95).toBeLessThan(SHOWN_MS);
    } finally {
      await page.close();
      await device.close();
      await plant.server.close();
    }
  },
);

interface FrameWatch {
  /** Resolves when a frame has been drawn in which the alarm is there, or no more: when that was, ms since 1970 UTC by this process. */
  next(isThere: boolean): Promise<number>;
}

/** Looks, after each frame that the page draws, whether its `host` shows an alarm. */
async function watchFrames(page: Page, host: string, alarm: string): Promise<FrameWatch> {
  let tell: ((isThere: boolean, atMs: number) => void) | undefined;
  await page.exposeFunction('tellFrame', (isThere: boolean, atMs: number) => tell?.(isThere, atMs));
  await page.locator(host).evaluate((element, selector) => {
    const { tellFrame } = globalThis as unknown as { tellFrame(isThere: boolean, atMs: number): void };
    const look = () => element.shadowRoot!.querySelector(selector)?.matches(':not(.none)') ?? false;
    let wasThere = look();
    const { port1, port2 } = new MessageChannel();
    // A message that is sent in a frame comes when the frame is drawn.
    port1.onmessage = () => {
      const isThere = look();
      if (isThere !== wasThere) tellFrame(isThere, performance.timeOrigin + performance.now());
      wasThere = isThere;
    };
    const follow = () => {
      port2.postMessage(undefined);
      requestAnimationFrame(follow);
    };
    requestAnimationFrame(follow);
  }, alarm);
  return {
    next: (wanted) =>
      new Promise((resolve) => {
        tell = async (isThere, atMs) => {
          if (isThere !== wanted) return;
          tell = undefined;
          resolve(atMs - (await clockAheadMs(page)));
        };
      }),
  };
}

/** How far the page's clock is ahead of this process's, ms: by the quickest of some questions. */
async function clockAheadMs(page: Page): Promise<number> {
  let best = { tookMs: Number.POSITIVE_INFINITY, aheadMs: 0 };
  for (let i = 0; i < 5; i++) {
    const before = performance.timeOrigin + performance.now();
    const theirs = await page.evaluate(() => performance.timeOrigin + performance.now());
    const tookMs = performance.timeOrigin + performance.now() - before;
    if (tookMs < best.tookMs) best = { tookMs, aheadMs: theirs - before - tookMs / 2 };
  }
  return best.aheadMs;
}

function quantiles(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b);
  const rank = (part: number) => sorted[Math.ceil(part * sorted.length) - 1]!;
  return { min: sorted[0]!, p50: rank(0.5), p95: rank(0.95), max: rank(1) };
}

function words(figures: ReturnType<typeof quantiles>): string {
  return `${Object.entries(figures)
    .map(([name, ms]) => `${name} ${ms.toFixed(1)}`)
    .join(' ')} ms`;
}
