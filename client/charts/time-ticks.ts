const SECOND_MS = 1000;
const DAY_S = 86_400;
// Each divides the next round time, so that ticks stand at the same places of every minute, hour and day.
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, DAY_S];
// Widths of a label from one to the next: where there is room, and where two labels just do not touch.
const CALM = 1.5;
const CLOSE = 1.12;
// Fewer labels than this give no scale.
const FEWEST = 2;

/**
 * The time from one tick to the next, ms, on an axis of `windowMs` as wide as
 * `room` labels: round, and with space between the labels. Where the calm step
 * would show fewer than two labels, they stand closer, but never touch.
 */
export function timeStep(windowMs: number, room: number): number {
  const labelMs = windowMs / room;
  const calmMs = stepFrom(CALM * labelMs);
  return FEWEST * calmMs <= windowMs ? calmMs : stepFrom(CLOSE * labelMs);
}

/** The multiples of `stepMs` from `fromMs` to `toMs`: they move with the data, and new ones join at the end. */
export function timeTicks({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }, stepMs: number) {
  const first = Math.ceil(fromMs / stepMs);
  const last = Math.floor(toMs / stepMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * stepMs);
}

function stepFrom(leastMs: number): number {
  const stepS = STEPS_S.find((step) => step * SECOND_MS >= leastMs);
  return (stepS ?? Math.ceil(leastMs / SECOND_MS / DAY_S) * DAY_S) * SECOND_MS;
}
