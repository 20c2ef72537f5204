import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { DefinitionReply, DefinitionsReply } from '../../server/wire/definition-replies.ts';
import '../components/fen-definition-editor.ts';
import type { DefinitionChangeEvent, FenDefinitionEditor } from '../components/fen-definition-editor.ts';
import '../components/fen-definition-import.ts';
import '../components/fen-definition-list.ts';
import '../components/fen-priority-mix.ts';
import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { DefinitionClient } from '../net/definitions.ts';
import { Repeated } from '../net/repeated.ts';
import { DEFINITION_DRAFTS, KeptDrafts } from '../store/kept-drafts.ts';
import { pageFrame } from '../styles/page-frame.ts';
import { shared } from '../styles/shared.ts';
import { LookChangeEvent } from './look-change.ts';

// What others change appears within this time.
const EVERY_MS = 3000;
const NEW_HREF = '/alarms/settings?new';

/** `/alarms/settings`: the definitions of alarms. `?definition=ID` opens the form of one, `?new` that of a new one. */
@customElement('fen-alarm-settings-page')
export class FenAlarmSettingsPage extends LitElement {
  static override styles = [
    shared,
    pageFrame,
    css`
      header {
        gap: calc(var(--unit) * 3) calc(var(--unit) * 8);
      }
      fen-priority-mix {
        margin-left: auto;
      }
      .total {
        color: var(--ink-2);
      }
      .both {
        display: grid;
        grid-template-columns: minmax(20em, 26em) minmax(0, 1fr);
        gap: var(--gap);
        align-items: start;
      }
      .list {
        display: grid;
        gap: calc(var(--unit) * 3);
      }
      .choose {
        padding: calc(var(--unit) * 16) 0;
        text-align: center;
        color: var(--ink-2);
      }
      .back {
        display: none;
      }
      @media (max-width: 899px) {
        :host {
          padding-bottom: var(--foot);
        }
        .both {
          grid-template-columns: minmax(0, 1fr);
        }
        .isOpen .list,
        .isClosed > :last-child {
          display: none;
        }
        .back {
          display: inline-flex;
          margin-bottom: calc(var(--unit) * 3);
        }
      }
    `,
  ];

  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) client!: DefinitionClient;
  @property({ attribute: false }) locale!: Locale;

  @state() private reply?: DefinitionsReply;
  @state() private failure?: string;
  @query('fen-definition-editor') private readonly editor?: FenDefinitionEditor;
  private readonly drafts = new KeptDrafts(() => sessionStorage, DEFINITION_DRAFTS);
  private readonly feed = new Repeated({
    ask: (_: undefined, signal) => this.client.list(signal),
    everyMs: EVERY_MS,
    receive: (reply: DefinitionsReply) => {
      this.reply = reply;
      this.failure = undefined;
    },
    miss: (error) => {
      this.failure = error instanceof Error ? error.message : String(error);
    },
  });
  private readonly onLeave = (event: BeforeUnloadEvent) => {
    if (this.editor?.isDirty) event.preventDefault(); // the browser asks
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.feed.ask(undefined);
    addEventListener('beforeunload', this.onLeave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed.close();
    removeEventListener('beforeunload', this.onLeave);
  }

  override render() {
    const { reply, locale } = this;
    const text = DEFINITION_TEXTS[locale.language];
    const definitions = reply?.definitions ?? [];
    const alarms = definitions.reduce((sum, one) => sum + one.alarms, 0);
    return html`
      <header>
        <h1 tabindex="-1">${text.heading}</h1>
        <p class="total">${reply ? text.total(definitions.length, alarms) : nothing}</p>
        <fen-priority-mix .definitions=${definitions} .locale=${locale}></fen-priority-mix>
      </header>
      <p role="status" class=${reply ? '' : 'calm'}>${
        this.failure === undefined ? (reply ? nothing : text.waiting) : text.notListed(toPlainText(this.failure))
      }</p>
      ${reply ? this.renderBoth(reply) : nothing}
    `;
  }

  private renderBoth(reply: DefinitionsReply) {
    const { locale, chosen, isNew } = this;
    const text = DEFINITION_TEXTS[locale.language];
    const isOpen = isNew || chosen !== '';
    return html`
      <div class="both ${isOpen ? 'isOpen' : 'isClosed'}">
        <div class="list">
          <a class="button" href=${NEW_HREF}>${text.add}${this.drafts.ids.has('') ? ` · ${text.unsaved}` : nothing}</a>
          <fen-definition-list .definitions=${reply.definitions} .chosen=${chosen} .unsaved=${this.drafts.ids} .locale=${locale}></fen-definition-list>
          <fen-definition-import .client=${this.client} .locale=${locale} @fen-imported=${() => this.feed.ask(undefined)}></fen-definition-import>
        </div>
        <div>
          ${isOpen ? html`<a class="button back" href="/alarms/settings">${text.back}</a>` : nothing}
          ${this.renderChosen(reply)}
        </div>
      </div>
    `;
  }

  private renderChosen({ definitions, channels }: DefinitionsReply) {
    const { locale, chosen, isNew } = this;
    const text = DEFINITION_TEXTS[locale.language];
    const kept = definitions.find(({ definition }) => definition.id === chosen);
    if (!isNew && kept === undefined && !this.drafts.ids.has(chosen)) {
      return html`<p class="choose">${chosen === '' ? text.choose : text.notFound(toPlainText(chosen))}</p>`;
    }
    return html`
      <fen-definition-editor
        .identifier=${chosen}
        .kept=${kept}
        .definitions=${byId(definitions)}
        .channels=${channels}
        .client=${this.client}
        .drafts=${this.drafts}
        .locale=${locale}
        @fen-definition-change=${this.follow}
        @fen-drafts=${() => this.requestUpdate()}
      ></fen-definition-editor>
    `;
  }

  private follow({ saved }: DefinitionChangeEvent): void {
    const identifier = saved?.definition.id;
    if (this.reply) this.reply = { ...this.reply, definitions: this.withSaved(this.reply.definitions, saved) };
    this.feed.ask(undefined);
    const query = new URLSearchParams(identifier === undefined ? {} : { definition: identifier }).toString();
    if (identifier !== this.chosen) this.dispatchEvent(new LookChangeEvent(query));
  }

  /** Until the server lists them anew. */
  private withSaved(definitions: readonly DefinitionReply[], saved: DefinitionReply | undefined) {
    const id = saved?.definition.id ?? this.chosen;
    const others = definitions.filter(({ definition }) => definition.id !== id);
    return saved === undefined
      ? others
      : [...others, saved].sort((a, b) => (a.definition.id < b.definition.id ? -1 : 1));
  }

  private get isNew(): boolean {
    return new URLSearchParams(this.query).has('new');
  }

  private get chosen(): string {
    return this.isNew ? '' : (new URLSearchParams(this.query).get('definition') ?? '');
  }
}

function byId(definitions: readonly DefinitionReply[]) {
  return new Map(definitions.map(({ definition }) => [definition.id, definition]));
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-settings-page': FenAlarmSettingsPage;
  }
}
