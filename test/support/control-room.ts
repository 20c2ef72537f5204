import type { Browser, Page } from 'playwright-core';
import type { FenTrendChart } from '../../client/charts/fen-trend-chart.ts';

/** Opens the control room of a running server at 1920 × 1080 and waits until all its charts are drawn. */
export async function openControlRoom(browser: Browser, url: string, charts: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' });
  await page.goto(url);
  await page
    .locator('fen-trend-chart canvas')
    .nth(charts - 1)
    .waitFor();
  return page;
}

/** Drawings of all charts of a page since it was opened. */
export function chartsDrawn(page: Page): Promise<number> {
  return page
    .locator('fen-trend-chart')
    .evaluateAll((charts) => (charts as FenTrendChart[]).reduce((sum, chart) => sum + chart.frames, 0));
}
