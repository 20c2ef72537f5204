const DIGIT_LIMIT = 9;
const DEFAULT_DIGITS = 3;

/**
 * How many digits after the point say something of a value: two figures of
 * its spread, no more. `spread` is in the value's unit.
 */
export function digitsFor(spread: number): number {
  if (!(spread > 0) || !Number.isFinite(spread)) return DEFAULT_DIGITS;
  return Math.min(DIGIT_LIMIT, Math.max(0, 1 - Math.floor(Math.log10(spread))));
}

/** How a channel's values are written: as the settings say, else by the width of its normal range, else by its spread. */
export function channelDigits(
  channel: { readonly digits?: number; readonly normal?: readonly [number, number] },
  spread: number,
): number {
  if (channel.digits !== undefined) return channel.digits;
  if (channel.normal) return digitsFor((channel.normal[1] - channel.normal[0]) / 4);
  return digitsFor(spread);
}
