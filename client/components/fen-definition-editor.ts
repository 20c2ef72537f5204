import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AlarmDefinition } from '../../server/wire/alarm-definitions.ts';
import type { DefinitionFault } from '../../server/wire/definition-faults.ts';
import type { DefinitionReply, DefinitionVersion } from '../../server/wire/definition-replies.ts';
import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { conflictOf, type DefinitionClient, faultsOf } from '../net/definitions.ts';
import { type Draft, differences, draftOf, EMPTY_DRAFT, isSameDraft } from '../store/definition-draft.ts';
import { formFields } from '../styles/form-fields.ts';
import { shared } from '../styles/shared.ts';
import type { DraftEvent } from './draft-event.ts';
import './fen-confirm.ts';
import { styles } from './fen-definition-editor.styles.ts';
import './fen-definition-form.ts';
import './fen-definition-history.ts';
import type { RestoreEvent } from './fen-definition-history.ts';

/** A definition was saved or deleted. */
export class DefinitionChangeEvent extends Event {
  /** Undefined where it was deleted. */
  readonly identifier: string | undefined;

  constructor(identifier: string | undefined) {
    super('fen-definition-change');
    this.identifier = identifier;
  }
}

/** What a draft began with. */
interface Base {
  readonly version: number;
  readonly draft: Draft;
}

const NEW: Base = { version: 0, draft: EMPTY_DRAFT };

/** One definition: its form, saving, what others changed meanwhile, its versions. Fires `fen-definition-change`. */
@customElement('fen-definition-editor')
export class FenDefinitionEditor extends LitElement {
  static override styles = [shared, formFields, styles];

  /** As it is kept; undefined for a new one. */
  @property({ attribute: false }) kept?: DefinitionReply;
  @property({ attribute: false }) definitions!: ReadonlyMap<string, AlarmDefinition>;
  @property({ attribute: false }) channels: readonly string[] = [];
  @property({ attribute: false }) client!: DefinitionClient;
  @property({ attribute: false }) locale!: Locale;

  @state() private base = NEW;
  @state() private draft = EMPTY_DRAFT;
  @state() private comment = '';
  @state() private faults: readonly DefinitionFault[] = [];
  @state() private conflict?: { readonly current?: DefinitionVersion };
  @state() private news = '';
  @state() private isBusy = false;
  private identifier?: string;

