import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { panel } from '../styles/panel.ts';
import { shared } from '../styles/shared.ts';

/** A figure over another one. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** 0 to 1: how much there is behind it. */
  readonly weight: number;
  /** For who cannot see it: what stands in the row of its table. */
  readonly cells: readonly string[];
}

/** What is written at a place of an axis. */
export type Tick = readonly [at: number, written: string];

/** A curve of a few points in a panel, drawn from 0 up; its points are a table for who cannot see it. */
@customElement('fen-curve')
export class FenCurve extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      p {
        padding: calc(var(--unit) * 2) calc(var(--unit) * 3.5) 0;
        color: var(--ink-2);
      }
      .plot {
        display: grid;
        grid-template: minmax(0, 1fr) auto auto / auto minmax(0, 1fr);
        gap: calc(var(--unit) * 1.5) calc(var(--unit) * 2);
        padding: calc(var(--unit) * 4) calc(var(--unit) * 6) calc(var(--unit) * 3) calc(var(--unit) * 3.5);
        font-size: var(--text-small);
        color: var(--ink-2);
      }
      svg {
        grid-area: 1 / 2;
        width: 100%;
        height: calc(var(--unit) * 52);
        overflow: visible;
      }
      .ys,
      .xs {
        position: relative;
      }
      .ys {
        grid-area: 1 / 1;
        min-width: 2.8em;
        white-space: nowrap;
      }
      .xs {
        grid-area: 2 / 2;
        height: 1.35em;
      }
      .ys span {
        position: absolute;
        right: 0;
        transform: translateY(50%);
      }
      .xs span {
        position: absolute;
        transform: translateX(-50%);
        white-space: nowrap;
      }
      .name {
        grid-area: 3 / 2;
        text-align: right;
      }
      line {
        stroke: var(--line);
        stroke-width: var(--hair);
      }
      .ideal {
        stroke: var(--ink-3);
        stroke-dasharray: calc(var(--unit) * 1.5);
      }
      .curve {
        stroke: var(--trace);
        stroke-width: calc(var(--trace-width) * 1.3);
      }
      circle {
        fill: var(--trace);
        stroke: var(--panel);
        stroke-width: var(--hair);
      }
    `,
  ];

  @property({ attribute: false }) heading = '';
  @property({ attribute: false }) why = '';
  /** What stands under the plot, and over its axis. */
  @property({ attribute: false }) xName = '';
  @property({ attribute: false }) columns: readonly string[] = [];
  /** The end of each axis. */
  @property({ attribute: false }) xEnd = 1;
  @property({ attribute: false }) xTicks: readonly Tick[] = [];
  @property({ attribute: false }) yTicks: readonly Tick[] = [];
  @property({ attribute: false }) points: readonly CurvePoint[] = [];
  /** Whether the diagonal is where it should be. */
  @property({ type: Boolean }) ideal = false;

  override render() {
    const { points } = this;
    return html`
      <h2 id="heading">${this.heading}</h2>
      <p>${this.why}</p>
      <div class="plot" aria-hidden="true">
        <div class="ys">${this.yTicks.map(([at, written]) => html`<span .style=${`bottom: ${at * 100}%`}>${written}</span>`)}</div>
        <svg>
          ${this.yTicks.map(([at]) => svg`<line x1="0" x2="100%" y1=${high(at)} y2=${high(at)}></line>`)}
          ${this.ideal ? svg`<line class="ideal" x1="0" y1="100%" x2="100%" y2="0"></line>` : nothing}
          ${points.slice(1).map((to, i) => {
            const from = points[i];
            return svg`<line class="curve" x1=${this.wide(from.x)} y1=${high(from.y)} x2=${this.wide(to.x)} y2=${high(to.y)}></line>`;
          })}
          ${points.map(
            ({ x, y, weight }) =>
              svg`<circle cx=${this.wide(x)} cy=${high(y)} .style=${`r: calc(var(--unit) * ${(0.9 + 1.4 * Math.sqrt(weight)).toFixed(2)})`}></circle>`,
          )}
        </svg>
        <div class="xs">${this.xTicks.map(([at, written]) => html`<span .style=${`left: ${this.wide(at)}`}>${written}</span>`)}</div>
        <div class="name">${this.xName}</div>
      </div>
      <div class="unseen">
        <table aria-labelledby="heading">
          <thead><tr>${this.columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
          <tbody>${points.map(({ cells }) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
        </table>
      </div>
    `;
  }

  private wide(x: number): string {
    return `${((x / this.xEnd) * 100).toFixed(2)}%`;
  }
}

function high(y: number): string {
  return `${((1 - y) * 100).toFixed(2)}%`;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-curve': FenCurve;
  }
}
