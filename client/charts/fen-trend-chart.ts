import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { FrameScheduler } from './frame-scheduler.ts';
import { readPalette, watchTheme } from './palette.ts';
import type { FurtherLine, TrendView } from './trend-picture.ts';
import type { TimePlane, TrendPlot } from './trend-plot.ts';
import type { TrendSource } from './trend-source.ts';
import type { ValueRange } from './value-range.ts';

// Data is drawn at most 20 times a second; where a pixel column is longer than
// half a second, four times are enough for its newest one.
const LIVE_MS = 50;
const SLOW_MS = 250;
const SLOW_COLUMN_MS = 500;

// What changes from one moment to the next, and how the chart looks does not depend on.
const SHOWN: readonly PropertyKey[] = ['summary', 'windowMs', 'cursorMs', 'selected'];

/** What draws, echarts with it: not part of the page's own script. */
export type PlotModule = typeof import('./trend-plot.ts');

/** Where charts get what draws; the page's own, which they share. */
export interface PlotLoader {
  /** Whether it could not be had when it was last tried. */
  readonly isFailing: boolean;
  /** Rejects where it cannot be had now. Asked again, it waits before it tries. */
  load(): Promise<PlotModule>;
}

/** Asks the server for what draws, once. */
export const importPlot = (): Promise<PlotModule> => import('./trend-plot.ts');

/** The y-axis of a chart changed. */
export class RangeChangeEvent extends Event {
  readonly range: ValueRange;

  constructor(range: ValueRange) {
    super('fen-range-change', { bubbles: true, composed: true });
    this.range = range;
  }
}

/**
 * The live trend of one channel: min/max envelope, mean, normal band, gaps.
 *
 * Loads echarts when first shown, and says so while that fails; draws only
 * while on the screen, and fires `fen-range-change` when its y-axis moves.
 */
