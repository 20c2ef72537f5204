import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ALARM_PAGE_TEXTS } from '../locale/alarm-page-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { PhoneNotices } from '../store/phone-notices.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';

/** The switch by which this phone is notified while the page is closed, why it cannot be, and who else is. */
@customElement('fen-phone-notices')
export class FenPhoneNotices extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: calc(var(--unit) * 2);
        margin-top: calc(var(--unit) * 3);
        padding: calc(var(--unit) * 3) 0;
        border-top: var(--hair) solid var(--line);
        overflow-wrap: anywhere;
      }
      .row {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: calc(var(--unit) * 4);
        min-height: 48px;
      }
      button {
        min-height: 48px;
      }
      [role='switch'] {
        flex: none;
        width: 64px;
        padding: 0;
        border: none;
        background: none;
      }
      .track {
        display: block;
        width: 56px;
        padding: 4px;
        background: var(--well);
        border: var(--hair) solid var(--ink-3);
        border-radius: 16px;
      }
      .track i {
        display: block;
        width: 22px;
        height: 22px;
        border: 2px solid var(--ink-3);
        border-radius: 50%;
      }
      [aria-checked='true'] .track {
        background: var(--ink);
        border-color: var(--ink);
      }
      [aria-checked='true'] .track i {
        margin-inline-start: auto;
        background: var(--ground);
        border-color: var(--ground);
      }
      summary {
        display: flex;
        align-items: center;
        min-height: 48px;
        cursor: pointer;
      }
      summary::before {
        content: '▸';
        margin-inline-end: 0.5em;
      }
      details[open] summary::before {
        content: '▾';
      }
    `,
  ];

  @property({ attribute: false }) notices!: PhoneNotices;
  @property({ attribute: false }) locale!: Locale;

  constructor() {
    super();
    new StoreController(this, () => this.notices);
  }

  override render() {
    const { state, isChanging, problem } = this.notices.value;
    const { notify } = this.text;
    const isOn = state === 'on';
    const canChange = isOn || state === 'off';
    const why = isChanging ? notify.changing : notify.state[state];
    return html`
      <div class="row">
        <b id="name">${notify.title}</b>
        ${
          canChange
            ? html`<button role="switch" aria-labelledby="name" aria-describedby="why" aria-checked=${isOn} ?disabled=${isChanging} @click=${this.turn}>
                <span class="track"><i></i></span>
              </button>`
            : nothing
        }
      </div>
      <p id="why" role="status">${why}</p>
      ${problem === undefined ? nothing : html`<p role="alert"><b>${notify.failed(toPlainText(problem))}</b></p>`}
      ${this.renderOthers()}
    `;
  }

  private renderOthers() {
    const { subscribers, ownId, isChanging } = this.notices.value;
    const others = subscribers.filter(({ id }) => id !== ownId);
    if (others.length === 0) return nothing;
    const { locale } = this;
    const { notify } = this.text;
    return html`
      <details>
        <summary>${notify.others(locale.count(others.length))}</summary>
        <ul>
          ${others.map(
            ({ id, browser, by, atMs }) => html`
              <li class="row">
                <span>${notify.other(toPlainText(browser), toPlainText(by), locale.timeOn(atMs, Date.now()))}</span>
                <button ?disabled=${isChanging} @click=${() => this.notices.remove(id)}>${notify.remove}</button>
              </li>
            `,
          )}
        </ul>
      </details>
    `;
  }

  private turn(): void {
    void (this.notices.value.state === 'on' ? this.notices.turnOff() : this.notices.turnOn(this.locale.language));
  }

  private get text() {
    return ALARM_PAGE_TEXTS[this.locale.language];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-phone-notices': FenPhoneNotices;
  }
}
