import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import {
  type AlarmKpiReply,
  KPI_GUIDES,
  KPI_PERIODS,
  type KpiAlarm,
  type KpiPeriod,
} from '../../server/wire/alarm-kpi.ts';
import { ALARM_PRIORITIES } from '../../server/wire/alarms.ts';
import type { AlarmSpeech } from '../components/alarm-speech.ts';
import '../components/fen-alarm-series.ts';
import '../components/fen-alarm-symbol.ts';
import '../components/fen-guided-figures.ts';
import '../components/fen-pareto.ts';
import '../components/fen-table.ts';
import { JOURNAL_TEXTS } from '../locale/journal-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { AlarmJournalClient } from '../net/alarm-journal.ts';
import { Repeated } from '../net/repeated.ts';
import { browserFetch } from '../net/request.ts';
import { StoreController } from '../store/store-controller.ts';
import { pageFrame } from '../styles/page-frame.ts';
import { segments } from '../styles/segments.ts';
import { shared } from '../styles/shared.ts';
import { queryOf, replaceQuery } from './address.ts';
import { styles } from './fen-kpi-page.styles.ts';
import { alarmTitle } from './journal-words.ts';
import { guidedFigures, periodWords, shareWords } from './kpi-words.ts';

/** A running period is counted anew so often; one that is over does not change. */
const EVERY_MS = 5000;
const LISTED = 10;

interface Wanted {
  readonly period: KpiPeriod;
  /** A moment of it; now where it is left out. Ms since 1970 UTC. */
  readonly atMs: number | undefined;
}

