import { describe, expect, it } from 'vitest';
import { en } from '../../client/locale/en.ts';
import { captureReply, segmentsWithGaps } from '../support/capture-files.ts';
import { CaptureServer } from '../support/capture-server.ts';
import { useDashboard } from '../support/dashboard.ts';
import { Folder } from '../support/folder.ts';

// Captures by time: the site is in Seoul, nine hours ahead.

const dashboard = useDashboard();
const folder = new Folder();

const RATE_HZ = 1000;
const TRIGGER_MS = Date.UTC(2026, 10, 21, 5, 7, 32, 123);
const LONG = captureOf('c-long', TRIGGER_MS);
const LATER = captureOf('c-later', TRIGGER_MS + 3_600_000);

describe('the raw captures of a view', () => {
  it('that lies wholly inside a long one are that one', async () => {
    const view = `from=${TRIGGER_MS + 2000.25}&to=${TRIGGER_MS + 3000.5}`;
    const { page, rows } = await open(`/channels/pmt-1?${view}`);
    await page.locator('fen-time-panes canvas').first().waitFor();

    await page.getByText(`${en.exportView} ▾`).click();
    await page.getByRole('link', { name: en.rawCaptures }).click();

    await expect.poll(rows).toEqual(['/captures/c-long']);
  });
});

describe('the list of captures', () => {
  it('has the time that it shows in order, whenever captures were made', async () => {
    const { page } = await open('/captures');

    await page.locator('.rows li').first().waitFor();
    const times = await page.locator('.rows time').allTextContents();
    expect(times.map((time) => time.slice(0, 16))).toEqual(['2026-11-21 15:07', '2026-11-21 14:07']);
  });
});

/** One of 21 s that was made before those of earlier triggers. */
function captureOf(id: string, triggerMs: number) {
  const timeMs = triggerMs - 10_000;
  const segments = segmentsWithGaps([21_000], { index: 0, gap: 0, rateHz: RATE_HZ, timeMs });
  return captureReply({ id, triggerMs, rateHz: RATE_HZ, samples: 21_000, segments, createdMs: 1e13 - triggerMs });
}

async function open(path: string, more = {}) {
  const server = new CaptureServer(folder.path(), [LONG, LATER]);
  const page = await dashboard.open({ scene: 'normal', path, routes: server.routes, ...more });
  const rows = () =>
    page
      .locator('.rows li a')
      .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
  return { page, server, rows };
}
