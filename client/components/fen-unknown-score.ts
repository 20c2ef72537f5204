import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { RUN_TEXTS } from '../locale/run-texts.ts';
import { panel } from '../styles/panel.ts';
import { shared } from '../styles/shared.ts';

// What the rail shows on either side of score and threshold, of what lies between them, which is taken to be so much of
// the larger at least: where both are nearly the same, they lie together.
const ROOM = 0.4;
const LEAST_APART = 0.2;

/** How strange a run is to a model, on a rail with the threshold from which on it is unknown. */
@customElement('fen-unknown-score')
export class FenUnknownScore extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      .rail {
        position: relative;
        height: 0.9em;
        margin: calc(var(--unit) * 3) calc(var(--unit) * 3.5) 0;
        background: var(--well);
        border-radius: var(--radius);
      }
      .zone {
        position: absolute;
        top: 0;
        bottom: 0;
        right: 0;
        background: var(--line);
      }
      .score {
        position: absolute;
        top: 0;
        width: 0.9em;
        height: 0.9em;
        margin-left: -0.45em;
        background: var(--ink);
        border-radius: 50%;
      }
      .rail b {
        position: absolute;
        top: -0.2em;
        bottom: -0.2em;
        width: calc(var(--hair) * 2);
        background: var(--ink);
      }
      p {
        padding: calc(var(--unit) * 2) calc(var(--unit) * 3.5) calc(var(--unit) * 3);
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) score?: number;
  /** Beyond it the run is unknown; undefined where that is not known. */
  @property({ attribute: false }) threshold?: number;
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const { score, threshold, locale } = this;
    const text = RUN_TEXTS[locale.language];
    const heading = html`<h2>${text.unknownScore}</h2>`;
    if (score === undefined) return html`${heading}<p>${text.noScore}</p>`;
    const written = locale.fixed(score, 2);
    if (threshold === undefined) return html`${heading}<p>${text.withoutThreshold(written)}</p>`;

    const apart = Math.max(Math.abs(score - threshold), LEAST_APART * Math.max(Math.abs(score), Math.abs(threshold)));
    const low = Math.min(score, threshold) - ROOM * apart;
    const high = Math.max(score, threshold) + ROOM * apart;
    const place = (value: number) => `left: ${((value - low) / (high - low || 1)) * 100}%`;
    const words = score > threshold ? text.beyond : text.within;
    return html`
      ${heading}
      <div class="rail" aria-hidden="true">
        <i class="zone" .style=${place(threshold)}></i><b .style=${place(threshold)}></b><i class="score" .style=${place(score)}></i>
      </div>
      <p>${words(written, locale.fixed(threshold, 2))}</p>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-unknown-score': FenUnknownScore;
  }
}
