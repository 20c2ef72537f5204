import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../charts/fen-trend-chart.ts';
import type { PlotLoader, RangeChangeEvent } from '../charts/fen-trend-chart.ts';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import type { ValueRange } from '../charts/value-range.ts';
import '../components/fen-capture-button.ts';
import { CONDITION_SIGN, conditionOf, describeCondition, isAbnormal } from '../components/condition.ts';
import '../components/fen-figures.ts';
import type { Figure } from '../components/fen-figures.ts';
import '../components/fen-gauge.ts';
import '../components/fen-view-bar.ts';
import { readablePace } from '../components/readable-pace.ts';
import { type HeldScale, nextScale, PLAIN, type ValueScale } from '../locale/digits.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { scaledUnit } from '../locale/units.ts';
import type { ChannelState, ChannelStore } from '../store/channel-store.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { LifeStore } from '../store/life-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { styles } from './fen-channel-page.styles.ts';
import './fen-missing-page.ts';
import { channelPath } from '../components/route.ts';
import { shared } from '../styles/shared.ts';

/** `/channels/:id`: one channel, large, with axes and every figure there is. */
@customElement('fen-channel-page')
export class FenChannelPage extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) name = '';
  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) plots!: PlotLoader;
  @property({ attribute: false }) windowMs = 60_000;
  @property({ attribute: false }) locale!: Locale;

  @state() private range?: ValueRange;

  private scale: HeldScale | undefined;

  constructor() {
    super();
    new StoreController(this, () => this.fleet);
    new StoreController<unknown>(this, () => this.fleet.find(this.name) ?? this.life, readablePace);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('name')) this.scale = undefined;
    const view = this.fleet.find(this.name)?.value;
    if (view) this.scale = nextScale(this.scale, view.channel, view.reading);
  }

  override render() {
    const store = this.fleet.find(this.name);
    if (store) return this.renderChannel(store);

    const { text } = this.locale;
    const isKnown = this.life.value.liveness === 'live'; // else nobody said that there is none
    return html`<fen-missing-page
      .heading=${isKnown ? text.unknownChannel : text.connectingTitle}
      .why=${isKnown ? text.unknownChannelWhy(toPlainText(this.name)) : text.connectingWhy}
      .locale=${this.locale}
    ></fen-missing-page>`;
  }

  private renderChannel(store: ChannelStore) {
    const { locale, scale = PLAIN } = this;
    const view = store.value;
    const condition = conditionOf(view);
    const isStale = view.isStale && view.reading !== undefined;
    return html`
      <fen-view-bar wide .fleet=${this.fleet.value} .life=${this.life} .windowMs=${this.windowMs} .locale=${locale}>
        <div class="pager">
          ${this.renderNeighbour(-1)} ${this.renderNeighbour(1)}
          <h1 tabindex="-1" title=${view.channel.label}>${view.channel.label}</h1>
          <fen-capture-button .channel=${this.name} .locale=${locale}></fen-capture-button>
        </div>
      </fen-view-bar>
      <section class="view ${isAbnormal(condition) ? 'abnormal' : ''} ${isStale ? 'stale' : ''}">
        ${this.renderTop(view)} ${this.renderPlot(store, view)}
      </section>
      <aside aria-label=${locale.text.about} tabindex="0">
        <fen-figures .heading=${locale.text.reading} .note=${locale.text.of250} .figures=${readingFigures(view, scale, locale)} ?stale=${isStale}></fen-figures>
        <fen-figures .heading=${locale.text.account} .figures=${accountFigures(view, locale)} ?stale=${isStale}></fen-figures>
        <fen-figures .heading=${locale.text.about} .figures=${aboutFigures(view, scale, locale)}></fen-figures>
      </aside>
    `;
  }

  private renderTop(view: ChannelState) {
    const { locale, scale = PLAIN } = this;
    const { channel, reading } = view;
    const condition = conditionOf(view);
    const sign = CONDITION_SIGN[condition];
    return html`
      <div class="top">
        <p class="value">
          <span class="unseen">${locale.text.current}</span>
          <b>${locale.value(reading?.mean, scale)}</b><small>${scaledUnit(channel.unit, scale.exponent)}</small>
        </p>
        <p class="condition">
          ${sign ? html`<span aria-hidden="true">${sign}</span>` : nothing} ${describeCondition(condition, view, locale)}
        </p>
        ${view.isFrozen ? nothing : html`<p class="age">${locale.text.age} <b>${locale.delay(view.ageMs)}</b></p>`}
      </div>
    `;
  }

  private renderPlot(store: ChannelStore, { channel, reading, isStale }: ChannelState) {
    const { locale, windowMs } = this;
    return html`
      <div class="plot" @fen-range-change=${this.takeRange}>
        <fen-trend-chart
          .scheduler=${this.scheduler}
          .plots=${this.plots}
          .source=${store}
          .windowMs=${windowMs}
          .normal=${channel.normal}
          .unit=${channel.unit}
          .gapText=${locale.text.noData}
          .forgottenText=${locale.text.notKept}
          .missingText=${locale.text.chartNotLoaded}
          .summary=${locale.text.trendOf(channel.label, locale.window(windowMs))}
          .formatTime=${this.formatTime}
        ></fen-trend-chart>
        <fen-gauge
          aria-hidden="true"
          .range=${this.range}
          .normal=${channel.normal}
          .value=${reading?.mean}
          .stale=${isStale}
        ></fen-gauge>
      </div>
    `;
  }

  private renderNeighbour(step: 1 | -1) {
    const neighbour = neighbourOf(this.name, this.fleet, step);
    if (neighbour === undefined) return nothing;
    const { text } = this.locale;
    return html`
      <a class="button" href=${channelPath(neighbour)} aria-label=${step < 0 ? text.previous : text.next}>
        <span aria-hidden="true">${step < 0 ? '←' : '→'}</span>
      </a>
    `;
  }

  private readonly formatTime = (timeMs: number): string => this.locale.time(timeMs);

  private takeRange(event: RangeChangeEvent): void {
    this.range = event.range;
  }
}

