import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AlarmDefinition } from '../../server/wire/alarm-definitions.ts';
import type { DefinitionVersion } from '../../server/wire/definition-replies.ts';
import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { DefinitionClient } from '../net/definitions.ts';
import { differences, draftOf } from '../store/definition-draft.ts';
import { shared } from '../styles/shared.ts';
import { pathWords } from './definition-words.ts';

/** Somebody wants to edit an older version. */
export class RestoreEvent extends Event {
  readonly definition: AlarmDefinition;
  readonly version: number;

  constructor(definition: AlarmDefinition, version: number) {
    super('fen-restore');
    this.definition = definition;
    this.version = version;
  }
}

/** The versions of a definition: who made them, when, why, and what they changed. Fires `fen-restore`. */
@customElement('fen-definition-history')
export class FenDefinitionHistory extends LitElement {
  static override styles = [
    shared,
    css`
      h3 {
        margin-bottom: calc(var(--unit) * 2);
        padding-bottom: calc(var(--unit) * 1.5);
        font-size: var(--text-small);
        color: var(--ink-2);
        border-bottom: var(--hair) solid var(--line);
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--unit) calc(var(--unit) * 4);
        padding: calc(var(--unit) * 1.5) 0;
      }
      li + li {
        border-top: var(--hair) solid var(--line);
      }
      p {
        overflow-wrap: anywhere;
      }
      small {
        font-size: var(--text-small);
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) identifier = '';
  /** The newest version; another one is read again. */
  @property({ type: Number }) version = 0;
  @property({ attribute: false }) client!: DefinitionClient;
  @property({ attribute: false }) locale!: Locale;
  @state() private versions: readonly DefinitionVersion[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('identifier') || changed.has('version')) void this.read(this.identifier);
  }

  override render() {
    const text = DEFINITION_TEXTS[this.locale.language];
    return html`
      <h3>${text.history}</h3>
      <ol>${this.versions.map((one, n) => html`<li>${this.renderVersion(one, this.versions[n + 1])}</li>`)}</ol>
    `;
  }

  private renderVersion({ version, by, atMs, comment, definition }: DefinitionVersion, before?: DefinitionVersion) {
    const { locale } = this;
    const text = DEFINITION_TEXTS[locale.language];
    const changes =
      definition && before?.definition
        ? differences(draftOf(before.definition), draftOf(definition))
            .map((field) => pathWords(field, locale))
            .join(', ')
        : '';
    const what = definition === undefined ? text.removedVersion : changes;
    return html`
      <div>
        <p><b>${text.version(version)}</b> ${toPlainText(by)} · ${locale.moment(atMs)}</p>
        ${comment === undefined ? nothing : html`<p>${toPlainText(comment)}</p>`}
        ${what === '' ? nothing : html`<small>${what}</small>`}
      </div>
      ${
        version === this.version || definition === undefined
          ? html`<small>${version === this.version ? text.present : ''}</small>`
          : html`<button @click=${() => this.dispatchEvent(new RestoreEvent(definition, version))} aria-label=${`${text.restore}: ${text.version(version)}`}>${text.restore}</button>`
      }
    `;
  }

  private async read(id: string): Promise<void> {
    try {
      const { versions } = await this.client.history(id);
      if (id === this.identifier) this.versions = versions;
    } catch {
      this.versions = []; // the page says that the server does not answer
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-definition-history': FenDefinitionHistory;
  }
}
