import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enModels } from '../../client/locale/en-models.ts';
import { koModels } from '../../client/locale/ko-models.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { Device } from '../support/device.ts';
import { testReport, writePapers, writeWholeModel } from '../support/model-folders.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { LENGTH } from '../support/test-models.ts';

// A real model in a real server, told low from high runs by devices: three to one in all, as in its training.

const WINDOW = 100;
const RATE_HZ = 20_000;
const RUN_SAMPLES = LENGTH * WINDOW;
const AT_ONCE = 100;
const LOW_RUNS = 900;
const HIGH_RUNS = 300;
const NS_A_S = 1_000_000_000n;
const AGO_S = 600n;

const models = mkdtempSync(join(tmpdir(), 'fenestra-models-'));
const en = enModels.drift;

describe('the mix of live runs', () => {
  let server: TestServer;
  let browser: Browser;
  const devices: Device[] = [];

  beforeAll(async () => {
    for (const [folder, version] of [
      ['level', '1'],
      ['level-next', '2'],
    ] as const) {
      writeWholeModel(join(models, folder), { version });
      writePapers(join(models, folder), { 'report.json': report(version) });
    }
    server = await startServer({
      diagnosis: { directory: models },
      channels: { 'view.a': { model: 'level', unit: 'V' }, 'view.b': { model: 'level', unit: 'V' } },
    });
    await until(({ models: [model] }) => model?.state === 'ready');
    await diagnose('view.a', LOW_RUNS, 0, 0);
    await diagnose('view.b', HIGH_RUNS, 50, LOW_RUNS);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    for (const device of devices) await device.cut();
    await browser?.close();
    await server?.close();
    rmSync(models, { recursive: true, force: true });
  });

  it('stands beside that of the training, calmly while they are alike', async () => {
    const page = await open();

    expect(await table(page)).toEqual([
      ['low', '75.0\u202f%', '75.0\u202f%', '75.0\u202f%', '900'],
      ['high', '25.0\u202f%', '25.0\u202f%', '25.0\u202f%', '300'],
    ]);
    expect(await said(page)).toEqual([en.verdicts.alike]);
    expect(await page.locator('fen-model-drift .plain').count()).toBe(0);
    expect(await figures(page)).toEqual(['0.0\u202f%', '0.0\u202f%', '0.0\u202f%']);
    const widths = page.locator('fen-model-drift .fill');
    const [low, high] = await widths.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
    expect(high! / low!).toBeCloseTo(1 / 3, 1);
    await page.close();
  });

  it('is plain of a channel whose runs are of another mix, over each length of time', async () => {
    const page = await open();

    await page.getByLabel(en.channel, { exact: true }).selectOption('view.b');
    await expect.poll(() => said(page)).toEqual([en.verdicts.drift]);
    expect(await page.locator('fen-model-drift .plain').count()).toBe(1);
    expect((await table(page)).map(([, now]) => now)).toEqual(['0.0\u202f%', '100.0\u202f%']);
    expect((await figures(page))[0]).toBe('75.0\u202f%');
    for (const name of ['24 h', '7 d']) {
      const asked = page.waitForRequest((request) => request.url().includes('/api/diagnoses/mix'));
      await page.locator('fen-model-drift').getByText(name, { exact: true }).click();
      const query = new URL((await asked).url()).searchParams;
      expect(Number(query.get('to')) - Number(query.get('from'))).toBe((name === '7 d' ? 168 : 24) * 3_600_000);
      await expect.poll(() => said(page)).toEqual([en.verdicts.drift]);
    }
    await page.close();
  });

  it('is not that of another length of time while its own is on the way, nor where it cannot be had', async () => {
    const page = await open();
    let fail = () => {};
    const failing = new Promise<void>((resolve) => {
      fail = resolve;
    });
    await page.route('**/api/diagnoses/mix?*', async (route) => {
      await failing;
      await route.abort();
    });

    await page.locator('fen-model-drift').getByText('24 h', { exact: true }).click();
    await expect.poll(() => table(page)).toEqual([]);
    expect(await said(page)).toEqual([]);

    fail();
    await expect.poll(() => said(page)).toHaveLength(1);
    expect(await table(page)).toEqual([]);
    await page.unroute('**/api/diagnoses/mix?*');
    await page.locator('fen-model-drift').getByText('1 h', { exact: true }).click();
    await expect.poll(() => said(page)).toEqual([en.verdicts.alike]);
    await page.close();
  });

  it.each([
    { width: 1920, height: 1080, theme: 'light', language: 'en' },
    { width: 390, height: 844, theme: 'dark', language: 'ko' },
    { width: 320, height: 640, theme: 'light', language: 'en' },
    { width: 3840, height: 2160, theme: 'dark', language: 'ko' },
  ] as const)('gives axe nothing to find and keeps to the page: $width $theme $language', async (look) => {
    const page = await open(look);

    expect(await said(page)).toEqual([(look.language === 'ko' ? koModels : enModels).drift.verdicts.alike]);
    expect(await axeFindings(page)).toEqual([]);
    const right = await page
      .locator('fen-model-drift :is(select, fen-window-choice, .scroll, .scores)')
      .evaluateAll((all) => Math.max(...all.map((one) => one.getBoundingClientRect().right)));
    expect(right).toBeLessThanOrEqual(look.width);
    await page.close();
  });

  it('counts the runs of the version in use alone, and says how many others there are', async () => {
    const page = await open();

    await page.getByRole('button', { name: enModels.use('2', 'level-next') }).click();
    await page.getByRole('button', { name: enModels.goUse, exact: true }).click();

    await expect.poll(() => said(page)).toEqual([en.noRuns, en.others('1,200')]);
    await page.close();
  });

  async function open(look: Partial<Look> = {}): Promise<Page> {
    const { width = 1920, height = 1080, theme = 'light', language = 'en' } = look;
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme, locale: language });
    page.on('pageerror', (error) => expect.unreachable(String(error)));
    await page.goto(`${server.url}/models`);
    await page.locator('fen-model-drift table').waitFor();
    return page;
  }

  async function until(isSo: (diagnosis: SystemReply['diagnosis']) => boolean): Promise<void> {
    for (;;) {
      const { diagnosis } = (await (await fetch(`${server.url}/api/system`)).json()) as SystemReply;
      if (isSo(diagnosis)) return;
      await sleep(50);
    }
  }

  /** No more at once than may wait. */
  async function diagnose(channel: string, runs: number, level: number, before: number): Promise<void> {
    const device = await Device.open(server.ingest, {
      'fenestra:channel': channel,
      'fenestra:window': WINDOW,
      'fenestra:epoch_ns': String((BigInt(Math.floor(Date.now() / 1000)) - AGO_S) * NS_A_S),
      'core:datatype': 'rf32_le',
      'core:sample_rate': RATE_HZ,
    });
    devices.push(device);
    const samples = new Float32Array(RUN_SAMPLES).fill(level);
    for (let run = 0; run < runs; run++) {
      device.frame(run * RUN_SAMPLES, samples);
      if ((run + 1) % AT_ONCE === 0) {
        await until(({ outcomes }) => outcomes.class === before + run + 1);
      }
    }
  }
});

interface Look {
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
  readonly language: 'en' | 'ko';
}

/** Of a model that is never wrong, trained on three low runs for each high one. */
function report(version: string) {
  const { test, ...rest } = testReport({ version });
  const confusion = [
    [1050, 0],
    [0, 350],
  ];
  const classes = test.classes.map((of, i) => ({ ...of, precision: 1, recall: 1, f1: 1, support: [1050, 350][i] }));
  return { ...rest, test: { ...test, confusion, classes } };
}

async function table(page: Page): Promise<string[][]> {
  const rows = await page.locator('fen-model-drift tbody tr').all();
  return Promise.all(
    rows.map(async (row) => {
      const cells = await row.locator('.name, td').allInnerTexts();
      return cells.map((cell) => cell.trim());
    }),
  );
}

function said(page: Page): Promise<string[]> {
  return page.locator('fen-model-drift .said p').allInnerTexts();
}

function figures(page: Page): Promise<string[]> {
  return page.locator('fen-model-drift fen-scores .value').allInnerTexts();
}
