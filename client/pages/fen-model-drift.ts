import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DiagnosisMixReply } from '../../server/wire/diagnosis-history.ts';
import { classSymbol } from '../components/class-symbol.ts';
import '../components/fen-scores.ts';
import type { WindowSelectEvent } from '../components/fen-window-choice.ts';
import '../components/fen-window-choice.ts';
import { type Locale, NO_FIGURE } from '../locale/locale.ts';
import { MODEL_TEXTS } from '../locale/model-texts.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { ModelClient, ModelPapers } from '../net/models.ts';
import { Repeated } from '../net/repeated.ts';
import type { ServerClock } from '../store/server-clock.ts';
import { panel } from '../styles/panel.ts';
import { severityInks } from '../styles/severity.ts';
import { shared } from '../styles/shared.ts';
import { figureTable } from '../styles/table.ts';
import { type ClassMix, classMix, type MixRow } from './class-mix.ts';
import { styles } from './fen-model-drift.styles.ts';
import { mixScores, mixWords } from './mix-words.ts';
import { percent } from './model-words.ts';

const HOUR_MS = 3_600_000;
const RANGES_MS = [HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS];
// The history has whole five minutes once they are over, but the newest runs at once.
const EVERY_MS = 30_000;

interface MixQuery {
  readonly model: string;
  readonly rangeMs: number;
}

/** A channel that a model looks at. */
export interface MixChannel {
  readonly name: string;
  readonly label: string;
}

/** What the runs of the last hours are called, beside what those of the training were. */
@customElement('fen-model-drift')
export class FenModelDrift extends LitElement {
  static override styles = [shared, panel, figureTable, severityInks, styles];

  @property({ attribute: false }) papers!: ModelPapers;
  @property({ attribute: false }) channels: readonly MixChannel[] = [];
  @property({ attribute: false }) models!: ModelClient;
  @property({ attribute: false }) clock!: ServerClock;
  @property({ attribute: false }) locale!: Locale;

  @state() private rangeMs = HOUR_MS;
  /** Empty for all. */
  @state() private channel = '';
  @state() private answer?: { readonly query: MixQuery; readonly reply: DiagnosisMixReply };
  @state() private failure?: string;
  private readonly feed = new Repeated({
    ask: async (query: MixQuery, signal) => {
      const toMs = Math.ceil(this.clock.nowMs ?? Date.now());
      const { model, rangeMs } = query;
      return { query, reply: await this.models.mix({ model, fromMs: toMs - rangeMs, toMs }, signal) };
    },
    everyMs: EVERY_MS,
    receive: (answer) => {
      this.answer = answer;
      this.failure = undefined;
    },
    miss: (error) => {
      this.failure = error instanceof Error ? error.message : String(error);
    },
  });

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('papers') as ModelPapers | undefined;
    if (changed.has('papers') && before?.manifest.name !== this.papers.manifest.name) {
      this.channel = '';
      this.failure = undefined;
      this.ask();
    }
  }

  override render() {
    const { locale, reply, failure, papers, channels } = this;
    const text = MODEL_TEXTS[locale.language].drift;
    const { manifest, report } = papers;
    const isKnown = channels.some(({ name }) => name === this.channel);
    const channel = isKnown ? this.channel : undefined;
    const mix = reply && classMix(reply, { version: manifest.version, channel, manifest, report });
    return html`
      <header>
        <h2 id="heading">${text.heading}</h2>
        <div class="choice">
          ${channels.length > 1 ? this.renderChannels(channel) : nothing}
          <fen-window-choice
            .windows=${RANGES_MS}
            .windowMs=${this.rangeMs}
            .locale=${locale}
            @fen-window-select=${this.chooseRange}
          ></fen-window-choice>
        </div>
      </header>
      <div class="said" role="status">
        ${failure === undefined ? nothing : html`<p class="plain">${text.failed(toPlainText(failure))}</p>`}
        ${mix ? mixWords(mix, locale).map(({ words, isPlain }) => html`<p class=${isPlain ? 'plain' : ''}>${words}</p>`) : nothing}
      </div>
      ${mix && mix.runs > 0 ? this.renderMix(mix) : nothing}
    `;
  }

  /** Undefined until what is chosen now has been answered. */
  private get reply(): DiagnosisMixReply | undefined {
    const { answer, papers, rangeMs } = this;
    return answer?.query.model === papers.manifest.name && answer.query.rangeMs === rangeMs ? answer.reply : undefined;
  }

  private renderChannels(channel: string | undefined) {
    const text = MODEL_TEXTS[this.locale.language].drift;
    return html`
      <select aria-label=${text.channel} @change=${this.chooseChannel}>
        <option value="" ?selected=${channel === undefined}>${text.allChannels(this.locale.count(this.channels.length))}</option>
        ${this.channels.map(({ name, label }) => html`<option value=${name} ?selected=${name === channel}>${label}</option>`)}
      </select>
    `;
  }

  private renderMix(mix: ClassMix) {
    const { locale } = this;
    const text = MODEL_TEXTS[locale.language].drift;
    const most = Math.max(0.01, ...mix.rows.flatMap(({ share, expected = 0 }) => [share, expected]));
    const shares = (share: number | undefined) => (share === undefined ? NO_FIGURE : percent(share, locale));
    return html`
      <div class="mix">
        <div class="scroll" tabindex="0" role="group" aria-labelledby="heading">
          <table aria-labelledby="heading">
            <thead>
              <tr>
                <th scope="col">${text.className}</th>
                ${[text.now, text.expected, text.trained].map((name) => html`<th scope="col">${name}</th>`)}
                <th scope="col" class="runs">${text.runs}</th>
              </tr>
            </thead>
            <tbody>
              ${mix.rows.map((row) => {
                const { of, runs, share, expected, trained } = row;
                return html`
                  <tr>
                    <th scope="row">
                      <div class="bar">
                        <span class="name"><span class=${of.severity}>${classSymbol(of)}</span> ${of.name[locale.language]}</span>
                        ${this.renderBar(row, most)}
                      </div>
                    </th>
                    <td class="now">${shares(share)}</td>
                    <td>${shares(expected)}</td>
                    <td>${shares(trained)}</td>
                    <td class="runs">${locale.count(runs)}</td>
                  </tr>
                `;
              })}
            </tbody>
          </table>
        </div>
        <fen-scores class="scores" .heading=${text.figures} .scores=${mixScores(mix, locale)}></fen-scores>
      </div>
      <p class="note">${text.note}</p>
    `;
  }

  /** Bar of now, line of what is expected. */
  private renderBar({ share, expected }: MixRow, most: number) {
    const place = (of: number) => `${((of / most) * 100).toFixed(2)}%`;
    return html`<div class="track" aria-hidden="true">
      <div class="fill" .style=${`width: ${place(share)}`}></div>
      ${expected === undefined ? nothing : html`<div class="mark" .style=${`left: ${place(expected)}`}></div>`}
    </div>`;
  }

  private ask(): void {
    this.feed.ask({ model: this.papers.manifest.name, rangeMs: this.rangeMs });
  }

  private chooseRange({ windowMs }: WindowSelectEvent): void {
    this.rangeMs = windowMs;
    this.failure = undefined;
    this.ask();
  }

  private chooseChannel(event: Event): void {
    this.channel = (event.target as HTMLSelectElement).value;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-model-drift': FenModelDrift;
  }
}
