import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FenDiagnosisLane } from '../../client/components/fen-diagnosis-lane.ts';
import type { FenTimePanes } from '../../client/components/fen-time-panes.ts';
import type { DiagnosesReply } from '../../server/wire/diagnosis-history.ts';
import { axeFindings } from '../support/axe-findings.ts';
import type { LevelDevice } from '../support/level-device.ts';
import { LEVEL_CLASSES, LitPlant } from '../support/lit-plant.ts';
import { endless, HANGING_LEVEL, LENGTH, levelGraph, writeModel } from '../support/test-models.ts';

// What a real model in a real server makes of devices, on the screen. It tells a low level from a high one, and hangs beyond another.

const LOW = 0;
const MIDDLE = 1.1;
const HIGH = 50;
const STRANGE = 500;
const CRITICAL_LIGHT = [29, 34, 39]; // --grade-critical

const CSV_HEADER =
  'channel,stream,window,windows,time,end,model,version,outcome,class,class_index,probabilities,unknown,latency_ms,reason';

describe('diagnoses', () => {
  let plant: LitPlant;
  let light: LevelDevice;

  beforeAll(async () => {
    plant = await LitPlant.start({
      write: (folder) =>
        writeModel(folder('level'), levelGraph(endless(HANGING_LEVEL)), {
          classes: LEVEL_CLASSES,
          thresholds: { unknown: 100, confidence: 0.6 },
        }),
      channels: {
        'view.a': { model: 'level', unit: 'V' },
        'view.b': { model: 'missing', unit: 'V' },
        'view.c': { unit: 'V' },
      },
      lit: ['view.a', 'view.b'],
    });
    [light] = plant.lights as [LevelDevice];
  });

  afterAll(() => plant?.close());

  it('are on the tile in words, and nothing moves when one comes or changes', async () => {
    const page = await plant.open('/');
    const words = diagnosisOf(page, 'view.a');
    light.level = LOW;
    await expect.poll(() => said(words)).toMatch(/Normal\s*73\u202f%/);
    const before = await places(page);
    light.level = HIGH;
    await expect.poll(() => said(words)).toMatch(/Micro-arcing\s*100\u202f%\s*critical/);
    expect(await words.locator('svg.critical').count()).toBe(2); // sign and bars

    expect(await places(page)).toEqual(before);
    await expect
      .poll(() => page.locator('fen-fleet-summary li').allInnerTexts())
      .toContainEqual('view.a: Micro-arcing');
    await expect.poll(() => said(diagnosisOf(page, 'view.b'))).toContain('No diagnosis');
    expect(await page.locator('fen-diagnosis').count()).toBe(2);
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });

  it('are a hollow suspicion where the model is unsure, and quiet where it does not know', async () => {
    const page = await plant.open('/', 'ko');
    const words = diagnosisOf(page, 'view.a');
    light.level = MIDDLE;
    await expect.poll(() => said(words)).toMatch(/미세 아크\s*52\u202f%\s*위험\s*확신도 낮음/);
    expect(await words.locator('svg.critical').count()).toBe(2);
    expect(await words.locator('svg.critical.filled').count()).toBe(0);
    expect(await words.locator('svg.critical .hollow').count()).toBe(4);
    expect(await page.locator('fen-fleet-summary li').count()).toBe(0);
    await expect.poll(() => page.locator('fen-fleet-summary .unjudged').innerText()).toContain('이상 의심 1개');

    light.level = STRANGE;
    await expect.poll(() => said(words)).toContain('미확인 패턴');
    expect(await words.locator('svg.critical').count()).toBe(0);
    await page.close();
  });

  it('lie under the trend on its time axis, in words too, and are large above it', async () => {
    light.level = LOW;
    const page = await plant.open('/channels/view.a');
    const words = page.locator('fen-diagnosis[large]');
    await expect.poll(() => said(words)).toContain('Normal');
    light.level = HIGH;
    await expect.poll(() => said(words)).toContain('Micro-arcing');
    const lane = page.locator('fen-diagnosis-lane');

    await expect.poll(() => lane.locator('li').allInnerTexts()).toContainEqual(expect.stringContaining('Micro-arcing'));
    expect(await axeFindings(page)).toEqual([]);
    const { plane, left, painted } = await bar(page, CRITICAL_LIGHT);
    expect(painted.from).toBeGreaterThan(plane.left - left);
    expect(Math.abs(painted.to - (plane.left - left + plane.width))).toBeLessThan(plane.width / 20); // as new as the trend
    await page.close();
  });

  it('say that a run was incomplete, and why', async () => {
    const page = await plant.open('/channels/view.a');
    light.isLossy = true;
    await expect.poll(() => said(page.locator('fen-diagnosis[large]'))).toMatch(/Incomplete.*points missing/);
    light.isLossy = false;
    await page.close();
  });

  it('are not drawn again where the view stands still', async () => {
    const page = await plant.open('/channels/view.a');
    await expect.poll(() => drawings(page)).toBeGreaterThan(2);
    await page.keyboard.press('Space');
    await expect
      .poll(async () => {
        const before = await drawings(page);
        await page.waitForTimeout(1000); // in which runs end
        return (await drawings(page)) - before;
      })
      .toBe(0); // once the page has come to stand still
    await page.close();
  });

  it('are had as CSV by the link on the page, of the time that is shown', async () => {
    light.level = LOW;
    const page = await plant.open('/channels/view.a?span=20s');
    await expect.poll(() => page.locator('fen-diagnosis-lane li').count()).toBeGreaterThan(0);
    await page.keyboard.press('Space');
    await page.getByText('Export ▾').click();

    const link = page.getByRole('link', { name: 'Diagnoses (CSV)' });
    const asked = new URL((await link.getAttribute('href'))!, plant.server.url).searchParams;
    const [from, to] = [Number(asked.get('from')), Number(asked.get('to'))];
    await expect.poll(() => kept(to + 1000, to + 5000)).toBeGreaterThan(0); // none of what is shown is on its way

    const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);

    expect(file.suggestedFilename()).toBe('view.a-diagnoses.csv');
    const [header, ...rows] = readFileSync(await file.path(), 'utf8')
      .trimEnd()
      .split('\n');
    expect(header).toBe(CSV_HEADER);
    const shown = await kept(from, to);
    expect([shown, shown - 1]).toContain(rows.length); // one that began before may be shown, and is not among them
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      const [channel, , , windows, time, end, model, version] = row.split(',');
      expect([channel, windows, model, version]).toEqual(['view.a', String(LENGTH), 'level', '1']);
      expect(Date.parse(time!)).toBeGreaterThanOrEqual(from);
      expect(Date.parse(time!)).toBeLessThan(to);
      expect(Date.parse(end!)).toBeGreaterThan(from);
    }
    expect(rows.at(-1)).toMatch(/,class,0,0,0\.731\d* 0\.268\d*,0\.0,[\d.]+,$/);
    await page.close();
  });

  it('are struck out, without colour, when nothing comes of their channel', async () => {
    light.level = HIGH;
    const page = await plant.open('/');
    const words = diagnosisOf(page, 'view.a');
    await expect.poll(() => words.locator('.critical').count()).toBe(2);
    light.isPaused = true;
    await expect.poll(() => words.locator('.stale').count()).toBe(1);
    expect(await words.locator('.critical').count()).toBe(0);
    light.isPaused = false;
    await expect.poll(() => words.locator('.stale').count()).toBe(0);
    await page.close();
  });

  it('are unavailable where the model was put away, with the reason', async () => {
    const page = await plant.open('/channels/view.a');
    light.level = 2 * HANGING_LEVEL;
    const words = page.locator('fen-diagnosis[large]');
    await expect.poll(() => said(words)).toMatch(/No diagnosis.*was cut off/);
    await page.close();
  });

  /** Diagnoses of the channel in a range, ms since 1970 UTC. */
  async function kept(from: number, to: number): Promise<number> {
    const reply = await fetch(`${plant.server.url}/api/channels/view.a/diagnoses?from=${from}&to=${to}`);
    const { spans } = (await reply.json()) as Extract<DiagnosesReply, { form: 'spans' }>;
    return spans.reduce((sum, { count }) => sum + count, 0);
  }
});

