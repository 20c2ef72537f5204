import { html, LitElement, nothing, type PropertyValues } from 'lit';
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
import { remarkOf, verdictOf } from './diagnosis-verdict.ts';
import './fen-diagnosis.ts';
import './fen-gauge.ts';
import { styles } from './fen-wall-tile.styles.ts';
import { readablePace } from './readable-pace.ts';

/** A channel as it is read across a room: name, value, trend, and what is wrong or what a model makes of it. Nothing to press. */
@customElement('fen-wall-tile')
export class FenWallTile extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) channel!: ChannelStore;
  /** Undefined where no model looks at the channel. */
  @property({ attribute: false }) diagnosis?: DiagnosisStore;
  /** Its most urgent alarm. */
  @property({ attribute: false }) alarm?: AlarmReply;
  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) plots!: PlotLoader;
  @property({ attribute: false }) windowMs = 60_000;
  /** What stands out: the value and its trend; the trend, with axes; or what a model makes of it. */
  @property({ reflect: true }) kind: 'tiles' | 'trends' | 'diagnoses' = 'tiles';

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
    const { alarm, kind, windowMs } = this;
    const { locale, alarms } = this.speech;
    const { text } = locale;
    const view = this.channel.value;
    const { channel, reading } = view;
    const isStale = view.isStale && reading !== undefined;
    const isOld = alarm !== undefined && alarms.isStale(alarm.tag);
    const verdict = this.diagnosis && verdictOf(this.diagnosis.value, view, locale);
    const isFault = kind === 'diagnoses' && !alarm && verdict !== undefined && remarkOf(verdict) === 'fault';
    return html`
      <article class="${kind} ${alarm ? `alarm ${isOld ? 'old' : alarm.priority}` : ''} ${isStale ? 'stale' : ''} ${isFault ? 'fault' : ''}">
        <header>
          ${alarm ? html`<fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state} .quiet=${isOld}></fen-alarm-symbol><span class="unseen">${text.alarmPriority[alarm.priority]}</span>` : nothing}
          <h2>${channel.label}</h2>
          ${kind === 'diagnoses' ? (isStale ? this.renderAge() : html`<span class="age">${verdict?.holds}</span>`) : this.renderValue()}
        </header>
        <div class="plot" @fen-range-change=${this.takeRange}>
          <fen-trend-chart
            ?compact=${kind !== 'trends'}
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
          ${this.renderSaid()} ${kind === 'diagnoses' ? nothing : this.renderAge()}
        </footer>
      </article>
    `;
  }

  private renderValue() {
    const { scale = PLAIN, speech } = this;
    const { channel, reading } = this.channel.value;
    return html`<p class="value"><b>${speech.locale.value(reading?.mean, scale)}</b><small>${scaledUnit(channel.unit, scale.exponent)}</small></p>`;
  }

  private renderAge() {
    const { locale } = this.speech;
    return html`<span class="age"><span class="unseen">${locale.text.age} </span>${locale.delay(this.channel.value.ageMs)}</span>`;
  }

  /** What is wrong, else what a model makes of it, else how its value stands. */
  private renderSaid() {
    const { alarm, speech, diagnosis, kind } = this;
    if (alarm !== undefined && kind !== 'diagnoses') {
      const found = foundWords(alarm, speech);
      return html`<span class="what"><bdi>${wordsOf(alarm, speech).title}</bdi>${found === '' ? nothing : html` <bdi class="found">${found}</bdi>`}</span>`;
    }
    if (diagnosis) {
      return html`<fen-diagnosis .channel=${this.channel} .diagnosis=${diagnosis} .locale=${speech.locale} ?wraps=${kind === 'diagnoses'}></fen-diagnosis>`;
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
