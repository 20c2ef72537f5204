import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { segments } from '../styles/segments.ts';
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
    segments,
    css`
      :host {
        display: block;
        flex: none;
      }
      @media (max-width: 699px) {
        fieldset.many {
          flex-wrap: wrap;
        }
        fieldset.many label {
          flex-basis: 24%;
        }
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
