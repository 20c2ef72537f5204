import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { SeenAlarm } from '../../server/wire/alarm-actions.ts';
import { SHELVE_SECONDS } from '../../server/wire/alarms.ts';
import { ALARM_PAGE_TEXTS } from '../locale/alarm-page-texts.ts';
import type { Locale } from '../locale/locale.ts';
import type { AlarmWish } from '../store/alarm-desk.ts';
import { shared } from '../styles/shared.ts';

/** The reader has said why and for how long an alarm is shelved. */
export class AlarmShelveEvent extends Event {
  readonly wish: AlarmWish;

  constructor(wish: AlarmWish) {
    super('fen-alarm-shelve', { bubbles: true, composed: true });
    this.wish = wish;
  }
}

/** Asks by thumb, at the foot of the screen, why and for how long an alarm is shelved. Fires `fen-alarm-shelve`. */
@customElement('fen-shelve-sheet')
export class FenShelveSheet extends LitElement {
  static override styles = [
    shared,
    css`
      dialog {
        width: min(40em, 100vw);
        max-width: none;
        max-height: 92dvh;
        margin: auto auto 0;
        padding: calc(var(--unit) * 4) var(--gutter) max(calc(var(--unit) * 4), env(safe-area-inset-bottom));
        overflow: auto;
        color: var(--ink);
        background: var(--panel);
        border: 0;
        border-top: var(--hair) solid var(--ink-3);
      }
      dialog::backdrop {
        background: var(--ground);
        opacity: 0.8;
      }
      form,
      .words {
        display: grid;
        gap: calc(var(--unit) * 3);
      }
      h2 {
        font-size: var(--text-title);
        overflow-wrap: anywhere;
      }
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
      fieldset label {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 2);
        min-height: 48px;
        padding: var(--unit) calc(var(--unit) * 3);
        border: var(--hair) solid var(--ink-3);
        border-radius: calc(var(--radius) * 2);
      }
      fieldset label:has(:checked) {
        font-weight: var(--weight-strong);
        outline: var(--hair) solid var(--ink);
        border-color: var(--ink);
      }
      [type="radio"] {
        flex: none;
        width: 20px;
        height: 20px;
        margin: 0;
        accent-color: var(--ink);
      }
      [type="text"] {
        width: 100%;
        min-height: 48px;
        padding: 0 calc(var(--unit) * 3);
        font: inherit;
        color: var(--ink);
        background: var(--ground);
        border: var(--hair) solid var(--ink-3);
        border-radius: calc(var(--radius) * 2);
      }
      .ends {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: calc(var(--unit) * 2.5);
      }
      .ends button {
        min-height: 48px;
      }
    `,
  ];

  @property({ attribute: false }) locale!: Locale;

  @state() private title_ = '';
  @state() private isMissing = false;
  private seen: SeenAlarm | undefined;
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('form') private readonly form!: HTMLFormElement;

  /** Asks about an alarm that is called `title`, as the reader saw it. */
  async ask(seen: SeenAlarm, title: string): Promise<void> {
    this.seen = seen;
    this.title_ = title;
    this.isMissing = false;
    await this.updateComplete;
    this.form.reset();
    this.dialog.showModal();
  }

  override render() {
    const { locale } = this;
    const text = ALARM_PAGE_TEXTS[locale.language];
    const spans = [
      ...SHELVE_SECONDS.map((seconds) => [String(seconds), locale.window(seconds * 1000)]),
      ['end-of-shift', text.endOfShift],
    ];
    return html`
      <dialog aria-labelledby="title">
        <form @submit=${this.tell} novalidate>
          <h2 id="title">${text.shelveTitle(this.title_)}</h2>
          <fieldset>
            <legend>${text.shelveFor}</legend>
            ${spans.map(([value, words], i) => html`<label><input type="radio" name="until" value=${value} ?checked=${i === 0} />${words}</label>`)}
          </fieldset>
          <fieldset>
            <legend>${text.why}</legend>
            ${text.whyChips.map((why) => html`<label><input type="radio" name="why" value=${why} />${why}</label>`)}
          </fieldset>
          <label class="words">${text.moreWords}<input type="text" name="words" maxlength="400" autocomplete="off" /></label>
          <p role="alert">${this.isMissing ? text.shelveMissing : nothing}</p>
          <div class="ends">
            <button type="button" @click=${() => this.dialog.close()}>${text.cancel}</button>
            <button class="go">${text.shelve}</button>
          </div>
        </form>
      </dialog>
    `;
  }

  private tell(event: Event): void {
    event.preventDefault();
    const given = new FormData(this.form);
    const comment = ['why', 'words']
      .map((name) => String(given.get(name) ?? '').trim())
      .filter(Boolean)
      .join(': ');
    this.isMissing = comment === '';
    if (this.seen === undefined || comment === '') return;
    const until = String(given.get('until'));
    this.dispatchEvent(
      new AlarmShelveEvent({
        action: 'shelve',
        alarms: [this.seen],
        comment,
        until: until === 'end-of-shift' ? until : { seconds: Number(until) },
      }),
    );
    this.dialog.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-shelve-sheet': FenShelveSheet;
  }
  interface HTMLElementEventMap {
    'fen-alarm-shelve': AlarmShelveEvent;
  }
}
