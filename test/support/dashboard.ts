import type { Browser, Page } from 'playwright-core';
import type { FenApp } from '../../client/pages/fen-app.ts';
import { type SceneName, scene } from './scenes.ts';
import { ScriptedHub } from './scripted-hub.ts';

export interface DashboardOptions {
  readonly scene: SceneName;
  readonly path?: string;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en' | 'ko';
  readonly width?: number;
  readonly height?: number;
}

/** The built dashboard, open in a browser on a scripted hub. */
export interface Dashboard {
  readonly page: Page;
  readonly hub: ScriptedHub;
  /** What the browser complained of: errors, and what the security policy blocked. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Opens a page of the dashboard and waits until it shows something and has the ledger of what it shows. The caller closes it. */
export async function openDashboard(browser: Browser, options: DashboardOptions): Promise<Dashboard> {
  const { path = '/', theme = 'light', language = 'en', width = 1920, height = 1080 } = options;
  const hub = await ScriptedHub.start(scene(options.scene));
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale: language });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(hub.url + path);
  if (options.scene !== 'connecting') await page.locator('fen-life-strip .live').waitFor();
  await page.locator('fen-trend-chart canvas, fen-table table, fen-missing-page h1, .none').first().waitFor();
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
