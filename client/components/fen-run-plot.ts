import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { roundTicks, type ValueAxis } from '../charts/value-axis.ts';
import type { ValueRange } from '../charts/value-range.ts';
import { shared } from '../styles/shared.ts';
import { areaPath, gapsOf, linePath, PLOT_HIGH, type RunLines } from './run-paths.ts';

/** Somebody points at a point of a run; at none where it is undefined. */
export class RunPointEvent extends Event {
  readonly at: number | undefined;

  constructor(at: number | undefined) {
    super('fen-run-point');
    this.at = at;
  }
}

const MOST_SECONDS = 6;

/** The points of one run: min/max envelope and mean, on axes that it shares with other plots. Fires `fen-run-point`. */
@customElement('fen-run-plot')
export class FenRunPlot extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template: auto minmax(7em, 1fr) auto / auto minmax(0, 1fr);
        column-gap: calc(var(--unit) * 2);
        min-height: 0;
        min-width: 0;
      }
      header {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 calc(var(--unit) * 3);
        padding-bottom: var(--unit);
      }
      header small {
        color: var(--ink-2);
        font-size: var(--text-small);
      }
      .read {
        margin-left: auto;
        font-variant-numeric: tabular-nums;
      }
      .ys,
      .xs {
        position: relative;
        color: var(--ink-2);
        font-size: var(--text-small);
        font-variant-numeric: tabular-nums;
      }
      .ys span {
        position: absolute;
        right: 0;
        transform: translateY(50%);
        line-height: 1;
      }
      .xs {
        grid-column: 2;
        height: 1.5em;
      }
      .xs span {
        position: absolute;
        transform: translateX(-50%);
      }
      .xs span:last-child {
        transform: translateX(-100%);
      }
      svg {
        width: 100%;
        height: 100%;
        min-height: 0;
        background: var(--panel);
        cursor: crosshair;
      }
      path,
      line {
        vector-effect: non-scaling-stroke;
      }
      .grid {
        stroke: var(--line);
        stroke-width: var(--hair);
      }
      .band {
        fill: var(--band);
        stroke: none;
      }
      .mean {
        fill: none;
        stroke: var(--trace);
        stroke-width: var(--trace-width);
        stroke-linejoin: round;
      }
      .ghost {
        fill: none;
        stroke: var(--ink-3);
        stroke-width: var(--hair);
      }
      .gap {
        fill: var(--well);
      }
      .cursor {
        stroke: var(--ink);
        stroke-width: var(--hair);
      }
    `,
  ];

  @property({ attribute: false }) heading = '';
  /** Beside the heading. */
  @property({ attribute: false }) note = '';
  @property({ attribute: false }) lines!: RunLines;
  /** Of another run, drawn thin over this one. */
  @property({ attribute: false }) ghost?: ArrayLike<number>;
  @property({ attribute: false }) range!: ValueRange;
  @property({ attribute: false }) axis!: ValueAxis;
  @property({ attribute: false }) points = 0;
  @property({ attribute: false }) seconds = 0;
  /** Whether times stand under it. */
  @property({ type: Boolean }) timed = false;
  /** Which point is pointed at, in whichever plot. */
  @property({ attribute: false }) cursor?: number;
  /** What is there, in words. */
  @property({ attribute: false }) read = '';

  override render() {
    const { lines, range, axis, points, cursor } = this;
    const high = (value: number) => ((range.high - value) / (range.high - range.low)) * PLOT_HIGH;
    const paths = { range, points };
    return html`
      <header><b>${this.heading}</b> <small>${this.note}</small> <small class="read">${this.read}</small></header>
      <div class="ys" aria-hidden="true" .style=${`width: ${axis.figureLength}ch`}>
        ${axis.ticks.map((tick) => html`<span .style=${`bottom: ${100 - (high(tick) / PLOT_HIGH) * 100}%`}>${axis.figure(tick)}</span>`)}
      </div>
      <svg
        viewBox=${`0 0 ${points} ${PLOT_HIGH}`}
        preserveAspectRatio="none"
        role="img"
        aria-label=${`${this.heading} ${this.note}`}
        @pointermove=${this.point}
        @pointerdown=${this.point}
        @pointerleave=${() => this.dispatchEvent(new RunPointEvent(undefined))}
      >
        ${gapsOf(lines, points).map(({ from, to }) => svg`<rect class="gap" x=${from} y="0" width=${to - from} height=${PLOT_HIGH}></rect>`)}
        ${axis.ticks.map((tick) => svg`<line class="grid" x1="0" x2=${points} y1=${high(tick)} y2=${high(tick)}></line>`)}
        ${lines.min && lines.max ? svg`<path class="band" d=${areaPath(lines.min, lines.max, paths)}></path>` : nothing}
        ${lines.mean ? svg`<path class="mean" d=${linePath(lines.mean, paths)}></path>` : nothing}
        ${this.ghost ? svg`<path class="ghost" d=${linePath(this.ghost, paths)}></path>` : nothing}
        ${cursor === undefined ? nothing : svg`<line class="cursor" x1=${cursor + 0.5} x2=${cursor + 0.5} y1="0" y2=${PLOT_HIGH}></line>`}
      </svg>
      ${this.timed ? this.renderTimes() : nothing}
    `;
  }

  private renderTimes() {
    const { ticks } = roundTicks({ low: 0, high: this.seconds }, MOST_SECONDS);
    return html`<div class="xs" aria-hidden="true">
      ${ticks.map((tick) => html`<span .style=${`left: ${(tick / this.seconds) * 100}%`}>${tick}</span>`)}
    </div>`;
  }

  private point(event: PointerEvent): void {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const at = Math.floor(((event.clientX - left) / width) * this.points);
    this.dispatchEvent(new RunPointEvent(Math.min(this.points - 1, Math.max(0, at))));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-run-plot': FenRunPlot;
  }
}
