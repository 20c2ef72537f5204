/** How a board is looked at. */
export interface Viewing {
  /** Of the screen, inches. */
  readonly diagonal: number;
  /** From the eye to the screen, metres. */
  readonly distance: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export const DEFAULT_VIEWING: Viewing = { diagonal: 65, distance: 5 };
const MM_PER_INCH = 25.4;
// What is essential is read at a glance from 16 minutes of arc on.
const CAP_ARC = ((16 / 60) * Math.PI) / 180;
// Height of a capital letter of the typeface, in units of its size.
const CAP_HEIGHT = 1448 / 2048;
// A board has lines to show. From further away than this allows, its screen is too small.
const LEAST_LINES = 16;

/**
 * The type size, in CSS pixels of `screen`, at which a capital letter has 16
 * minutes of arc: 88 on a 4K screen of 65 inches at 5 m. At most a sixteenth
 * of the screen's height.
 */
export function essentialPx({ diagonal, distance }: Viewing, screen: Size): number {
  const mmPerPx = (diagonal * MM_PER_INCH) / Math.hypot(screen.width, screen.height);
  const capMm = 2 * distance * 1000 * Math.tan(CAP_ARC / 2);
  return Math.min(capMm / CAP_HEIGHT / mmPerPx, screen.height / LEAST_LINES);
}
