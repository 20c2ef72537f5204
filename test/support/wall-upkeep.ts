import type { CDPSession, Page } from 'playwright-core';
import type { FenWallPage } from '../../client/pages/fen-wall-page.ts';
import { heapBytes } from './page-cost.ts';

/** What a wall holds while it stands at the alarms, where nothing of another slide is needed. */
export interface Upkeep {
  /** Charts that were made and that something still holds. */
  readonly charts: number;
  /** Subscriptions to stores since the watch began, without those that were ended. */
  readonly subscriptions: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly heapBytes: number;
}

// What was on its way when the slide went, a frame or a figure, lets go of it.
const SETTLE_MS = 1000;

interface Watched {
  subscriptions?: number;
}

/** Watches what a wall holds, from when it shows a chart. */
export class WallWatch {
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #chart: string;

  private constructor(page: Page, session: CDPSession, chart: string) {
    this.#page = page;
    this.#session = session;
    this.#chart = chart;
  }

  static async begin(page: Page, session: CDPSession): Promise<WallWatch> {
    await page.waitForFunction(() => {
      const wall = document.querySelector('fen-wall-page') as FenWallPage;
      const tile = wall.shadowRoot
        ?.querySelector('fen-wall-channels')
        ?.shadowRoot?.querySelector('fen-wall-tile')
        ?.shadowRoot?.querySelector('fen-trend-chart');
      const { plot } = (tile ?? {}) as { readonly plot?: object };
      if (!plot) return false; // another slide, or not drawn yet
      Object.assign(globalThis, { chartPrototype: Object.getPrototypeOf(plot) });
      const watched = globalThis as Watched;
      watched.subscriptions = 0;
      const { live } = wall;
      const { channels } = live.fleet.value;
      const diagnoses = channels.flatMap(({ name }) => live.fleet.diagnoses.find(name) ?? []);
      for (const store of [live.fleet, live.alarms, live.site, live.life, ...channels, ...diagnoses]) {
        const subscribe = store.subscribe.bind(store);
        store.subscribe = (onChange) => {
          const end = subscribe(onChange);
          watched.subscriptions = (watched.subscriptions ?? 0) + 1;
          return () => {
            watched.subscriptions = (watched.subscriptions ?? 0) - 1;
            end();
          };
        };
      }
      return true;
    });
    const { result } = await session.send('Runtime.evaluate', { expression: 'chartPrototype' });
    return new WallWatch(page, session, result.objectId!);
  }

  /** Waits until the wall stands at the alarms, and gives what it holds after what nobody holds was let go. */
  async held(): Promise<Upkeep> {
    await this.#page.locator('fen-wall-page fen-wall-alarms').waitFor();
    await this.#page.locator('fen-wall-page fen-wall-channels').waitFor({ state: 'detached' });
    await this.#page.waitForTimeout(SETTLE_MS);
    const bytes = await heapBytes(this.#session);
    const { metrics } = await this.#session.send('Performance.getMetrics');
    const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
    return {
      charts: await this.#charts(),
      subscriptions: (await this.#page.evaluate(() => (globalThis as Watched).subscriptions)) ?? Number.NaN,
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
      heapBytes: bytes,
    };
  }

  async #charts(): Promise<number> {
    const { objects } = await this.#session.send('Runtime.queryObjects', { prototypeObjectId: this.#chart });
    const { result } = await this.#session.send('Runtime.callFunctionOn', {
      objectId: objects.objectId!,
      functionDeclaration: 'function () { return this.length; }',
    });
    await this.#session.send('Runtime.releaseObject', { objectId: objects.objectId! });
    return result.value as number;
  }
}

/** Waits while so many slides pass. */
export async function slidesPassed(page: Page, count: number): Promise<void> {
  await page.evaluate(async (wanted) => {
    const wall = (document.querySelector('fen-wall-page') as FenWallPage).shadowRoot as ShadowRoot;
    let last = '';
    for (let passed = 0; passed < wanted; ) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      const words = wall.querySelector('.which')?.textContent ?? '';
      if (words !== last) passed++;
      last = words;
    }
  }, count);
}

/** Which slide was shown in the middle of so many turns of 2 s, by the number of the turn on the server's clock. */
export async function slidesSeen(page: Page, turns: number): Promise<Map<number, string>> {
  const seen = new Map<number, string>();
  while (seen.size < turns) {
    const [turn, share, words] = await page.evaluate(() => {
      const wall = document.querySelector('fen-wall-page') as FenWallPage;
      const turn = (wall.live.clock.nowMs ?? 0) / 2000;
      return [Math.floor(turn), turn % 1, wall.shadowRoot?.querySelector('.which')?.textContent ?? ''] as const;
    });
    if (share > 0.4 && share < 0.9) seen.set(turn, words);
    await page.waitForTimeout(100);
  }
  return seen;
}
