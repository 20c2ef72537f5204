import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { ALARM_EVENTS, type AlarmEntry } from '../../server/wire/alarm-journal.ts';
import { type AlarmJournalReply, JOURNAL_PAGE } from '../../server/wire/alarm-search.ts';
import { ALARM_PRIORITIES, BASE_STATES } from '../../server/wire/alarms.ts';
import '../components/fen-time-filter.ts';
import type { FenTimeFilter, TimeFilterEvent } from '../components/fen-time-filter.ts';
import { JOURNAL_TEXTS } from '../locale/journal-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { AlarmJournalClient, type JournalFilter, type JournalQuery, journalTablePath } from '../net/alarm-journal.ts';
import { Repeated } from '../net/repeated.ts';
import { browserFetch } from '../net/request.ts';
import type { AlarmStore } from '../store/alarms.ts';
import type { LifeStore } from '../store/life-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { queryOf, replaceQuery } from './address.ts';
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
/** A word is searched for once the writer has stopped so long. */
const TYPED_MS = 250;
/** New entries appear within this time. */
const EVERY_MS = 2000;
/** Rows that stay while new ones come; the oldest leave, and are on the next page. */
const ROWS = 300;

/** `/alarms/journal`: what happened to alarms, the newest first, by filter, a page at a time; the first page follows. The address holds all. */
@customElement('fen-journal-page')
export class FenJournalPage extends LitElement {
  static override styles = [shared, styles];

  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) alarms!: AlarmStore;
  @property({ attribute: false }) labelOf!: (channel: string) => string;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) locale!: Locale;

  @state() private wanted: JournalQuery = {};
  @state() private entries?: readonly AlarmEntry[];
  @state() private end: Pick<AlarmJournalReply, 'before' | 'searchedToMs'> = {};
  @state() private failure?: string;
  /** Whether all filters are shown where there is little room. */
  @state() private isOpen = false;
  @query('h1') private readonly heading!: HTMLElement;
  @query('fen-time-filter') private readonly timeFilter!: FenTimeFilter;
  private readonly journal = new AlarmJournalClient(browserFetch);
  private newest?: number;
  private timer?: ReturnType<typeof setTimeout>;
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
    new StoreController(this, () => this.alarms); // for titles
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.feed.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('query')) return;
    const query = new URLSearchParams(this.query);
    const wanted = Object.fromEntries([...FILTERS, 'before'].map((key) => [key, query.get(key) ?? undefined]));
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
    const { locale, wanted } = this;
    const text = JOURNAL_TEXTS[locale.language];
    const named = <T extends string>(values: readonly T[], names: Readonly<Record<T, string>>) =>
      values.map((value) => [value, names[value]] as const);
    return html`
      <form class=${this.isOpen ? '' : 'closed'} role="search" aria-label=${text.findEntries} @submit=${(event: Event) => event.preventDefault()}>
        ${this.renderWords('search', text.searchEntries)}
        <button type="button" class="more" aria-expanded=${this.isOpen ? 'true' : 'false'} @click=${() => {
          this.isOpen = !this.isOpen;
        }}>${text.filters}</button>
        ${this.renderWords('tag', text.tagPattern)} ${this.renderWords('person', text.personPart)}
        ${this.renderSelect('event', text.anyEvent, named(ALARM_EVENTS, text.events))}
        ${this.renderSelect('state', text.anyState, named(BASE_STATES, locale.text.alarmState))}
        ${this.renderSelect('priority', text.anyPriority, named(ALARM_PRIORITIES, locale.text.alarmPriority))}
        <fen-time-filter .fromMs=${msOf(wanted.from)} .toMs=${msOf(wanted.to)} .life=${this.life} .locale=${locale} @fen-time-filter=${this.chooseTime}></fen-time-filter>
        ${queryOf({ ...this.filter }) === '' ? nothing : html`<button type="button" @click=${this.clear}>${text.clear}</button>`}
      </form>
    `;
  }

  private renderWords(key: 'search' | 'tag' | 'person', name: string) {
    return html`
      <input
        type="search"
        name=${key}
        maxlength="200"
        placeholder=${name}
        aria-label=${name}
        .value=${live(this.wanted[key] ?? '')}
        @input=${(event: Event) => this.write(key, (event.target as HTMLInputElement).value)}
      />
    `;
  }

  private renderSelect(
    key: 'event' | 'state' | 'priority',
    any: string,
    options: readonly (readonly [string, string])[],
  ) {
    const chosen = this.wanted[key] ?? '';
    return html`
      <select name=${key} aria-label=${any} .value=${live(chosen)} @change=${(event: Event) => this.want({ ...this.wanted, [key]: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${chosen === ''}>${any}</option>
        ${options.map(([value, name]) => html`<option value=${value} ?selected=${value === chosen}>${name}</option>`)}
      </select>
    `;
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
            (entry) => renderEntry(entry, this),
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

  private write(key: 'search' | 'tag' | 'person', words: string): void {
    clearTimeout(this.timer);
    this.wanted = { ...this.wanted, [key]: words, before: undefined }; // at once, or the next choice would lose it
    this.timer = setTimeout(() => this.want(this.wanted), TYPED_MS);
  }

  private chooseTime({ fromMs, toMs }: TimeFilterEvent): void {
    const written = (ms: number | undefined) => (ms === undefined ? undefined : String(ms));
    this.want({ ...this.wanted, from: written(fromMs), to: written(toMs) });
  }

  private clear(): void {
    clearTimeout(this.timer);
    this.timeFilter.reset();
    this.want({});
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
    const rows = [...this.renderRoot.querySelectorAll<HTMLAnchorElement>('li .alarm a')];
    const here = (event.target as HTMLElement).closest('li')?.querySelector<HTMLAnchorElement>('.alarm a');
    const at = here ? rows.indexOf(here) : -1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const to = at < 0 ? undefined : rows[steps[event.key] ?? -1];
    if (!to) return;
    event.preventDefault();
    to.focus();
  }
}

function msOf(text: string | undefined): number | undefined {
  const ms = text ? Number(text) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-journal-page': FenJournalPage;
  }
}
