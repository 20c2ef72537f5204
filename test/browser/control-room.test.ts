import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { FenApp } from '../../client/pages/fen-app.ts';
import { useDashboard } from '../support/dashboard.ts';

// A page calls the server silent after three seconds, of 200 rows each.
const LEAST_SILENT_ROWS = 600;

const dashboard = useDashboard();

describe('the control room', () => {
  it('shows value, unit, spread and what is to be said of each channel', async () => {
    const page = await dashboard.open({ scene: 'abnormal' });

    const tile = page.locator('fen-channel-tile').filter({ hasText: 'Etch 3 · view A' });

    await expect.poll(() => tile.locator('.value').textContent()).toMatch(/^0\.12\d\d\s*V$/);
    await expect.poll(() => tile.locator('.condition').textContent()).toContain('Above normal');
    await expect.poll(() => tile.locator('.figures').textContent()).toMatch(/σ 0\.000\d V/);
  });

  it('writes a negative value with a minus sign, and never NaN', async () => {
    const page = await dashboard.open({ scene: 'abnormal' });

    const tile = page.locator('fen-channel-tile').filter({ hasText: 'Dep 1 · PMT' });

    await expect.poll(() => tile.locator('.value').textContent()).toMatch(/^\u22120\.114/);
    const tiles = await page.locator('fen-channel-tile article').allInnerTexts();
    expect(tiles.join()).not.toMatch(/NaN|undefined|Infinity|∞/);
  });

  it('names what is abnormal and leads to it', async () => {
    const page = await dashboard.open({ scene: 'abnormal' });

    await page.locator('fen-fleet-summary a').filter({ hasText: 'Etch 3' }).click();

    await expect.poll(() => new URL(page.url()).pathname).toBe('/channels/high');
    await expect.poll(() => page.title()).toBe('Etch 3 · view A · Fenestra');
  });

  it('says what to wait for while there is no channel', async () => {
    const page = await dashboard.open({ scene: 'empty' });

    await expect.poll(() => page.locator('fen-control-page .none').textContent()).toContain('No channels yet');
  });

  it('shows markup in a name as text', async () => {
    const page = await dashboard.open({ scene: 'long' });

    await expect
      .poll(() => page.locator('fen-channel-tile h2').allInnerTexts())
      .toContain('<img src=x onerror=alert(1)>');
    expect(await page.locator('img').count()).toBe(0);
    expect(dashboard.complaints).toEqual([]);
  });

  it('shows nothing unseen in a name or a unit, and the name where a label is none', async () => {
    const page = await dashboard.open({ scene: 'long' });
    const tile = page.locator('fen-channel-tile').nth(3);

    await expect.poll(() => tile.locator('h2').textContent()).toBe('Flow 2 gas');
    await expect.poll(() => tile.locator('.value').textContent()).toMatch(/^0\.1\d+sccm$/);
    await expect.poll(() => page.locator('fen-channel-tile').nth(4).locator('h2').textContent()).toBe('unseen');
  });

  it('keeps every place while figures change', async () => {
    const page = await dashboard.open({ scene: 'normal' });
    const strip = () => page.locator('fen-life-strip .strip').textContent();
    await expect.poll(async () => (await values(page)).every((value) => /\d/.test(value))).toBe(true);
    await expect.poll(strip).toMatch(/latency \d+\sms.+\d of [\d,]+ points/s);
    const before = { places: await places(page), values: await values(page), strip: await strip() };

    await expect.poll(() => values(page)).not.toEqual(before.values);
    await expect.poll(strip).not.toBe(before.strip);

    await expect.poll(() => places(page)).toEqual(before.places); // an age of seconds, on a busy machine, is longer
  });

  it('shares a desk among its tiles, and stacks them on a phone', async () => {
    const page = await dashboard.open({ scene: 'normal' });
    await expect.poll(() => columns(page)).toBe(3);

    await page.setViewportSize({ width: 390, height: 844 });

    await expect.poll(() => columns(page)).toBe(1);
  });
});

it.each(['en', 'ko'] as const)('has room for its summary beside a button of a phone: %s', async (language) => {
  const page = await dashboard.open({ scene: 'unjudged', language, width: 390, height: 844 });
  const summary = page.locator('fen-fleet-summary');
  await expect.poll(() => summary.locator('.unjudged').textContent()).toMatch(/64/);

  for (const words of [summary, summary.locator('.unjudged')]) {
    await expect.poll(async () => (await words.boundingBox())?.height ?? Infinity).toBeLessThanOrEqual(48);
  }
});

it('puts what is out of place first, on a phone whole without scrolling', async () => {
  const page = await dashboard.open({ scene: 'abnormal', width: 390, height: 844 });
  const labels = () => page.locator('fen-channel-tile h2').allInnerTexts();

  await expect
    .poll(async () => (await labels()).slice(0, 3))
    .toEqual(['Etch 3 · view A', 'Dep 1 · PMT', 'Ash 1 · PMT']);
  const box = await page.locator('fen-channel-tile').first().boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 9999)).toBeLessThanOrEqual(844);

  await page.setViewportSize({ width: 1920, height: 1080 });
  await expect.poll(async () => (await labels())[0]).toBe('Etch 3 · view A');
});

