import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { AlarmAction, SeenAlarm } from '../../server/wire/alarm-actions.ts';
import { SHELVE_LIMIT_SECONDS, SHELVE_SECONDS } from '../../server/wire/alarms.ts';
import type { Texts } from '../locale/en.ts';
import type { Locale } from '../locale/locale.ts';
import { shared } from '../styles/shared.ts';
import { AlarmActEvent } from './alarm-events.ts';

/** What takes words before it is done. */
export type WordedAction = 'shelve' | 'out-of-service' | 'comment';
type Until = Extract<AlarmAction, { action: 'shelve' }>['until'];

const HOUR_S = 3600;

/** Asks why, and of what is shelved for how long. Fires `fen-alarm-act` when it was told. */
@customElement('fen-alarm-dialog')
export class FenAlarmDialog extends LitElement {
  static override styles = [
    shared,
    css`
      dialog {
        width: min(34em, calc(100vw - var(--gutter) * 2));
        padding: calc(var(--unit) * 5);
        color: var(--ink);
        background: var(--panel);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      dialog::backdrop {
        background: var(--ground);
        opacity: 0.8;
      }
      form {
        display: grid;
        gap: calc(var(--unit) * 3);
      }
      h2 {
        font-size: var(--text-title);
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 calc(var(--unit) * 4);
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        color: var(--ink-2);
      }
      fieldset label {
        display: inline-flex;
        align-items: center;
        gap: calc(var(--unit) * 1.5);
        min-height: var(--target);
      }
      .words {
        display: grid;
        gap: var(--unit);
        color: var(--ink-2);
      }
      textarea,
      [type="number"] {
        font: inherit;
        padding: calc(var(--unit) * 1.5);
        color: var(--ink);
        background: var(--ground);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      textarea {
        min-height: 4.5em;
        resize: vertical;
      }
      [type="number"] {
        width: 5em;
      }
      [type="radio"] {
        width: 1.15em;
        height: 1.15em;
        accent-color: var(--ink);
      }
      .ends {
        display: flex;
        justify-content: flex-end;
        gap: calc(var(--unit) * 2);
      }
    `,
  ];

  @property({ attribute: false }) locale!: Locale;

  @state() private action: WordedAction = 'comment';
  @state() private until = String(SHELVE_SECONDS[0]);
  @state() private hours = 8;
  private alarms: readonly SeenAlarm[] = [];
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('textarea') private readonly words!: HTMLTextAreaElement;

  get isOpen(): boolean {
    return this.dialog.open;
  }

  /** Asks about these alarms, as the reader saw them. */
  async ask(action: WordedAction, alarms: readonly SeenAlarm[]): Promise<void> {
    this.action = action;
    this.alarms = alarms;
    this.requestUpdate();
    await this.updateComplete;
    this.words.value = '';
    if (!this.dialog.open) this.dialog.showModal();
    this.words.focus();
  }

  override render() {
    const { text } = this.locale;
    return html`
      <dialog aria-labelledby="title" @keydown=${stay}>
        <form @submit=${this.tell}>
          <h2 id="title">${headingOf(this.action, this.locale.count(this.alarms.length), text)}</h2>
          ${this.action === 'shelve' ? this.renderUntil() : nothing}
          <label class="words">
            ${this.action === 'comment' ? text.comment : text.reason}
            <textarea required maxlength="500"></textarea>
          </label>
          <div class="ends">
            <button type="button" @click=${() => this.dialog.close()}>${text.cancel}</button>
            <button class="go">${text.send}</button>
          </div>
        </form>
      </dialog>
    `;
  }

  private renderUntil() {
    const { locale } = this;
    const { text } = locale;
    const choices: readonly (readonly [string, string])[] = [
      ...SHELVE_SECONDS.map((seconds) => [String(seconds), locale.window(seconds * 1000)] as const),
      ['end-of-shift', text.endOfShift],
      ['hours', text.otherHours],
    ];
    return html`
      <fieldset>
        <legend>${text.shelveFor}</legend>
        ${choices.map(
          ([value, label]) => html`
            <label><input type="radio" name="until" .checked=${value === this.until} @change=${() => this.choose(value)} />${label}</label>
          `,
        )}
        <input type="number" aria-label=${text.otherHours} min="0.25" max=${SHELVE_LIMIT_SECONDS / HOUR_S} step="0.25" .value=${String(this.hours)} ?disabled=${this.until !== 'hours'} @change=${this.takeHours} />
      </fieldset>
    `;
  }

  private choose(until: string): void {
    this.until = until;
  }

  private takeHours(event: Event): void {
    this.hours = (event.target as HTMLInputElement).valueAsNumber;
  }

  private tell(event: Event): void {
    event.preventDefault();
    const comment = this.words.value.trim();
    if (comment === '') return;
    const { action, alarms } = this;
    const common = { alarms: [...alarms], comment };
    this.dispatchEvent(
      new AlarmActEvent(action === 'shelve' ? { action, ...common, until: this.chosenUntil } : { action, ...common }),
    );
    this.dialog.close();
  }

  private get chosenUntil(): Until {
    if (this.until === 'end-of-shift') return this.until;
    return { seconds: this.until === 'hours' ? this.hours * HOUR_S : Number(this.until) };
  }
}

function headingOf(action: WordedAction, count: string, text: Texts): string {
  switch (action) {
    case 'shelve':
      return text.shelveTitle(count);
    case 'out-of-service':
      return text.outOfServiceTitle(count);
    case 'comment':
      return text.commentTitle(count);
  }
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
