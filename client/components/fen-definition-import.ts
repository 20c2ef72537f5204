import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { DefinitionFault } from '../../server/wire/definition-faults.ts';
import type { ImportReply } from '../../server/wire/definition-replies.ts';
import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { type DefinitionClient, EXPORT_PATH, faultsOf } from '../net/definitions.ts';
import { formFields } from '../styles/form-fields.ts';
import { shared } from '../styles/shared.ts';
import { pathWords } from './definition-words.ts';

const SHOWN = 40;

/** Takes definitions from a file, after it has shown what that changes, and offers them as a file. Fires `fen-imported`. */
@customElement('fen-definition-import')
export class FenDefinitionImport extends LitElement {
  static override styles = [
    shared,
    formFields,
    css`
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: calc(var(--unit) * 2);
      }
      .look {
        display: grid;
        gap: calc(var(--unit) * 3);
        margin-top: calc(var(--unit) * 3);
        padding: calc(var(--unit) * 4);
        background: var(--panel);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      dl > div {
        display: grid;
        grid-template-columns: 8em minmax(0, 1fr);
        gap: calc(var(--unit) * 2);
      }
      dt {
        color: var(--ink-2);
      }
      dd {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) client!: DefinitionClient;
  @property({ attribute: false }) locale!: Locale;
  @state() private file?: { readonly name: string; readonly text: string };
  @state() private isReplacing = false;
  @state() private found?: ImportReply;
  @state() private faults: readonly DefinitionFault[] = [];
  @state() private news = '';
  @query('input[type=file]') private readonly input!: HTMLInputElement;

  override render() {
    const text = DEFINITION_TEXTS[this.locale.language];
    return html`
      <div class="ways">
        <button @click=${() => this.input.click()}>${text.importFile}</button>
        <a class="button" href=${EXPORT_PATH} download="alarms.toml">${text.exportFile}</a>
        <input type="file" accept=".toml,application/toml" hidden aria-label=${text.importFile} @change=${this.take} />
      </div>
      <p role="status">${this.news}</p>
      ${this.file ? this.renderLook(this.file.name) : nothing}
    `;
  }

  private renderLook(name: string) {
    const { found, faults, locale } = this;
    const text = DEFINITION_TEXTS[locale.language];
    const isIdle = found === undefined || found.added.length + found.changed.length + found.removed.length === 0;
    return html`
      <section class="look" aria-label=${text.importHeading(name)}>
        <h2>${text.importHeading(toPlainText(name))}</h2>
        ${
          faults.length === 0
            ? nothing
            : html`<div role="alert"><p>${text.faults(faults.length)}</p><ul>${faults.slice(0, SHOWN).map((fault) => html`<li>${this.faultWords(fault)}</li>`)}</ul></div>`
        }
        ${found ? this.renderFound(found) : nothing}
        <label class="check">
          <input type="checkbox" .checked=${this.isReplacing} @change=${this.toggle} />
          <span>${text.replace}</span>
        </label>
        <div class="ways">
          <button class="go" ?disabled=${isIdle} @click=${this.apply}>${text.importGo}</button>
          <button @click=${this.cancel}>${text.cancel}</button>
        </div>
      </section>
    `;
  }

  private renderFound({ added, changed, unchanged, removed, warnings }: ImportReply) {
    const text = DEFINITION_TEXTS[this.locale.language];
    const rows = [
      [text.added, added],
      [text.changed, changed],
      [text.removedOnes, removed],
    ] as const;
    const isIdle = rows.every(([, ids]) => ids.length === 0);
    return html`
      ${isIdle ? html`<p>${text.changesNothing}</p>` : nothing}
      <dl>
        ${rows.map(([name, ids]) => (ids.length === 0 ? nothing : html`<div><dt>${name}</dt><dd>${ids.length}: ${this.namesOf(ids)}</dd></div>`))}
        <div><dt>${text.unchanged}</dt><dd>${unchanged.length}</dd></div>
      </dl>
      ${warnings.length === 0 ? nothing : html`<p>${text.warnings}</p><ul>${warnings.map((one) => html`<li>${this.faultWords(one)}</li>`)}</ul>`}
    `;
  }

  private namesOf(ids: readonly string[]): string {
    const rest = ids.length - SHOWN;
    const more = rest > 0 ? [DEFINITION_TEXTS[this.locale.language].more(rest)] : [];
    return [...ids.slice(0, SHOWN), ...more].join(', ');
  }

  private faultWords(fault: DefinitionFault): string {
    const text = DEFINITION_TEXTS[this.locale.language];
    const place = [
      ...(fault.line === undefined ? [] : [text.line(fault.line)]),
      ...(fault.id === undefined ? [] : [fault.id]),
      ...(fault.path === '' ? [] : [pathWords(fault.path, this.locale)]),
    ];
    return toPlainText(`${place.join(', ')}: ${text.fault(fault) ?? fault.message}`);
  }

  private async take(): Promise<void> {
    const [file] = this.input.files ?? [];
    if (file === undefined) return;
    this.file = { name: file.name, text: await file.text() };
    this.input.value = ''; // the same file may be chosen again
    this.isReplacing = false;
    await this.ask('look');
  }

  private async toggle(event: Event): Promise<void> {
    this.isReplacing = (event.target as HTMLInputElement).checked;
    await this.ask('look');
  }

  private async apply(): Promise<void> {
    if (!(await this.ask('do'))) return;
    this.cancel();
    this.news = DEFINITION_TEXTS[this.locale.language].imported;
    this.dispatchEvent(new Event('fen-imported'));
  }

  private cancel(): void {
    this.file = undefined;
    this.found = undefined;
    this.faults = [];
  }

  /** Whether it was answered and not refused. */
  private async ask(what: 'look' | 'do'): Promise<boolean> {
    const { file } = this;
    if (file === undefined) return false;
    this.news = '';
    this.faults = [];
    try {
      this.found = await this.client.importFile(file.text, { replace: this.isReplacing, dryRun: what === 'look' });
      return true;
    } catch (error) {
      this.found = undefined;
      this.faults = faultsOf(error);
      const why = toPlainText(error instanceof Error ? error.message : String(error));
      if (this.faults.length === 0) this.news = DEFINITION_TEXTS[this.locale.language].notSaved(why);
      return false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-definition-import': FenDefinitionImport;
  }
}
