import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Express, Router } from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enModels as en } from '../../client/locale/en-models.ts';
import { koModels as ko } from '../../client/locale/ko-models.ts';
import { AppError } from '../../server/base/errors.ts';
import { modelChangeRoutes, modelRoutes } from '../../server/http/model-routes.ts';
import type { ModelSource } from '../../server/http/model-source.ts';
import { problemHandler } from '../../server/http/problem.ts';
import type { ModelReport } from '../../server/inference/model-report.ts';
import { ModelManifest } from '../../server/model/manifest.ts';
import type { ModelReply } from '../../server/wire/models.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { runCommand } from '../support/command.ts';
import { useDashboard } from '../support/dashboard.ts';
import { labelledTable } from '../support/labelled-table.ts';
import { reportBeforeSurely, testReport } from '../support/model-folders.ts';
import { noModels } from '../support/no-models.ts';
import { overflow } from '../support/overflow.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { levelGraph, testManifest } from '../support/test-models.ts';

const LENGTH = 40;
const SURELY = '.tables > fen-table:first-child td:nth-child(4)';
const NEXT = 'next';
const DESK = { width: 1920, height: 1080 };
const PHONE = { width: 390, height: 844 };
const LEAST = { width: 320, height: 640 };
const WALL = { width: 3840, height: 2160 };

