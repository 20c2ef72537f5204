import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ALARM_PRIORITIES, type AlarmPriority } from '../../server/wire/alarms.ts';
import type { DefinitionReply } from '../../server/wire/definition-replies.ts';
import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { formFields } from '../styles/form-fields.ts';
import { shared } from '../styles/shared.ts';
import './fen-alarm-symbol.ts';

/** Rows that are drawn; a search finds the others. */
const SHOWN = 100;

type Filter = AlarmPriority | 'template' | '';

/** All definitions of alarms, by search and priority; each is a link to its form. */
@customElement('fen-definition-list')
export class FenDefinitionList extends LitElement {
  static override styles = [
    shared,
    formFields,
    css`
      :host {
        display: grid;
        gap: calc(var(--unit) * 3);
        align-content: start;
      }
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: calc(var(--unit) * 2);
      }
      select {
        width: auto;
      }
      ul {
        background: var(--panel);
        border-radius: var(--radius);
      }
      li + li {
        border-top: var(--hair) solid var(--line);
      }
      a {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 0 calc(var(--unit) * 2.5);
        align-items: baseline;
        padding: calc(var(--unit) * 2) calc(var(--unit) * 3);
        min-height: var(--target);
        text-decoration: none;
      }
      a[aria-current] {
        box-shadow: inset var(--edge) 0 0 var(--ink);
      }
      b {
        overflow-wrap: anywhere;
      }
      .priority {
        min-width: 1.4em;
        text-align: center;
      }
      fen-alarm-symbol {
        vertical-align: -0.35em;
      }
      a small {
        grid-column: 2 / -1;
        overflow-wrap: anywhere;
      }
      .count {
        font-size: var(--text-small);
        color: var(--ink-2);
        white-space: nowrap;
      }
      .none {
        padding: calc(var(--unit) * 4);
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) definitions: readonly DefinitionReply[] = [];
  /** Identifier of the one whose form is open. */
  @property({ attribute: false }) chosen = '';
  /** Identifiers of those with a draft that is not saved. */
  @property({ attribute: false }) unsaved: ReadonlySet<string> = new Set();
  @property({ attribute: false }) locale!: Locale;
  @state() private search = '';
  @state() private filter: Filter = '';

  override render() {
    const text = DEFINITION_TEXTS[this.locale.language];
    const found = this.definitions.filter((one) => this.fits(one));
    const shown = found.slice(0, SHOWN);
    const rest = found.length - shown.length;
    return html`
      <form role="search" aria-label=${text.find} @submit=${(event: Event) => event.preventDefault()}>
        <input type="search" maxlength="200" placeholder=${text.search} aria-label=${text.search} @input=${(
          event: Event,
        ) => {
          this.search = (event.target as HTMLInputElement).value;
        }} />
        <select aria-label=${text.anyPriority} @change=${(event: Event) => {
          this.filter = (event.target as HTMLSelectElement).value as Filter;
        }}>
          <option value="">${text.anyPriority}</option>
          ${ALARM_PRIORITIES.map((one, n) => html`<option value=${one}>${n + 1} ${this.locale.text.alarmPriority[one]}</option>`)}
          <option value="template">${text.templates}</option>
        </select>
      </form>
      ${shown.length > 0 ? nothing : this.renderNone()}
      <nav aria-label=${text.list}>
        <ul>${repeat(
          shown,
          ({ definition }) => definition.id,
          (one) => html`<li>${this.renderOne(one)}</li>`,
        )}</ul>
        ${rest > 0 ? html`<p class="none">${text.moreFound(this.locale.count(rest))}</p>` : nothing}
      </nav>
    `;
  }

  private renderOne(one: DefinitionReply) {
    const text = DEFINITION_TEXTS[this.locale.language];
    const { id, inherits, channels } = one.definition;
    const priority = one.whole?.priority ?? one.definition.priority;
    const from = inherits === undefined ? [] : [text.inheritsFrom(inherits)];
    const where = channels.length === 0 ? [] : [channels.join(', ')];
    return html`
      <a href=${definitionHref(id)} aria-current=${id === this.chosen ? 'true' : nothing}>
        <span class="priority">${priority === undefined ? '–' : this.renderPriority(priority)}</span>
        <b>${this.titleOf(one)}</b>
        <span class="count">${isTemplate(one) ? text.template : text.alarms(one.alarms)}${this.unsaved.has(id) ? html` · <b>${text.unsaved}</b>` : nothing}</span>
        <small>${[id, ...where, ...from].join(' · ')}</small>
      </a>
    `;
  }

  private renderNone() {
    const text = DEFINITION_TEXTS[this.locale.language];
    if (this.definitions.length > 0) return html`<p class="none">${text.none}</p>`;
    return html`<div class="none"><h2>${text.empty}</h2><p>${text.emptyWhy}</p></div>`;
  }

  private renderPriority(priority: AlarmPriority) {
    return html`<fen-alarm-symbol quiet .priority=${priority} .state=${'acknowledged'}></fen-alarm-symbol><span class="unseen">${this.locale.text.alarmPriority[priority]}:</span>`;
  }

  private titleOf({ definition, whole }: DefinitionReply): string {
    const title = whole?.title ?? definition.title;
    return toPlainText((this.locale.language === 'ko' ? (title?.ko ?? title?.en) : title?.en) ?? definition.id);
  }

  private fits(one: DefinitionReply): boolean {
    const { filter } = this;
    const priority = one.whole?.priority;
    if (filter === 'template' ? !isTemplate(one) : filter !== '' && (priority !== filter || isTemplate(one)))
      return false;
    const wanted = this.search.trim().toLowerCase();
    return (
      wanted === '' ||
      JSON.stringify(one.whole ?? one.definition)
        .toLowerCase()
        .includes(wanted)
    );
  }
}

/** The address of a definition's form. */
export function definitionHref(id: string): string {
  return `/alarms/settings?${new URLSearchParams({ definition: id })}`;
}

/** Whether it makes no alarm of any channel, ever. */
function isTemplate({ definition, whole }: DefinitionReply): boolean {
  return definition.channels.length === 0 && whole?.condition.kind !== 'system';
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-definition-list': FenDefinitionList;
  }
}
