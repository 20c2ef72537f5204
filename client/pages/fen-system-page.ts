import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { GapRangeReply, SystemReply } from '../../server/wire/rest.ts';
import '../components/fen-figures.ts';
import '../components/fen-table.ts';
import { readablePace } from '../components/readable-pace.ts';
import type { Locale } from '../locale/locale.ts';
import { SystemFeed } from '../net/system-feed.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { LifeStore } from '../store/life-store.ts';
import { SILENCE_MS } from '../store/server-clock.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import {
  alarmFigures,
  historyFigures,
  historyLosses,
  hubFigures,
  ingestFigures,
  latencyFigures,
  processFigures,
  recordingFigures,
  retentionColumns,
  retentionRows,
  storageProblems,
} from './system-figures.ts';
import { clockStepRows, inDisplayOrder, isWhole, ledgerCells, ledgerColumns } from './system-ledger.ts';

// Of all channels, newest first; what is older is in the ledger's count.
const ROWS_SHOWN = 50;

/** `/system`: the account of every raw sample, how late things are and what they cost. */
@customElement('fen-system-page')
export class FenSystemPage extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
        align-content: start;
        min-height: 100%;
        padding: calc(var(--unit) * 3) var(--gutter) var(--gutter);
      }
      h1 {
        font-size: var(--text-title);
      }
      .groups {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(var(--group-width), 100%), 1fr));
        gap: var(--gap);
      }
      .pair {
        display: var(--pair);
        grid-template-rows: auto 1fr;
        gap: var(--gap);
      }
      .news {
        display: grid;
        gap: var(--gap);
      }
      /* Stays, so that what appears in it is read out. */
      .news:empty {
        position: absolute;
      }
      .stale,
      .problem {
        padding: calc(var(--unit) * 2.5) calc(var(--unit) * 3.5);
        border: var(--hair) solid var(--ink);
        border-radius: var(--radius);
        font-weight: var(--weight-strong);
      }
      .waiting {
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) locale!: Locale;

  @state() private reply?: SystemReply;
  private receivedMs = 0;
  private readonly feed = new SystemFeed({
    fetch: (path, options) => fetch(path, options),
    receive: (reply) => this.receive(reply),
  });

  constructor() {
    super();
    new StoreController(this, () => this.life, readablePace);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.feed.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed.close();
  }

  override render() {
    const { reply } = this;
    const isStale = reply !== undefined && performance.now() - this.receivedMs > SILENCE_MS;
    // One template whatever is known, so that the title keeps the focus.
    return html`
      <h1 tabindex="-1">${this.locale.text.system}</h1>
      <div class="news" role="status">${this.renderNews(isStale)}</div>
      ${reply ? this.renderReply(reply, isStale) : nothing}
    `;
  }

  /** What is read out: nothing in it changes while it stands. */
  private renderNews(isStale: boolean) {
    const { text } = this.locale;
    if (!this.reply) return html`<p class="waiting">${text.systemWaiting}</p>`;
    if (isStale) return html`<p class="stale">${text.systemStale(this.locale.time(this.reply.serverMs))}</p>`;
    return storageProblems(this.reply, this.locale).map((words) => html`<p class="problem">${words}</p>`);
  }

  private renderReply(reply: SystemReply, isStale: boolean) {
    const { locale } = this;
    const { text } = locale;
    return html`
      <div class="groups">
        <div class="pair">
          <fen-figures .heading=${text.latencyTitle} .figures=${latencyFigures(reply, this.life.value, locale)} ?stale=${isStale}></fen-figures>
          <fen-figures .heading=${text.ingest} .note=${reply.ingest.address} .figures=${ingestFigures(reply, locale)} ?stale=${isStale}></fen-figures>
        </div>
        <fen-figures .heading=${text.historyTitle} .figures=${historyFigures(reply, locale)} ?stale=${isStale}></fen-figures>
        <div class="pair">
          <fen-figures .heading=${text.captures} .figures=${recordingFigures(reply, locale)} ?stale=${isStale}></fen-figures>
          <fen-figures .heading=${text.alarms} .figures=${alarmFigures(reply, locale)} ?stale=${isStale}></fen-figures>
        </div>
        <div class="pair">
          <fen-figures .heading=${text.hub} .figures=${hubFigures(reply, locale)} ?stale=${isStale}></fen-figures>
          <fen-figures .heading=${text.process} .figures=${processFigures(reply, locale)} ?stale=${isStale}></fen-figures>
        </div>
      </div>
      ${this.renderLedger(reply, isStale)} ${this.renderGaps(reply, isStale)} ${this.renderClockSteps(reply, isStale)}
      ${this.renderRetention(reply, isStale)}
    `;
  }

  private renderLedger(reply: SystemReply, isStale: boolean) {
    const { ledger, windows } = reply;
    const { text } = this.locale;
    const ofChannels = ledger.flatMap(({ channel, imbalances }) => imbalances.map((words) => `${channel}: ${words}`));
    const broken = [...ofChannels, ...windows.imbalances];
    const books = broken.length === 0 ? text.booksBalance : `${text.booksBroken}: ${broken.join('; ')}.`;
    const names = this.fleet.value.channels.map(({ name }) => name);
    return html`
      <fen-table
        .heading=${ledger.length === 0 ? text.ledger : `${text.ledger} · ${text.channels(this.locale.count(ledger.length))}`}
        .columns=${ledgerColumns(this.locale)}
        .rows=${inDisplayOrder(ledger, names).map((entry) => ledgerCells(entry, this.label(entry.channel), this.locale))}
        .note=${ledger.length === 0 ? text.noChannelsWhy : `${books} ${historyLosses(reply, this.locale)}`}
        ?stale=${isStale}
      ></fen-table>
    `;
  }

  private renderGaps({ ledger }: SystemReply, isStale: boolean) {
    const { text } = this.locale;
    const gaps = ledger
      .flatMap(({ channel, gapRanges }) => gapRanges.map((range) => ({ channel, range })))
      .sort((a, b) => b.range.timeMs - a.range.timeMs);
    const none = isWhole(ledger) ? text.noGaps : text.noGapRanges;
    return html`
      <fen-table
        .heading=${text.recentGaps}
        .columns=${[text.channel, text.time, text.from, text.to, text.missingSamples, text.length]}
        .rows=${gaps.slice(0, ROWS_SHOWN).map(({ channel, range }) => this.gapRow(channel, range))}
        .note=${gaps.length === 0 ? none : this.more(gaps.length).trim()}
        ?stale=${isStale}
      ></fen-table>
    `;
  }

  /** Of the clocks of devices; nothing where none was set. */
  private renderClockSteps({ ledger }: SystemReply, isStale: boolean) {
    const { locale } = this;
    const { text } = locale;
    const rows = clockStepRows(ledger, (channel) => this.label(channel), locale);
    if (rows.length === 0) return nothing;
    return html`
      <fen-table
        .heading=${text.clockSteps}
        .columns=${[text.channel, text.timeAfterwards, text.from, text.clockStep]}
        .rows=${rows.slice(0, ROWS_SHOWN)}
        .note=${`${text.clockStepsWhy}${this.more(rows.length)}`}
        ?stale=${isStale}
      ></fen-table>
    `;
  }

  private renderRetention(reply: SystemReply, isStale: boolean) {
    const { locale } = this;
    const rows = retentionRows(reply, locale);
    if (rows.length === 0) return nothing;
    return html`
      <fen-table
        .heading=${locale.text.retention}
        .columns=${retentionColumns(locale)}
        .rows=${rows}
        .note=${locale.text.retentionWhy}
        ?stale=${isStale}
      ></fen-table>
    `;
  }

  /** What is not shown of so many rows, in words. */
  private more(rows: number): string {
    return rows > ROWS_SHOWN ? ` ${this.locale.text.more(this.locale.count(rows - ROWS_SHOWN))}` : '';
  }

  private gapRow(channel: string, { from, to, timeMs }: GapRangeReply): string[] {
    const { locale } = this;
    const rateHz = this.fleet.find(channel)?.value.channel.rateHz;
    const length = rateHz === undefined ? locale.delay(undefined) : locale.delay(((to - from) / rateHz) * 1000);
    return [
      this.label(channel),
      locale.moment(timeMs),
      locale.count(from),
      locale.count(to - 1),
      locale.count(to - from),
      length,
    ];
  }

  private label(name: string): string {
    return this.fleet.find(name)?.value.channel.label ?? name;
  }

  private receive(reply: SystemReply): void {
    this.reply = reply;
    this.receivedMs = performance.now();
  }
}
