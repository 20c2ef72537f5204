import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import '../charts/fen-trend-chart.ts';
import type { PlotLoader, RangeChangeEvent } from '../charts/fen-trend-chart.ts';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import type { ValueRange } from '../charts/value-range.ts';
import { type HeldScale, nextScale, PLAIN, type ValueScale } from '../locale/digits.ts';
import type { Locale } from '../locale/locale.ts';
import { scaledUnit } from '../locale/units.ts';
import type { ChannelState, ChannelStore } from '../store/channel-store.ts';
import type { DiagnosisStore } from '../store/diagnosis-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { AlarmOpenEvent } from './alarm-events.ts';
import { type AlarmSpeech, wordsOf } from './alarm-speech.ts';
import { CONDITION_SIGN, conditionOf, describeCondition, isAbnormal } from './condition.ts';
import { styles } from './fen-channel-tile.styles.ts';
import { channelPath } from './route.ts';
import './fen-alarm-symbol.ts';
import './fen-capture-button.ts';
import './fen-diagnosis.ts';
import './fen-gauge.ts';
import { readablePace } from './readable-pace.ts';

/**
 * One channel at a glance: its name, the current value, its trend and what is
 * to be said of it. The whole tile is a link to the channel's page.
 */
@customElement('fen-channel-tile')
export class FenChannelTile extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) channel!: ChannelStore;
  /** Undefined where no model looks at the channel. */
  @property({ attribute: false }) diagnosis?: DiagnosisStore;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) plots!: PlotLoader;
  @property({ attribute: false }) windowMs = 60_000;
  /** Server clock at the freeze; undefined while live. */
  @property({ attribute: false }) frozenMs?: number;
  /** Its most urgent one; undefined where none is there. */
  @property({ attribute: false }) alarm?: AlarmReply;
  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) locale!: Locale;

  @state() private range?: ValueRange;
  private scale?: HeldScale;
  @query('a') private readonly link!: HTMLAnchorElement;

  constructor() {
    super();
    new StoreController(this, () => this.channel, readablePace);
  }

  override focus(options?: FocusOptions): void {
    this.link.focus(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { channel, reading } = this.channel.value;
    if (changed.has('channel')) this.scale = undefined;
    this.scale = nextScale(this.scale, channel, reading);
  }

  override render() {
    const { locale, windowMs, scale = PLAIN } = this;
    const { text } = locale;
    const view = this.channel.value;
    const { channel, reading } = view;
    const condition = conditionOf(view);
    const sign = CONDITION_SIGN[condition];
    const unit = scaledUnit(channel.unit, scale.exponent);
    const isStale = view.isStale && reading !== undefined;
    const { alarm } = this;

    return html`
      <article class="${isAbnormal(condition) ? 'abnormal' : ''} ${isStale ? 'stale' : ''} ${alarm ? `alarmed ${alarm.priority}` : ''} ${condition}">
        <header>
          ${alarm ? html`<fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state}></fen-alarm-symbol>` : nothing}
          <h2 title=${channel.label}><a href=${channelPath(channel.name)}>${channel.label}</a></h2>
          <p class="value"><b>${locale.value(reading?.mean, scale)}</b><small>${unit}</small></p>
        </header>
        <div class="plot" @fen-range-change=${this.takeRange}>
          <fen-trend-chart
            compact
            .scheduler=${this.scheduler}
            .plots=${this.plots}
            .source=${this.channel}
            .windowMs=${windowMs}
            .normal=${channel.normal}
            .unit=${channel.unit}
            .gapText=${text.noData}
            .forgottenText=${text.notKept}
            .missingText=${text.chartNotLoaded}
            .summary=${text.trendOf(channel.label, locale.window(windowMs))}
          ></fen-trend-chart>
          <fen-gauge
            aria-hidden="true"
            .range=${this.range}
            .normal=${channel.normal}
            .value=${reading?.mean}
            .stale=${isStale}
          ></fen-gauge>
        </div>
        ${alarm ? this.renderAlarm(alarm) : nothing}
        ${
          this.diagnosis
            ? html`<fen-diagnosis .channel=${this.channel} .diagnosis=${this.diagnosis} .locale=${locale}></fen-diagnosis>`
            : nothing
        }
        <footer>
          <span class="condition">
            ${sign ? html`<span aria-hidden="true">${sign} </span>` : nothing}${describeCondition(condition, view, locale)}
          </span>
          <fen-capture-button quiet .channel=${channel.name} .label=${channel.label} .locale=${locale}></fen-capture-button>
          <span class="figures">
            ${isStale || this.frozenMs !== undefined ? nothing : this.renderSpread(view, scale)} ${this.renderAge(view)}
          </span>
        </footer>
      </article>
    `;
  }

  /** What alarms, in its own words, and the way to all that is known of it. */
  private renderAlarm(alarm: AlarmReply) {
    const { speech } = this;
    const { text } = speech.locale;
    const { raisedMs } = alarm;
    return html`
      <button class="alarm" @click=${() => this.dispatchEvent(new AlarmOpenEvent(alarm.tag))}>
        <b><bdi>${wordsOf(alarm, speech).title}</bdi></b>
        <span>${raisedMs === undefined ? '' : text.since(speech.locale.time(raisedMs))}</span>
      </button>
    `;
  }

  private renderSpread({ channel, reading, pulse }: ChannelState, scale: ValueScale) {
    const { locale } = this;
    return html`
      ${pulse?.gaps ? html`<span class="more">${locale.text.gaps} ${locale.count(pulse.gaps)}</span>` : nothing}
      <span class="more">σ ${locale.value(reading?.spread, scale)} ${scaledUnit(channel.unit, scale.exponent)}</span>
    `;
  }

  /** Of a frozen view, since when: not how old it has become. */
  private renderAge({ ageMs }: ChannelState) {
    const { locale, frozenMs } = this;
    if (frozenMs !== undefined) return html`<span class="age">${locale.text.frozen(locale.time(frozenMs))}</span>`;
    return html`<span class="age"><span class="unseen">${locale.text.age} </span>${locale.delay(ageMs)}</span>`;
  }

  private takeRange(event: RangeChangeEvent): void {
    this.range = event.range;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-channel-tile': FenChannelTile;
  }
}