@customElement('fen-trend-chart')
export class FenTrendChart extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      min-height: 0;
      contain: strict;
    }
    .plot {
      position: absolute;
      inset: 0;
    }
    .missing {
      margin: 0;
      font-size: var(--text-small);
      line-height: 1.2;
      color: var(--ink);
    }
  `;

  /** The page's own: its charts share it, so that they take turns within a frame. Set before the chart is shown. */
  @property({ attribute: false }) scheduler!: FrameScheduler;
  /** Set before the chart is shown, as the scheduler. */
  @property({ attribute: false }) plots!: PlotLoader;
  /** What is drawn; nothing while undefined. */
  @property({ attribute: false }) source?: TrendSource;
  /** Further lines in the same plot, and what the source's own is called beside them. */
  @property({ attribute: false }) further: readonly FurtherLine[] = [];
  @property({ attribute: false }) sign = '';
  /** Which of the lines lies on top, the source's own being 0. */
  @property({ attribute: false }) raised = 0;
  @property({ attribute: false }) windowMs = 60_000;
  /** The time moves on by itself. */
  @property({ attribute: false }) isLive = false;
  /** A moment that is pointed at. */
  @property({ attribute: false }) cursorMs?: number;
  /** A part of the time that was chosen by hand. */
  @property({ attribute: false }) selected?: TrendView['selected'];
  /** Characters to leave room for beside the y-axis at least. */
  @property({ attribute: false }) leastFigures = 0;
  /** Where values belong, in the channel's unit. */
  @property({ attribute: false }) normal?: readonly [low: number, high: number];
  @property({ attribute: false }) unit = '';
  /** Without axes, as on a tile. */
  @property({ type: Boolean }) compact = false;
  /** Times are written under the plot; not where a chart of the same time stands below. */
  @property({ attribute: false }) hasTimes = true;
  /** The unit is written over the value axis; not where it stands beside the plot, which is then as high as the chart. */
  @property({ attribute: false }) hasUnit = true;
  /** What stands in a gap, in the reader's language. */
  @property({ attribute: false }) gapText = '';
  /** What stands where data made room for newer data. */
  @property({ attribute: false }) forgottenText = '';
  /** What stands in the place of the trend while what draws it cannot be loaded. */
  @property({ attribute: false }) missingText = '';
  /** What the picture shows, for those who do not see it. */
  @property({ attribute: false }) summary = '';
  /** How a time is written on the axis; ms since 1970 UTC. */
  @property({ attribute: false }) formatTime: (timeMs: number, stepMs: number) => string = utcTime;
  /** How far the clocks are ahead of UTC whose round times the axis marks. */
  @property({ attribute: false }) offsetOf?: (timeMs: number) => number;

  @query('.plot') private readonly place!: HTMLElement;

  @state() private isMissing = false;
  private isLoading = false;
  private plot: TrendPlot | undefined;
  private isOnScreen = false;
  private stopDrawing: (() => void) | undefined;
  private stopWatching: (() => void) | undefined;
  private drawnRange: ValueRange | undefined;
  private drawnFigures = 0;
  private readonly onScreen = new IntersectionObserver((entries) =>
    this.appear(entries.at(-1)?.isIntersecting ?? false),
  );
  private readonly onSize = new ResizeObserver(() => this.resize());

  /** Drawings since the chart was made: proof that nothing off screen is drawn. */
  get frames(): number {
    return this.plot?.frames ?? 0;
  }

  /** The y-axis on the screen; undefined before the first drawing. */
  get range(): ValueRange | undefined {
    return this.drawnRange;
  }

  /** Where the time lies on the screen; undefined before the first drawing. */
  get plane(): TimePlane | undefined {
    return this.plot?.plane;
  }

  /** Characters beside the y-axis, of its unit or of its longest figure so far. */
  get figureLength(): number {
    return this.plot?.figureLength ?? 0;
  }

  /** A copy of what is drawn; undefined before the first drawing. */
  toCanvas(): HTMLCanvasElement | undefined {
    return this.plot?.toCanvas();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.onScreen.observe(this);
    this.onSize.observe(this);
    this.stopWatching = watchTheme(() => this.plot?.setView(this.view()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.onScreen.disconnect();
    this.onSize.disconnect();
    this.stopWatching?.();
    this.appear(false);
    this.plot?.dispose();
    this.plot = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const others = [...changed.keys()].filter((key) => !SHOWN.includes(key));
    if (others.length > 0) this.plot?.setView(this.view());
    else if (['windowMs', 'cursorMs', 'selected'].some((key) => changed.has(key as keyof FenTrendChart)))
      this.plot?.setShown(this);
  }

  override render() {
    return html`
      <div class="plot" role="img" aria-label=${this.summary}></div>
      ${this.isMissing ? html`<p class="missing">${this.missingText}</p>` : nothing}
    `;
  }

  private appear(isOnScreen: boolean): void {
    this.isOnScreen = isOnScreen;
    this.stopDrawing?.();
    this.stopDrawing = undefined;
    if (!isOnScreen) return;
    if (this.plot) this.startDrawing(this.plot);
    else void this.load();
  }

  private async load(): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    const loaded = await this.loadPlot();
    this.isLoading = this.isMissing = false;
    await this.updateComplete;
    if (!loaded || this.plot || !this.isConnected || !this.isOnScreen) return;
    this.plot = new loaded.TrendPlot(this.place, this.view());
    this.startDrawing(this.plot);
  }

  /** What draws, however long it takes; undefined where the chart has left the screen before. */
  private async loadPlot(): Promise<PlotModule | undefined> {
    while (this.isOnScreen) {
      this.isMissing = this.plots.isFailing;
      const loaded = await this.plots.load().catch(() => undefined); // then the loader is failing
      if (loaded) return loaded;
    }
    return undefined;
  }

  private startDrawing(plot: TrendPlot): void {
    this.stopDrawing = this.scheduler.add({
      get intervalMs() {
        return plot.columnMs > SLOW_COLUMN_MS ? SLOW_MS : LIVE_MS;
      },
      draw: (nowMs) => this.draw(plot, nowMs),
    });
  }

  private draw(plot: TrendPlot, nowMs: number): void {
    plot.draw(nowMs);
    const { range } = plot;
    if (plot.figureLength !== this.drawnFigures) {
      this.drawnFigures = plot.figureLength;
      this.dispatchEvent(new Event('fen-figures-change', { bubbles: true }));
    }
    if (!range || (range.low === this.drawnRange?.low && range.high === this.drawnRange.high)) return;
    this.drawnRange = range;
    this.dispatchEvent(new RangeChangeEvent(range));
  }

  private resize(): void {
    if (this.clientWidth > 0 && this.clientHeight > 0) this.plot?.resize();
  }

  private view(): TrendView {
    const { source, further, sign, raised, windowMs, cursorMs, selected, leastFigures, unit } = this;
    const { gapText, forgottenText, normal, isLive, hasTimes, hasUnit, formatTime, offsetOf } = this;
    return {
      source,
      further,
      sign,
      raised,
      windowMs,
      cursorMs,
      selected,
      leastFigures,
      unit,
      gapText,
      forgottenText,
      isLive,
      hasTimes,
      hasUnit,
      formatTime,
      offsetOf,
      isCompact: this.compact,
      normal: normal && { low: normal[0], high: normal[1] },
      palette: readPalette(this),
    };
  }
}

function utcTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(11, 19);
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-trend-chart': FenTrendChart;
  }
  interface HTMLElementEventMap {
    'fen-range-change': RangeChangeEvent;
  }
}