describe('a trained model', () => {
  let folder: string;
  let server: TestServer;
  let browser: Browser;
  let report: ModelReport;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fenestra-models-'));
    writeFileSync(join(folder, 'runs.csv'), labelledTable(150, LENGTH));
    await train('models/arcs');
    report = JSON.parse(readFileSync(join(folder, 'models/arcs/report.json'), 'utf8')) as ModelReport;
    cpSync(join(folder, 'models/arcs'), join(folder, 'models/arcs-next'), { recursive: true });
    for (const file of ['manifest.json', 'report.json']) setVersion(join(folder, 'models/arcs-next', file), NEXT);
    server = await startServer({
      diagnosis: { directory: join(folder, 'models') },
      channels: { 'view.a': { model: 'arcs', unit: 'V' } },
    });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is shown with every figure of its report, by key', async () => {
    const page = await open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('m');

    await page.locator('fen-confusion table').waitFor();
    expect(new URL(page.url()).pathname).toBe('/models');
    expect(await page.title()).toContain('Models · Fenestra');
    expect(await matrix(page)).toEqual(report.test.confusion);
    expect(await page.locator('fen-confusion tbody th').allInnerTexts()).toEqual(['normal', 'flicker', 'drift']);
    const values = await page.locator('fen-scores .value').allInnerTexts();
    expect(values.slice(1, 3)).toEqual([report.test.macroF1.toFixed(3), report.test.logLoss.toFixed(3)]);
    expect(await page.locator('fen-candidates tbody tr').count()).toBe(report.comparison.candidates.length);
    expect(await page.locator('fen-curve circle').count()).toBe(
      report.test.reliability.filter(({ runs }) => runs > 0).length + report.learningCurve.length,
    );
    const recalls = report.test.classes.map(({ sureRecall }) => `${(100 * sureRecall!).toFixed(1)}\u202f%`);
    expect(await page.locator(SURELY).allInnerTexts()).toEqual(recalls);
    expect(await page.locator('.card').innerText()).toContain('It shows a person where to look.');
    expect(await page.getByText(report.data.train.sha256).count()).toBe(1);
  });

  it('has its candidates in the order that is asked for, and marks the one that was taken', async () => {
    const page = await open('/models');
    const column = (at: number) => page.locator(`fen-candidates tbody tr > :nth-child(${at})`).allInnerTexts();
    const best = report.comparison.candidates[report.comparison.best]!;

    expect(await page.locator('fen-candidates .taken th').innerText()).toContain(en.learners[best.learner]!);
    expect(await column(4)).toEqual([...(await column(4))].sort().reverse());
    await page.getByRole('button', { name: en.sortBy(en.secondsAFit) }).click();
    expect((await column(8)).map(Number)).toEqual([...(await column(8))].map(Number).sort((a, b) => a - b));
    await page.getByRole('button', { name: en.sortBy(en.secondsAFit) }).click();
    expect(await page.locator('fen-candidates [aria-sort]').getAttribute('aria-sort')).toBe('descending');
    expect((await column(8)).map(Number)).toEqual([...(await column(8))].map(Number).sort((a, b) => b - a));
  });

  it('has the card and all that was compared in Korean where the page is', async () => {
    const page = await open('/models', { size: DESK, theme: 'light', language: 'ko' });
    const cells = async (at: number) =>
      new Set(await page.locator(`fen-candidates tbody tr > :nth-child(${at})`).allInnerTexts());

    expect(await page.locator('.card').innerText()).toContain('사람이 살펴볼 곳을 알려 줍니다.');
    expect(Object.values(ko.scalings)).toEqual(expect.arrayContaining([...(await cells(3))]));
    expect([...(await cells(2))].join()).not.toMatch(/features|head|pooling|trees/);
  });

  it('gives way to another version, and comes back, each asked for once', async () => {
    const page = await open('/models');
    const version = page.locator('fen-figures').first().locator('dd').first();
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const focused = () =>
      page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at?.textContent;
      });

    await press(en.use(NEXT, 'arcs-next'));
    await expect.poll(focused).toBe(en.stay);
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe(en.use(NEXT, 'arcs-next'));
    expect(await version.innerText()).toBe(report.version);

    await press(en.use(NEXT, 'arcs-next'));
    await press(en.goUse);
    await expect.poll(() => version.innerText()).toBe(NEXT);
    await press(en.rollBack(report.version));
    await press(en.goBack);
    await expect.poll(() => version.innerText()).toBe(report.version);
    await page.locator('fen-confusion table').waitFor();
  });

  it.each([
    { size: DESK, theme: 'light', language: 'en' },
    { size: PHONE, theme: 'dark', language: 'en' },
    { size: LEAST, theme: 'light', language: 'en' },
    { size: WALL, theme: 'dark', language: 'en' },
  ] as const)('gives axe nothing to find and never scrolls sideways: $size.width $theme $language', async (look) => {
    const page = await open('/models', look);

    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    const controls = page.locator('.head nav > *');
    const ends = await controls.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
    expect(Math.max(...ends)).toBeLessThanOrEqual(look.size.width);
  });

  function train(output: string) {
    const quick = ['--length', String(LENGTH), '--learner', 'nearest', '--folds', '3', '--unit', 'V'];
    return runCommand(['train', 'plasma', 'runs.csv', '-o', output, ...quick], folder);
  }

  async function open(path: string, look: Partial<Look> = {}): Promise<Page> {
    const { size = DESK, theme = 'light', language = 'en' } = look;
    const page = await browser.newPage({ viewport: size, colorScheme: theme, locale: language });
    page.on('pageerror', (error) => expect.unreachable(String(error)));
    await page.goto(server.url + path);
    if (path === '/models') await page.locator('fen-confusion table').waitFor();
    else await page.locator('fen-control-page').waitFor();
    return page;
  }
});

