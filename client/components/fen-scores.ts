import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { panel } from '../styles/panel.ts';
import { shared } from '../styles/shared.ts';

/** A figure with its name, and what it means in a sentence. */
export interface Score {
  readonly written: string;
  readonly name: string;
  readonly why: string;
}

/** A few figures side by side, each large, with what it means. */
@customElement('fen-scores')
export class FenScores extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(15em, 100%), 1fr));
        gap: calc(var(--unit) * 4) calc(var(--unit) * 6);
        padding: calc(var(--unit) * 3) calc(var(--unit) * 3.5) calc(var(--unit) * 4);
      }
      dt {
        color: var(--ink-2);
      }
      .value {
        font-size: var(--text-value);
        font-weight: var(--weight-strong);
        line-height: 1.2;
      }
      .why {
        font-size: var(--text-small);
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) heading = '';
  @property({ attribute: false }) scores: readonly Score[] = [];

  override render() {
    return html`
      <h2>${this.heading}</h2>
      <dl>
        ${this.scores.map(
          ({ written, name, why }) =>
            html`<div><dt>${name}</dt><dd class="value">${written}</dd><dd class="why">${why}</dd></div>`,
        )}
      </dl>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-scores': FenScores;
  }
}
