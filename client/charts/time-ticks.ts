const SECOND_MS = 1000;
const DAY_S = 86_400;
const DAY_MS = DAY_S * SECOND_MS;
const MONTH_MS = 30.4375 * DAY_MS;
// Each divides the next round time, so that ticks stand at the same places of every minute, hour and day.
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, DAY_S];
// Where an axis is too short for seconds, and where it is too long for days.
const FINE_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const SHORT_MS = 5000;
const STEPS_D = [2, 7];
const STEPS_MONTHS = [1, 3, 6, 12, 24, 60, 120];
// A week begins on Monday, four days after 1970.
const MONDAY_MS = 4 * DAY_MS;
// Widths of a label from one to the next: where there is room, and where two labels just do not touch.
const CALM = 1.5;
const CLOSE = 1.12;
// Fewer labels than this give no scale.
const FEWEST = 2;

/**
 * The time from one tick to the next, ms, on an axis of `windowMs` as wide as
 * `room` labels: round, and with space between the labels. Where the calm step
 * would show fewer than two labels, they stand closer, but never touch. From a
 * month on it is a mean: months are not of one length.
 */
export function timeStep(windowMs: number, room: number): number {
  const labelMs = windowMs / room;
  const steps = stepsFor(windowMs);
  const calmMs = stepFrom(CALM * labelMs, steps);
  return FEWEST * calmMs <= windowMs ? calmMs : stepFrom(CLOSE * labelMs, steps);
}

/**
 * The round times from `fromMs` to `toMs`: they move with the data, and new
 * ones join at the end. Round is what clocks show that are `offsetOf` ahead of UTC.
 */
export function timeTicks(
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  stepMs: number,
  offsetOf: (timeMs: number) => number = () => 0,
): number[] {
  const inZone = (timeMs: number) => timeMs + offsetOf(timeMs);
  const round =
    stepMs >= MONTH_MS ? months(inZone(fromMs), inZone(toMs), stepMs) : multiples(inZone(fromMs), inZone(toMs), stepMs);
  return round
    .map((localMs) => localMs - offsetOf(localMs - offsetOf(localMs)))
    .filter((timeMs) => timeMs >= fromMs && timeMs <= toMs);
}

function multiples(fromMs: number, toMs: number, stepMs: number): number[] {
  const originMs = stepMs % (7 * DAY_MS) === 0 ? MONDAY_MS : 0;
  const first = Math.ceil((fromMs - originMs) / stepMs);
  const last = Math.floor((toMs - originMs) / stepMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => originMs + (first + i) * stepMs);
}

/** The firsts of every so many months, and one more at each end. */
function months(fromMs: number, toMs: number, stepMs: number): number[] {
  const step = Math.round(stepMs / MONTH_MS);
  const monthOf = (timeMs: number) => {
    const date = new Date(timeMs);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  };
  const first = Math.floor(monthOf(fromMs) / step);
  const last = Math.ceil(monthOf(toMs) / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Date.UTC(1970, (first + i) * step - 1970 * 12, 1));
}

function stepsFor(windowMs: number): readonly number[] {
  return [
    ...(windowMs < SHORT_MS ? FINE_MS : []),
    ...STEPS_S.map((step) => step * SECOND_MS),
    ...STEPS_D.map((step) => step * DAY_MS),
    ...STEPS_MONTHS.map((step) => step * MONTH_MS),
  ];
}

function stepFrom(leastMs: number, steps: readonly number[]): number {
  return steps.find((step) => step >= leastMs) ?? Math.ceil(leastMs / (12 * MONTH_MS)) * 12 * MONTH_MS;
}
