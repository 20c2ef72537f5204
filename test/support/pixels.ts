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

type Colour = 'red' | 'green' | 'blue';

const OFFSET = { red: 0, green: 1, blue: 2 };

/**
 * Takes a screenshot of an element and finds the pixels of it that have at
 * least half of the red, green or blue there is, whatever the others are. On
 * a black ground that is more than half covered by that colour.
 */
export async function findStain(page: Page, selector: string, colour: Colour): Promise<Stain> {
  const { rows, columns } = await countPixels(page, selector, colour);
  const top = rows.findIndex((pixels) => pixels > 0);
  const left = columns.findIndex((pixels) => pixels > 0);
  return {
    pixels: rows.reduce((sum, pixels) => sum + pixels, 0),
    top: top < 0 ? rows.length : top,
    bottom: rows.findLastIndex((pixels) => pixels > 0),
    left: left < 0 ? columns.length : left,
    right: columns.findLastIndex((pixels) => pixels > 0),
    topPixels: rows[top] ?? 0,
  };
}

/** The columns such pixels span in the rows from `from` to `to`, in runs that at least `apart` columns lie between. */
export async function findRuns(
  page: Page,
  selector: string,
  colour: Colour,
  { from, to, apart }: { readonly from: number; readonly to: number; readonly apart: number },
): Promise<{ from: number; to: number }[]> {
  const { columns } = await countPixels(page, selector, colour, { from, to });
  const runs: { from: number; to: number }[] = [];
  for (const [x, pixels] of columns.entries()) {
    const last = runs.at(-1);
    if (pixels === 0) continue;
    if (last && x - last.to < apart) last.to = x + 1;
    else runs.push({ from: x, to: x + 1 });
  }
  return runs;
}

async function countPixels(page: Page, selector: string, colour: Colour, within = { from: 0, to: Infinity }) {
  const png = await page.locator(selector).screenshot();
  const from = Math.ceil(within.from);
  const to = Math.min(within.to, Number.MAX_SAFE_INTEGER); // JSON has no Infinity
  return page.evaluate(
    async ({ base64, offset, from, to }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const { width, height } = bitmap;
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const rows = Array<number>(height).fill(0);
      const columns = Array<number>(width).fill(0);
      for (let y = from; y < Math.min(to, height); y++) {
        for (let x = 0; x < width; x++) {
          if (data[(y * width + x) * 4 + offset] < 128) continue;
          rows[y]++;
          columns[x]++;
        }
      }
      return { rows, columns };
    },
    { base64: png.toString('base64'), offset: OFFSET[colour], from, to },
  );
}
