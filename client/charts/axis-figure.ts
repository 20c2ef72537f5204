import type { ValueRange } from './value-range.ts';

const MINUS = '\u2212';
// Where an axis reaches beyond these, its figures are written with exponents.
const SMALLEST_PLAIN = 1e-3;
const LARGEST_PLAIN = 1e6;
// More characters than this do not fit beside a plot; the room is five em.
const LONGEST = 9;
const MOST_DIGITS = 7;

/**
 * Writes a tick of the y-axis that shows `range` in at most nine characters:
 * 0.25, −1200, 1.5e−12. One axis has one way of writing.
 */
export function axisFigure(value: number, { low, high }: ValueRange): string {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const isPlain = size >= SMALLEST_PLAIN && size < LARGEST_PLAIN;
  for (let digits = MOST_DIGITS; digits > 1; digits--) {
    const text = written(value, digits, isPlain);
    if (text.length <= LONGEST) return text;
  }
  return written(value, 1, false);
}

function written(value: number, digits: number, isPlain: boolean): string {
  const rounded = Number(value.toPrecision(digits));
  const text = isPlain || rounded === 0 ? String(rounded) : rounded.toExponential();
  return text.replace('+', '').replaceAll('-', MINUS);
}
