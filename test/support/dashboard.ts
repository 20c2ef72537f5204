import type { RequestHandler } from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { FenApp } from '../../client/pages/fen-app.ts';
import { launchBrowser } from './browser.ts';
import { type SceneName, scene } from './scenes.ts';
import { ScriptedHub } from './scripted-hub.ts';

export interface DashboardOptions {
  readonly scene: SceneName;
  readonly path?: string;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en' | 'ko';
  readonly width?: number;
  readonly height?: number;
  /** A phone, which is touched instead of pointed at. */
  readonly isPhone?: boolean;
  /** More of REST than the scene's. */
  readonly routes?: RequestHandler;
}

/** The built dashboard, open in a browser on a scripted hub: of the test that runs. */
export interface Dashboard {
  /** Opens it, and waits until it shows something and has the ledger of what it shows. It is closed after the test. */
  open(options: DashboardOptions): Promise<Page>;
  readonly page: Page;
  readonly hub: ScriptedHub;
  /** What the browser complained of: errors, and what the security policy blocked. */
  readonly complaints: readonly string[];
}

/** To be called once in a file of tests, which share a browser. */
export function useDashboard(): Dashboard {
  let browser: Browser;
  let current: OpenDashboard | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await current?.close();
    current = undefined;
  });
  afterAll(() => browser.close());
  const opened = (): OpenDashboard => {
    if (current === undefined) throw new Error('no dashboard was opened in this test');
    return current;
  };
  return {
    async open(options) {
      current = await openDashboard(browser, options);
      return current.page;
    },
    get page() {
      return opened().page;
    },
    get hub() {
      return opened().hub;
    },
    get complaints() {
      return opened().complaints;
    },
  };
}

interface OpenDashboard extends Omit<Dashboard, 'open'> {
  close(): Promise<void>;
}

async function openDashboard(browser: Browser, options: DashboardOptions): Promise<OpenDashboard> {
  const { path = '/', theme = 'light', language = 'en', isPhone = false } = options;
  const { width = isPhone ? 390 : 1920, height = isPhone ? 844 : 1080 } = options;
  const hub = await ScriptedHub.start({ ...scene(options.scene), routes: options.routes });
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: language,
    hasTouch: isPhone,
    isMobile: isPhone,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(hub.url + path);
  if (options.scene !== 'connecting') await page.locator('fen-life-strip .live').waitFor();
  await page
    .locator('fen-trend-chart canvas, fen-table table, fen-missing-page h1, fen-capture-page h1, .none, .rows')
    .first()
    .waitFor();
  await page.waitForFunction(() => {
    const { channels } = (document.querySelector('fen-app') as FenApp).live.fleet.value;
    return channels.every(({ value }) => value.pulse !== undefined);
  });
  return {
    page,
    hub,
    complaints,
    async close() {
      await context.close();
      await hub.close();
    },
  };
}
