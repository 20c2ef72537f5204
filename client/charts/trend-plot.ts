import { CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { axisFigure, figureLength } from './axis-figure.ts';
import { type TimeSpan, TrendColumns, timeSpan } from './trend-columns.ts';
import {
  frameOption,
  lookOption,
  type Margins,
  margins,
  type TrendHooks,
  type TrendLook,
  VALUE_TICKS,
} from './trend-option.ts';
import { ENVELOPE, registerTrendShapes, TRACE, type TrendShape, type TrendShapeOption } from './trend-shapes.ts';
import type { TrendSource } from './trend-source.ts';
import { type HeldRange, nextRange, unite, type ValueRange } from './value-range.ts';

/** What a plot shows. */
export interface TrendView extends TrendLook {
  readonly source: TrendSource | undefined;
  readonly windowMs: number;
  /** Where values belong. */
  readonly normal: ValueRange | undefined;
  /** Stands in a gap. */
  readonly gapText: string;
  /** Stands where data made room for newer data. */
  readonly forgottenText: string;
}

// A gap narrower than this many lines of text is left without words.
const GAP_LINES = 1.5;
// Empty ends are a gap only past this many rows: a row stands at its start.
const GAP_ROWS = 3;
const COLUMN_LIMIT = 4096;
// Of the edges of the normal band, in widths of the line.
const EDGE_DASH = 4;
const EMPTY_RANGE: ValueRange = { low: 0, high: 1 };

/** What the columns were made from. They stay until it changes, though rows of theirs may be gone by then. */
interface Origin {
  readonly source: TrendSource | undefined;
  readonly version: number;
  readonly span: TimeSpan;
  readonly keptFromMs: number | undefined;
}

/** What one frame draws; the shapes read it while echarts paints. */
interface Picture {
  readonly span: TimeSpan;
  readonly range: ValueRange;
  readonly shape: TrendShape;
}

/**
 * The one holder of an echarts instance: draws a channel's envelope, mean,
 * normal band and gaps into an element. `dispose` it when done.
 */
export class TrendPlot {
  readonly #element: HTMLElement;
  #chart: EChartsType;
  readonly #columns = new TrendColumns();
  #view: TrendView;
  #range: HeldRange | undefined;
  /** Characters there is room for beside the y-axis: grows with its figures, so that the plot rarely moves. */
  #figureLength = 0;
  #picture: Picture | undefined;
  #origin: Origin | undefined;
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

  /** The y-axis on the screen; undefined before the first data. */
  get range(): ValueRange | undefined {
    return this.#range;
  }

  /** Drawings handed to echarts since it was made. */
  get frames(): number {
    return this.#frames;
  }

  /** Time of one pixel column: nothing on the screen changes faster. */
  get columnMs(): number {
    return this.#view.windowMs / this.#columnCount();
  }

  setView(view: TrendView): void {
    if (view.source !== this.#view.source) {
      this.#range = undefined;
      this.#figureLength = 0;
    }
    this.#view = view;
    this.#setLook();
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
    this.#paint();
  }

  /** Makes the columns anew where there is anything new in them. */
  #take(): boolean {
    const { source, windowMs } = this.#view;
    const span = timeSpan(source?.edgeMs ?? 0, windowMs, this.#columnCount());
    const version = source?.version ?? 0;
    const held = this.#origin;
    const isSameSpan = held?.span.toMs === span.toMs && held.span.columnMs === span.columnMs;
    if (held?.source === source && held?.version === version && isSameSpan) return false;
    this.#origin = { source, version, span, keptFromMs: source?.keptFromMs };
    if (source?.edgeMs === undefined) this.#columns.clear();
    else this.#columns.copy(source.decimate(span));
    return true;
  }

  #fitRange(nowMs: number): void {
    const needed = unite(this.#columns.extent(), this.#view.normal);
    if (needed) this.#range = nextRange(this.#range, needed, nowMs);
    if (this.#view.isCompact) return;
    const length = figureLength(this.#range ?? EMPTY_RANGE, VALUE_TICKS);
    if (length <= this.#figureLength) return;
    this.#figureLength = length;
    this.#setLook();
    this.#take(); // the plot is narrower now
  }

  #setLook(): void {
    const option = lookOption(this.#view, {
      renderItem: () => this.#render(),
      formatValue: (value) => axisFigure(value, this.#range ?? EMPTY_RANGE),
      figureLength: this.#figureLength,
    });
    this.#chart.setOption(option, { notMerge: true, lazyUpdate: true });
    this.#isFitting = false;
  }

  #margins(): Margins {
    return margins(this.#view, this.#figureLength);
  }

  #paint(): void {
    const span = this.#origin?.span;
    if (!span) return;
    const range = this.#range ?? EMPTY_RANGE;
    this.#picture = { span, range, shape: this.#shape(span, range) };
    // Drawn at once: this is a frame already, and the loop that echarts would
    // keep running to draw in the next one costs a frame each time.
    this.#chart.setOption(frameOption(this.#view, { span, range, frame: this.#frames++ }), { silent: true });
    this.#chart.getZr().animation.stop();
  }

  #shape(span: TimeSpan, { low, high }: ValueRange): TrendShape {
    const { left, right, top, bottom } = this.#margins();
    const width = this.#chart.getWidth() - left - right;
    const height = this.#chart.getHeight() - top - bottom;
    const scaleY = -height / (high - low);
    return {
      columns: this.#columns,
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
    const { left, right } = this.#margins();
    const ratio = this.#chart.getDevicePixelRatio();
    const columnPx = Math.max(1, Math.floor((this.#view.palette.tracePx * ratio) / 2));
    const pixels = (this.#chart.getWidth() - left - right) * ratio;
    return Math.max(1, Math.min(COLUMN_LIMIT, Math.floor(pixels / columnPx)));
  }

  #render(): ReturnType<TrendHooks['renderItem']> {
    const picture = this.#picture;
    if (!picture) return null;
    const { palette } = this.#view;
    const shape: TrendShapeOption = { trend: picture.shape };
    // Silent shapes are drawn straight to the canvas; others keep a copy of their path to be hit by the pointer.
    const silent = true;
    const bars = (stroke: string) => ({ fill: 'none', stroke, lineWidth: picture.shape.devicePx });
    return {
      type: 'group',
      children: [
        ...this.#normalBand(picture),
        { type: ENVELOPE, silent, shape, style: bars(palette.band) },
        ...this.#normalEdges(picture),
        { type: TRACE, silent, shape, style: bars(palette.trace) },
        ...this.#gapTexts(picture),
      ],
      // Own shapes are not in the types of echarts' option.
    } as unknown as ReturnType<TrendHooks['renderItem']>;
  }

  #normalBand({ shape, span }: Picture) {
    const { normal, palette } = this.#view;
    if (!normal) return [];
    const y = shape.originY + normal.high * shape.scaleY;
    const height = (normal.low - normal.high) * shape.scaleY;
    const width = span.columns * shape.stepX;
    return [{ type: 'rect', shape: { x: shape.x, y, width, height }, style: { fill: palette.normal } }];
  }

  /** Above the envelope, which would hide them. */
  #normalEdges({ shape, span }: Picture) {
    const { normal, palette } = this.#view;
    if (!normal) return [];
    const dash = EDGE_DASH * palette.hairPx;
    return [normal.low, normal.high].map((value) => {
      const y = shape.originY + value * shape.scaleY;
      return {
        type: 'line',
        silent: true,
        shape: { x1: shape.x, x2: shape.x + span.columns * shape.stepX, y1: y, y2: y, subPixelOptimize: true },
        style: { stroke: palette.label, lineWidth: palette.hairPx, lineDash: [dash, dash] },
      };
    });
  }

  #gapTexts({ shape, span }: Picture) {
    const { palette, gapText, forgottenText, source } = this.#view;
    if (this.#columns.length === 0 || source?.isLoading) return [];
    const linePx = palette.fontPx * 0.85;
    const rows = (GAP_ROWS * (source?.rowMs ?? 0)) / span.columnMs;
    const least = Math.max((GAP_LINES * linePx) / shape.stepX, rows);
    const { top, bottom } = this.#margins();
    const kept = ((this.#origin?.keptFromMs ?? -Infinity) - span.fromMs) / span.columnMs;
    const y = (top + this.#chart.getHeight() - bottom) / 2;
    return this.#columns.gaps(least).map(({ from, to }) => ({
      type: 'text',
      x: shape.x + ((from + to) / 2) * shape.stepX,
      y,
      rotation: Math.PI / 2,
      style: {
        text: from < kept ? forgottenText : gapText,
        fill: palette.label,
        font: `${linePx}px ${palette.fontFamily}`,
        align: 'center',
        verticalAlign: 'middle',
      },
    }));
  }
}

function create(element: HTMLElement): EChartsType {
  return init(element, undefined, { renderer: 'canvas', devicePixelRatio });
}
