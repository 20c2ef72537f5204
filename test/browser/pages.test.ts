import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { en } from '../../client/locale/en.ts';
import { ko } from '../../client/locale/ko.ts';
import { useDashboard } from '../support/dashboard.ts';
import { SCENES } from '../support/scenes.ts';

const dashboard = useDashboard();

describe('one channel', () => {
  it('shows every figure with its unit, and what the device said of itself', async () => {
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2' });
    const figures = page.locator('fen-figures');

    await expect.poll(() => read(page, 0)).toMatchObject({ Samples: '2,500,000', 'Clipped samples': '0' });
    const reading = await read(page, 0);
    for (const name of ['Minimum', 'Mean', 'Maximum', 'Standard deviation σ']) {
      expect(reading[name], name).toMatch(/^\d\.\d{4,5} V$/);
    }
    expect(Number.parseFloat(reading.Minimum)).toBeLessThan(Number.parseFloat(reading.Mean));
    expect(Number.parseFloat(reading.Mean)).toBeLessThan(Number.parseFloat(reading.Maximum));
    expect(await read(page, 1)).toMatchObject({ State: 'connected', 'Missing samples': '0' });
    expect(await read(page, 2)).toMatchObject({
      Label: 'Etch 1 · view B',
      Name: 'pmt-2',
      'Normal range': '0.1105 … 0.1185 V',
      'Sample rate': '10.0\u202fMS/s',
      'Samples a window': '50,000',
      Datatype: 'ri16_le',
      Hardware: 'PMT',
    });
    expect(await figures.count()).toBe(3);
  });

  it.each([
    ['normal', 'pmt-2'],
    ['diagnosed', 'b'],
  ] as const)('has a trend as high as its place on a phone: %s', async (scene, name) => {
    const page = await dashboard.open({ scene, path: `/channels/${name}`, isPhone: true });
    const heightOf = async (locator: Locator) => (await locator.boundingBox())!.height;

    const place = await heightOf(page.locator('fen-time-panes'));
    expect(place).toBeGreaterThan(200);
    expect(await heightOf(page.locator('fen-time-panes fen-trend-chart'))).toBeGreaterThan(0.95 * place);
  });

  it.each([
    [1920, 1080, 64],
    [1280, 720, 56],
    [390, 844, 56],
  ])('stacks eight channels that all are seen, over nothing else: %s x %s', async (width, height, least) => {
    const others = Array.from({ length: 8 }, (_, i) => `pmt-${i + 1}`).filter((name) => name !== 'pmt-2');
    const path = `/channels/pmt-2?with=${others}&layout=stack`;
    const page = await dashboard.open({ scene: 'normal', path, width, height });
    await page.locator('fen-time-panes canvas').first().waitFor();

    const below = page.locator(width < 900 ? 'fen-time-bar' : 'fen-readout');
    const faults = async () => {
      const { panes, end } = await page.locator('fen-time-panes .pane').evaluateAll(
        (divs, next) => ({
          panes: divs.map((div) => div.getBoundingClientRect().toJSON() as DOMRect),
          end: next!.getBoundingClientRect().y,
        }),
        await below.elementHandle(),
      );
      const isLow = ({ height }: DOMRect) => height < least;
      const covers = ({ bottom }: DOMRect, i: number) => bottom > (panes[i + 1]?.top ?? end) + 0.5;
      return { panes: panes.length, low: panes.filter(isLow), covering: panes.filter(covers) };
    };
    await expect.poll(faults).toEqual({ panes: 8, low: [], covering: [] }); // once it is laid out
  });

  it.each([
    [3840, 2160, 'stack'],
    [3840, 2160, 'overlay'],
    [1920, 940, 'stack'],
  ])('shows the figures of eight channels with their trends: %s x %s, %s', async (width, height, layout) => {
    const others = Array.from({ length: 8 }, (_, i) => `pmt-${i + 1}`).filter((name) => name !== 'pmt-2');
    const path = `/channels/pmt-2?with=${others}&layout=${layout}`;
    const page = await dashboard.open({ scene: 'normal', path, width, height });
    await page.locator('fen-time-panes canvas').first().waitFor();

    const rows = page.locator('fen-readout tbody tr');
    await expect.poll(() => rows.count()).toBe(8);
    // What scrolls cuts off what it hides.
    const isSeen = (element: Element) =>
      new Promise<boolean>((resolve) => {
        const seen = new IntersectionObserver(([{ intersectionRatio }]) => {
          seen.disconnect();
          resolve(intersectionRatio > 0.99);
        });
        seen.observe(element);
      });
    const seen = async () => await Promise.all((await rows.all()).map((row) => row.evaluate(isSeen)));
    await expect.poll(seen).toEqual(Array(8).fill(true));
    expect(await page.locator('fen-overview-strip p').last().evaluate(isSeen)).toBe(true);
  });

  it('says that nothing was exported where the server does not give the points, until it does', async () => {
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-3' });
    await page.locator('fen-time-panes canvas').first().waitFor();
    await page.route('**/history?*', (route) => route.abort());
    await page.getByText(`${en.exportView} ▾`).click();

    await page.getByRole('button', { name: en.asCsv }).click();

    await page.getByText(en.exportFailed).waitFor();
    await page.getByRole('button', { name: en.asImage }).click();
    await page.getByText(en.exportFailed).waitFor({ state: 'detached' });
    expect(dashboard.complaints.filter((words) => !words.includes('ERR_FAILED'))).toEqual([]);
  });

  it('carries its name in the title', async () => {
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-3' });

    await expect.poll(() => page.locator('fen-channel-page h1').textContent()).toBe('Etch 2 · view A');
    await expect.poll(() => page.title()).toBe('Etch 2 · view A · Fenestra');
  });
});

