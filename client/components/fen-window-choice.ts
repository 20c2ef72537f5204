import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { shared } from '../styles/shared.ts';
import { WINDOWS_MS } from './time-window.ts';

// On a phone; more take two.
const MOST_IN_A_ROW = 6;

/** Another time window was chosen. */
export class WindowSelectEvent extends Event {
  readonly windowMs: number;

  constructor(windowMs: number) {
    super('fen-window-select', { bubbles: true, composed: true });
    this.windowMs = windowMs;
  }
}

/** Which length of time the trends show. Fires `fen-window-select`. */
@customElement('fen-window-choice')
export class FenWindowChoice extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        flex: none;
      }
      fieldset {
        display: flex;
        margin: 0;
        padding: 0;
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      legend {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      label {
        position: relative;
        flex: 1 0 auto;
        display: grid;
        place-items: center;
        min-height: calc(var(--target) - var(--hair) * 2);
        min-width: var(--target);
        padding: 0 calc(var(--unit) * 2);
        color: var(--ink-2);
        white-space: nowrap;
        cursor: pointer;
      }
      @media (max-width: 699px) {
        fieldset.many {
          flex-wrap: wrap;
        }
        fieldset.many label {
          flex-basis: 24%;
        }
      }
      @media (max-width: 369px) {
        label {
          padding: 0;
          font-size: var(--text-small);
        }
      }
      label:has(:checked) {
        color: var(--ground);
        background: var(--ink);
        font-weight: var(--weight-strong);
      }
      label:has(:focus-visible) {
        outline: calc(var(--hair) * 2) solid var(--focus);
        outline-offset: calc(var(--hair) * 2);
        z-index: 1;
      }
      input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
    `,
  ];

  /** What is offered, ms. */
  @property({ attribute: false }) windows = WINDOWS_MS;
  @property({ attribute: false }) windowMs = 60_000;
  @property({ attribute: false }) locale!: Locale;

  override render() {
    return html`
      <fieldset class=${this.windows.length > MOST_IN_A_ROW ? 'many' : ''}>
        <legend>${this.locale.text.window}</legend>
        ${this.windows.map(
          (ms) => html`
            <label>
              <input type="radio" name="window" .checked=${ms === this.windowMs} @change=${() => this.select(ms)} />
              ${this.locale.window(ms)}
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  private select(windowMs: number): void {
    this.dispatchEvent(new WindowSelectEvent(windowMs));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-window-choice': FenWindowChoice;
  }
  interface HTMLElementEventMap {
    'fen-window-select': WindowSelectEvent;
  }
}
