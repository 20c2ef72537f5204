import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { CAPTURE_CAUSES, CAPTURE_STATES, type CaptureReply, type CapturesReply } from '../../server/wire/captures.ts';
import '../components/fen-filter.ts';
import type { FilterEvent, FilterField } from '../components/fen-filter.ts';
import { captureHref } from '../components/route.ts';
import { moveAmong } from '../components/row-keys.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { CaptureClient, CaptureQuery } from '../net/captures.ts';
import { Repeated } from '../net/repeated.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { LifeStore } from '../store/life-store.ts';
import { pageFrame } from '../styles/page-frame.ts';
import { records } from '../styles/records.ts';
import { shared } from '../styles/shared.ts';
import { queryOf, replaceQuery, valuesOf } from './address.ts';
import { causeWords, labelOf, lengthSeconds, lengthWords } from './capture-words.ts';
import { styles } from './fen-captures-page.styles.ts';

const PAGE_ROWS = 100;
const FILTERS = [
  'search',
  'channel',
  'state',
  'cause',
  'to',
  'from',
] as const satisfies readonly (keyof CaptureQuery)[];
// New recordings appear within this time: often enough for who waits for one, calm for who does not.
const EVERY_MS = 3000;

/** `/captures`: every raw recording, the newest trigger first, by search and filter, a page at a time; the address holds all three. */
@customElement('fen-captures-page')
export class FenCapturesPage extends LitElement {
  static override styles = [shared, pageFrame, records, styles];

  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) captures!: CaptureClient;
  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) locale!: Locale;

  @state() private wanted: CaptureQuery = {};
  @state() private reply?: CapturesReply;
  @state() private failure?: string;
  @query('h1') private readonly heading!: HTMLElement;
  private feed?: Repeated<CaptureQuery, CapturesReply>;

  override connectedCallback(): void {
    super.connectedCallback();
    this.feed = new Repeated({
      ask: (query, signal) => this.captures.list(query, signal),
      everyMs: EVERY_MS,
      receive: (reply) => {
        this.reply = reply;
        this.failure = undefined;
      },
      miss: (error) => {
        this.failure = error instanceof Error ? error.message : String(error);
      },
    });
    if (this.hasUpdated) this.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed?.close();
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
    const { locale, reply } = this;
    const { text } = locale;
    return html`
      <header>
        <h1 tabindex="-1">${text.captures}</h1>
        <p class="calm">${reply ? this.totalWords(reply) : nothing}</p>
      </header>
      ${this.renderFilter()}
      <p class="news" role="status">${this.failure === undefined ? nothing : text.capturesNotLoaded(toPlainText(this.failure))}</p>
      ${reply ? this.renderRows(reply) : html`<p class="none">${text.pageLoading}</p>`}
    `;
  }

  private renderFilter() {
    const { locale } = this;
    const { text } = locale;
    const fields: readonly FilterField[] = [
      { kind: 'words', key: 'search', name: text.searchCaptures },
      { kind: 'choice', key: 'channel', name: text.anyChannel, options: this.channels },
      {
        kind: 'choice',
        key: 'cause',
        name: text.anyCause,
        options: CAPTURE_CAUSES.map((cause) => [cause, this.causeName(cause)]),
      },
      {
        kind: 'choice',
        key: 'state',
        name: text.anyState,
        options: CAPTURE_STATES.map((state) => [state, this.stateName(state)]),
      },
    ];
    return html`<fen-filter .name=${text.findCaptures} .fields=${fields} .values=${this.filter} .life=${this.life} .locale=${locale} @fen-filter=${({ values }: FilterEvent) => this.want(values)}></fen-filter>`;
  }

  private renderRows({ captures, older }: CapturesReply) {
    return captures.length === 0 ? this.renderNone() : html`${this.renderTable(captures)} ${this.renderPages(older)}`;
  }

  private renderNone() {
    const { text } = this.locale;
    const [heading, why] = this.isFiltered
      ? [text.noCapturesFound, text.noCapturesFoundWhy]
      : [text.noCaptures, text.noCapturesWhy];
    return html`<div class="none"><h2>${heading}</h2><p>${why}</p></div>`;
  }

  private renderTable(captures: readonly CaptureReply[]) {
    const { text } = this.locale;
    return html`
      <div class="rows" @keydown=${this.move}>
        <div class="names" aria-hidden="true">
          <span>${text.time}</span><span>${text.channel}</span><span>${text.cause}</span><span>${text.length}</span><span>${text.size}</span><span>${text.state}</span>
        </div>
        <ol>
          ${repeat(
            captures,
            ({ id }) => id,
            (capture) => this.renderRow(capture),
          )}
        </ol>
      </div>
    `;
  }

  private renderPages(older: string | undefined) {
    const { text } = this.locale;
    if (older === undefined && !this.wanted.before) return nothing;
    const link = (before: string | undefined, name: string) =>
      html`<a class="button" href=${`/captures?${queryOf({ ...this.wanted, before })}`}>${name}</a>`;
    return html`
      <nav aria-label=${text.captures}>
        ${this.wanted.before ? link(undefined, text.newestCaptures) : nothing} ${older === undefined ? nothing : link(older, text.olderCaptures)}
      </nav>
    `;
  }

  private renderRow(capture: CaptureReply) {
    const { locale } = this;
    const { state, note, unit, bytes } = capture;
    const isThere = state === 'ready';
    return html`
      <li>
        <a href=${captureHref(capture.id)} class=${state}>
          <time>${locale.exact(capture.triggerMs).slice(0, 19)}<small> ${locale.zone(capture.triggerMs)}</small></time>
          <b>${labelOf(capture)}</b>
          <span class="cause">${causeWords(capture.cause, unit, locale)}</span>
          <span class="figure">${isThere ? lengthWords(lengthSeconds(capture), locale, 1) : nothing}</span>
          <span class="figure">${isThere ? locale.bytes(bytes) : nothing}</span>
          <span class="state">${this.stateName(state)}${note === undefined ? nothing : html` <small>${toPlainText(note)}</small>`}</span>
        </a>
      </li>
    `;
  }

  /** Those that are live, and those that only recordings are left of. */
  private get channels(): (readonly [value: string, name: string])[] {
    const known = new Map(this.fleet.value.channels.map(({ name, value }) => [name, value.channel.label]));
    for (const capture of this.reply?.captures ?? [])
      if (!known.has(capture.channel)) known.set(capture.channel, labelOf(capture));
    const { channel } = this.wanted;
    const labels = channel?.split(',').map((name) => known.get(name) ?? toPlainText(name)); // as a view of several names them
    if (channel && labels) known.set(channel, labels.join(' · '));
    return [...known];
  }

  private stateName(state: CaptureReply['state']): string {
    const { text } = this.locale;
    return {
      recording: text.stateRecording,
      ready: text.stateReady,
      refused: text.stateRefused,
      failed: text.stateFailed,
    }[state];
  }

  private causeName(cause: CaptureReply['cause']['kind']): string {
    const { text } = this.locale;
    return {
      person: text.causePerson,
      threshold: text.causeLimit,
      alarm: text.causeAlarm,
      diagnosis: text.causeDiagnosis,
    }[cause];
  }

  private totalWords({ total, bytes, limitBytes }: CapturesReply): string {
    const { locale } = this;
    return locale.text.capturesTotal(locale.count(total), locale.bytes(bytes), locale.bytes(limitBytes));
  }

  private get isFiltered(): boolean {
    return FILTERS.some((key) => this.wanted[key]) || this.wanted.before !== undefined;
  }

  /** What is wanted, without the page. */
  private get filter(): CaptureQuery {
    return Object.fromEntries(FILTERS.map((key) => [key, this.wanted[key]]));
  }

  /** By another filter, from the newest on. */
  private want(filter: CaptureQuery): void {
    this.wanted = { ...filter, before: undefined };
    replaceQuery({ ...this.wanted });
    this.ask();
  }

  private ask(): void {
    this.feed?.ask({ ...this.wanted, limit: String(PAGE_ROWS) });
  }

  private move(event: KeyboardEvent): void {
    moveAmong([...this.renderRoot.querySelectorAll<HTMLElement>('li a')], event.target as HTMLElement, event);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-captures-page': FenCapturesPage;
  }
}
