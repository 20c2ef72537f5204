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
  formatTime(timeMs: number): string;
}

export const SERIES = 'trend';
// About how many labels fit beside and under a plot.
export const VALUE_TICKS = 4;
const TIME_TICKS = 6;
// Size of the labels, and the width of a digit in them, em.
const LABEL = 0.85;
const DIGIT = 0.62;
const LABEL_GAP_PX = 8;
// Wider than half a time of day, of which the last may stand right under the plot's end.
const HALF_TIME = 2;
// Of a longer unit the beginning is cut off, rather than the plot made narrower.
const LONGEST_UNIT = 9;

/** Space that the axes' labels take, where the longest figure of the y-axis has so many characters. */
export function margins(look: Pick<TrendLook, 'isCompact' | 'palette' | 'unit'>, figureLength: number): Margins {
  const em = look.palette.fontPx;
  if (look.isCompact) return { left: 0, right: 0, top: 0, bottom: 0 };
  const characters = Math.max(figureLength, Math.min(LONGEST_UNIT, look.unit.length));
  const left = Math.ceil(characters * DIGIT * LABEL * em + LABEL_GAP_PX);
  return { left, right: HALF_TIME * em, top: 2 * em, bottom: 2 * em };
}

/** What a plot does for its option. */
export interface TrendHooks {
  readonly renderItem: NonNullable<CustomSeriesOption['renderItem']>;
  /** Writes a tick of the y-axis. */
  formatValue(value: number): string;
  /** Characters of the longest of them. */
  readonly figureLength: number;
}

/** Everything of the option that stays while data comes in. */
export function lookOption(look: TrendLook, { renderItem, formatValue, figureLength }: TrendHooks): EChartsCoreOption {
  const { palette, isCompact, unit } = look;
  const series = { id: SERIES, type: 'custom', silent: true, renderItem, data: [[0, 0]] };
  // Axes that nobody sees would be laid out with every frame all the same.
  if (isCompact) return { animation: false, series: [{ ...series, coordinateSystem: 'none' }] };

  const text = { color: palette.label, fontFamily: palette.fontFamily, fontSize: palette.fontPx * LABEL };
  const stroke = { lineStyle: { color: palette.line, width: 1 } };
  return {
    animation: false,
    useUTC: true,
    // The shapes are drawn within the same margins, so no label may move the grid.
    grid: { ...margins(look, figureLength), outerBoundsMode: 'none' },
    xAxis: {
      type: 'time',
      splitNumber: TIME_TICKS,
      axisLabel: { ...text, hideOverlap: true, formatter: (timeMs: number) => look.formatTime(timeMs) },
      axisLine: stroke,
      axisTick: stroke,
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      splitNumber: VALUE_TICKS,
      name: unit,
      nameTextStyle: { ...text, align: 'right', padding: [0, LABEL_GAP_PX, 0, 0] },
      // The ends lie between ticks; their labels would crowd the next ones.
      axisLabel: { ...text, margin: LABEL_GAP_PX, showMinLabel: false, showMaxLabel: false, formatter: formatValue },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: true, showMinLine: false, showMaxLine: false, ...stroke },
    },
    series: [{ ...series, clip: true }],
  };
}

/**
 * What changes with every frame: a datum that is anything but the last one, so
 * that the series is drawn anew, and the axes' ends where there are axes to see.
 */
export function frameOption(
  { isCompact }: Pick<TrendLook, 'isCompact'>,
  { span, range, frame }: { readonly span: TimeSpan; readonly range: ValueRange; readonly frame: number },
): EChartsCoreOption {
  const series = [{ id: SERIES, data: [[0, frame]] }];
  if (isCompact) return { series };
  return {
    xAxis: { min: span.fromMs, max: span.toMs },
    yAxis: { min: range.low, max: range.high },
    series,
  };
}
