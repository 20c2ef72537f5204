import type { Page } from 'playwright-core';

/** What a screenshot shows in one colour: how many pixels, and the rows and columns they span. */
export interface Stain {
  readonly pixels: number;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  /** Pixels of the colour in the topmost row. */
  readonly topPixels: number;
}

/**
 * Takes a screenshot of an element and finds the pixels of it that have at
 * least half of the red, green or blue there is, whatever the others are. On
 * a black ground that is more than half covered by that colour.
 */
export async function findStain(page: Page, selector: string, colour: 'red' | 'green' | 'blue'): Promise<Stain> {
  const png = await page.locator(selector).screenshot();
  return page.evaluate(
    async ({ base64, offset }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const { width, height } = bitmap;
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const stain = { pixels: 0, top: height, bottom: -1, left: width, right: -1, topPixels: 0 };
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          if (data[(y * width + x) * 4 + offset] < 128) continue;
          stain.pixels++;
          if (y < stain.top) stain.top = y;
          if (y === stain.top) stain.topPixels++;
          stain.bottom = Math.max(stain.bottom, y);
          stain.left = Math.min(stain.left, x);
          stain.right = Math.max(stain.right, x);
        }
      }
      return stain;
    },
    { base64: png.toString('base64'), offset: { red: 0, green: 1, blue: 2 }[colour] },
  );
}
