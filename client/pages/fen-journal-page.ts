import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import { type AlarmJournalReply, JOURNAL_PAGE } from '../../server/wire/alarm-search.ts';
import type { AlarmSpeech } from '../components/alarm-speech.ts';
import '../components/fen-filter.ts';
import type { FilterEvent, FilterField } from '../components/fen-filter.ts';
import { moveAmong } from '../components/row-keys.ts';
import { JOURNAL_TEXTS } from '../locale/journal-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { AlarmJournalClient, type JournalFilter, type JournalQuery, journalTablePath } from '../net/alarm-journal.ts';
import { Repeated } from '../net/repeated.ts';
import { browserFetch } from '../net/request.ts';
import type { LifeStore } from '../store/life-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { pageFrame } from '../styles/page-frame.ts';
import { records } from '../styles/records.ts';
import { shared } from '../styles/shared.ts';
import { queryOf, replaceQuery, valuesOf } from './address.ts';
import { styles } from './fen-journal-page.styles.ts';
import { renderEntry } from './journal-row.ts';

const FILTERS = [
  'search',
  'tag',
  'person',
  'event',
  'state',
  'priority',
  'from',
  'to',
] as const satisfies readonly (keyof JournalFilter)[];
/** New entries appear within this time. */
const EVERY_MS = 2000;
/** Rows that stay while new ones come; the oldest leave, and are on the next page. */
const ROWS = 300;