describe('the system page', () => {
  it('shows the account of every channel, the gaps and that the books balance', async () => {
    const page = await dashboard.open({ scene: 'abnormal', path: '/system' });
    const [ledger, gaps, kept] = [0, 1, 2].map((place) => page.locator('fen-table').nth(place));

    const labels = SCENES.abnormal.channels.map(({ label }) => label);
    expect(await ledger.locator('tbody th').allTextContents()).toEqual(labels);
    const row = ledger.locator('tbody tr').filter({ hasText: 'Dep 3 · PMT' });
    expect(await row.locator('td').allTextContents()).toEqual(
      expect.arrayContaining(['connected', '81,234,567,890', '2,469,134', '2']),
    );
    expect(await ledger.locator('p').textContent()).toContain('The books balance');
    expect(await gaps.locator('tbody tr').count()).toBe(2);
    const [pinned, day] = [3, 4].map((place) => kept.locator('tbody tr').first().locator('td').nth(place));
    expect(await pinned!.textContent()).toMatch(/^19\.0\sMB$/); // of captures
    expect(await day!.textContent()).toMatch(/^432\sMB$/);
  });

  it.each([
    ['en', 1920, 1080],
    ['ko', 1920, 1080],
    ['en', 3840, 2160],
    ['ko', 3840, 2160],
  ] as const)('shows every column of its tables: %s, %i × %i', async (language, width, height) => {
    const page = await dashboard.open({ scene: 'abnormal', path: '/system', language, width, height });

    const hidden = await page
      .locator('fen-table .scroll')
      .evaluateAll((boxes) => boxes.map((box) => box.scrollWidth - box.clientWidth));
    expect(hidden).toEqual([0, 0, 0]);
  });

  it('shares the room of a wall among the columns of its ledger', async () => {
    const page = await dashboard.open({ scene: 'normal', path: '/system', width: 3840, height: 2160 });

    const spare = await page.locator('fen-table').first().locator('thead th').evaluateAll(spareOf);
    const inner = spare.slice(1, -1); // those at the edges have a margin of their own
    expect(Math.max(...inner)).toBeLessThan(2.5 * Math.min(...inner));
  });

  it('shows every panel and lines of the ledger on a wall, and how many there are', async () => {
    const page = await dashboard.open({ scene: 'normal', path: '/system', width: 3840, height: 2160 });

    const tops = await page
      .locator('fen-table')
      .first()
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().bottom));

    expect(tops.filter((bottom) => bottom <= 2160).length).toBeGreaterThanOrEqual(3);
    expect(await page.locator('fen-table h2').first().textContent()).toBe('Ledger of raw samples · 8 channels');
  });

  it('counts the connections that it lost itself', async () => {
    const page = await dashboard.open({ scene: 'normal', path: '/system' });
    const [lost, broken] = [en.reconnects, en.malformed].map((name) => figure(page, name));
    expect([await lost.textContent(), await broken.textContent()]).toEqual(['0', '0']);

    dashboard.hub.dropViewers();

    await expect.poll(() => lost.textContent()).toBe('1');
    expect(await broken.textContent()).toBe('0');
  });

  it('strikes its figures when the server no longer answers', async () => {
    const page = await dashboard.open({ scene: 'normal', path: '/system' });

    dashboard.hub.fallSilent();

    await page.locator('fen-system-page p.stale').waitFor();
    const figure = page.locator('fen-figures dd').first();
    expect(await figure.evaluate((element) => getComputedStyle(element).textDecorationLine)).toBe('line-through');
  });

  it('says once since when the server no longer answers, and reads it out once', async () => {
    const page = await dashboard.open({ scene: 'normal', path: '/system' });
    const news = page.locator('fen-system-page [role=status]');
    await page.locator('fen-table').first().waitFor();
    expect(await news.textContent()).toBe('');

    dashboard.hub.fallSilent();

    await page.locator('fen-system-page p.stale').waitFor();
    expect(await news.textContent()).toMatch(/^The server has not answered since \d\d:\d\d:\d\d; /);
    expect(await changes(news, 2500)).toBe(0);
  });

  it('speaks Korean to who reads Korean', async () => {
    const page = await dashboard.open({ scene: 'normal', path: '/system', language: 'ko' });

    const headings = await page.locator('fen-table h2').allTextContents();
    expect(headings).toEqual(['원시 샘플 집계 · 채널 8개', '최근 누락 구간', '이력 보관 한도']);
    expect(await page.getAttribute('html', 'lang')).toBe('ko');
  });
});