describe('the page of models', () => {
  const dashboard = useDashboard();
  const READY: ModelReply = {
    name: 'level',
    state: 'ready',
    cuts: 0,
    channels: ['pmt-1', 'pmt-2'],
    folders: [{ folder: 'level', version: '1' }],
    version: '1',
    sha256: 'a'.repeat(64),
    learner: 'logistic',
  };

  it('says how to get a model where there is none', async () => {
    const page = await open([]);

    expect(await page.locator('.none h2').innerText()).toBe(en.noModels);
    expect(await page.locator('.none p').innerText()).toContain('fenestra train plasma');
    expect(await axeFindings(page)).toEqual([]);
  });

  it.each<[string, Partial<ModelReply>, string]>([
    ['is being loaded', { state: 'loading' }, ko.loadingWhy],
    ['is put aside', { state: 'quarantined', reason: 'too slow', cuts: 2 }, ko.quarantinedWhy('too slow')],
    ['is unfit', { state: 'unfit', reason: 'graph: bad' }, ko.unfitWhy('graph: bad')],
    ['is not used', { state: 'unused', channels: [] }, ko.unusedWhy],
  ])('says that a model %s, and why', async (_name, fields, words) => {
    const page = await open([{ ...READY, ...fields }], {}, 'ko');

    await expect.poll(() => page.locator('fen-models-page .news').innerText()).toBe(words);
    expect(dashboard.complaints).toEqual([]);
  });

  it('loads a model again that was put aside, and says why that was refused', async () => {
    const asked: string[] = [];
    const page = await open([{ ...READY, state: 'quarantined', reason: 'too slow' }], {
      swap: async (name, folder) => {
        asked.push(`${name} ${folder}`);
        throw new AppError('MODEL_UNFIT', 'it is still too slow');
      },
    });

    await page.getByRole('button', { name: en.loadAgain }).click();
    await page.getByRole('button', { name: en.goUse, exact: true }).click();

    await expect.poll(() => page.locator('.news').innerText()).toContain(en.changeFailed('it is still too slow'));
    expect(asked).toEqual(['level level']);
  });

  it('says so where there is no report, and complains of nothing', async () => {
    const page = await open([READY], { report: async () => undefined });

    await expect.poll(() => page.locator('.none h2').innerText()).toBe(en.noReport);
    expect(dashboard.complaints).toEqual([]);
  });

  it('leaves open what is told surely where an older report does not say it', async () => {
    const page = await open([READY], { report: async () => reportBeforeSurely() });

    await expect.poll(() => page.locator(SURELY).allInnerTexts()).toEqual(['–', '–']);
    expect(await page.getByText(en.sureNone).count()).toBe(1);
  });

  it('shows what a card says as text, whatever it is', async () => {
    const card =
      '# A <b>card</b>\n\n<script>window.isHit = true</script> and **strong** <img src=x onerror="window.isHit=true">';
    const page = await open([READY], { card: async () => card });

    await expect
      .poll(() => page.locator('.card .text p').innerText())
      .toContain('<script>window.isHit = true</script> and strong <img');
    expect(await page.locator('.card h2').last().innerText()).toBe('A <b>card</b>');
    expect(await page.locator('.card b').innerText()).toBe('strong');
    expect(await page.evaluate(() => 'isHit' in window)).toBe(false);
  });

  it('shows the model that its address names, and says so where there is none', async () => {
    const other: ModelReply = { ...READY, name: 'other', state: 'unused', channels: [] };
    const page = await open([READY, other]);

    await page.getByRole('link', { name: 'other' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?model=other');
    await expect.poll(() => page.locator('fen-figures h2 span').first().innerText()).toBe('other');

    await page.evaluate(() => history.replaceState(null, '', '/models?model=gone'));
    await page.reload();
    await expect.poll(() => page.locator('.news').innerText()).toBe(en.notFound('gone'));
  });

  async function open(models: readonly ModelReply[], parts: Partial<ModelSource> = {}, language: 'en' | 'ko' = 'en') {
    const source: ModelSource = {
      ...noModels(),
      list: async () => ({ ...(await noModels().list()), models }),
      manifest: async () => ModelManifest.parse(testManifest(levelGraph())),
      report: async () => testReport(),
      card: async () => '# level\n\nTells low from high.',
      ...parts,
    };
    const router = Router();
    router.get('/api/diagnoses/mix', (_, res) => void res.json({ fromMs: 0, toMs: 0, counts: [] }));
    router.use(
      modelChangeRoutes(source),
      modelRoutes(source),
      problemHandler(() => {}),
    );
    const page = await dashboard.open({
      scene: 'normal',
      path: '/models',
      routes: router as unknown as Express,
      language,
    });
    await page.locator('fen-models-page').waitFor();
    return page;
  }
});

function setVersion(file: string, version: string): void {
  const of = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...of, version }));
}

interface Look {
  readonly size: { readonly width: number; readonly height: number };
  readonly theme: 'light' | 'dark';
  readonly language: 'en' | 'ko';
}

async function matrix(page: Page): Promise<number[][]> {
  const rows = await page.locator('fen-confusion tbody tr').all();
  return Promise.all(
    rows.map((row) =>
      row.locator('td').evaluateAll((cells) => cells.map((cell) => Number.parseInt(cell.textContent ?? '', 10))),
    ),
  );
}