/** `/alarms/journal`: what happened to alarms, the newest first, by filter, a page at a time; the first page follows. The address holds all. */
@customElement('fen-journal-page')
export class FenJournalPage extends LitElement {
  static override styles = [shared, pageFrame, records, styles];

  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) locale!: Locale;

  @state() private wanted: JournalQuery = {};
  @state() private entries?: readonly AlarmEntry[];
  @state() private end: Pick<AlarmJournalReply, 'before' | 'searchedToMs'> = {};
  @state() private failure?: string;
  @query('h1') private readonly heading!: HTMLElement;
  private readonly journal = new AlarmJournalClient(browserFetch);
  private newest?: number;
  private readonly feed = new Repeated<JournalQuery, AlarmJournalReply>({
    ask: (query, signal) => this.journal.entries({ ...query, ...this.next }, signal),
    everyMs: EVERY_MS,
    receive: (reply) => this.receive(reply),
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
    if (this.hasUpdated) this.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('query')) return;
    const wanted = valuesOf(this.query, [...FILTERS, 'before']);
    if (this.hasUpdated && queryOf(wanted) === queryOf({ ...this.wanted })) return; // as it was made to say here
    const isTurned = this.hasUpdated && wanted.before !== this.wanted.before;
    this.wanted = wanted;
    this.ask();
    if (isTurned) void this.updateComplete.then(() => this.heading.focus()); // at the top of the other page
  }

  override render() {
    const { locale, entries, failure } = this;
    const text = JOURNAL_TEXTS[locale.language];
    return html`
      <header>
        <h1 tabindex="-1">${locale.text.alarmJournal}</h1>
        <a href="/alarms/kpi">${locale.text.alarmFigures}</a>
        <a href="/alarms/settings">${locale.text.alarmSettings}</a>
        <p class="calm">${this.follows ? text.following : nothing}</p>
        <a class="button" href=${journalTablePath(this.filter)} download target="_blank" title=${text.asTableWhy}>${text.asTable}</a>
      </header>
      ${this.renderFilter()}
      <p class="news" role="status">${failure === undefined ? nothing : text.notLoaded(toPlainText(failure))}</p>
      ${entries === undefined ? html`<p class="none">${locale.text.pageLoading}</p>` : this.renderEntries(entries)}
    `;
  }

  private renderFilter() {
    const { locale } = this;
    const text = JOURNAL_TEXTS[locale.language];
    const choice = <T extends string>(key: string, name: string, names: Readonly<Record<T, string>>): FilterField => ({
      kind: 'choice',
      key,
      name,
      options: Object.entries<string>(names),
    });
    const fields: readonly FilterField[] = [
      { kind: 'words', key: 'search', name: text.searchEntries },
      { kind: 'words', key: 'tag', name: text.tagPattern },
      { kind: 'words', key: 'person', name: text.personPart },
      choice('event', text.anyEvent, text.events),
      choice('state', text.anyState, locale.text.alarmState),
      choice('priority', text.anyPriority, locale.text.alarmPriority),
    ];
    return html`<fen-filter .name=${text.findEntries} .fields=${fields} .values=${this.filter} .life=${this.life} .locale=${locale} @fen-filter=${({ values }: FilterEvent) => this.want(values)}></fen-filter>`;
  }

  private renderEntries(entries: readonly AlarmEntry[]) {
    const { locale } = this;
    const text = JOURNAL_TEXTS[locale.language];
    const isFiltered = queryOf({ ...this.filter }) !== '';
    if (entries.length === 0 && this.end.before === undefined) {
      const [heading, why] = isFiltered ? [text.noneFound, text.noneFoundWhy] : [text.noEntries, text.noEntriesWhy];
      return html`<div class="none"><h2>${heading}</h2><p>${why}</p></div>`;
    }
    return html`
      <div class="rows" @keydown=${this.move}>
        <div class="names" aria-hidden="true">
          <span>${locale.text.time}</span><span>${text.entry}</span><span>${text.alarm}</span><span>${text.found}</span><span>${text.who}</span><span></span>
        </div>
        <ol>
          ${repeat(
            entries,
            ({ number }) => number,
            (entry) => renderEntry(entry, this.speech),
          )}
        </ol>
      </div>
      ${this.renderPages()}
    `;
  }

  private renderPages() {
    const { before, searchedToMs } = this.end;
    const { locale } = this;
    const text = JOURNAL_TEXTS[locale.language];
    if (before === undefined && !this.wanted.before) return nothing;
    const link = (to: number | undefined, name: string) =>
      html`<a class="button" href=${`/alarms/journal?${queryOf({ ...this.filter, before: to === undefined ? undefined : String(to) })}`}>${name}</a>`;
    return html`
      <nav aria-label=${locale.text.alarmJournal}>
        ${searchedToMs === undefined ? nothing : html`<span class="calm">${text.searchedTo(locale.exact(searchedToMs).slice(0, 19))}</span>`}
        ${this.wanted.before ? link(undefined, text.newest) : nothing}
        ${before === undefined ? nothing : link(before, searchedToMs === undefined ? text.older : text.goOn)}
      </nav>
    `;
  }

  /** What is wanted, without the page. */
  private get filter(): JournalFilter {
    return Object.fromEntries(FILTERS.map((key) => [key, this.wanted[key]]));
  }

  /** Whether new entries can come to what is shown. */
  private get follows(): boolean {
    return !this.wanted.before && !this.wanted.to;
  }

  private get next(): JournalQuery {
    const isMore = this.follows && this.newest !== undefined;
    return { ...(isMore && { after: String(this.newest) }), limit: String(JOURNAL_PAGE) };
  }

  private receive({ entries, newest, before, searchedToMs }: AlarmJournalReply): void {
    const isMore = this.follows && this.newest !== undefined && this.entries !== undefined;
    const isGapless = before === undefined; // else more came than fit an answer
    this.failure = undefined;
    this.newest = newest;
    if (isMore && isGapless) {
      if (entries.length > 0) this.add(entries);
      return;
    }
    this.entries = entries;
    this.end = { before, searchedToMs };
    if (!this.follows) this.feed.close(); // it does not change
  }

  private add(entries: readonly AlarmEntry[]): void {
    const all = new Map([...(this.entries ?? []), ...entries].map((entry) => [entry.number, entry]));
    if (all.size === this.entries?.length) return;
    const sorted = [...all.values()].sort((a, b) => b.number - a.number);
    this.entries = sorted.slice(0, ROWS);
    const last = this.entries.at(-1)?.number;
    if (sorted.length > ROWS) this.end = { ...this.end, before: last };
  }

  /** By another filter, from the newest on. */
  private want(filter: JournalFilter): void {
    this.wanted = { ...filter, before: undefined };
    replaceQuery({ ...this.wanted });
    this.ask();
  }

  private ask(): void {
    this.newest = undefined;
    this.feed.ask(this.wanted);
  }

  private move(event: KeyboardEvent): void {
    const links = [...this.renderRoot.querySelectorAll<HTMLElement>('li .alarm a')];
    const row = (event.target as HTMLElement).closest('li');
    moveAmong(links, row?.querySelector<HTMLElement>('.alarm a') ?? undefined, event);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-journal-page': FenJournalPage;
  }
}