/** All its words, also those for who listens. */
async function said(element: Locator): Promise<string> {
  return element.evaluate(({ shadowRoot }) =>
    [...shadowRoot!.querySelectorAll('p')].map(({ innerText }) => innerText.replace(/\n+/g, ' ')).join(' '),
  );
}

function diagnosisOf(page: Page, channel: string): Locator {
  return page.locator('fen-channel-tile').filter({ hasText: channel }).locator('fen-diagnosis');
}

/** Where the parts of the tile are. */
function places(page: Page): Promise<unknown> {
  return page
    .locator('fen-channel-tile')
    .first()
    .evaluate((tile) =>
      ['header', '.plot', 'fen-diagnosis', 'footer'].map((part) => {
        const { top, height } = tile.shadowRoot!.querySelector(part)!.getBoundingClientRect();
        return [top, height];
      }),
    );
}

function drawings(page: Page): Promise<number> {
  return page.locator('fen-diagnosis-lane').evaluate((lane) => (lane as FenDiagnosisLane).drawings);
}

/** Where the trend's time lies, and between which pixels of the lane its foot has a colour. */
async function bar(page: Page, colour: readonly number[]) {
  const plane = await page
    .locator('fen-time-panes')
    .evaluate((panes) => ({ ...(panes as FenTimePanes).planeOnScreen()! }));
  const lane = page.locator('fen-diagnosis-lane');
  const left = await lane.evaluate((element) => element.getBoundingClientRect().left);
  const painted = await lane.evaluate((element, rgb) => {
    const canvas = element.shadowRoot!.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, canvas.height - 3, canvas.width, 1);
    const hits = Array.from({ length: canvas.width }, (_, x) => x).filter((x) =>
      rgb.every((value, i) => Math.abs(data[4 * x + i] - value) < 8),
    );
    return { from: hits[0] ?? -1, to: hits.at(-1) ?? -1 };
  }, colour as number[]);
  return { plane, left, painted };
}