/** `/alarms/kpi`: how alarms do in an hour, a shift or a day, beside what the guides say. The address holds which. */
@customElement('fen-kpi-page')
export class FenKpiPage extends LitElement {
  static override styles = [shared, pageFrame, segments, styles];

  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) locale!: Locale;

  @state() private wanted: Wanted = { period: 'shift', atMs: undefined };
  @state() private kpi?: AlarmKpiReply;
  @state() private failure?: string;
  private readonly journal = new AlarmJournalClient(browserFetch);
  private readonly feed = new Repeated<Wanted, AlarmKpiReply>({
    ask: ({ period, atMs }, signal) => this.journal.kpi(period, atMs, signal),
    everyMs: EVERY_MS,
    receive: (kpi) => {
      this.kpi = kpi;
      this.failure = undefined;
      if (this.wanted.atMs !== undefined && kpi.untilMs === kpi.endMs) this.feed.close();
    },
    miss: (error) => {
      this.failure = error instanceof Error ? error.message : String(error);
    },
  });

  constructor() {
    super();
    new StoreController(this, () => this.speech.alarms); // for titles
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.feed.ask(this.wanted);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('query')) return;
    const query = new URLSearchParams(this.query);
    const at = query.get('at');
    const atMs = at === null || !Number.isFinite(Number(at)) ? undefined : Number(at);
    const period = KPI_PERIODS.find((kind) => kind === query.get('period')) ?? 'shift';
    if (this.hasUpdated && this.wanted.period === period && this.wanted.atMs === atMs) return; // as it was made to say here
    this.wanted = { period, atMs };
    this.feed.ask(this.wanted);
  }

  override render() {
    const { locale, kpi, failure } = this;
    const text = JOURNAL_TEXTS[locale.language];
    return html`
      <header>
        <h1 tabindex="-1">${locale.text.alarmFigures}</h1>
        ${this.renderPeriods()} ${this.renderSteps()}
        ${kpi ? this.renderWhen(kpi) : nothing}
      </header>
      <p class="news" role="status">${failure === undefined ? nothing : text.figuresNotLoaded(toPlainText(failure))}</p>
      ${kpi ? this.renderFigures(kpi) : html`<p class="calm">${text.counting}</p>`}
    `;
  }

  private renderPeriods() {
    const text = JOURNAL_TEXTS[this.locale.language];
    return html`
      <fieldset>
        <legend>${text.period}</legend>
        ${KPI_PERIODS.map(
          (period) => html`
            <label>
              <input type="radio" name="period" .checked=${this.wanted.period === period} @change=${() => this.want({ period, atMs: this.wanted.atMs })} />
              ${text.periods[period]}
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  private renderSteps() {
    const { kpi, wanted } = this;
    const text = JOURNAL_TEXTS[this.locale.language];
    const isNow = wanted.atMs === undefined || kpi === undefined || kpi.untilMs < kpi.endMs;
    return html`
      <div class="steps">
        <button @click=${() => kpi && this.want({ period: wanted.period, atMs: kpi.beginMs - 1 })}>${text.earlier}</button>
        <button ?disabled=${isNow} @click=${() => kpi && this.want({ period: wanted.period, atMs: kpi.endMs })}>${text.later}</button>
        <button ?disabled=${wanted.atMs === undefined} @click=${() => this.want({ period: wanted.period, atMs: undefined })}>${text.now}</button>
      </div>
    `;
  }

  private renderWhen(kpi: AlarmKpiReply) {
    const { locale } = this;
    const text = JOURNAL_TEXTS[locale.language];
    const running = kpi.untilMs < kpi.endMs ? text.running(locale.time(kpi.untilMs)) : '';
    return html`
      <p class="when"><b>${periodWords(kpi, locale)}</b> <span class="calm">${running}</span></p>
      <a href=${this.journalHref(kpi)}>${text.toJournal}</a>
    `;
  }

  private renderFigures(kpi: AlarmKpiReply) {
    const { locale } = this;
    const text = JOURNAL_TEXTS[locale.language];
    const { total, alarms } = kpi.actors;
    const rows = alarms.map(({ count, share, cumulative, ...alarm }) => ({
      name: this.renderAlarm(alarm, kpi),
      count,
      share,
      cumulative,
    }));
    return html`
      ${kpi.knownFromMs === undefined ? nothing : html`<p class="calm">${text.knownFrom(locale.exact(kpi.knownFromMs).slice(0, 19))}</p>`}
      <fen-guided-figures .figures=${guidedFigures(kpi, locale)} .locale=${locale}></fen-guided-figures>
      <fen-alarm-series .kpi=${kpi} .locale=${locale}></fen-alarm-series>
      <fen-pareto .rows=${rows} .total=${total} .locale=${locale}></fen-pareto>
      <div class="lists">${this.renderMix(kpi)} ${this.renderFloods(kpi)} ${this.renderLists(kpi)}</div>
    `;
  }

  private renderMix({ priorities, annunciated }: AlarmKpiReply) {
    const { locale } = this;
    const text = JOURNAL_TEXTS[locale.language];
    const rows = ALARM_PRIORITIES.map((priority) => {
      const guide = locale.fixed(KPI_GUIDES.mix[priority] * 100, 0);
      return [
        html`<fen-alarm-symbol quiet .priority=${priority} .state=${'acknowledged'}></fen-alarm-symbol>${locale.text.alarmPriority[priority]}`,
        locale.count(priorities[priority]),
        annunciated === 0 ? '–' : shareWords(priorities[priority] / annunciated, locale),
        `${priority === 'critical' ? '< ' : '≈ '}${guide} %`,
      ];
    });
    return html`<fen-table .heading=${text.mix} .columns=${[text.priority, text.times, text.share, text.guideName]} .rows=${rows}></fen-table>`;
  }

  private renderFloods(kpi: AlarmKpiReply) {
    const { locale } = this;
    const text = JOURNAL_TEXTS[locale.language];
    const rows = kpi.flood.floods.map(({ beginMs, endMs, peak, firstOut }) => [
      this.renderAlarm(firstOut, kpi),
      locale.timeOn(beginMs, kpi.beginMs),
      endMs === undefined ? text.lasts : locale.timeOn(endMs, kpi.beginMs),
      locale.count(peak),
    ]);
    return html`<fen-table class="floods" .heading=${text.floods} .columns=${[text.firstOut, text.begin, text.end, text.most]} .rows=${rows} .note=${rows.length === 0 ? text.noneOfThese : ''}></fen-table>`;
  }

  private renderLists(kpi: AlarmKpiReply) {
    const { locale } = this;
    const text = JOURNAL_TEXTS[locale.language];
    const { chattering, fleeting, stale } = kpi;
    const table = (
      heading: string,
      columns: readonly string[],
      rows: readonly (readonly (string | TemplateResult)[])[],
      { why, total }: { why: string; total: number },
    ) => {
      const shown = rows.slice(0, LISTED);
      const more = total > shown.length ? ` ${text.others(locale.count(total - shown.length))}.` : '';
      return html`<fen-table .heading=${heading} .columns=${[text.alarm, ...columns]} .rows=${shown} .note=${`${why}${total === 0 ? ` ${text.noneOfThese}` : more}`}></fen-table>`;
    };
    return [
      table(
        text.chattering,
        [text.mostInMinute, text.times],
        chattering.alarms.map((alarm) => [
          this.renderAlarm(alarm, kpi),
          locale.count(alarm.peak),
          locale.count(alarm.count),
        ]),
        { why: text.chatteringWhy, total: chattering.total },
      ),
      table(
        text.fleeting,
        [text.times],
        fleeting.alarms.map((alarm) => [this.renderAlarm(alarm, kpi), locale.count(alarm.count)]),
        { why: text.fleetingWhy, total: fleeting.total },
      ),
      table(
        text.stale,
        [text.since],
        stale.alarms.map((alarm) => [this.renderAlarm(alarm, kpi), locale.moment(alarm.sinceMs)]),
        { why: text.staleWhy, total: stale.total },
      ),
    ];
  }

  private renderAlarm(alarm: KpiAlarm, kpi: AlarmKpiReply) {
    const { priority, tag, channel } = alarm;
    const place = channel === undefined ? nothing : html` <small>${this.speech.labelOf(channel)}</small>`;
    return html`<a href=${this.journalHref(kpi, tag)} title=${toPlainText(tag)}>${alarmTitle(alarm, this.speech)}</a>${place}<span class="unseen">, ${this.locale.text.alarmPriority[priority]}</span>`;
  }

  private journalHref({ beginMs, endMs }: AlarmKpiReply, tag?: string): string {
    return `/alarms/journal?${queryOf({ tag, from: String(beginMs), to: String(endMs) })}`;
  }

  private want(wanted: Wanted): void {
    this.wanted = wanted;
    const { period, atMs } = wanted;
    replaceQuery({
      period: period === 'shift' ? undefined : period,
      at: atMs === undefined ? undefined : String(atMs),
    });
    this.feed.ask(wanted);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-kpi-page': FenKpiPage;
  }
}
