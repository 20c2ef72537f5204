import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { PERSON_CHARACTERS } from '../../server/wire/session.ts';
import type { Locale } from '../locale/locale.ts';
import { PERSON_TEXTS } from '../locale/person-texts.ts';
import type { PersonDesk, PersonState, Want } from '../store/person.ts';
import { StoreController } from '../store/store-controller.ts';
import { dialogStyle } from '../styles/dialog.ts';
import { shared } from '../styles/shared.ts';

/** The dialog that asks for a name, or for the operator secret, while the desk wants one. */
@customElement('fen-person')
export class FenPerson extends LitElement {
  static override styles = [
    shared,
    dialogStyle,
    css`
      dialog {
        width: min(28em, calc(100vw - var(--gutter) * 2));
      }
    `,
  ];

  @property({ attribute: false }) desk!: PersonDesk;
  @property({ attribute: false }) locale!: Locale;

  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('input') private readonly input?: HTMLInputElement;

  constructor() {
    super();
    new StoreController(this, () => this.desk);
  }

  protected override updated(): void {
    const isWanted = this.desk.value.want !== undefined;
    if (isWanted === this.dialog.open) return;
    if (!isWanted) this.dialog.close();
    else {
      this.dialog.showModal();
      this.input?.select();
    }
  }

  override render() {
    const { want } = this.desk.value;
    return html`
      <dialog aria-labelledby="title" aria-describedby="why" @cancel=${this.giveUp}>
        ${want === undefined ? nothing : keyed(want, this.renderQuestion(want, this.desk.value))}
      </dialog>
    `;
  }

  private renderQuestion(want: Want, { name = '', fault, isSending }: PersonState) {
    const text = PERSON_TEXTS[this.locale.language];
    const isName = want === 'name';
    return html`
      <form @submit=${this.answer}>
        <h2 id="title">${isName ? text.personName : text.operatorSecret}</h2>
        <p id="why">${isName ? text.personNameWhy : text.operatorSecretWhy}</p>
        <input
          aria-labelledby="title"
          aria-describedby="fault"
          aria-invalid=${fault !== undefined}
          type=${isName ? 'text' : 'password'}
          autocomplete=${isName ? 'name' : 'current-password'}
          maxlength=${isName ? PERSON_CHARACTERS : nothing}
          .defaultValue=${isName ? name : ''}
          autofocus
          required
        />
        <p id="fault" role="alert">${fault === undefined ? '' : this.words(fault)}</p>
        <div class="ends">
          <button type="button" @click=${this.giveUp}>${this.locale.text.cancel}</button>
          <button class="go" ?disabled=${isSending}>${isName ? text.keepName : text.enterSecret}</button>
        </div>
      </form>
    `;
  }

  private words(fault: NonNullable<PersonState['fault']>): string {
    const text = PERSON_TEXTS[this.locale.language];
    return {
      name: text.personNameWrong,
      wrong: text.operatorSecretWrong,
      later: text.operatorSecretLater,
      failed: text.operatorSecretFailed,
    }[fault];
  }

  private answer(event: SubmitEvent): void {
    event.preventDefault();
    void this.desk.answer(this.input?.value ?? '');
  }

  private giveUp(): void {
    this.desk.giveUp();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-person': FenPerson;
  }
}
