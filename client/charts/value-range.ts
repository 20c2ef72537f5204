/** What the y-axis shows, in the channel's unit. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** A range on the screen, and since when it has been far too large. */
export interface HeldRange extends ValueRange {
  readonly looseSinceMs: number | undefined;
}

// Room kept above and below what must be seen, as a share of it.
const MARGIN = 0.08;
// A range is given up for a smaller one only when less than this share of it
// has been in use for this long.
const USED = 0.5;
const LOOSE_MS = 3000;
// Smaller than this is no value, and a smaller share of a value no spread: an
// axis of it could not be labelled.
const NOTHING = 1e-200;
const LEAST_SPREAD = 1e-9;
// What lies further out is off the axis: so its height, with the room about it, is still a number.
const FARTHEST = 5e307;
// Ends lie on multiples of the height divided by about this much.
const STEPS = 20;

/**
 * The range to show `wanted` in: at once a larger one where it does not fit,
 * after a while a smaller one where it is lost in it, else the one held. So
 * the axis stands still under noise and no value within ±5e307 is outside it.
 */
export function nextRange(held: HeldRange | undefined, wanted: ValueRange, nowMs: number): HeldRange {
  const needed = { low: withinReach(wanted.low), high: withinReach(wanted.high) };
  if (!held) return enclose(needed);
  if (needed.low < held.low || needed.high > held.high) {
    return enclose({ low: Math.min(needed.low, held.low), high: Math.max(needed.high, held.high) });
  }

  const fitting = enclose(needed);
  if (fitting.high - fitting.low >= (held.high - held.low) * USED) return { ...held, looseSinceMs: undefined };
  const looseSinceMs = held.looseSinceMs ?? nowMs;
  return nowMs - looseSinceMs >= LOOSE_MS ? fitting : { ...held, looseSinceMs };
}

/** The range that holds both; either may be missing. */
export function unite(a: ValueRange | undefined, b: ValueRange | undefined): ValueRange | undefined {
  if (!a || !b) return a ?? b;
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

function withinReach(value: number): number {
  return Math.min(FARTHEST, Math.max(-FARTHEST, value));
}

function enclose(needed: ValueRange): HeldRange {
  const low = withinReach(needed.low);
  const high = withinReach(needed.high);
  const size = Math.max(Math.abs(low), Math.abs(high));
  // A constant signal, or one whose spread is lost in its digits, stands in the middle of a little room.
  const room = size > NOTHING ? size * 0.01 : 1;
  const height = high - low > Math.max(size * LEAST_SPREAD, NOTHING) ? high - low : room;
  const step = niceStep(height / STEPS);
  return {
    low: Math.floor((low - height * MARGIN) / step) * step,
    high: Math.ceil((high + height * MARGIN) / step) * step,
    looseSinceMs: undefined,
  };
}

/** The largest of 1, 2, 5 times a power of ten that is not above `size`. */
function niceStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const times = size / power;
  return power * (times >= 5 ? 5 : times >= 2 ? 2 : 1);
}
