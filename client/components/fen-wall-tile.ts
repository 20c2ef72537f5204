import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import '../charts/fen-trend-chart.ts';
import type { PlotLoader, RangeChangeEvent } from '../charts/fen-trend-chart.ts';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import type { ValueRange } from '../charts/value-range.ts';
import { type HeldScale, nextScale, PLAIN } from '../locale/digits.ts';
import { scaledUnit } from '../locale/units.ts';
import type { ChannelStore } from '../store/channel-store.ts';
import type { DiagnosisStore } from '../store/diagnosis-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { type AlarmSpeech, foundWords, wordsOf } from './alarm-speech.ts';
import './fen-alarm-symbol.ts';
import { conditionOf, describeCondition } from './condition.ts';
import './fen-diagnosis.ts';
import './fen-gauge.ts';
import { readablePace } from './readable-pace.ts';

/** A channel as it is read across a room: name, value, trend, and what is wrong or what a model makes of it. Nothing to press. */
@customElement('fen-wall-tile')
export class FenWallTile extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
        min-height: 0;
      }
      article {
        display: grid;
        grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
        gap: calc(var(--unit) * 0.8);
        height: 100%;
        padding: calc(var(--unit) * 1.6) calc(var(--unit) * 2.4);
        overflow: hidden;
        background: var(--panel);
        border: var(--hair) solid transparent;
        border-radius: var(--radius);
      }
      article.alarm {
        border-color: var(--urgency);
        box-shadow: inset calc(var(--edge) * 0.8) 0 0 var(--urgency);
      }
      .critical {
        --urgency: var(--critical);
      }
      .high {
        --urgency: var(--high);
      }
      .medium {
        --urgency: var(--medium);
      }
      .low {
        --urgency: var(--low);
      }
      .old {
        --urgency: var(--ink-3);
      }
      header {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 2);
        min-width: 0;
        line-height: 1.15;
      }
      fen-alarm-symbol {
        font-size: calc(var(--text-name) * 0.85);
      }
      h2 {
        flex: 1 1 0;
        min-width: 35%;
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
        font-size: var(--text-name);
        color: var(--ink-2);
      }
      .alarm h2 {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        white-space: normal;
        line-height: 1.05;
        font-size: var(--text-name-abnormal);
        color: var(--ink);
      }
      .value {
        flex: 0 1 auto;
        min-width: 0;
        overflow: hidden;
        white-space: nowrap;
        font-size: var(--text-value);
        font-weight: var(--weight-strong);
      }
      .value small {
        margin-left: 0.2em;
        font-size: var(--text-unit);
        font-weight: var(--weight);
        color: var(--ink-2);
      }
      .plot {
        display: flex;
        gap: calc(var(--gauge) * 0.8);
        min-height: 0;
      }
      fen-trend-chart {
        flex: 1;
        min-width: 0;
      }
      footer {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: calc(var(--unit) * 3);
        min-width: 0;
        height: calc(var(--text-abnormal) * 1.25);
        overflow: hidden;
        white-space: nowrap;
        line-height: 1.25;
        font-size: var(--text-small);
        color: var(--ink-3);
      }
      .what,
      fen-diagnosis {
        flex: 1;
        min-width: 0;
        font-size: var(--text-abnormal);
      }
      .what {
        display: flex;
        gap: 0.4em;
        overflow: hidden;
        font-weight: var(--weight-strong);
        color: var(--ink);
      }
      .what bdi {
        flex: 0 1 auto;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .what .found {
        flex-shrink: 1000; /* what is wrong is whole first */
        font-weight: var(--weight);
      }
      .condition {
        font-size: var(--text-name);
        color: var(--ink-2);
      }
      .stale .value b {
        font-weight: var(--weight);
        color: var(--ink-2);
        text-decoration: line-through;
      }
      .stale .age {
        font-weight: var(--weight-strong);
        color: var(--ink);
      }
    `,
  ];

  @property({ attribute: false }) channel!: ChannelStore;
  /** Undefined where no model looks at the channel. */
  @property({ attribute: false }) diagnosis?: DiagnosisStore;
  /** Its most urgent alarm. */
  @property({ attribute: false }) alarm?: AlarmReply;
  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) plots!: PlotLoader;
  @property({ attribute: false }) windowMs = 60_000;
  /** With axes. */
  @property({ type: Boolean }) large = false;

  @state() private range?: ValueRange;
  private scale?: HeldScale;

  constructor() {
    super();
    new StoreController(this, () => this.channel, readablePace);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { channel, reading } = this.channel.value;
    if (changed.has('channel')) this.scale = undefined;
    this.scale = nextScale(this.scale, channel, reading);
  }

  override render() {
    const { alarm, scale = PLAIN, windowMs, large } = this;
    const { locale, alarms } = this.speech;
    const { text } = locale;
    const view = this.channel.value;
    const { channel, reading, ageMs } = view;
    const isStale = view.isStale && reading !== undefined;
    const isOld = alarm !== undefined && alarms.isStale(alarm.tag);
    return html`
      <article class="${alarm ? `alarm ${isOld ? 'old' : alarm.priority}` : ''} ${isStale ? 'stale' : ''}">
        <header>
          ${alarm ? html`<fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state} .quiet=${isOld}></fen-alarm-symbol><span class="unseen">${text.alarmPriority[alarm.priority]}</span>` : nothing}
          <h2>${channel.label}</h2>
          <p class="value"><b>${locale.value(reading?.mean, scale)}</b><small>${scaledUnit(channel.unit, scale.exponent)}</small></p>
        </header>
        <div class="plot" @fen-range-change=${this.takeRange}>
          <fen-trend-chart
            ?compact=${!large}
            .scheduler=${this.scheduler}
            .plots=${this.plots}
            .source=${this.channel}
            .windowMs=${windowMs}
            .isLive=${true}
            .normal=${channel.normal}
            .unit=${channel.unit}
            .hasUnit=${false}
            .gapText=${text.noData}
            .forgottenText=${text.notKept}
            .missingText=${text.chartNotLoaded}
            .formatTime=${this.formatTime}
            .offsetOf=${this.offsetOf}
            .summary=${text.trendOf(channel.label, locale.window(windowMs))}
          ></fen-trend-chart>
          <fen-gauge aria-hidden="true" .range=${this.range} .normal=${channel.normal} .value=${reading?.mean} .stale=${isStale}></fen-gauge>
        </div>
        <footer>
          ${this.renderSaid()}
          <span class="age"><span class="unseen">${text.age} </span>${locale.delay(ageMs)}</span>
        </footer>
      </article>
    `;
  }

  /** What is wrong, else what a model makes of it, else how its value stands. */
  private renderSaid() {
    const { alarm, speech, diagnosis } = this;
    if (alarm !== undefined) {
      const found = foundWords(alarm, speech);
      return html`<span class="what"><bdi>${wordsOf(alarm, speech).title}</bdi>${found === '' ? nothing : html` <bdi class="found">${found}</bdi>`}</span>`;
    }
    if (diagnosis) {
      return html`<fen-diagnosis .channel=${this.channel} .diagnosis=${diagnosis} .locale=${speech.locale}></fen-diagnosis>`;
    }
    const view = this.channel.value;
    return html`<span class="condition">${describeCondition(conditionOf(view), view, speech.locale)}</span>`;
  }

  private readonly formatTime = (timeMs: number, stepMs: number) => this.speech.locale.axisTime(timeMs, stepMs);

  private readonly offsetOf = (timeMs: number) => this.speech.locale.zoneTime.offsetMs(timeMs);

  private takeRange(event: RangeChangeEvent): void {
    this.range = event.range;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-wall-tile': FenWallTile;
  }
}
