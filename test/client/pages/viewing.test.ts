import { describe, expect, it } from 'vitest';
import { DEFAULT_VIEWING, essentialPx } from '../../../client/pages/viewing.ts';

const UHD = { width: 3840, height: 2160 };
// Of the typeface; and of the picture on a 65 inch screen of 16 to 9.
const CAP_HEIGHT = 1448 / 2048;
const SCREEN_MM = 1439;

describe('the size of what is essential', () => {
  it('is 88 px on a 65 inch 4K screen at 5 m', () => {
    expect(Math.round(essentialPx(DEFAULT_VIEWING, UHD))).toBe(88);
  });

  it.each([
    [{ diagonal: 65, distance: 5 }, UHD],
    [
      { diagonal: 65, distance: 5 },
      { width: 1920, height: 1080 },
    ], // or 4K at twice the pixels
    [{ diagonal: 55, distance: 4 }, UHD],
    [{ diagonal: 98, distance: 8 }, UHD],
  ])('gives a capital letter 16 minutes of arc: %j on %j', (viewing, screen) => {
    const mmPerPx = (SCREEN_MM * viewing.diagonal) / 65 / screen.width;

    const capMm = essentialPx(viewing, screen) * CAP_HEIGHT * mmPerPx;
    const arcMinutes = (Math.atan(capMm / (viewing.distance * 1000)) * 180 * 60) / Math.PI;

    expect(arcMinutes).toBeCloseTo(16, 1);
  });

  it('leaves room for sixteen lines however far away', () => {
    expect(essentialPx({ diagonal: 24, distance: 50 }, UHD)).toBe(135);
  });
});
