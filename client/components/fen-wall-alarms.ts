import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { ALARM_PRIORITIES, type AlarmPriority, type AlarmReply } from '../../server/wire/alarms.ts';
import { WALL_TEXTS } from '../locale/wall-texts.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { type AlarmSpeech, alarmName, foundWords, wordsOf } from './alarm-speech.ts';
import './fen-alarm-symbol.ts';

/** How many alarms there are of each priority, and the most urgent of them: as many as can be read across a room. */
@customElement('fen-wall-alarms')
export class FenWallAlarms extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template: auto auto minmax(0, 1fr) auto / minmax(0, 1fr);
        gap: var(--gap);
        min-height: 0;
        overflow: hidden;
      }
      .counts {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 1fr));
        gap: var(--gap);
      }
      .counts li {
        display: grid;
        grid-template: auto auto / auto minmax(0, 1fr);
        align-items: center;
        gap: 0 calc(var(--unit) * 2.5);
        padding: calc(var(--unit) * 1.5) calc(var(--unit) * 3);
        overflow: hidden;
        background: var(--panel);
        border-radius: var(--radius);
      }
      .counts b {
        font-size: var(--text-large);
        line-height: 1.1;
      }
      .counts fen-alarm-symbol {
        font-size: var(--text-value);
      }
      .counts .zero {
        color: var(--ink-3);
      }
      .counts small {
        grid-column: 1 / -1;
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
        font-size: var(--text-small);
        color: var(--ink-2);
      }
      .flood {
        padding: calc(var(--unit) * 1.5) calc(var(--unit) * 3);
        font-size: var(--text-name);
        font-weight: var(--weight-strong);
        background: var(--panel);
        border-radius: var(--radius);
      }
      ol {
        display: grid;
        grid-auto-rows: minmax(calc(var(--text-value) * 1.6), max-content);
        align-content: start;
        gap: calc(var(--gap) * 0.5);
        min-height: 0;
        overflow: hidden;
      }
      ol li {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 3);
        min-width: 0;
        padding: 0 calc(var(--unit) * 3);
        overflow: hidden;
        background: var(--panel);
        border-radius: var(--radius);
      }
      ol fen-alarm-symbol {
        font-size: var(--text-title);
      }
      .words {
        flex: 1;
        min-width: 0;
        line-height: 1.2;
      }
      .words > * {
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
      }
      .what {
        font-size: var(--text-grave);
        font-weight: var(--weight-strong);
      }
      .do {
        font-size: var(--text-name);
        color: var(--ink-2);
      }
      time,
      .found {
        flex: none;
        max-width: 30%;
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
        font-size: var(--text-name);
        color: var(--ink-2);
      }
      .first {
        padding: calc(var(--unit) * 2) calc(var(--unit) * 3);
      }
      .none {
        align-self: center;
        justify-self: center;
        font-size: var(--text-large);
        color: var(--ink-2);
      }
      .more {
        min-height: 1.3em;
        font-size: var(--text-small);
        color: var(--ink-2);
      }
      @media (orientation: portrait) {
        .counts {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .found {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) speech!: AlarmSpeech;
  /** Server clock, whole seconds in ms since 1970 UTC. */
  @property({ attribute: false }) nowMs: number | undefined;

  @state() private rows = 1;
  @query('ol') private readonly list!: HTMLElement | null;
  private readonly onSize = new ResizeObserver(() => this.measure());

  constructor() {
    super();
    new StoreController(this, () => this.speech.alarms);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.onSize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.onSize.disconnect();
  }

  protected override updated(): void {
    this.measure();
  }

  override render() {
    const { speech, nowMs } = this;
    const { locale } = speech;
    const text = WALL_TEXTS[locale.language];
    const { shown, counts, flood, isKnown } = speech.alarms.value;
    const rest = shown.length - this.rows;
    return html`
      <ul class="counts">${ALARM_PRIORITIES.map((priority) => this.renderCount(priority, counts[priority]))}</ul>
      <div>${flood?.sinceMs === undefined ? nothing : html`<p class="flood">${text.flood(locale.timeOn(flood.sinceMs, nowMs))}</p>`}</div>
      ${
        shown.length === 0
          ? html`<p class="none">${isKnown ? locale.text.noAlarms : locale.text.alarmsUnknown}</p>`
          : html`<ol>${shown.slice(0, this.rows).map((alarm, i) => this.renderAlarm(alarm, i === 0))}</ol>`
      }
      <p class="more">${rest > 0 ? text.more(locale.count(rest)) : nothing}</p>
    `;
  }

  private renderCount(priority: AlarmPriority, { all, unacknowledged }: { all: number; unacknowledged: number }) {
    const { locale, alarms } = this.speech;
    const text = WALL_TEXTS[locale.language];
    const isQuiet = all === 0 || alarms.value.isStale;
    return html`
      <li class=${all === 0 ? 'zero' : ''}>
        <fen-alarm-symbol .priority=${priority} .state=${'acknowledged'} .quiet=${isQuiet}></fen-alarm-symbol>
        <b>${locale.count(all)}</b>
        <small>${locale.text.alarmPriority[priority]}${unacknowledged > 0 ? ` · ${text.unacknowledged(locale.count(unacknowledged))}` : ''}</small>
      </li>
    `;
  }

  private renderAlarm(alarm: AlarmReply, isFirst: boolean) {
    const { speech, nowMs } = this;
    const { locale, alarms } = speech;
    const { action } = wordsOf(alarm, speech);
    const isOld = alarms.isStale(alarm.tag);
    const state = alarm.state === 'unacknowledged' ? '' : locale.text.alarmState[alarm.state];
    return html`
      <li class=${isFirst ? 'first' : ''}>
        <fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state} .quiet=${isOld}></fen-alarm-symbol>
        <div class="words">
          <p class="what"><span class="unseen">${locale.text.alarmPriority[alarm.priority]} </span><bdi>${alarmName(alarm, speech)}</bdi></p>
          ${isFirst ? html`<p class="do"><bdi>${[state, action].filter((part) => part !== '').join(' · ')}</bdi></p>` : nothing}
        </div>
        <span class="found"><bdi>${foundWords(alarm, speech)}</bdi></span>
        <time>${alarm.raisedMs === undefined || nowMs === undefined ? nothing : locale.span(nowMs - alarm.raisedMs)}</time>
      </li>
    `;
  }

  /** As many lines as there is room for, each as high as any but the first. */
  private measure(): void {
    const { list } = this;
    if (!list?.firstElementChild) return;
    const gap = Number.parseFloat(getComputedStyle(list).rowGap) || 0;
    const least = Number.parseFloat(getComputedStyle(list).fontSize) || 16;
    const first = list.firstElementChild.getBoundingClientRect().height;
    const row = list.children[1]?.getBoundingClientRect().height ?? Math.max(first, least);
    const rows = 1 + Math.max(0, Math.floor((list.clientHeight - first) / (row + gap)));
    if (rows !== this.rows) this.rows = rows;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-wall-alarms': FenWallAlarms;
  }
}
