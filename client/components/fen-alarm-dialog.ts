import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { SeenAlarm } from '../../server/wire/alarm-actions.ts';
import { SHELVE_LIMIT_SECONDS, SHELVE_SECONDS } from '../../server/wire/alarms.ts';
import { ALARM_ACT_TEXTS } from '../locale/alarm-act-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { dialogStyle } from '../styles/dialog.ts';
import { shared } from '../styles/shared.ts';
import { AlarmActEvent } from './alarm-events.ts';

/** What takes words before it is done. */
export type WordedAction = 'shelve' | 'out-of-service' | 'comment';

const HOUR_S = 3600;
const HOURS = 8;

/** Asks why, and of what is shelved for how long; on a narrow screen by thumb, at its foot. Fires `fen-alarm-act` when it was told. */
@customElement('fen-alarm-dialog')
export class FenAlarmDialog extends LitElement {
  static override styles = [
    shared,
    dialogStyle,
    css`
      fieldset {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: calc(var(--unit) * 2);
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend,
      .words {
        padding: 0 0 var(--unit);
        color: var(--ink-2);
      }
      .words {
        display: grid;
        gap: var(--unit);
      }
      fieldset label {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 2);
        min-height: var(--target);
        padding: var(--unit) calc(var(--unit) * 3);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      fieldset label:has([type='number']) {
        grid-column: 1 / -1;
      }
      fieldset label:has(:checked) {
        font-weight: var(--weight-strong);
        outline: var(--hair) solid var(--ink);
        border-color: var(--ink);
      }
      [type='radio'] {
        flex: none;
        width: 1.15em;
        height: 1.15em;
        margin: 0;
        accent-color: var(--ink);
      }
      textarea,
      [type='number'] {
        font: inherit;
        padding: calc(var(--unit) * 1.5) calc(var(--unit) * 2);
        color: var(--ink);
        background: var(--ground);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      textarea {
        min-height: 4em;
        resize: vertical;
      }
      [type='number'] {
        width: 5em;
        min-width: 0;
        margin-left: auto;
        padding-block: 0;
      }
      @media (max-width: 699px) {
        dialog {
          width: 100vw;
          max-width: none;
          max-height: 92dvh;
          margin: auto auto 0;
          padding: calc(var(--unit) * 4) var(--gutter) max(calc(var(--unit) * 4), env(safe-area-inset-bottom));
          border-width: var(--hair) 0 0;
          border-radius: 0;
        }
        .ends > button {
          flex: 1 1 40%;
        }
      }
    `,
  ];

  @property({ attribute: false }) locale!: Locale;

  @state() private action: WordedAction = 'comment';
  @state() private what = '';
  @state() private isMissing = false;
  private alarms: readonly SeenAlarm[] = [];
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('form') private readonly form!: HTMLFormElement;
  @query('[type=number]') private readonly hours!: HTMLInputElement;
  @query('textarea') private readonly words!: HTMLTextAreaElement;

  get isOpen(): boolean {
    return this.dialog.open;
  }

  /** Asks about these alarms, as the reader saw them; `what` is what they are called. */
  async ask(action: WordedAction, alarms: readonly SeenAlarm[], what: string): Promise<void> {
    this.action = action;
    this.alarms = alarms;
    this.what = what;
    this.isMissing = false;
    await this.updateComplete;
    this.form.reset();
    if (!this.dialog.open) this.dialog.showModal();
  }

  override render() {
    const { action, locale } = this;
    const { text } = locale;
    const words = ALARM_ACT_TEXTS[locale.language];
    return html`
      <dialog aria-labelledby="title" @keydown=${stay}>
        <form @submit=${this.tell} novalidate>
          <h2 id="title">${text.actionName[action]}: <bdi>${this.what}</bdi></h2>
          ${action === 'shelve' ? this.renderUntil() : nothing}
          ${action === 'comment' ? nothing : this.renderReasons()}
          <label class="words">
            ${action === 'comment' ? text.actionName.comment : words.moreWords}
            <textarea name="words" maxlength="400" ?autofocus=${action === 'comment'}></textarea>
          </label>
          <p role="alert">${this.isMissing ? (action === 'comment' ? words.commentMissing : words.reasonMissing) : nothing}</p>
          <div class="ends">
            <button type="button" @click=${() => this.dialog.close()}>${text.cancel}</button>
            <button class="go">${words.send}</button>
          </div>
        </form>
      </dialog>
    `;
  }

  private renderUntil() {
    const { locale } = this;
    const words = ALARM_ACT_TEXTS[locale.language];
    const spans = [
      ...SHELVE_SECONDS.map((seconds) => [String(seconds), locale.window(seconds * 1000)]),
      ['end-of-shift', words.endOfShift],
    ];
    return html`
      <fieldset>
        <legend>${words.shelveFor}</legend>
        ${spans.map(([value, label], i) => html`<label><input type="radio" name="until" value=${value} ?checked=${i === 0} />${label}</label>`)}
        <label>
          <input type="radio" name="until" value="hours" />${words.otherHours}
          <input type="number" name="hours" aria-label=${words.otherHours} min="0.25" max=${SHELVE_LIMIT_SECONDS / HOUR_S} step="0.25" required value=${HOURS} @focus=${chooseBeside} />
        </label>
      </fieldset>
    `;
  }

  private renderReasons() {
    const { reason, reasons } = ALARM_ACT_TEXTS[this.locale.language];
    return html`
      <fieldset>
        <legend>${reason}</legend>
        ${reasons.map((why) => html`<label><input type="radio" name="why" value=${why} />${why}</label>`)}
      </fieldset>
    `;
  }

  private tell(event: Event): void {
    event.preventDefault();
    const given = new FormData(this.form);
    const said = (name: string) => String(given.get(name) ?? '').trim();
    const comment = [said('why'), said('words')].filter(Boolean).join(': ');
    this.isMissing = comment === '';
    if (this.isMissing) {
      this.words.focus();
      return;
    }
    const until = said('until');
    if (until === 'hours' && !this.hours.reportValidity()) return;
    const { action } = this;
    const common = { alarms: [...this.alarms], comment };
    const seconds = until === 'hours' ? Number(said('hours')) * HOUR_S : Number(until);
    this.dispatchEvent(
      new AlarmActEvent(
        action === 'shelve'
          ? { action, ...common, until: until === 'end-of-shift' ? until : { seconds } }
          : { action, ...common },
      ),
    );
    this.dialog.close();
  }
}

/** Who says how many hours means these. */
function chooseBeside({ target }: Event): void {
  const radio = (target as Element).parentElement?.querySelector<HTMLInputElement>('[type=radio]');
  if (radio) radio.checked = true;
}

/** Keys typed here mean nothing to the page. */
function stay(event: Event): void {
  event.stopPropagation();
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-dialog': FenAlarmDialog;
  }
}
