import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { PERSON_TEXTS } from '../locale/person-texts.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { PersonDesk } from '../store/person.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';

/** By which name this browser signs, and the way out of its session where there is one. */
@customElement('fen-signature')
export class FenSignature extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--unit) * 2) calc(var(--unit) * 4);
        min-height: var(--target);
      }
      .what {
        width: 7em;
        color: var(--ink-2);
      }
      b {
        min-width: 0;
        overflow-wrap: anywhere;
        unicode-bidi: isolate;
      }
      @media (max-width: 699px) {
        :host {
          padding: calc(var(--unit) * 3) 0;
          border-top: var(--hair) solid var(--line);
        }
        .what {
          width: 100%;
          font-size: var(--text-small);
          font-weight: var(--weight-strong);
        }
      }
    `,
  ];

  @property({ attribute: false }) desk!: PersonDesk;
  @property({ attribute: false }) locale!: Locale;

  constructor() {
    super();
    new StoreController(this, () => this.desk);
  }

  override render() {
    const text = PERSON_TEXTS[this.locale.language];
    const { name, session } = this.desk.value;
    const isIn = session?.needsSecret && session.isOperator;
    return html`
      <span class="what">${text.personName}</span>
      ${name === undefined ? nothing : html`<b>${toPlainText(name)}</b>`}
      <button @click=${() => this.desk.ask('name')}>${name === undefined ? text.giveName : text.changeName}</button>
      ${isIn ? html`<button @click=${() => this.desk.leave()}>${text.leaveSession}</button>` : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-signature': FenSignature;
  }
}
