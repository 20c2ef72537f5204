import type { Page } from 'playwright-core';

const STEPS = 8;

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
