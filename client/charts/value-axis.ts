import type { ValueRange } from './value-range.ts';

/** The ticks of a y-axis, and how their values are written. */
export interface ValueAxis {
  readonly ticks: readonly number[];
  /** Characters of the longest figure. */
  readonly figureLength: number;
  /** Writes the value of a tick. */
  figure(value: number): string;
}

const MINUS = '\u2212';
// Where an axis reaches beyond these, its figures are written with an exponent.
const SMALLEST_PLAIN = 1e-3;
const LARGEST_PLAIN = 1e6;
// More characters than this do not fit beside a plot.
const LONGEST = 9;
// Ticks lie on multiples of one of these times a power of ten.
const TIMES = [1, 2, 5, 10];
// A step that is too small by less than this was rounded.
const ROUNDING = 1e-9;
// One tick gives no scale.
const FEWEST = 2;

/**
 * Ticks at round values of `range`, at most `most` steps but two ticks at
 * least, written in one way: with as many decimals as the step needs and, where they are very large or
 * small, one exponent (0.25, −1200, 1.5e−12), in at most nine characters.
 */
export function valueAxis(range: ValueRange, most: number): ValueAxis {
  const { ticks, power } = scaleTicks(range, most);
  const size = Math.max(Math.abs(range.low), Math.abs(range.high));
  const exponent = size >= SMALLEST_PLAIN && size < LARGEST_PLAIN ? 0 : Math.floor(Math.log10(size));
  const length = (decimals: number) => Math.max(0, ...ticks.map((tick) => written(tick, exponent, decimals).length));

  let decimals = Math.max(0, exponent - power);
  while (decimals > 0 && length(decimals) > LONGEST) decimals--;
  return { ticks, figureLength: length(decimals), figure: (value) => written(value, exponent, decimals) };
}

/** Of two ticks nearer than `least`, whose figures would be written over each other, the upper one. */
export function readableTicks(ticks: readonly number[], least: number): readonly number[] {
  return ticks.length === FEWEST && ticks[1] - ticks[0] < least ? [ticks[1]] : ticks;
}

/** Where there is room for one, the outermost two of the next finer step, which lie as far apart. */
function scaleTicks(range: ValueRange, most: number): { readonly ticks: readonly number[]; readonly power: number } {
  const { ticks, power } = roundTicks(range, most);
  if (ticks.length >= FEWEST) return { ticks, power };
  const finer = roundTicks(range, FEWEST * most);
  if (finer.ticks.length < FEWEST) return scaleTicks(range, FEWEST * most);
  return { ticks: [finer.ticks[0], finer.ticks[finer.ticks.length - 1]], power: finer.power };
}

/** Ticks at multiples of 1, 2 or 5 times a power of ten, of which all are whole multiples; at most `most` steps. */
export function roundTicks(range: ValueRange, most: number): { readonly ticks: number[]; readonly power: number } {
  const step = roundStep((range.high - range.low) / most);
  return { ticks: multiples(step, range), power: step.power };
}

interface Step {
  readonly size: number;
  /** Of ten, of which the step is a whole multiple. */
  readonly power: number;
}

/** The smallest step that is not below `least`. */
function roundStep(least: number): Step {
  const power = Math.floor(Math.log10(least));
  const times = TIMES.find((times) => times * 10 ** power >= least * (1 - ROUNDING)) ?? 10;
  return { size: times * 10 ** power, power: times === 10 ? power + 1 : power };
}

function multiples({ size }: Step, { low, high }: ValueRange): number[] {
  const first = Math.ceil(low / size - ROUNDING);
  const last = Math.floor(high / size + ROUNDING);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * size);
}

function written(value: number, exponent: number, decimals: number): string {
  if (exponent === 0) return value.toFixed(decimals).replace('-', MINUS);
  if (value === 0) return '0';
  return `${(value / 10 ** exponent).toFixed(decimals)}e${exponent}`.replaceAll('-', MINUS);
}