it('says in the language of its reader that an address stands for nothing, with the server in sight', async () => {
  const page = await dashboard.open({ scene: 'normal', path: '/foo', language: 'ko' });

  expect((await page.reload())?.status()).toBe(404);
  await page.locator('fen-life-strip .live').waitFor();
  expect(await page.locator('fen-missing-page h1').textContent()).toBe(ko.notFound);
  expect(await page.locator('fen-missing-page a').getAttribute('href')).toBe('/');
});

it('shows the window its address asks for, filled', async () => {
  const page = await dashboard.open({ scene: 'one', path: '/?window=5m' });

  expect(await page.getByRole('radio', { name: '5 min' }).isChecked()).toBe(true);
  const first = dashboard.hub.commands.find((command) => command.type === 'fill');
  const [{ from, to }] = first!.channels[0].ranges;
  expect(to - from).toBe(300 * 200);
});

/** The names and figures of a panel. */
async function read(page: Page, panel: number): Promise<Record<string, string>> {
  const pairs = await page
    .locator('fen-figures')
    .nth(panel)
    .locator('dl > div')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
  return Object.fromEntries(pairs as [string, string][]);
}

/** How much wider than what is written in it each column is. */
function spareOf(headings: Element[]): number[] {
  const widthOf = (cell: Element) => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    return text.getBoundingClientRect().width;
  };
  return headings.map((heading, i) => {
    const rows = [...(heading.closest('table')?.rows ?? [])];
    return heading.getBoundingClientRect().width - Math.max(...rows.map((row) => widthOf(row.cells[i])));
  });
}

/** How often what an element says changes within `ms`. */
function changes(element: Locator, ms: number): Promise<number> {
  return element.evaluate(
    (node, forMs) =>
      new Promise<number>((resolve) => {
        let count = 0;
        const observer = new MutationObserver((records) => {
          count += records.length;
        });
        observer.observe(node, { childList: true, characterData: true, subtree: true });
        setTimeout(() => resolve(count), forMs);
      }),
    ms,
  );
}

function figure(page: Page, name: string): Locator {
  return page.locator('fen-figures dl > div').filter({ hasText: name }).locator('dd');
}
