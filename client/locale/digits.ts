/** How a value is written: divided by a power of ten, with so many digits after the point. */
export interface ValueScale {
  /** A multiple of three; 0 where values are neither tiny nor huge. */
  readonly exponent: number;
  readonly digits: number;
}

/** Values as they are, before anything is known of them. */
export const PLAIN: ValueScale = { exponent: 0, digits: 3 };

/** A scale in use, and since when another would fit better, ms of the sample clock. */
export interface HeldScale extends ValueScale {
  readonly loose: { readonly since: number; readonly exponent: number; readonly digits: number } | undefined;
}

interface Judged {
  /** Undefined, as `max` and `spread`, where there was nothing finite. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly spread: number | undefined;
  readonly timeMs: number;
}

/** No value is written with more digits than this, before and after the point together. */
export const FIGURES = 6;
// Values in between are written as they are.
const LEAST_PLAIN = 1e-3;
const MOST_PLAIN = 1e6;
// A scale is kept while it fits a size or spread this much larger or smaller.
const SLACK = 1.5;
// A finer scale must have fitted better for this long: digits that jump cannot be read.
const LOOSE_MS = 3000;

/**
 * How many digits after the point say something of a value: two figures of
 * its spread, no more. `spread` and `size` are in the unit written.
 */
export function digitsFor(spread: number, size = 0): number {
  const whole = size >= 1 ? Math.floor(Math.log10(size)) + 1 : 1;
  const room = Math.max(0, FIGURES - whole);
  if (!(spread > 0) || !Number.isFinite(spread)) return Math.min(PLAIN.digits, room);
  return Math.min(room, Math.max(0, 1 - Math.floor(Math.log10(spread))));
}

/**
 * The scale for a channel's values: from its normal range where it has one,
 * and from the reading where that is larger. A coarser scale holds at once, so
 * that a value always fits; any other change waits until it has lasted.
 */
export function nextScale(
  held: HeldScale | undefined,
  channel: { readonly digits?: number; readonly normal?: readonly [number, number] },
  reading: Judged | undefined,
): HeldScale {
  const best = bestScale(channel, reading, 1);
  if (reading?.min === undefined) return held ?? { ...best, loose: { ...best, since: -Infinity } }; // given up at the first reading
  if (!held) return { ...best, loose: undefined };
  if (best.exponent > held.exponent && bestScale(channel, reading, 1 / SLACK).exponent > held.exponent) {
    return { ...best, loose: undefined };
  }

  const isHeld = [1, SLACK, 1 / SLACK].some((slack) => isSame(bestScale(channel, reading, slack), held));
  if (isHeld) return { ...held, loose: undefined };
  const loose = held.loose ?? { ...best, since: reading.timeMs };
  return reading.timeMs - loose.since >= LOOSE_MS ? { ...best, loose: undefined } : { ...held, loose };
}

/** A scale that shows as many figures of a value of this size as are ever written. */
export function bestScaleFor(size: number): ValueScale {
  const exponent = exponentFor(Number.isFinite(size) ? size : 0);
  return { exponent, digits: digitsFor(Number.MIN_VALUE, scaleValue(size, exponent)) };
}

/** A value in units of a power of ten; finite for every finite value. */
export function scaleValue(value: number, exponent: number): number {
  return exponent < -300 ? (value * 1e300) / 10 ** (exponent + 300) : value / 10 ** exponent;
}

function bestScale(
  { digits, normal }: Parameters<typeof nextScale>[1],
  reading: Judged | undefined,
  slack: number,
): ValueScale {
  const ends = [...(normal ?? []), reading?.min ?? 0, reading?.max ?? 0];
  const size = Math.max(0, ...ends.map(Math.abs).filter(Number.isFinite)) * slack;
  const exponent = exponentFor(size);
  const written = scaleValue(size, exponent);
  if (digits !== undefined) {
    return { exponent, digits: Math.max(0, Math.min(digits + exponent, digitsFor(Number.MIN_VALUE, written))) };
  }
  const spread = normal ? (normal[1] - normal[0]) / 4 : (reading?.spread ?? 0) * slack;
  return { exponent, digits: digitsFor(scaleValue(spread, exponent), written) };
}

function exponentFor(size: number): number {
  if (size === 0 || (size >= LEAST_PLAIN && size < MOST_PLAIN)) return 0;
  return Math.floor(Math.log10(size) / 3) * 3;
}

function isSame(a: ValueScale, b: ValueScale): boolean {
  return a.exponent === b.exponent && a.digits === b.digits;
}