  /** Whether something would be lost. */
  get isDirty(): boolean {
    return !isSameDraft(this.draft, this.base.draft);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('kept')) return;
    const { kept } = this;
    if (kept?.definition.id !== this.identifier || !this.hasUpdated) {
      this.identifier = kept?.definition.id;
      this.news = '';
      this.take(kept);
    } else if (kept && kept.version !== this.base.version) {
      if (this.isDirty) this.conflict = { current: kept };
      else this.take(kept);
    }
  }

  override render() {
    const { draft, kept, isDirty, locale } = this;
    const text = DEFINITION_TEXTS[locale.language];
    return html`
      <header>
        <h2 tabindex="-1">${kept ? kept.definition.id : text.add}</h2>
        ${kept ? html`<small>${text.version(this.base.version)} · ${toPlainText(kept.by)} · ${locale.moment(kept.atMs)}</small>` : nothing}
      </header>
      ${this.conflict ? this.renderConflict(this.conflict) : nothing} ${this.renderFaults()}
      <fen-definition-form
        .draft=${draft}
        ?isNew=${kept === undefined}
        .definitions=${this.definitions}
        .channels=${this.channels}
        .faults=${this.ownFaults}
        .locale=${locale}
        @fen-draft=${this.edit}
        @keydown=${this.saveByKey}
      ></fen-definition-form>
      <div class="bar">
        <label>
          <span>${text.why}</span>
          <input maxlength="500" .value=${this.comment} @input=${(event: Event) => {
            this.comment = (event.target as HTMLInputElement).value;
          }} />
        </label>
        <button class="go" ?disabled=${!isDirty || this.isBusy} @click=${this.save}>${text.save}</button>
        <button ?disabled=${!isDirty} @click=${() => this.take(kept)}>${text.discard}</button>
        <p role="status">${this.news || (isDirty ? text.unsaved : '')}</p>
      </div>
      ${kept ? this.renderKept(kept) : nothing}
    `;
  }

  private renderKept(kept: DefinitionReply) {
    const text = DEFINITION_TEXTS[this.locale.language];
    const { id } = kept.definition;
    const words = { first: text.remove, question: text.askRemove(id, kept.alarms), stay: text.stay, go: text.remove };
    return html`
      <fen-definition-history .identifier=${id} .version=${kept.version} .client=${this.client} .locale=${this.locale} @fen-restore=${this.restore}></fen-definition-history>
      <fen-confirm .words=${words} @fen-confirm=${() => void this.erase(kept)}></fen-confirm>
    `;
  }

  private renderConflict({ current }: { readonly current?: DefinitionVersion }) {
    const { locale } = this;
    const text = DEFINITION_TEXTS[locale.language];
    const theirs = current?.definition && draftOf(current.definition);
    const fields = theirs ? differences(this.base.draft, theirs) : [];
    return html`
      <div class="notice" role="alert">
        <p>${current ? text.conflict(toPlainText(current.by), locale.moment(current.atMs)) : text.conflictRemoved}</p>
        ${current?.comment === undefined ? nothing : html`<p>${toPlainText(current.comment)}</p>`}
        ${
          theirs
            ? html`
                <p>${text.conflictFields(fields.join(', '))}</p>
                <dl>${fields.map((field) => html`<div><dt>${field}</dt><dd>${toWords(theirs[field])}</dd></div>`)}</dl>
              `
            : nothing
        }
        <div class="ways">
          <button @click=${() => this.settle(current, theirs ?? this.draft)}>${text.takeTheirs}</button>
          <button @click=${() => this.settle(current, this.draft)}>${text.keepMine}</button>
        </div>
      </div>
    `;
  }

  /** What is wrong, also in other definitions. */
  private renderFaults() {
    const text = DEFINITION_TEXTS[this.locale.language];
    if (this.faults.length === 0) return nothing;
    return html`
      <div class="notice" role="alert">
        <p>${text.faults(this.faults.length)}</p>
        <ul>
          ${this.faults.map((fault) => {
            const where = fault.id === undefined || fault.id === this.draft.id ? '' : text.elsewhere(fault.id);
            const part = fault.path === '' ? '' : `${fault.path}: `;
            return html`<li>${toPlainText(where + part + (text.fault(fault) ?? fault.message))}</li>`;
          })}
        </ul>
      </div>
    `;
  }

  private get ownFaults(): readonly DefinitionFault[] {
    return this.faults.filter(({ id }) => id === undefined || id === this.draft.id);
  }

  private take(kept: DefinitionReply | undefined): void {
    this.base = kept ? { version: kept.version, draft: draftOf(kept.definition) } : NEW;
    this.draft = this.base.draft;
    this.comment = '';
    this.faults = [];
    this.conflict = undefined;
  }

  /** Goes on from the version that is there. */
  private settle(current: DefinitionVersion | undefined, draft: Draft): void {
    const theirs = current?.definition ? draftOf(current.definition) : EMPTY_DRAFT;
    this.base = { version: current?.version ?? 0, draft: theirs };
    this.draft = draft;
    this.conflict = undefined;
  }

  private edit({ draft }: DraftEvent): void {
    this.draft = draft;
    this.news = '';
  }

  private restore({ definition, version }: RestoreEvent): void {
    this.draft = draftOf(definition);
    this.news = DEFINITION_TEXTS[this.locale.language].restored(version);
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  private saveByKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    (event.composedPath()[0] as HTMLElement).blur(); // a field tells of its change when it is left
    void this.save();
  }

  private async save(): Promise<void> {
    if (!this.isDirty || this.isBusy) return;
    const text = DEFINITION_TEXTS[this.locale.language];
    if (this.draft.id === '') {
      this.faults = [{ code: 'FIELD_MISSING', path: 'id', message: '' }];
      return;
    }
    const comment = this.comment.trim() === '' ? undefined : this.comment.trim();
    await this.attempt(async () => {
      const { draft, base } = this;
      const reply = await this.client.put(draft.id, { expectedVersion: base.version, definition: draft, comment });
      this.take(reply);
      this.news = text.saved(reply.version);
      this.identifier = reply.definition.id;
      this.dispatchEvent(new DefinitionChangeEvent(reply.definition.id));
    });
  }

  private async erase({ definition: { id }, version }: DefinitionReply): Promise<void> {
    await this.attempt(async () => {
      await this.client.remove(id, { expectedVersion: version });
      this.dispatchEvent(new DefinitionChangeEvent(undefined));
    });
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.faults = [];
    this.news = '';
    try {
      await act();
    } catch (error) {
      this.faults = faultsOf(error);
      this.conflict = conflictOf(error);
      const why = toPlainText(error instanceof Error ? error.message : String(error));
      if (this.faults.length === 0 && !this.conflict) this.news = DEFINITION_TEXTS[this.locale.language].notSaved(why);
    } finally {
      this.isBusy = false;
    }
  }
}

function toWords(value: unknown): string {
  return value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-definition-editor': FenDefinitionEditor;
  }
}
