import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FenTimePanes } from '../../client/components/fen-time-panes.ts';
import type { CapturesReply } from '../../server/wire/captures.ts';
import { axeFindings } from '../support/axe-findings.ts';
import type { LevelDevice } from '../support/level-device.ts';
import { LEVEL_CLASSES, LitPlant } from '../support/lit-plant.ts';
import { LENGTH, level, levelGraph, writeModel } from '../support/test-models.ts';

// From a diagnosis on the screen to its run, and to its raw samples; a real server, whose model tells a low level from a high one.

const [LOW, HIGH] = [0, 50];
const FIELDS = { classes: LEVEL_CLASSES, thresholds: { unknown: 100, confidence: 0.6 } };
describe('a run', () => {
  let plant: LitPlant;
  let light: LevelDevice;
  let other: LevelDevice;
  /** When the light became another. */
  let changedMs = 0;

  beforeAll(async () => {
    plant = await LitPlant.start({
      write: (folder) => writeExamples(writeModel(folder('level'), levelGraph(level()), FIELDS)),
      channels: { 'view.a': { model: 'level', unit: 'V' }, 'view.b': { model: 'level', unit: 'V' } },
      lit: ['view.a', 'view.b'],
    });
    [light, other] = plant.lights as [LevelDevice, LevelDevice];
  });

  afterAll(() => plant?.close());

  it('is opened by a click on the lane, beside its nearest examples, and its raw samples are captured once', async () => {
    light.level = LOW;
    const page = await plant.open('/channels/view.a?span=20s');
    await expect.poll(() => told(page)).toContainEqual(expect.stringContaining('Normal'));
    changedMs = Date.now();
    light.level = HIGH;
    await expect.poll(() => told(page)).toContainEqual(expect.stringContaining('Micro-arcing'));
    const before = (await captures()).length;

    await clickLane(page, -1);

    const view = page.locator('fen-run-view');
    await expect
      .poll(() => headings(view))
      .toEqual(['This run', 'Nearest normal example', 'Nearest example of: Micro-arcing']);
    expect(await view.locator('h2').first().innerText()).toMatch(/Micro-arcing\s*100/);
    expect(await view.locator('fen-run-plot header').nth(2).innerText()).toMatch(/distance 0\.06 σ/);
    expect(await view.locator('fen-run-plot').nth(0).locator('path').count()).toBe(2); // envelope and mean
    expect(await view.locator('fen-class-bars li.decided').innerText()).toMatch(/Micro-arcing.*100/s);
    expect(await view.locator('fen-unknown-score p').innerText()).toMatch(/50\.00, within the threshold of 100\.00/);
    await expect.poll(() => view.locator('.samples').innerText()).toContain('Raw samples captured.');
    const [capture] = await captures();
    expect(await captures()).toHaveLength(before + 1);
    expect(capture).toMatchObject({ channel: 'view.a', cause: { kind: 'diagnosis', text: 'Micro-arcing' } });
    expect(capture!.to - capture!.from).toBe(LENGTH * 100); // the run's samples, and no other
    expect(await view.locator('.samples a').getAttribute('href')).toBe(`/captures/${capture!.id}`);
    expect(await axeFindings(page)).toEqual([]);

    await page.reload();
    await expect.poll(() => view.locator('.samples').innerText()).toContain('The raw samples are captured.');
    expect(await headings(view)).toHaveLength(3);
    expect(await captures()).toHaveLength(before + 1);

    await page.keyboard.press('Escape');
    await view.waitFor({ state: 'detached' });
    await expect.poll(() => page.url()).not.toContain('run=');
    await page.goBack();
    await view.waitFor();
    await expect.poll(() => view.locator('.samples').innerText()).toContain('The raw samples are captured.');
    expect(await captures()).toHaveLength(before + 1);
    await page.close();
  });

  it('lies in the lane of a page that came later, as far back as anybody looks', async () => {
    const whole = await plant.open('/channels/view.a?span=10m');
    for (const name of ['Normal', 'Micro-arcing']) {
      await expect.poll(() => told(whole)).toContainEqual(expect.stringContaining(name));
    }
    await whole.close();

    const past = await plant.open(`/channels/view.a?from=${changedMs - 2500}&to=${changedMs - 500}`);
    await expect.poll(() => told(past)).toEqual([expect.stringContaining('Normal')]);
    await clickLane(past, -1);
    const view = past.locator('fen-run-view');
    await expect.poll(() => view.locator('h2').first().innerText()).toMatch(/Normal\s*73/);
    await expect
      .poll(() => headings(view))
      .toEqual(['This run', 'Nearest normal example', 'Nearest example of: Micro-arcing']);
    await expect.poll(() => view.locator('.samples').innerText()).toContain('Raw samples captured.');
    await past.close();
  });

  it('is opened by keys, and leads to the nearest one of another class, of which nothing is captured by itself', async () => {
    const before = (await captures()).length;
    const page = await plant.open('/channels/view.a?span=20s', 'ko');
    await expect.poll(() => told(page)).toContainEqual(expect.stringContaining('미세 아크'));
    await page.locator('fen-diagnosis-lane ul').focus();
    await page.keyboard.press('End');
    expect(await page.locator('fen-diagnosis-lane [aria-selected="true"]').innerText()).toContain('미세 아크');
    await page.keyboard.press('Enter');
    const view = page.locator('fen-run-view');
    await expect.poll(() => view.locator('.samples').innerText()).toContain('기록했습니다');
    await expect.poll(async () => (await captures()).length).toBe(before + 1);

    await expect.poll(() => page.url()).toContain('run=');
    const opened = new URL(page.url()).searchParams.get('run');
    await view.getByRole('button', { name: '다른 클래스의 이전 런' }).click();

    await expect.poll(() => view.locator('h2').first().innerText()).toMatch(/정상|데이터/);
    await expect.poll(() => view.locator('.samples :is(button, a)').count()).toBe(1); // most of it may be in the other's
    await expect.poll(() => new URL(page.url()).searchParams.get('run')).not.toBe(opened);
    await page.reload();
    await expect.poll(() => view.locator('.samples :is(button, a)').count()).toBe(1);
    expect(await captures()).toHaveLength(before + 1);
    await page.close();
  });

  it('that was incomplete shows its gap and why, and is held against nothing', async () => {
    const page = await plant.open('/channels/view.b');
    other.isLossy = true;
    await expect.poll(() => page.locator('fen-diagnosis[large] p').innerText()).toMatch(/Incomplete/);
    await page.locator('fen-diagnosis[large] button').click();

    const view = page.locator('fen-run-view');
    await expect.poll(() => view.locator('.said').innerText()).toMatch(/points missing.*held against no example/);
    expect(await headings(view)).toEqual(['This run']);
    expect(await view.locator('.gap').count()).toBeGreaterThan(0);
    other.isLossy = false;
    await page.close();
  });

  it('of a moment that nobody looked at is none, and nothing is captured', async () => {
    const before = (await captures()).length;
    const page = await plant.open('/channels/view.a?run=2020-01-01T00:00:00Z');

    await expect
      .poll(() => page.locator('fen-run-view .said').innerText())
      .toBe('No diagnosis is kept of this moment.');
    expect(await captures()).toHaveLength(before);
    await page.close();
  });

  async function captures(): Promise<CapturesReply['captures']> {
    const reply = await fetch(`${plant.server.url}/api/captures?channel=view.a`);
    return ((await reply.json()) as CapturesReply).captures;
  }
});

/** Of each class, levels that its examples have. */
function writeExamples(folder: string): void {
  const flat = (value: number) => Array.from({ length: LENGTH }, () => value);
  const classes = [
    { label: '0', runs: [flat(0.5), flat(-2)] },
    { label: '1', runs: [flat(90), flat(48), flat(20)] },
  ];
  writeFileSync(join(folder, 'examples.json'), JSON.stringify({ format: 1, rows: 1, length: LENGTH, classes }));
}

function told(page: Page): Promise<string[]> {
  return page.locator('fen-diagnosis-lane li').allInnerTexts();
}

function headings(view: Locator): Promise<string[]> {
  return view.locator('fen-run-plot header b').allInnerTexts();
}

/** Clicks so many seconds from the right end of the trend's time. */
async function clickLane(page: Page, seconds: number): Promise<void> {
  const { left, width, fromMs, toMs } = await page
    .locator('fen-time-panes')
    .evaluate((panes) => ({ ...(panes as FenTimePanes).planeOnScreen()! }));
  const { y, height } = (await page.locator('fen-diagnosis-lane').boundingBox())!;
  await page.mouse.click(left + width + (seconds * 1000 * width) / (toMs - fromMs), y + height / 2);
}
