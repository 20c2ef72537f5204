import type { CustomSeriesOption } from 'echarts/charts';
import type { EChartsCoreOption } from 'echarts/core';
import type { Palette } from './palette.ts';
import type { TimeSpan } from './trend-columns.ts';
import type { ValueRange } from './value-range.ts';

/** Space around the plot, CSS pixels. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** How a chart looks, whatever its data: changes with its size, theme and properties. */
export interface TrendLook {
  /** No axes: the trace is the picture. */
  readonly isCompact: boolean;
  readonly unit: string;
  readonly palette: Palette;
  /** Writes a time of the axis, on which one tick is `stepMs` from the next. */
  formatTime(timeMs: number, stepMs: number): string;
  /** Times are written under the plot; not where a plot with the same axis stands below. Left out, they are. */
  readonly hasTimes?: boolean | undefined;
  /** The unit is written over the value axis; not where it stands beside the plot. Left out, it is. */
  readonly hasUnit?: boolean | undefined;
  /** How far the clocks are ahead of UTC that say which times are round; 0 when left out. */
  readonly offsetOf?: ((timeMs: number) => number) | undefined;
}

export const SERIES = 'trend';
// Size of the labels, and the width and height of a digit in them, em.
const LABEL = 0.85;
const DIGIT = 0.65;
const FIGURE = 0.72;
// Between a label and its axis, between the unit and the plot, and the length of a tick, em.
const LABEL_GAP = 0.6;
const NAME_GAP = 0.75;
const TICK = 0.35;
// Above and below the plot; where no unit stands above, and no times below.
const HEAD = 2;
const FOOT = 2;
const BARE = 0.15;
// Of a longer unit the beginning is cut off, rather than the plot made narrower.
const LONGEST_UNIT = 9;

/** What the axes' labels take at most. */
export interface LabelRoom {
  /** Characters of the longest figure of the y-axis. */
  readonly figureLength: number;
  /** Width of a time, CSS pixels. */
  readonly timePx: number;
}

/** Size of what is written in a chart, CSS pixels. */
export function labelPx({ fontPx }: Palette): number {
  return fontPx * LABEL;
}

/** As CSS writes it. */
export function labelFont(palette: Palette): string {
  return `${labelPx(palette)}px ${palette.fontFamily}`;
}

/** Characters that a unit has room for over its axis, where it is written there. */
export function unitLength({ unit, hasUnit = true }: Pick<TrendLook, 'unit' | 'hasUnit'>): number {
  return hasUnit ? Math.min(LONGEST_UNIT, unit.length) : 0;
}

/** Height of a figure, CSS pixels. */
export function figurePx(palette: Palette): number {
  return FIGURE * labelPx(palette);
}

/** Space that the axes' labels take: the last time may stand right under the plot's end, the first under its start. */
export function margins(
  look: Pick<TrendLook, 'isCompact' | 'palette' | 'unit' | 'hasTimes' | 'hasUnit'>,
  room: LabelRoom,
): Margins {
  const em = look.palette.fontPx;
  if (look.isCompact) return { left: 0, right: 0, top: 0, bottom: 0 };
  const characters = Math.max(room.figureLength, unitLength(look));
  const figures = characters * DIGIT * labelPx(look.palette) + LABEL_GAP * em;
  const halfTime = Math.ceil(room.timePx / 2);
  const top = (look.hasUnit === false ? BARE : HEAD) * em;
  const bottom = (look.hasTimes === false ? BARE : FOOT) * em;
  return { left: Math.max(Math.ceil(figures), halfTime), right: halfTime, top, bottom };
}

/** What a plot does for its option. */
export interface TrendHooks {
  readonly renderItem: NonNullable<CustomSeriesOption['renderItem']>;
  /** Writes a tick of the y-axis. */
  formatValue(value: number): string;
  /** Writes a tick of the time axis. */
  formatTime(timeMs: number): string;
  readonly room: LabelRoom;
}

/** Everything of the option that stays while data comes in. */
export function lookOption(
  look: TrendLook,
  { renderItem, formatValue, formatTime, room }: TrendHooks,
): EChartsCoreOption {
  const { palette, isCompact, unit, hasTimes = true, hasUnit = true } = look;
  const series = { id: SERIES, type: 'custom', silent: true, renderItem, data: [[0, 0]] };
  // Axes that nobody sees would be laid out with every frame all the same.
  if (isCompact) return { animation: false, series: [{ ...series, coordinateSystem: 'none' }] };

  const em = palette.fontPx;
  const text = { color: palette.label, fontFamily: palette.fontFamily, fontSize: labelPx(palette) };
  const label = { ...text, margin: LABEL_GAP * em };
  const stroke = { lineStyle: { color: palette.line, width: palette.hairPx } };
  // At the foot of the plot, even where 0 is further up.
  const foot = { ...stroke, onZero: false };
  return {
    animation: false,
    // The shapes are drawn within the same margins, so no label may move the grid.
    grid: { ...margins(look, room), outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      axisLabel: { ...label, show: hasTimes, formatter: (timeMs: number) => formatTime(timeMs) },
      axisLine: { show: true, ...foot },
      axisTick: { show: hasTimes, length: TICK * em, ...stroke },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      name: hasUnit ? unit : '',
      nameGap: NAME_GAP * em,
      nameTextStyle: { ...text, align: 'right', padding: [0, LABEL_GAP * em, 0, 0] },
      axisLabel: { ...label, formatter: formatValue },
      axisLine: { show: false, onZero: false },
      axisTick: { show: false },
      splitLine: { show: true, ...stroke },
    },
    series: [{ ...series, clip: true }],
  };
}

/** What one frame shows on the axes. */
export interface TrendFrame {
  readonly span: TimeSpan;
  readonly range: ValueRange;
  readonly ticks: { readonly times: readonly number[]; readonly values: readonly number[] };
  /** Counts the frames. */
  readonly frame: number;
}

/**
 * What changes with every frame: a datum that is anything but the last one, so
 * that the series is drawn anew, and the axes' ends and ticks where there are
 * axes to see.
 */
export function frameOption({ isCompact }: Pick<TrendLook, 'isCompact'>, shown: TrendFrame): EChartsCoreOption {
  const { span, range, ticks, frame } = shown;
  const series = [{ id: SERIES, data: [[0, frame]] }];
  if (isCompact) return { series };
  return {
    xAxis: { min: span.fromMs, max: span.toMs, ...ticksAt(ticks.times) },
    yAxis: { min: range.low, max: range.high, ...ticksAt(ticks.values) },
    series,
  };
}

/** Labels, ticks and the lines across the plot: those follow the ticks, seen or not. */
function ticksAt(customValues: readonly number[]) {
  return { axisLabel: { customValues }, axisTick: { customValues } };
}
