import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FenApp } from '../../client/pages/fen-app.ts';
import type { ToldDiagnosis } from '../../server/wire/diagnoses.ts';
import type { ParityRequest } from '../../server/wire/parity.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { LitPlant } from '../support/lit-plant.ts';
import { LENGTH, levelGraph, writeModel } from '../support/test-models.ts';

// A page that diagnoses by itself while nobody sees it, of ten runs a second.

const CHANNEL = 'view.a';
const RUNS = 60;
const PARITY_EVERY_MS = 2000;
/** A run that the page has told of. */
type Told = Pick<ToldDiagnosis, 'first'> & { readonly kind: string };
type Watched = typeof globalThis & { told: Told[]; isHidden: boolean };

describe('a hidden page that diagnoses', () => {
  let plant: LitPlant;

  beforeAll(async () => {
    plant = await LitPlant.start({
      write: (folder) => writeModel(folder('level'), levelGraph()),
      channels: { [CHANNEL]: { model: 'level', unit: 'V' } },
      lit: [CHANNEL],
    });
  });

  afterAll(() => plant?.close());

  it('tells of every run while its timers go once a second and nothing is drawn', async () => {
    const { page, sent } = await open();
    const setHidden = (isHidden: boolean) =>
      page.evaluate((value) => {
        (globalThis as Watched).isHidden = value;
      }, isHidden);
    const beganMs = performance.now();
    const before = await answered();
    await setHidden(true);
    await expect.poll(answered).toBeGreaterThan(before + RUNS);
    await setHidden(false);

    await expectWhole(page);
    expectCalm(sent, beganMs);
    await page.close();
  });

  it('tells of every run that came while it stood still, and goes on', async () => {
    const { page, sent } = await open();
    const session = await page.context().newCDPSession(page);
    const beganMs = performance.now();
    const before = await answered();
    await session.send('Debugger.enable');
    await session.send('Debugger.pause');
    await expect.poll(answered).toBeGreaterThan(before + RUNS);
    expect(sent.length).toBeLessThan(2); // one may have been on its way
    await session.send('Debugger.resume');

    await expectWhole(page);
    expectCalm(sent, beganMs);
    await page.close();
  });

  async function open() {
    const sent: ParityRequest[] = [];
    const page = await plant.open(`/channels/${CHANNEL}?diagnosis=here`, 'en', async (fresh) => {
      fresh.on('request', (request) => {
        if (request.method() === 'POST' && request.url().endsWith('/parity')) sent.push(request.postDataJSON());
      });
      await fresh.addInitScript(throttle);
    });
    await page.evaluate(() => {
      const watched = globalThis as Watched;
      const { diagnoses } = document.querySelector<FenApp>('fen-app')!.live.fleet;
      const add = diagnoses.add.bind(diagnoses);
      watched.told = [];
      diagnoses.add = (found) => {
        watched.told.push(...found.map(({ first, outcome }) => ({ first, kind: outcome.kind })));
        add(found);
      };
    });
    await expect.poll(() => status(page)).toMatch(/^Same as the server/);
    sent.length = 0;
    return { page, sent };
  }

  async function answered(): Promise<number> {
    const reply = (await (await fetch(`${plant.server.url}/api/system`)).json()) as SystemReply;
    return reply.diagnosis!.outcomes.class;
  }
});

/** Has timers and frames go as those of a hidden page, once a second and never, while `isHidden`. */
function throttle(): void {
  const watched = globalThis as Watched;
  const { setTimeout: later, setInterval: every, requestAnimationFrame: frame } = watched;
  const slowMs = (ms = 0) => (watched.isHidden ? Math.max(1000, ms) : ms);
  watched.setTimeout = ((run: () => void, ms?: number) => later(run, slowMs(ms))) as typeof setTimeout;
  watched.setInterval = ((run: () => void, ms?: number) => {
    let lastMs = performance.now();
    return every(() => {
      if (watched.isHidden && performance.now() - lastMs < 1000) return;
      lastMs = performance.now();
      run();
    }, ms);
  }) as typeof setInterval;
  watched.requestAnimationFrame = (draw) =>
    frame(function when(nowMs) {
      if (watched.isHidden) frame(when);
      else draw(nowMs);
    });
}

/**
 * Every run since it was watched is told of once, in its order, be it as left
 * out, of which the page says how many; and it agrees with the server again.
 */
async function expectWhole(page: Page): Promise<void> {
  const [{ first }] = (await told(page)) as [Told];
  const after = first + (RUNS + 20) * LENGTH;
  await expect.poll(async () => (await told(page)).some((run) => run.first > after && run.kind === 'class')).toBe(true);
  const all = await told(page);
  expect(all.map((run) => run.first)).toEqual(all.map((_, turn) => first + turn * LENGTH));
  if (all.some(({ kind }) => kind === 'dropped')) await expect.poll(() => status(page)).toMatch(/\d+ runs? left out/);
  await expect.poll(() => status(page)).toMatch(/^Same as the server/);
}

/** What waited to be compared came in no more requests than what did not. */
function expectCalm(sent: readonly ParityRequest[], beganMs: number): void {
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.length).toBeLessThan((performance.now() - beganMs) / PARITY_EVERY_MS + 2);
}

function told(page: Page): Promise<Told[]> {
  return page.evaluate(() => (globalThis as Watched).told);
}

function status(page: Page): Promise<string> {
  return page
    .locator('fen-diagnosis-place [role="status"]')
    .innerText()
    .catch(() => '');
}
