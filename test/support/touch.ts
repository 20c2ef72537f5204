import type { Page } from 'playwright-core';

const STEPS = 8;
const HOLD_MS = 800;

/** Two fingers on an element, about its middle, from so far apart to so far, CSS pixels. */
export async function pinch(page: Page, selector: string, apart: { readonly from: number; readonly to: number }) {
  const { x, y, width, height } = (await page.locator(selector).first().boundingBox())!;
  const fingers = (px: number) =>
    [-1, 1].map((side, id) => ({ id, x: x + width / 2 + (side * px) / 2, y: y + height / 2 }));
  const session = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: ReturnType<typeof fingers>) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints });

  await send('touchStart', fingers(apart.from));
  for (let i = 1; i <= STEPS; i++) await send('touchMove', fingers(apart.from + ((apart.to - apart.from) * i) / STEPS));
  await send('touchEnd', []);
  await session.detach();
}

/** A finger that lies still on an element for a while and is then drawn along it; shares are of its width. */
export async function holdAndDrag(
  page: Page,
  selector: string,
  shares: { readonly from: number; readonly to: number },
) {
  const { x, y, width, height } = (await page.locator(selector).first().boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const at = (share: number) => [{ id: 0, x: x + share * width, y: y + height / 2 }];

  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(shares.from) });
  await page.waitForTimeout(HOLD_MS);
  for (let i = 1; i <= STEPS; i++) {
    const share = shares.from + ((shares.to - shares.from) * i) / STEPS;
    await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(share) });
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
}
