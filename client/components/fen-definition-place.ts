import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { AlarmDefinition } from '../../server/wire/alarm-definitions.ts';
import { fitsPattern } from '../../server/wire/channel-pattern.ts';
import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { type Draft, fieldOf, mayInherit, withField } from '../store/definition-draft.ts';
import { formFields } from '../styles/form-fields.ts';
import { shared } from '../styles/shared.ts';
import { typed, typedNames } from './definition-fields.ts';
import { DraftEvent } from './draft-event.ts';

const MATCHES = 12;

/** What a definition is called, what it takes the rest from, and of which channels it is, with those that its patterns fit now. Fires `fen-draft`. */
@customElement('fen-definition-place')
export class FenDefinitionPlace extends LitElement {
  static override styles = [
    shared,
    formFields,
    css`
      :host {
        display: grid;
        grid-column: 1 / -1;
        gap: calc(var(--unit) * 3);
      }
      .matches {
        color: var(--ink-2);
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: var(--unit) calc(var(--unit) * 2);
        margin-top: var(--unit);
      }
      li {
        padding: 0 calc(var(--unit) * 1.5);
        color: var(--ink);
        border: var(--hair) solid var(--line);
        border-radius: var(--radius);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) draft!: Draft;
  /** Whether its name may still be chosen. */
  @property({ type: Boolean }) isNew = false;
  @property({ attribute: false }) definitions!: ReadonlyMap<string, AlarmDefinition>;
  /** Names of the channels there are. */
  @property({ attribute: false }) channels: readonly string[] = [];
  /** What is wrong with a part, in words. */
  @property({ attribute: false }) problemAt!: (path: string) => string | undefined;
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const { draft } = this;
    const text = DEFINITION_TEXTS[this.locale.language];
    const inherits = draft.inherits ?? '';
    return html`
      <div class="fields">
        <label>
          <span>${text.id}</span>
          <input class="id" ?disabled=${!this.isNew} maxlength="64" aria-invalid=${this.isWrong('id')} .value=${live(draft.id)} @input=${(event: Event) => this.set('id', typed(event))} />
          ${this.isNew ? html`<small>${text.idHint}</small>` : nothing} ${this.renderProblem('id')}
        </label>
        <label>
          <span>${text.inherits}</span>
          <select aria-invalid=${this.isWrong('inherits')} .value=${live(inherits)} @change=${(event: Event) => this.set('inherits', typed(event) || undefined)}>
            <option value="" ?selected=${inherits === ''}>${text.inheritsNone}</option>
            ${mayInherit(draft.id, this.definitions).map((id) => html`<option value=${id} ?selected=${id === inherits}>${id}</option>`)}
          </select>
          ${this.renderProblem('inherits')}
        </label>
        <label class="wide">
          <span>${text.channels}</span>
          <input aria-invalid=${this.isWrong('channels')} .value=${live(draft.channels.join(', '))} @change=${(event: Event) => this.set('channels', typedNames(typed(event)))} />
          <small>${text.channelsHint}</small> ${this.renderProblem('channels')}
        </label>
      </div>
      ${this.renderMatches()}
    `;
  }

  /** Which channels the patterns fit now. */
  private renderMatches() {
    const { draft, channels } = this;
    const text = DEFINITION_TEXTS[this.locale.language];
    if (draft.channels.length === 0) {
      const condition = fieldOf(draft, 'condition', this.definitions).value as { readonly kind?: string } | undefined;
      return html`<p class="matches">${condition?.kind === 'system' ? text.serverAlarm : text.isTemplate}</p>`;
    }
    const fitting = channels.filter((name) => draft.channels.some((pattern) => fitsPattern(pattern, name)));
    const rest = fitting.length - MATCHES;
    return html`
      <div class="matches" role="status">
        <p>${text.matches(fitting.length, channels.length)}</p>
        <ul>${fitting.slice(0, MATCHES).map((name) => html`<li>${toPlainText(name)}</li>`)}${rest > 0 ? html`<li>${text.more(rest)}</li>` : nothing}</ul>
      </div>
    `;
  }

  private renderProblem(path: string) {
    const problem = this.problemAt(path);
    return problem === undefined ? nothing : html`<strong class="problem">${problem}</strong>`;
  }

  private isWrong(path: string): 'true' | 'false' {
    return this.problemAt(path) === undefined ? 'false' : 'true';
  }

  private set(field: string, value: unknown): void {
    this.dispatchEvent(new DraftEvent(withField(this.draft, field, value)));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-definition-place': FenDefinitionPlace;
  }
}
