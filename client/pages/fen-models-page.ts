import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ModelReply, ModelsReply } from '../../server/wire/models.ts';
import type { ConfirmWords } from '../components/fen-confirm.ts';
import '../components/fen-confirm.ts';
import '../components/fen-diagnosis-place.ts';
import '../components/fen-figures.ts';
import { renderMarkdown } from '../components/render-markdown.ts';
import type { Diagnosing } from '../diagnosing.ts';
import type { Locale } from '../locale/locale.ts';
import { MODEL_TEXTS } from '../locale/model-texts.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { ModelClient, ModelPapers } from '../net/models.ts';
import { Repeated } from '../net/repeated.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { ServerClock } from '../store/server-clock.ts';
import { shared } from '../styles/shared.ts';
import './fen-model-drift.ts';
import './fen-model-report.ts';
import { styles } from './fen-models-page.styles.ts';
import { factFigures, inferenceFigures, madeFigures, stateWords } from './model-words.ts';

// A swap by somebody else appears within this time.
const EVERY_MS = 3000;

/** `/models`: which model is used, what it is worth, and the way back to the one before. `?model=NAME` shows another. */
@customElement('fen-models-page')
export class FenModelsPage extends LitElement {
  static override styles = [shared, styles];

  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) clock!: ServerClock;
  @property({ attribute: false }) diagnosing!: Diagnosing;
  @property({ attribute: false }) models!: ModelClient;
  @property({ attribute: false }) locale!: Locale;

  @state() private reply?: ModelsReply;
  @state() private failure?: string;
  @state() private papers?: ModelPapers;
  /** Why the last change was not made. */
  @state() private refusal?: string;
  private readonly feed = new Repeated({
    ask: (_: undefined, signal) => this.models.list(signal),
    everyMs: EVERY_MS,
    receive: (reply: ModelsReply) => {
      this.reply = reply;
      this.failure = undefined;
      if (this.isUnread) this.reading = undefined; // asked again
    },
    miss: (error) => {
      this.failure = messageOf(error);
    },
  });
  /** Whose papers are there or asked for. */
  private reading?: { readonly key: string; readonly abort: AbortController };
  /** The papers could not be had. */
  private isUnread = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.feed.ask(undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed.close();
    this.reading?.abort.abort();
    this.reading = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query')) this.refusal = undefined;
    this.read(this.shown);
  }

  override render() {
    const { reply, shown, locale } = this;
    const text = MODEL_TEXTS[locale.language];
    return html`
      <header>
        <h1 tabindex="-1">${locale.text.models}</h1>
        ${reply && reply.models.length > 1 ? this.renderChoice(reply.models) : nothing}
      </header>
      <div class="news" role="status">${this.renderNews()}</div>
      ${reply?.models.length === 0 ? html`<div class="none"><h2>${text.noModels}</h2><p>${text.noModelsWhy}</p></div>` : nothing}
      ${reply && shown ? this.renderModel(shown, reply) : nothing}
    `;
  }

  private renderChoice(models: readonly ModelReply[]) {
    const text = MODEL_TEXTS[this.locale.language];
    return html`
      <nav aria-label=${text.which}>
        ${models.map(
          ({ name, state }) => html`
            <a class="button" href=${`/models?model=${name}`} aria-current=${name === this.shown?.name ? 'true' : nothing}>
              ${name} <small>${text.states[state]}</small>
            </a>
          `,
        )}
      </nav>
    `;
  }

  /** What is read out. */
  private renderNews() {
    const { reply, shown, failure, locale } = this;
    const text = MODEL_TEXTS[locale.language];
    if (failure !== undefined) return html`<p>${text.notListed(toPlainText(failure))}</p>`;
    if (!reply) return html`<p class="calm">${locale.text.systemWaiting}</p>`;
    if (!shown)
      return reply.models.length === 0 ? nothing : html`<p>${text.notFound(toPlainText(this.wanted ?? ''))}</p>`;
    const words = stateWords(shown, locale);
    const isCalm = shown.state === 'loading' || shown.state === 'unused';
    const refusal = this.refusal === undefined ? '' : text.changeFailed(toPlainText(this.refusal));
    return [words, refusal].map((of) => (of === '' ? nothing : html`<p class=${isCalm ? 'calm' : ''}>${of}</p>`));
  }

  private renderModel(model: ModelReply, { inference }: ModelsReply) {
    const { locale, papers } = this;
    const text = MODEL_TEXTS[locale.language];
    const channels = model.channels.map((name) => ({
      name,
      label: this.fleet.find(name)?.value.channel.label ?? name,
    }));
    const labels = channels.map(({ label }) => label);
    return html`
      <div class="groups">
        <fen-figures
          .heading=${model.name}
          .note=${text.states[model.state]}
          .figures=${factFigures(model, papers?.manifest, papers?.report, labels, locale)}
        ></fen-figures>
        ${
          model.channels.length === 0
            ? nothing
            : html`<fen-figures
                .heading=${text.inference}
                .note=${text.sinceStart}
                .figures=${inferenceFigures(inference, model.cuts, locale)}
              ></fen-figures>
              <fen-diagnosis-place
                .diagnosing=${this.diagnosing}
                .model=${model.name}
                .totals=${model.parity}
                .locale=${locale}
              ></fen-diagnosis-place>`
        }
      </div>
      ${this.renderChanges(model)}
      ${
        papers && channels.length > 0
          ? html`<fen-model-drift
              .papers=${papers}
              .channels=${channels}
              .models=${this.models}
              .clock=${this.clock}
              .locale=${locale}
            ></fen-model-drift>`
          : nothing
      }
      ${papers ? this.renderPapers(papers) : nothing}
    `;
  }

  private renderPapers({ manifest, report, card }: ModelPapers) {
    const { locale } = this;
    const text = MODEL_TEXTS[locale.language];
    return html`
      ${
        report
          ? html`<fen-model-report .manifest=${manifest} .report=${report} .locale=${locale}></fen-model-report>`
          : html`<div class="none"><h2>${text.noReport}</h2><p>${text.noReportWhy}</p></div>`
      }
      <div class="groups papers">
        ${
          card === undefined
            ? nothing
            : html`<section class="card"><h2>${text.card}</h2><div class="text">${renderMarkdown(card, 2)}</div></section>`
        }
        ${report ? html`<fen-figures .heading=${text.made} .figures=${madeFigures(manifest, report, locale)}></fen-figures>` : nothing}
      </div>
    `;
  }

  /** The ways to another version: of a model in use only. */
  private renderChanges({ name, state, version, previousVersion, folders, channels }: ModelReply) {
    if (channels.length === 0) return nothing;
    const text = MODEL_TEXTS[this.locale.language];
    const isIdle = state === 'quarantined' || state === 'unfit';
    const use = (first: string, { folder, version: of }: { readonly folder: string; readonly version: string }) =>
      this.renderChange({ first, question: text.askUse(of), stay: text.stay, go: text.goUse }, () =>
        this.models.swap(name, folder),
      );
    const words = (then: string) => ({
      first: text.rollBack(then),
      question: text.askRollBack(version ?? name, then),
      stay: text.stay,
      go: text.goBack,
    });
    const hasOther = previousVersion !== undefined && previousVersion !== version;
    const back = hasOther ? [this.renderChange(words(previousVersion), () => this.models.rollBack(name))] : [];
    const others = folders.filter((of) => of.version !== version && of.version !== previousVersion);
    const own = folders.find((of) => of.version === version);
    const changes = [
      ...back,
      ...(isIdle && own ? [use(text.loadAgain, own)] : []),
      ...others.map((of) => use(text.use(of.version, of.folder), of)),
    ];
    if (changes.length === 0) return nothing;
    return html`<div class="change" role="group" aria-label=${text.change}>${changes}</div>`;
  }

  private renderChange(words: ConfirmWords, act: () => Promise<ModelsReply>) {
    return html`<fen-confirm .words=${words} @fen-confirm=${() => void this.change(act)}></fen-confirm>`;
  }

  private async change(act: () => Promise<ModelsReply>): Promise<void> {
    this.refusal = undefined;
    try {
      this.reply = await act();
    } catch (error) {
      this.refusal = messageOf(error);
    }
  }

  private get wanted(): string | undefined {
    return new URLSearchParams(this.query).get('model') ?? undefined;
  }

  /** The model that the address names, else the first: one in use, where there is one. */
  private get shown(): ModelReply | undefined {
    const { wanted, reply } = this;
    return wanted === undefined ? reply?.models[0] : reply?.models.find(({ name }) => name === wanted);
  }

  /** Has what is known of the shown version, once. */
  private read(model: ModelReply | undefined): void {
    const key =
      model?.version === undefined
        ? undefined
        : `${model.name} ${model.version} ${model.sha256} ${this.locale.language}`;
    if (key === this.reading?.key) return;
    this.reading?.abort.abort();
    this.reading = undefined;
    this.papers = undefined;
    this.isUnread = false;
    if (model === undefined || key === undefined) return;
    const abort = new AbortController();
    this.reading = { key, abort };
    this.models.papers(model.name, this.locale.language, abort.signal).then(
      (papers) => {
        if (!abort.signal.aborted) this.papers = papers;
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        this.failure = messageOf(error);
        this.isUnread = true;
      },
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-models-page': FenModelsPage;
  }
}
