import type { Page } from 'playwright-core';
import type { FenWaveChart } from '../../client/waveform/fen-wave-chart.ts';

// The viewer of a recording in a browser, and what a test reads of it.

/** Resolves with the first frame that has a picture. */
export function untilDrawn(page: Page): Promise<void> {
  return page.locator('fen-wave-chart').evaluate(
    (chart) =>
      new Promise<void>((resolve) => {
        const look = () => ((chart as FenWaveChart).drawn ? resolve() : requestAnimationFrame(look));
        look();
      }),
  );
}

/** Puts the cursor onto a sample of the stream. */
export function pointAt(page: Page, index: number): Promise<void> {
  return page.locator('fen-wave-chart').evaluate((chart, index) => {
    const event = new Event('fen-wave-cursor', { bubbles: true, composed: true });
    chart.dispatchEvent(Object.assign(event, { index }));
  }, index);
}

/** Names and figures of a panel beside the waveform. */
export async function figures(page: Page, panel: number): Promise<Record<string, string>> {
  const rows = page.locator('fen-capture-view fen-figures').nth(panel).locator('dl > div');
  const pairs = await rows.evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').replaceAll('\u202f', ' '))),
  );
  return Object.fromEntries(pairs as [string, string][]);
}
