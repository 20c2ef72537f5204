import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { shared } from '../styles/shared.ts';

/** What stands where there is nothing: why, and the way back. */
@customElement('fen-missing-page')
export class FenMissingPage extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: calc(var(--unit) * 3);
        height: 100%;
        padding: var(--gutter);
        text-align: center;
      }
      h1 {
        font-size: var(--text-title);
      }
      p {
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) heading = '';
  @property({ attribute: false }) why = '';
  @property({ attribute: false }) locale!: Locale;

  override render() {
    return html`
      <h1 tabindex="-1">${this.heading}</h1>
      <p>${this.why}</p>
      <a class="button" href="/">${this.locale.text.toControlRoom}</a>
    `;
  }
}
