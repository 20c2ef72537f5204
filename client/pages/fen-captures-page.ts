import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CaptureReply, CapturesReply } from '../../server/wire/captures.ts';
import { captureHref } from '../components/route.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { CaptureFeed } from '../net/capture-feed.ts';
import type { CaptureClient, CaptureQuery } from '../net/captures.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { shared } from '../styles/shared.ts';
import { replaceQuery } from './address.ts';
import { causeWords, labelOf, lengthSeconds, lengthWords } from './capture-words.ts';
import { styles } from './fen-captures-page.styles.ts';

const PAGE_ROWS = 50;
const MOST_ROWS = 500;
const STATES = ['recording', 'ready', 'refused', 'failed'] as const;
const CAUSES = ['person', 'threshold'] as const;
const KEYS = ['search', 'channel', 'state', 'cause', 'to', 'from'] as const satisfies readonly (keyof CaptureQuery)[];
// A search is asked for once the writer has stopped so long.
const REST_MS = 250;

/** `/captures`: every raw recording, newest first, by search and filter; the address holds both. */
@customElement('fen-captures-page')
export class FenCapturesPage extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) captures!: CaptureClient;
  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) locale!: Locale;

  @state() private wanted: CaptureQuery = {};
  @state() private reply?: CapturesReply;
  @state() private failure?: string;
  @state() private rows = PAGE_ROWS;
  private timer?: ReturnType<typeof setTimeout>;
  private feed?: CaptureFeed;
  private readonly onPop = () => this.readAddress();

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('popstate', this.onPop);
    this.feed = new CaptureFeed({
      captures: this.captures,
      receive: (reply) => {
        this.reply = reply;
        this.failure = undefined;
      },
      miss: (error) => {
        this.failure = error instanceof Error ? error.message : String(error);
      },
    });
    this.readAddress();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('popstate', this.onPop);
    clearTimeout(this.timer);
    this.feed?.close();
  }

  override render() {
    const { locale, reply } = this;
    const { text } = locale;
    return html`
      <header>
        <h1 tabindex="-1">${text.captures}</h1>
        <p class="total">${reply ? this.totalWords(reply) : nothing}</p>
      </header>
      ${this.renderFilter()}
      <p class="news" role="status">${this.failure === undefined ? nothing : text.capturesNotLoaded(toPlainText(this.failure))}</p>
      ${reply ? this.renderRows(reply) : html`<p class="none">${text.pageLoading}</p>`}
    `;
  }

  private renderFilter() {
    const { locale, wanted } = this;
    const { text } = locale;
    const isFiltered = KEYS.some((key) => wanted[key]);
    return html`
      <form role="search" aria-label=${text.findCaptures} @submit=${(event: Event) => event.preventDefault()}>
        <input
          type="search"
          maxlength="200"
          placeholder=${text.searchCaptures}
          aria-label=${text.searchCaptures}
          .value=${live(wanted.search ?? '')}
          @input=${(event: Event) => this.search((event.target as HTMLInputElement).value)}
        />
        ${this.renderSelect('channel', text.anyChannel, this.channels)}
        ${this.renderSelect(
          'cause',
          text.anyCause,
          CAUSES.map((cause) => [cause, this.causeName(cause)]),
        )}
        ${this.renderSelect(
          'state',
          text.anyState,
          STATES.map((state) => [state, this.stateName(state)]),
        )}
        ${wanted.from || wanted.to ? html`<span class="range">${this.rangeWords()}</span>` : nothing}
        ${isFiltered ? html`<button type="button" @click=${() => this.want({})}>${text.clearFilter}</button>` : nothing}
      </form>
    `;
  }

  private renderSelect(
    key: 'channel' | 'cause' | 'state',
    any: string,
    options: readonly (readonly [value: string, name: string])[],
  ) {
    const chosen = this.wanted[key] ?? '';
    return html`
      <select aria-label=${any} .value=${live(chosen)} @change=${(event: Event) => this.want({ ...this.wanted, [key]: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${chosen === ''}>${any}</option>
        ${options.map(([value, name]) => html`<option value=${value} ?selected=${value === chosen}>${name}</option>`)}
      </select>
    `;
  }

  private renderRows({ captures, total }: CapturesReply) {
    const { text } = this.locale;
    if (captures.length === 0) {
      const isFiltered = KEYS.some((key) => this.wanted[key]);
      return html`<div class="none"><h2>${isFiltered ? text.noCapturesFound : text.noCaptures}</h2><p>${isFiltered ? text.noCapturesFoundWhy : text.noCapturesWhy}</p></div>`;
    }
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
      ${
        captures.length < total
          ? html`<button class="older" ?disabled=${this.rows >= MOST_ROWS} @click=${this.showOlder}>${text.showOlder(this.locale.count(total - captures.length))}</button>`
          : nothing
      }
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
    if (channel && !known.has(channel)) known.set(channel, toPlainText(channel));
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

  private causeName(cause: (typeof CAUSES)[number]): string {
    const { text } = this.locale;
    return { person: text.causePerson, threshold: text.causeLimit }[cause];
  }

  private rangeWords(): string {
    const ends = [this.wanted.from, this.wanted.to].map((ms) => (ms ? this.locale.exact(Number(ms)).slice(0, 19) : ''));
    return ends.join(' – ');
  }

  private totalWords({ total, bytes, limitBytes }: CapturesReply): string {
    const { locale } = this;
    return locale.text.capturesTotal(locale.count(total), locale.bytes(bytes), locale.bytes(limitBytes));
  }

  private search(search: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.want({ ...this.wanted, search }), REST_MS);
  }

  private readAddress(): void {
    const query = new URLSearchParams(location.search);
    this.wanted = Object.fromEntries(KEYS.map((key) => [key, query.get(key) ?? undefined]));
    this.ask();
  }

  private want(wanted: CaptureQuery): void {
    this.wanted = wanted;
    this.rows = PAGE_ROWS;
    replaceQuery(Object.fromEntries(KEYS.map((key) => [key, wanted[key]])));
    this.ask();
  }

  private showOlder(): void {
    this.rows = Math.min(MOST_ROWS, this.rows + PAGE_ROWS);
    this.ask();
  }

  private ask(): void {
    this.feed?.ask({ ...this.wanted, limit: String(this.rows) });
  }

  private move(event: KeyboardEvent): void {
    const rows = [...this.renderRoot.querySelectorAll<HTMLAnchorElement>('li a')];
    const at = rows.indexOf(event.target as HTMLAnchorElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const to = at < 0 ? undefined : rows[steps[event.key]];
    if (!to) return;
    event.preventDefault();
    to.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-captures-page': FenCapturesPage;
  }
}
