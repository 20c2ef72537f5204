import { roundTicks } from '../charts/value-axis.ts';

/** The ticks of an axis of time or frequency, in the unit that suits what is shown. */
export interface SpanAxis {
  /** The unit, and how much of it one second or hertz is. */
  readonly unit: string;
  readonly times: number;
  /** In s or Hz. */
  readonly ticks: readonly number[];
  /** Digits after the point, in the unit. */
  readonly digits: number;
}

const TIMES = [
  { unit: 's', times: 1, least: 2 },
  { unit: 'ms', times: 1e3, least: 2e-3 },
  { unit: 'µs', times: 1e6, least: 0 },
] as const;
const FREQUENCIES = [
  { unit: 'MHz', times: 1e-6, least: 2e6 },
  { unit: 'kHz', times: 1e-3, least: 2e3 },
  { unit: 'Hz', times: 1, least: 0 },
] as const;

/** Times in µs, or ms or s where more than two of them are shown. At most `most` steps. */
export function timeAxis(range: { readonly low: number; readonly high: number }, most: number): SpanAxis {
  return spanAxis(range, most, TIMES);
}

/** Frequencies in Hz, kHz or MHz. */
export function frequencyAxis(range: { readonly low: number; readonly high: number }, most: number): SpanAxis {
  return spanAxis(range, most, FREQUENCIES);
}

/** A time or frequency alone, in the unit that suits it. */
export function suitedUnit(
  value: number,
  kind: 'time' | 'frequency',
): { readonly unit: string; readonly times: number } {
  const units = kind === 'time' ? TIMES : FREQUENCIES;
  return units.find(({ times }) => Math.abs(value) * times >= 1) ?? units[units.length - 1];
}

function spanAxis(
  range: { readonly low: number; readonly high: number },
  most: number,
  units: readonly { readonly unit: string; readonly times: number; readonly least: number }[],
): SpanAxis {
  const { unit, times } = units.find(({ least }) => range.high - range.low >= least) ?? units[units.length - 1];
  const { ticks, power } = roundTicks({ low: range.low * times, high: range.high * times }, most);
  return { unit, times, ticks: ticks.map((tick) => tick / times), digits: Math.max(0, -power) };
}

// Between two labels, in widths of the wider one.
const CLEAR = 1.5;
const MOST_STEPS = 20;

/** The finest axis on which no two labels come close, of those that `axisOf` makes with at most so many steps. */
export function fittingAxis(
  axisOf: (most: number) => SpanAxis,
  { widthPx, widthOf }: { readonly widthPx: number; readonly widthOf: (seconds: number, axis: SpanAxis) => number },
): SpanAxis {
  for (let most = MOST_STEPS; most > 1; most--) {
    const axis = axisOf(most);
    const widest = Math.max(0, ...axis.ticks.map((tick) => widthOf(tick, axis)));
    if (axis.ticks.length * widest * CLEAR <= widthPx) return axis;
  }
  return axisOf(1);
}
