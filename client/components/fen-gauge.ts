import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ValueRange } from '../charts/value-range.ts';

/** Where a value stands in its normal range, on the scale of the plot beside it. A picture only: the words are elsewhere. */
@customElement('fen-gauge')
export class FenGauge extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      width: var(--gauge);
      background: var(--well);
      border-radius: var(--radius);
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
      overflow: visible;
    }
    .normal {
      fill: var(--normal);
    }
    .mark {
      stroke: var(--ink);
      stroke-width: calc(var(--gauge) * 0.3);
    }
    .stale {
      stroke: var(--ink-3);
      stroke-dasharray: calc(var(--gauge) * 0.2);
    }
  `;

  /** The y-axis of the plot; nothing is shown while undefined. */
  @property({ attribute: false }) range?: ValueRange;
  @property({ attribute: false }) value?: number;
  @property({ attribute: false }) normal?: readonly [low: number, high: number];
  @property({ type: Boolean }) stale = false;

  override render() {
    const { range, normal, value } = this;
    if (!range || !(range.high > range.low)) return nothing;

    // Percent from the top. Attributes, not styles: the security policy lets no style through.
    const at = (x: number) => Math.min(1, Math.max(0, (range.high - x) / (range.high - range.low))) * 100;
    const y = value === undefined || !Number.isFinite(value) ? undefined : `${at(value)}%`;
    return html`
      <svg>
        ${normal ? svg`<rect class="normal" width="100%" y="${at(normal[1])}%" height="${at(normal[0]) - at(normal[1])}%" />` : nothing}
        ${y === undefined ? nothing : svg`<line class="mark ${this.stale ? 'stale' : ''}" x1="-30%" x2="130%" y1=${y} y2=${y} />`}
      </svg>
    `;
  }
}
