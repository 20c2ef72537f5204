import { Router } from 'express';
import { expect, it } from 'vitest';
import { en } from '../../client/locale/en.ts';
import { enPerson } from '../../client/locale/en-person.ts';
import { ko } from '../../client/locale/ko.ts';
import { koPerson } from '../../client/locale/ko-person.ts';
import { CAPTURE_WRITES } from '../../server/http/capture-routes.ts';
import { writeCheck } from '../../server/http/guard.ts';
import { problemHandler } from '../../server/http/problem.ts';
import { SESSION_WRITES, sessionRoutes } from '../../server/http/session-routes.ts';
import { identify, personOf } from '../../server/http/who.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { captureReply } from '../support/capture-files.ts';
import { CaptureServer } from '../support/capture-server.ts';
import { useDashboard } from '../support/dashboard.ts';
import { Folder } from '../support/folder.ts';
import { openGate } from '../support/open-gate.ts';

const SECRET = 'correct horse battery';

const dashboard = useDashboard();
const folder = new Folder();

it('asks for the secret and a name where the server does, once, and then does what was asked', async () => {
  const { routes, names, server } = await guarded();
  const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2', routes, theme: 'dark' });
  const capture = () => page.keyboard.press('c');

  await capture();
  const secret = page.getByRole('dialog', { name: enPerson.operatorSecret });
  await secret.waitFor();
  const field = secret.locator('input');
  expect(await field.evaluate((input) => (input.getRootNode() as ShadowRoot).activeElement === input)).toBe(true);
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByText('expected the operator secret').waitFor(); // why nothing was recorded
  expect(await secret.count()).toBe(0);

  await capture();
  await secret.waitFor();
  await page.keyboard.type('guess ?');
  await page.keyboard.press('Enter');
  await page.getByText(enPerson.operatorSecretWrong).waitFor();
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await field.fill(SECRET);
  await page.keyboard.press('Enter');

  const person = page.getByRole('dialog', { name: enPerson.personName });
  await person.waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await person.locator('input').inputValue()).toBe('');
  const visited = new Set<string>();
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('Tab');
    visited.add(await page.evaluate(focusedPart));
  }
  expect([...visited].sort()).toEqual(['body', 'button', 'input']); // the browser's own controls come after the last
  await person.locator('input').fill('김민지 <b>');
  await page.keyboard.press('Enter');
  await expect.poll(() => server.asked).toHaveLength(1);
  expect(names).toEqual(['김민지 <b>']);

  await page.reload();
  await page.locator('fen-time-panes fen-trend-chart canvas').waitFor();
  await page.locator('fen-life-strip .live').waitFor();
  await capture();
  await expect.poll(() => server.asked).toHaveLength(2);
  expect(names).toEqual(['김민지 <b>', '김민지 <b>']);
  expect(await page.getByRole('dialog').count()).toBe(0);

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: en.settings }).waitFor();
  const settings = page.locator('fen-signature');
  await settings.getByText('김민지 <b>').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await settings.getByRole('button', { name: enPerson.changeName }).click();
  await person.locator('input').fill('이서연');
  await person.getByRole('button', { name: enPerson.keepName }).click();
  await settings.getByText('이서연').waitFor();
  await settings.getByRole('button', { name: enPerson.leaveSession }).click();
  await expect.poll(() => settings.getByRole('button', { name: enPerson.leaveSession }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await capture();
  await secret.waitFor();
  expect(server.asked).toHaveLength(2);
  expect(dashboard.complaints.filter((complaint) => !/status of 40[01]/.test(complaint))).toEqual([]);
});

it('asks on a phone in Korean, within its screen', async () => {
  const { routes } = await guarded();
  const page = await dashboard.open({
    scene: 'normal',
    path: '/channels/pmt-2',
    routes,
    isPhone: true,
    language: 'ko',
  });

  await page.getByRole('button', { name: ko.captureNow }).first().tap();
  const dialog = page.getByRole('dialog', { name: koPerson.operatorSecret });
  await dialog.waitFor();

  const box = (await dialog.boundingBox())!;
  expect([box.x >= 0, box.x + box.width <= 390]).toEqual([true, true]);
  await page.getByText(koPerson.operatorSecretWhy).waitFor();
  expect(await axeFindings(page)).toEqual([]);
});

/** Recordings that a person must sign, behind the product's own guard. */
async function guarded() {
  const server = new CaptureServer(folder.path(), []);
  server.answer = captureReply({ id: 'c-new', state: 'recording' });
  const gate = await openGate({ secret: SECRET });
  const writes = [...SESSION_WRITES, ...CAPTURE_WRITES.map((rule) => ({ ...rule, needs: 'person' as const }))];
  const names: (string | undefined)[] = [];
  const routes = Router();
  routes.use(identify(gate), (req, res, next) => {
    if (req.method === 'GET' || !/^\/api\/(?:captures|session)/.test(req.path)) return next();
    writeCheck(writes)(req, res, (error?: unknown) => {
      if (error === undefined && req.path === '/api/captures') names.push(personOf(req).name);
      next(error);
    });
  });
  routes.use(
    sessionRoutes(gate),
    server.routes,
    problemHandler((error) => {
      throw error;
    }),
  );
  return { routes, names, server };
}

/** What has the focus, where that is in the dialog or nowhere. Runs in the page. */
function focusedPart(): string {
  let active = document.activeElement ?? document.body;
  while (active.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  const root = active.getRootNode();
  const host = root instanceof ShadowRoot ? root.host.localName : 'none';
  return active === document.body || host === 'fen-person' ? active.localName : `${active.localName} of ${host}`;
}