describe('a silent server', () => {
  it('makes every value visibly stale; when it speaks again nothing is missing', async () => {
    const page = await dashboard.open({ scene: 'normal' });
    const banner = page.locator('fen-silence-banner .banner');
    const struck = page.locator('fen-channel-tile article.stale .value b');
    await expect.poll(async () => (await ledgers(page)).some(({ isLoading }) => isLoading)).toBe(false);
    const before = await ledgers(page);

    dashboard.hub.fallSilent();
    await banner.waitFor();

    await expect.poll(() => struck.count()).toBe(8);
    expect(await struck.first().evaluate((value) => getComputedStyle(value).textDecorationLine)).toBe('line-through');
    expect(await page.locator('.condition').first().textContent()).toMatch(/Stale since \d\d:\d\d:\d\d/);
    expect(await page.locator('fen-silence-banner [role=alert]').textContent()).toBe('The server is silent');

    dashboard.hub.dropViewers(); // who asks on a new connection gets only what comes from then on
    dashboard.hub.speak();
    await banner.waitFor({ state: 'detached' });

    await expect.poll(() => struck.count()).toBe(0);
    await expect
      .poll(async () =>
        (await ledgers(page)).map(({ next, received }, i) => ({
          isOfAfter: next - before[i].next > LEAST_SILENT_ROWS,
          missing: next - before[i].next - (received - before[i].received),
        })),
      )
      .toEqual(before.map(() => ({ isOfAfter: true, missing: 0 })));
    await expect
      .poll(() => page.locator('fen-life-strip .strip').textContent())
      .toMatch(/\b0 of [\d.]+\s[kM] points missing/);
  });
});

it.each([1920, 1366, 960, 390])('says that no device sends, whole on a screen %i wide', async (width) => {
  const page = await dashboard.open({ scene: 'quiet', width, height: 844 });
  const state = page.locator('fen-life-strip .dry .state');

  await expect.poll(() => state.textContent()).toMatch(/^no new data for \d+\ss$/);

  const isWhole = await state.evaluate((item) => {
    const strip = (item.getRootNode() as ShadowRoot).host.getBoundingClientRect();
    const { left } = item.getBoundingClientRect();
    return left >= strip.left && item.scrollWidth <= item.clientWidth + 1;
  });
  expect(isWhole).toBe(true);
});

describe('freeze', () => {
  it('holds the picture, says since when, and goes live again', async () => {
    const page = await dashboard.open({ scene: 'normal' });
    await expect.poll(async () => (await values(page)).join()).toMatch(/\d/);

    await page.getByRole('button', { name: 'Freeze' }).click();
    await expect.poll(() => page.locator('.frozen').textContent()).toMatch(/^Frozen at \d\d:\d\d:\d\d/);
    await expect.poll(() => page.locator('fen-channel-tile .age', { hasText: 'Frozen' }).count()).toBe(8);
    const frozen = await values(page);
    const [{ next }] = await ledgers(page);
    await expect.poll(async () => (await ledgers(page))[0].next).toBeGreaterThan(next + 200);
    expect(await values(page)).toEqual(frozen);

    await page.getByRole('button', { name: 'Go live' }).click();
    await expect.poll(() => values(page)).not.toEqual(frozen);
  });

  it('keeps the picture when its rows have made room for newer ones', async () => {
    const page = await dashboard.open({ scene: 'brief', path: '/?window=5s' });
    await page.waitForFunction(() => {
      const { oldestMs = 0, newestMs = 0 } = (document.querySelector('fen-app') as FenApp).live.fleet.value.channels[0]
        .rows;
      return newestMs - oldestMs > 5500; // the window is full
    });
    await page.getByRole('button', { name: 'Freeze' }).click();
    const picture = () => page.locator('fen-trend-chart canvas').evaluate((c) => (c as HTMLCanvasElement).toDataURL());
    let frozen: string;
    do frozen = await picture();
    while (frozen !== (await later(page, picture)));

    await page.waitForFunction(() => {
      const { rows, edgeMs = Infinity } = (document.querySelector('fen-app') as FenApp).live.fleet.value.channels[0];
      return (rows.oldestMs ?? 0) > edgeMs; // none of what is shown is held any more
    });
    expect((await picture()) === frozen).toBe(true);
    await page.getByRole('button', { name: 'Go live' }).click();
    await expect.poll(async () => (await picture()) === frozen).toBe(false);
  });

  it('shows no age of what stands still, and strikes it through once the server is silent', async () => {
    const page = await dashboard.open({ scene: 'normal' });
    await page.locator('fen-channel-tile h2 a').first().click();
    const age = page.locator('fen-channel-page .age');
    await expect.poll(() => age.textContent()).toMatch(/age\s+\d/);

    await page.getByRole('button', { name: 'Freeze' }).click();
    await age.waitFor({ state: 'detached' });
    dashboard.hub.fallSilent();

    await page.locator('fen-silence-banner .banner').waitFor();
    await expect.poll(() => page.locator('fen-channel-page .view.stale .value b').count()).toBe(1);
    await page.goBack();
    await expect.poll(() => page.locator('fen-channel-tile article.stale .value b').count()).toBe(8);
  });
});

function values(page: Page): Promise<string[]> {
  return page.locator('fen-channel-tile .value').allInnerTexts();
}

/** The page's own account of each channel. */
function ledgers(page: Page) {
  return page.evaluate(() => {
    const { channels } = (document.querySelector('fen-app') as FenApp).live.fleet.value;
    return channels.map(({ ledger, isLoading }) => ({ next: ledger.next, received: ledger.received, isLoading }));
  });
}

/** Reads again when the page had time to draw twice. */
async function later<T>(page: Page, read: () => Promise<T>): Promise<T> {
  await page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 500)));
  return read();
}

function columns(page: Page): Promise<number> {
  return page.locator('.tiles').evaluate((tiles) => getComputedStyle(tiles).gridTemplateColumns.split(' ').length);
}

/** Where each tile, its value and each figure of the proof of life are. */
function places(page: Page): Promise<string[]> {
  return page.locator('fen-channel-tile, fen-channel-tile .value, fen-life-strip li').evaluateAll((elements) =>
    elements.map((element) => {
      const { right, y, height } = element.getBoundingClientRect();
      return [right, y, height].map(Math.round).join(' ');
    }),
  );
}
