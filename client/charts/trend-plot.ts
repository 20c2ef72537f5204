import { CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { SignPlaces } from './sign-places.ts';
import { textWidth, widestWidth } from './text-width.ts';
import { timeStep, timeTicks } from './time-ticks.ts';
import { type TimeSpan, type TrendColumns, timeSpan } from './trend-columns.ts';
import { TrendLines } from './trend-lines.ts';
import {
  figurePx,
  frameOption,
  type LabelRoom,
  labelFont,
  labelPx,
  lookOption,
  type Margins,
  margins,
  type TrendHooks,
  unitLength,
} from './trend-option.ts';
import { type Picture, pictureElements, type TrendView } from './trend-picture.ts';
import { registerTrendShapes, type TrendShape } from './trend-shapes.ts';
import { COLUMN_LIMIT } from './trend-source.ts';
import { readableTicks, type ValueAxis, valueAxis } from './value-axis.ts';
import { type HeldRange, nextRange, unite, type ValueRange } from './value-range.ts';

// At most so many steps lie between the lines across a plot, and so few that each is this many em high.
const VALUE_STEPS = 6;
const STEP_EM = 2.2;
// However low a plot is, half of its axis has figures.
const MOST_BARE = 0.25;
// Figures are so far apart, of their height, that they can be told from each other.
const FIGURE_STEP = 1.15;
const EMPTY_RANGE: ValueRange = { low: 0, high: 1 };

// A time of day of the widest kind, and a day, to measure how wide labels are.
const NOON_MS = 43_200_000;
const DAY_MS = 86_400_000;
// Room that the sign of a line takes across and down, of its size.
const SIGN_EM = 1.4;
// Ticks are further apart than this share of the axis, mostly; else their labels are shorter.
const TICK_SHARE = 1 / 30;

/** Where the time lies on the screen: `left` in CSS pixels of the plot's element. */
export interface TimePlane extends TimeSpan {
  readonly left: number;
  readonly width: number;
}

/**
 * The one holder of an echarts instance: draws a channel's envelope, mean,
 * normal band and gaps into an element. `dispose` it when done.
 */
export class TrendPlot {
  readonly #element: HTMLElement;
  #chart: EChartsType;
  readonly #lines = new TrendLines();
  #view: TrendView;
  #range: HeldRange | undefined;
  #values: ValueAxis | undefined;
  /** Characters there is room for beside the y-axis: grows with its figures, so that the plot rarely moves. */
  #figureLength = 0;
  /** Widths of what is written, CSS pixels; measured when its type or language may have changed. */
  #timePx = 0;
  #gapTextPx = 0;
  #stepMs = 0;
  #signs = new SignPlaces();
  #picture: Picture | undefined;
  #drawnLoading = false;
  /** Drawn as it should look now, whatever its data. */
  #isFitting = false;
  #frames = 0;

  constructor(element: HTMLElement, view: TrendView) {
    use([CustomChart, GridComponent, CanvasRenderer]);
    registerTrendShapes();
    this.#view = view;
    this.#element = element;
    this.#chart = create(element);
    this.setView(view);
  }

  /** Characters beside the y-axis, of its unit or of its longest figure so far. */
  get figureLength(): number {
    return Math.max(this.#figureLength, unitLength(this.#view));
  }

  /** The y-axis on the screen; undefined before the first data. */
  get range(): ValueRange | undefined {
    return this.#range;
  }

  /** Drawings handed to echarts since it was made. */
  get frames(): number {
    return this.#frames;
  }

  /** What is on the screen; undefined before the first drawing. */
  get plane(): TimePlane | undefined {
    const span = this.#lines.origin?.span;
    const { left, width } = this.#plotBox();
    return span && { ...span, left, width };
  }

  /** Time of one pixel column: nothing on the screen changes faster. */
  get columnMs(): number {
    return this.#view.windowMs / this.#columnCount();
  }

  setView(view: TrendView): void {
    if (view.source !== this.#view.source) {
      this.#range = this.#values = undefined;
      this.#figureLength = 0;
    }
    if (view.source !== this.#view.source || view.further !== this.#view.further) this.#signs = new SignPlaces();
    this.#view = view;
    this.#measure();
    this.#setLook();
  }

  /** Another length of time, moment that is pointed at or part that was chosen, in the same look. */
  setShown({ windowMs, cursorMs, selected }: Pick<TrendView, 'windowMs' | 'cursorMs' | 'selected'>): void {
    this.#view = { ...this.#view, windowMs, cursorMs, selected };
    this.#isFitting = false;
    const before = this.#timePx;
    this.#measure();
    if (this.#timePx !== before) this.#setLook();
  }

  /** A copy of what is drawn. */
  toCanvas(): HTMLCanvasElement {
    return this.#chart.renderToCanvas({ pixelRatio: this.#chart.getDevicePixelRatio() });
  }

  /** Fits the plot to its element, also where the page was zoomed and a pixel is of another size. */
  resize(): void {
    if (this.#chart.getDevicePixelRatio() === devicePixelRatio) {
      this.#chart.resize();
      this.#isFitting = false;
      return;
    }
    this.#chart.dispose();
    this.#chart = create(this.#element);
    this.setView(this.#view);
  }

  dispose(): void {
    this.#chart.dispose();
  }

  /** Draws what is new, if anything: one `setOption`, or none. */
  draw(nowMs: number): void {
    const isLoading = this.#view.source?.isLoading ?? false;
    if (!this.#take() && this.#isFitting && isLoading === this.#drawnLoading) return;
    this.#drawnLoading = isLoading;
    this.#fitRange(nowMs);
    this.#isFitting = true;
    this.#paint(nowMs);
  }

  /** Makes the columns anew where there is anything new in them. */
  #take(): boolean {
    const { source, windowMs, further = [] } = this.#view;
    const span = timeSpan(source?.edgeMs ?? 0, windowMs, this.#columnCount());
    return this.#lines.take([source, ...further.map((line) => line.source)], span);
  }

  #fitRange(nowMs: number): void {
    const needed = unite(this.#lines.extent(), this.#view.normal);
    if (needed) this.#range = nextRange(this.#range, needed, nowMs);
    if (this.#view.isCompact) return;
    this.#values = this.#range && valueAxis(this.#labelled(this.#range), this.#valueSteps());
    const length = this.#values?.figureLength ?? 0;
    if (length <= this.#figureLength) return;
    this.#figureLength = length;
    this.#setLook();
    this.#take(); // the plot is narrower now
  }

  #measure(): void {
    const { isCompact, palette, gapText, forgottenText, formatTime, windowMs } = this.#view;
    const font = labelFont(palette);
    this.#gapTextPx = Math.max(textWidth(gapText, font), textWidth(forgottenText, font));
    const widest = (timeMs: number, stepMs: number) => widestWidth(formatTime(timeMs, stepMs), font);
    this.#timePx = isCompact ? 0 : Math.max(widest(NOON_MS, windowMs * TICK_SHARE), widest(0, DAY_MS));
  }

  #setLook(): void {
    const option = lookOption(this.#view, {
      renderItem: () => this.#render(),
      formatTime: (timeMs) => this.#view.formatTime(timeMs, this.#stepMs),
      formatValue: (value) => this.#values?.figure(value) ?? '',
      room: this.#labelRoom(),
    });
    this.#chart.setOption(option, { notMerge: true, lazyUpdate: true });
    this.#isFitting = false;
  }

  #plotBox(): Margins & { readonly width: number; readonly height: number } {
    const around = margins(this.#view, this.#labelRoom());
    const width = this.#chart.getWidth() - around.left - around.right;
    const height = this.#chart.getHeight() - around.top - around.bottom;
    return { ...around, width, height };
  }

  #labelRoom(): LabelRoom {
    return { figureLength: Math.max(this.#figureLength, this.#view.leastFigures ?? 0), timePx: this.#timePx };
  }

  /** The part of the axis in which a figure does not reach beyond the plot, where no unit has made room for it. */
  #labelled({ low, high }: ValueRange): ValueRange {
    const { hasUnit = true, palette } = this.#view;
    if (hasUnit) return { low, high };
    const share = Math.min(MOST_BARE, figurePx(palette) / 2 / this.#plotBox().height);
    return { low: low + share * (high - low), high: high - share * (high - low) };
  }

  #valueSteps(): number {
    const least = STEP_EM * this.#view.palette.fontPx;
    return Math.max(1, Math.min(VALUE_STEPS, Math.floor(this.#plotBox().height / least)));
  }

  #paint(nowMs: number): void {
    if (!this.#lines.origin) return;
    const { span, keptFromMs } = this.#lines.origin;
    const range = this.#range ?? EMPTY_RANGE;
    const { top, height } = this.#plotBox();
    const down = { from: top, to: top + height };
    const shapes = this.#lines.columns.map((columns) => this.#shape(columns, span, range));
    const [shape, ...furtherShapes] = shapes;
    const { isLive = false, palette } = this.#view;
    const apart = SIGN_EM * labelPx(palette);
    const signs =
      furtherShapes.length > 0
        ? this.#signs.take(shapes, { apart, down, columnMs: span.columnMs, nowMs, isLive })
        : undefined;
    this.#picture = {
      view: this.#view,
      span,
      shape,
      furtherShapes,
      signs,
      down,
      keptFromMs,
      gapTextPx: this.#gapTextPx,
    };
    const leastStep = (FIGURE_STEP * figurePx(palette)) / -shape.scaleY;
    const ticks = { times: this.#times(span), values: readableTicks(this.#values?.ticks ?? [], leastStep) };
    // Drawn at once: this is a frame already, and the loop that echarts would
    // keep running to draw in the next one costs a frame each time.
    this.#chart.setOption(frameOption(this.#view, { span, range, ticks, frame: this.#frames++ }), { silent: true });
    this.#chart.getZr().animation.stop();
  }

  /** Where the time axis is labelled; nowhere while the time is unknown. */
  #times(span: TimeSpan): number[] {
    const { isCompact, source, windowMs, offsetOf } = this.#view;
    if (isCompact || source?.edgeMs === undefined) return [];
    this.#stepMs = timeStep(windowMs, this.#plotBox().width / this.#timePx);
    return timeTicks(span, this.#stepMs, offsetOf);
  }

  #shape(columns: TrendColumns, span: TimeSpan, { low, high }: ValueRange): TrendShape {
    const { left, top, width, height } = this.#plotBox();
    const scaleY = -height / (high - low);
    return {
      columns,
      x: left,
      stepX: width / span.columns,
      originY: top + height - low * scaleY,
      scaleY,
      tracePx: this.#view.palette.tracePx,
      devicePx: 1 / this.#chart.getDevicePixelRatio(),
    };
  }

  /** One column a device pixel, or half the width of a trace that is thick to be seen from afar. */
  #columnCount(): number {
    const ratio = this.#chart.getDevicePixelRatio();
    const columnPx = Math.max(1, Math.floor((this.#view.palette.tracePx * ratio) / 2));
    const pixels = this.#plotBox().width * ratio;
    return Math.max(1, Math.min(COLUMN_LIMIT, Math.floor(pixels / columnPx)));
  }

  #render(): ReturnType<TrendHooks['renderItem']> {
    const children = this.#picture ? pictureElements(this.#picture) : [];
    // Own shapes are not in the types of echarts' option.
    return { type: 'group', children } as unknown as ReturnType<TrendHooks['renderItem']>;
  }
}

function create(element: HTMLElement): EChartsType {
  return init(element, undefined, { renderer: 'canvas', devicePixelRatio });
}