/** The channel before or after one in display order, round the ends; undefined where there is no other. */
export function neighbourOf(name: string, fleet: FleetStore, step: 1 | -1): string | undefined {
  const { channels } = fleet.value;
  const at = channels.findIndex((channel) => channel.name === name);
  if (at < 0 || channels.length < 2) return undefined;
  return channels[(at + step + channels.length) % channels.length].name;
}

function readingFigures({ channel, reading }: ChannelState, scale: ValueScale, locale: Locale): Figure[] {
  const { text } = locale;
  const inUnit = (value: number | undefined, more = 0) =>
    `${locale.value(value, scale, more)} ${scaledUnit(channel.unit, scale.exponent)}`;
  return [
    [text.minimum, inUnit(reading?.min)],
    [text.mean, inUnit(reading?.mean, 1)],
    [text.maximum, inUnit(reading?.max)],
    [text.spread, inUnit(reading?.spread, 1)],
    [text.samples, locale.count(reading?.count)],
    [text.clippedSamples, locale.count(reading?.clipped)],
    [text.nonfiniteSamples, locale.count(reading?.nonfinite)],
  ];
}

function accountFigures({ pulse }: ChannelState, locale: Locale): Figure[] {
  const { text } = locale;
  return [
    [text.state, pulse === undefined ? text.waiting : pulse.live ? text.connected : text.disconnected],
    [text.receivedSamples, locale.count(pulse?.received)],
    [text.missingSamples, locale.count(pulse?.missing)],
    [text.gaps, locale.count(pulse?.gaps)],
  ];
}

function aboutFigures({ channel }: ChannelState, scale: ValueScale, locale: Locale): Figure[] {
  const { text } = locale;
  const range = channel.normal?.map((end) => locale.value(end, scale)).join(' … ');
  return [
    [text.label, channel.label],
    [text.channelName, channel.name],
    [text.normalRange, range === undefined ? text.notGiven : `${range} ${scaledUnit(channel.unit, scale.exponent)}`],
    [text.unit, channel.unit || text.notGiven],
    [text.rate, locale.large(channel.rateHz, 'S/s')],
    [text.windowSize, locale.count(channel.window)],
    [text.datatype, channel.datatype || text.notGiven],
    [text.hardware, channel.hardware || text.notGiven],
    [text.description, channel.description || text.notGiven],
  ];
}
