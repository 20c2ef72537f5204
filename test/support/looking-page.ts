import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { FenReadout } from '../../client/components/fen-readout.ts';
import type { FenTimePanes } from '../../client/components/fen-time-panes.ts';

// Red is the trace alone.
const COLOURS = { '--trace': '#f00', '--ink-3': '#00f', '--ink': '#000', '--band': '#020' };

/** A channel's page in a browser, and what a test does to its time axis. */
export class LookingPage {
  readonly page: Page;

  static async open(browser: Browser, url: string): Promise<LookingPage> {
    const context = await browser.newContext({
      viewport: { width: 1600, height: 900 },
      colorScheme: 'dark',
      locale: 'en',
    });
    const page = await context.newPage();
    await page.addInitScript(() => {
      Object.assign(globalThis, {
        panes: () =>
          document
            .querySelector('fen-app')!
            .shadowRoot!.querySelector('fen-channel-page')!
            .shadowRoot!.querySelector('fen-time-panes')!,
      });
    });
    await page.goto(url);
    await page.locator('fen-time-panes canvas').first().waitFor();
    return new LookingPage(page);
  }

  private constructor(page: Page) {
    this.page = page;
  }

  /** Moves the mouse over the trends, to a share of their width, until they have seen it. */
  async pointAt(share: number): Promise<void> {
    const { x, y, width, height } = (await this.page.locator('fen-time-panes').boundingBox())!;
    const see = async () => {
      for (const offPx of [3, 0]) await this.page.mouse.move(x + width * share + offPx, y + height / 2);
      return (await this.readout()).isAtCursor;
    };
    await expect.poll(see).toBe(true);
  }

  /** Drags the axis from under the mouse to a share of its width. */
  async dragTo(share: number): Promise<void> {
    const { x, y, width, height } = (await this.page.locator('fen-time-panes').boundingBox())!;
    await this.page.mouse.down();
    await this.page.mouse.move(x + width * share, y + height / 2, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Gives the charts colours that can be told apart. */
  async paint(): Promise<void> {
    await this.page.evaluate((colours) => {
      for (const [token, colour] of Object.entries(colours)) document.documentElement.style.setProperty(token, colour);
    }, COLOURS);
  }

  async show(range: { fromMs: number; toMs: number }): Promise<void> {
    await this.page.evaluate((range) => panes().looking.show({ kind: 'past', ...range }), range);
    await this.page.waitForTimeout(300);
  }

  view(): Promise<{ kind: string; spanMs?: number; fromMs?: number; toMs?: number }> {
    return this.page.evaluate(() => panes().looking.value.view);
  }

  /** Length of the axis, ms. */
  async span(): Promise<number> {
    const { spanMs, fromMs = 0, toMs = 0 } = await this.view();
    return spanMs ?? toMs - fromMs;
  }

  /** What the readout shows of the page's own channel. */
  readout() {
    return this.page.evaluate(() => {
      const readout = (panes().getRootNode() as ShadowRoot).querySelector<FenReadout>('fen-readout')!;
      const [fold] = readout.read();
      const { min = 0, max = 0, mean = 0, deviation = 0, count = 0, fromMs = 0, toMs = 0 } = fold ?? {};
      const isAtCursor = readout.looking.value.cursorMs !== undefined;
      const text = readout.shadowRoot!.textContent ?? '';
      return { min, max, mean, deviation, count, fromMs, toMs, isAtCursor, text };
    });
  }

  /** Until the highest value on the axis is this. */
  untilHighest(value: number): Promise<void> {
    return expect.poll(async () => (await this.readout()).max).toBe(value);
  }
}

declare global {
  /** In the page. */
  function panes(): FenTimePanes;
}
