import type { ValueRange } from './value-range.ts';

const MINUS = '\u2212';
// Where an axis reaches beyond these, its figures are written with exponents.
const SMALLEST_PLAIN = 1e-3;
const LARGEST_PLAIN = 1e6;
// More characters than this do not fit beside a plot.
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

/** Characters of the longest figure on an axis of about `ticks` ticks, wherever in `range` they lie. */
export function figureLength(range: ValueRange, ticks: number): number {
  const { low, high } = range;
  const step = 10 ** Math.floor(Math.log10((high - low) / ticks)); // ticks lie on multiples of it
  const first = Math.ceil(low / step);
  const last = Math.min(Math.floor(high / step), first + 10 * ticks);
  let longest = 0;
  for (let i = first; i <= last; i++) longest = Math.max(longest, axisFigure(i * step, range).length);
  return longest;
}

function written(value: number, digits: number, isPlain: boolean): string {
  const rounded = Number(value.toPrecision(digits));
  const text = isPlain || rounded === 0 ? String(rounded) : rounded.toExponential();
  return text.replace('+', '').replaceAll('-', MINUS);
}
