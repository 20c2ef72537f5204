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
import type { KeptDrafts } from '../store/kept-drafts.ts';
import { formFields } from '../styles/form-fields.ts';
import { shared } from '../styles/shared.ts';
import { pathWords, valueWords } from './definition-words.ts';
import type { DraftEvent } from './draft-event.ts';
import './fen-confirm.ts';
import { styles } from './fen-definition-editor.styles.ts';
import './fen-definition-form.ts';
import './fen-definition-history.ts';
import type { RestoreEvent } from './fen-definition-history.ts';

/** A definition was saved or deleted. */
export class DefinitionChangeEvent extends Event {
  /** Undefined where it was deleted. */
  readonly saved: DefinitionReply | undefined;

  constructor(saved: DefinitionReply | undefined) {
    super('fen-definition-change');
    this.saved = saved;
  }
}

/** What a draft began with. */
interface Base {
  readonly version: number;
  readonly draft: Draft;
}

const NEW: Base = { version: 0, draft: EMPTY_DRAFT };

/** One definition: its form, saving, what others changed meanwhile, its versions. Fires `fen-definition-change`, and `fen-drafts` where a draft is kept or no longer. */
@customElement('fen-definition-editor')
export class FenDefinitionEditor extends LitElement {
  static override styles = [shared, formFields, styles];

  /** Which one; empty for a new one. */
  @property({ attribute: false }) identifier = '';
  /** As the server has it; undefined for a new one, and for one that was removed. */
  @property({ attribute: false }) kept?: DefinitionReply;
  @property({ attribute: false }) definitions!: ReadonlyMap<string, AlarmDefinition>;
  @property({ attribute: false }) channels: readonly string[] = [];
  @property({ attribute: false }) client!: DefinitionClient;
  /** Where what is not saved outlasts the form. */
  @property({ attribute: false }) drafts!: KeptDrafts<Draft>;
  @property({ attribute: false }) locale!: Locale;

  @state() private base = NEW;
  @state() private draft = EMPTY_DRAFT;
  @state() private comment = '';
  @state() private faults: readonly DefinitionFault[] = [];
  @state() private conflict?: { readonly current?: DefinitionVersion };
  @state() private news = '';
  @state() private isBusy = false;
  /** Whose draft this is: a new one gets its name before the page knows. */
  private opened?: string;

  /** Whether something would be lost. */
  get isDirty(): boolean {
    return !isSameDraft(this.draft, this.base.draft);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('identifier') && this.identifier !== this.opened) this.open();
    if (changed.has('kept') && !this.isBusy) this.compare();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const names: ReadonlyMap<PropertyKey, unknown> = changed;
    if (['draft', 'base', 'comment'].some((name) => names.has(name))) this.keep();
  }

  override render() {
    const { draft, kept, isDirty, locale } = this;
    const text = DEFINITION_TEXTS[locale.language];
    return html`
      <header>
        <h2 tabindex="-1">${this.identifier || text.add}</h2>
        ${kept ? html`<small>${text.version(this.base.version)} · ${toPlainText(kept.by)} · ${locale.moment(kept.atMs)}</small>` : nothing}
      </header>
      ${this.conflict ? this.renderConflict(this.conflict) : nothing} ${this.renderFaults()}
      <fen-definition-form
        .draft=${draft}
        ?isNew=${this.identifier === ''}
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
    const rows = fields.map(
      (field) =>
        html`<div><dt>${pathWords(field, locale)}</dt><dd>${valueWords(field, theirs?.[field], locale)}</dd></div>`,
    );
    return html`
      <div class="notice" role="alert">
        <p>${current ? text.conflict(toPlainText(current.by), locale.moment(current.atMs)) : text.conflictRemoved}</p>
        ${current?.comment === undefined ? nothing : html`<p>${toPlainText(current.comment)}</p>`}
        ${
          theirs
            ? html`
                <p>${text.theyChanged}</p>
                <dl>${rows}</dl>
              `
            : nothing
        }
        <div class="ways">
          <button @click=${() => this.settle(current, theirs ?? EMPTY_DRAFT)}>${text.takeTheirs}</button>
          <button @click=${() => this.settle(current, this.draft)}>${text.keepMine}</button>
        </div>
      </div>
    `;
  }

  /** What is wrong, also in other definitions; of what is saved, what the server takes and seldom is meant. */
  private renderFaults() {
    const text = DEFINITION_TEXTS[this.locale.language];
    const told = this.faults.length > 0 || this.isDirty ? this.faults : (this.kept?.warnings ?? []);
    if (told.length === 0) return nothing;
    return html`
      <div class="notice" role=${told === this.faults ? 'alert' : 'note'}>
        <p>${told === this.faults ? text.faults(told.length) : text.warnings}</p>
        <ul>
          ${told.map((fault) => {
            const where = fault.id === undefined || fault.id === this.draft.id ? '' : text.elsewhere(fault.id);
            const part = fault.path === '' ? '' : `${pathWords(fault.path, this.locale)}: `;
            return html`<li>${toPlainText(where + part + (text.fault(fault) ?? fault.message))}</li>`;
          })}
        </ul>
      </div>
    `;
  }

  private get ownFaults(): readonly DefinitionFault[] {
    return this.faults.filter(({ id }) => id === undefined || id === this.draft.id);
  }

  /** Begins with what was left of it, else with what the server has. */
  private open(): void {
    this.opened = this.identifier;
    this.news = '';
    this.take(this.kept);
    const left = this.drafts.find(this.opened);
    if (left === undefined) return;
    this.base = { version: left.version, draft: left.base };
    this.draft = left.draft;
    this.comment = left.comment;
  }

  /** Takes over what others have saved, or says so where that would lose a draft. */
  private compare(): void {
    const { kept, base, isDirty } = this;
    if ((kept?.version ?? 0) === base.version || (kept && kept.version < base.version)) return; // the latter was asked for before it was saved
    if (!isDirty) this.take(kept);
    else this.conflict = { current: kept };
  }

  private keep(): void {
    const { base, draft, comment, opened = '' } = this;
    const wasKept = this.drafts.ids.has(opened);
    if (this.isDirty) this.drafts.keep(opened, { version: base.version, base: base.draft, draft, comment });
    else this.drafts.forget(opened);
    if (wasKept !== this.isDirty) this.dispatchEvent(new Event('fen-drafts'));
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
    if (current === undefined && !this.isDirty) this.dispatchEvent(new DefinitionChangeEvent(undefined));
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
      this.base = { version: reply.version, draft: draftOf(reply.definition) };
      if (this.draft === draft) this.take(reply); // else somebody typed on
      if (this.opened === '') this.drafts.forget('');
      this.opened = reply.definition.id;
      this.news = text.saved(reply.version);
      this.dispatchEvent(new DefinitionChangeEvent(reply));
    });
  }

  private async erase({ definition: { id }, version }: DefinitionReply): Promise<void> {
    await this.attempt(async () => {
      await this.client.remove(id, { expectedVersion: version });
      this.drafts.forget(id);
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

declare global {
  interface HTMLElementTagNameMap {
    'fen-definition-editor': FenDefinitionEditor;
  }
}
