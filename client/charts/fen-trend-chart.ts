import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { FrameScheduler } from './frame-scheduler.ts';
import { readPalette, watchTheme } from './palette.ts';
import type { TrendView } from './trend-picture.ts';
import type { TrendPlot } from './trend-plot.ts';
import type { TrendSource } from './trend-source.ts';
import type { ValueRange } from './value-range.ts';

// Data is drawn at most 20 times a second; where a pixel column is longer than
// half a second, four times are enough for its newest one.
const LIVE_MS = 50;
const SLOW_MS = 250;
const SLOW_COLUMN_MS = 500;

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
 * Loads echarts when first shown, draws only while on the screen, and fires
 * `fen-range-change` when its y-axis moves.
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
  `;

  /** The page's own: its charts share it, so that they take turns within a frame. Set before the chart is shown. */
  @property({ attribute: false }) scheduler!: FrameScheduler;
  /** What is drawn; nothing while undefined. */
  @property({ attribute: false }) source?: TrendSource;
  @property({ attribute: false }) windowMs = 60_000;
  /** Where values belong, in the channel's unit. */
  @property({ attribute: false }) normal?: readonly [low: number, high: number];
  @property({ attribute: false }) unit = '';
  /** Without axes, as on a tile. */
  @property({ type: Boolean }) compact = false;
  /** What stands in a gap, in the reader's language. */
  @property({ attribute: false }) gapText = '';
  /** What stands where data made room for newer data. */
  @property({ attribute: false }) forgottenText = '';
  /** What the picture shows, for those who do not see it. */
  @property({ attribute: false }) summary = '';
  /** How a time is written on the axis; ms since 1970 UTC. */
  @property({ attribute: false }) formatTime: (timeMs: number) => string = utcTime;

  @query('.plot') private readonly place!: HTMLElement;

  private plot: TrendPlot | undefined;
  private isOnScreen = false;
  private stopDrawing: (() => void) | undefined;
  private stopWatching: (() => void) | undefined;
  private drawnRange: ValueRange | undefined;
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
    if (changed.size > 1 || !changed.has('summary')) this.plot?.setView(this.view());
  }

  override render() {
    return html`<div class="plot" role="img" aria-label=${this.summary}></div>`;
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
    const { TrendPlot } = await import('./trend-plot.ts');
    await this.updateComplete;
    if (this.plot || !this.isConnected || !this.isOnScreen) return;
    this.plot = new TrendPlot(this.place, this.view());
    this.startDrawing(this.plot);
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
    if (!range || (range.low === this.drawnRange?.low && range.high === this.drawnRange.high)) return;
    this.drawnRange = range;
    this.dispatchEvent(new RangeChangeEvent(range));
  }

  private resize(): void {
    if (this.clientWidth > 0 && this.clientHeight > 0) this.plot?.resize();
  }

  private view(): TrendView {
    const { source, windowMs, unit, gapText, forgottenText, normal, formatTime } = this;
    return {
      source,
      windowMs,
      unit,
      gapText,
      forgottenText,
      formatTime,
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
