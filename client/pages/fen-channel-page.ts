import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { PlotLoader, RangeChangeEvent } from '../charts/fen-trend-chart.ts';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import type { ValueRange } from '../charts/value-range.ts';
import type { AlarmSpeech } from '../components/alarm-speech.ts';
import { conditionOf, isAbnormal } from '../components/condition.ts';
import '../components/fen-alarm-marks.ts';
import '../components/fen-capture-button.ts';
import '../components/fen-compare.ts';
import '../components/fen-export.ts';
import type { ExportEvent } from '../components/fen-export.ts';
import '../components/fen-diagnosis-lane.ts';
import '../components/fen-gauge.ts';
import '../components/fen-overview-strip.ts';
import '../components/fen-readout.ts';
import '../components/fen-time-bar.ts';
import '../components/fen-time-panes.ts';
import type { FenTimePanes } from '../components/fen-time-panes.ts';
import '../components/fen-view-bar.ts';
import type { WindowSelectEvent } from '../components/fen-window-choice.ts';
import { describeHistoryProblem } from '../components/history-problem.ts';
import { neighbourOf } from '../components/neighbour.ts';
import { readablePace } from '../components/readable-pace.ts';
import { channelPath } from '../components/route.ts';
import type { RunOpenEvent } from '../components/run-open.ts';
import { comparable, type ShownLine, shownLines } from '../components/shown-lines.ts';
import type { Diagnosing } from '../diagnosing.ts';
import { type HeldScale, nextScale, PLAIN } from '../locale/digits.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { HistoryStore } from '../store/history-store.ts';
import type { LifeStore } from '../store/life-store.ts';
import type { LookedRun, LookingBack } from '../store/looking-back.ts';
import { StoreController } from '../store/store-controller.ts';
import { SPANS_MS, spanOf, type TimeRange } from '../store/time-view.ts';
import { shared } from '../styles/shared.ts';
import { renderAside } from './channel-aside.ts';
import { renderTop } from './channel-top.ts';
import { styles } from './fen-channel-page.styles.ts';
import './fen-missing-page.ts';
import './fen-run-view.ts';
import type { RunGoEvent } from './fen-run-view.ts';
import { timeOfAddress } from './look-address.ts';
import { LookKeeper } from './look-keeper.ts';
import { momentOf } from './run-sources.ts';
import { arrowLinks, capturesPath, diagnosisLinks, saveView } from './view-export.ts';

// How often what stands beside a moving view is written anew, by its own clock.
const PULSE_MS = 500;
// In a longer view, what is stale is the least of it.
const HATCHED_MS = 600_000;

/** `/channels/:id`: one channel from its first sample to the present, large, with axes and every figure there is. */
@customElement('fen-channel-page')
export class FenChannelPage extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) name = '';
  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) history!: HistoryStore;
  @property({ attribute: false }) diagnosing!: Diagnosing;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) plots!: PlotLoader;
  /** Shown where the address says nothing else. */
  @property({ attribute: false }) windowMs = 60_000;
  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) locale!: Locale;

  @state() private range?: ValueRange;
  @state() private isUnsaved = false;
  @query('fen-time-panes') private readonly panes?: FenTimePanes;

  private readonly keeper = new LookKeeper((event) => {
    this.requestUpdate();
    if (event) this.dispatchEvent(event);
  });
  private scale: HeldScale | undefined;
  /** The run that a person has opened here. */
  private handled: LookedRun | undefined;
  private lines: readonly ShownLine[] = [];
  private release: (() => void) | undefined;

  constructor() {
    super();
    new StoreController(this, () => this.fleet);
    new StoreController(this, () => this.history);
    new StoreController(this, () => this.speech.alarms, readablePace);
    new StoreController(this, () => this.history.past(this.name), readablePace);
    new StoreController<unknown>(this, () => this.fleet.find(this.name) ?? this.life, readablePace);
  }

  /** What is shown, where it stands still in the past. */
  get pastRange(): TimeRange | undefined {
    const { view } = this.looking.value;
    return view.kind === 'past' ? view : undefined;
  }

  /** Whether what is missing is a good part of the picture, and of this channel alone. */
  private get isHatched(): boolean {
    const { view } = this.looking.value;
    return view.kind === 'live' && view.spanMs <= HATCHED_MS && this.lines.length === 1;
  }

  get looking(): LookingBack {
    return this.keeper.looking;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.release = this.history.hold();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.release?.();
    this.keeper.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('name')) {
      this.scale = this.range = undefined;
      const { fleet, history, query, windowMs } = this;
      this.keeper.begin(this.name, { fleet, history }, { query, windowMs });
    } else if (changed.has('query')) this.keeper.follow(this.query);
    const view = this.fleet.find(this.name)?.value;
    if (view) this.scale = nextScale(this.scale, view.channel, view.reading);
    const lines = shownLines(this.looking.names, this.fleet, this.history);
    if (JSON.stringify(lines) !== JSON.stringify(this.lines)) this.lines = lines;
  }

  goLive(): void {
    this.looking.goLive();
  }

  showSpan(index: number): void {
    const spanMs = SPANS_MS[index];
    if (spanMs !== undefined) this.looking.showSpan(spanMs);
  }

  override render() {
    if (this.fleet.find(this.name) || this.history.value.channels.has(this.name)) return this.renderChannel();

    const { text } = this.locale;
    const { isListed, problem } = this.history.value;
    const isKnown = this.life.value.liveness === 'live' && (isListed || problem !== undefined); // else nobody said that there is none
    return html`<fen-missing-page
      .heading=${isKnown ? text.unknownChannel : text.connectingTitle}
      .why=${isKnown ? text.unknownChannelWhy(toPlainText(this.name)) : text.connectingWhy}
      .locale=${this.locale}
    ></fen-missing-page>`;
  }

  private renderChannel() {
    const { locale, looking, lines } = this;
    const state = this.fleet.find(this.name)?.value;
    const [{ label }] = lines;
    const condition = state && conditionOf(state);
    const isStale = (state?.isStale ?? false) && state?.reading !== undefined;
    const range = this.pastRange;
    const { captureRange, extent } = looking;
    const { run } = looking.value;
    const stored = this.history.value.channels.get(this.name);
    return html`
      <fen-view-bar
        wide
        .fleet=${this.fleet.value}
        .life=${this.life}
        .windows=${SPANS_MS}
        .windowMs=${spanOf(looking.value.view)}
        .isBack=${range !== undefined}
        .locale=${locale}
        @fen-window-select=${this.takeSpan}
      >
        <div class="pager">
          ${this.renderNeighbour(-1)} ${this.renderNeighbour(1)}
          <h1 tabindex="-1" title=${label}>${label}</h1>
          ${state ? html`<fen-capture-button .channel=${this.name} .range=${captureRange} .nowMs=${captureRange && Math.floor((extent.nowMs ?? 0) / PULSE_MS) * PULSE_MS} .locale=${locale}></fen-capture-button>` : nothing}
        </div>
      </fen-view-bar>
      ${run ? this.renderRun(run) : nothing}
      <section ?hidden=${run !== undefined} @fen-run-open=${this.openRun} class="view ${condition && isAbnormal(condition) ? 'abnormal' : ''} ${isStale ? 'stale' : ''} ${this.isHatched ? 'hatched' : ''} ${lines.length > 1 ? 'compared' : ''}">
        ${renderTop(this.name, { fleet: this.fleet, scale: this.scale ?? PLAIN, lastMs: stored?.lastMs, speech: this.speech })} ${this.renderTimes()}
      </section>
      ${run ? nothing : renderAside({ state, stored, scale: this.scale ?? PLAIN, diagnosing: this.diagnosing, locale })}
    `;
  }

  private renderTimes() {
    const { looking, lines, locale } = this;
    const { range, extent } = looking;
    const pulse = Math.round((range?.toMs ?? 0) / PULSE_MS);
    const reach = [extent.firstMs, extent.nowMs, extent.lastMs].map((ms = 0) => Math.round(ms / PULSE_MS)).join();
    const past = describeHistoryProblem(this.history.past(this.name).value.problem, locale);
    const problem = this.isUnsaved ? locale.text.exportFailed : past;
    const state = this.fleet.find(this.name)?.value;
    return html`
      <fen-time-bar .looking=${looking} .problem=${problem} .locale=${locale}>
        <fen-compare .looking=${looking} .channels=${comparable(this.name, this.fleet, this.history)} .locale=${locale}></fen-compare>
        <fen-export .arrow=${arrowLinks(looking, lines)} .diagnoses=${diagnosisLinks(looking, lines)} .captures=${capturesPath(looking)} .locale=${locale} @fen-export=${this.export}></fen-export>
      </fen-time-bar>
      <div class="plot" @fen-range-change=${this.takeRange}>
        <fen-time-panes
          .looking=${looking}
          .lines=${lines}
          .scheduler=${this.scheduler}
          .plots=${this.plots}
          .locale=${locale}
        ></fen-time-panes>
        ${
          lines.length > 1 || !state
            ? nothing
            : html`<fen-gauge aria-hidden="true" .range=${this.range} .normal=${lines[0].normal} .value=${state.reading?.mean} .stale=${state.isStale}></fen-gauge>`
        }
        <fen-alarm-marks .channel=${this.name} .speech=${this.speech} .plane=${this.plane} .scheduler=${this.scheduler}></fen-alarm-marks>
      </div>
      ${this.renderLanes()}
      <fen-readout .looking=${looking} .lines=${lines} .pulse=${pulse} .columnMs=${this.columnMs} .locale=${locale}></fen-readout>
      <fen-overview-strip
        .looking=${looking}
        .scheduler=${this.scheduler}
        .plots=${this.plots}
        .label=${lines[0].label}
        .reach=${reach}
        .locale=${locale}
      ></fen-overview-strip>
    `;
  }

  private renderLanes() {
    const { lines, looking, locale } = this;
    const isAlone = lines.length === 1;
    return lines.map(
      ({ name, label, sign }) =>
        html`<fen-diagnosis-lane .channel=${name} .source=${looking.diagnoses(name)} .sign=${isAlone ? '' : sign} .label=${isAlone ? '' : label} .plane=${this.plane} .scheduler=${this.scheduler} .locale=${locale}></fen-diagnosis-lane>`,
    );
  }

  private renderRun(run: LookedRun) {
    const [line] = shownLines([run.channel], this.fleet, this.history);
    const { firstMs, nowMs } = this.looking.timesOf(run.channel);
    return html`<fen-run-view
      .run=${run}
      .isByHand=${this.handled === run}
      .label=${line.label}
      .unit=${line.unit}
      .firstMs=${firstMs}
      .nowMs=${nowMs}
      .locale=${this.locale}
      @fen-run-go=${({ run: next }: RunGoEvent) => this.looking.openRun(next)}
    ></fen-run-view>`;
  }

  private async openRun({ channel, run }: RunOpenEvent): Promise<void> {
    const find = (model: string) => this.fleet.diagnoses.model(model);
    // Where none was found, the run view says why of the stretch's begin.
    const found = await momentOf(channel, run, find).catch(() => undefined);
    const timeMs = found ?? (run.kind === 'at' ? run.timeMs : run.fromMs);
    this.handled = { channel, timeMs };
    this.looking.openRun(this.handled);
  }

  private renderNeighbour(step: 1 | -1) {
    const neighbour = neighbourOf(this.name, this.fleet, step);
    if (neighbour === undefined) return nothing;
    const { text } = this.locale;
    return html`
      <a class="button" href=${channelPath(neighbour) + timeOfAddress(this.query)} aria-label=${step < 0 ? text.previous : text.next}>
        <span aria-hidden="true">${step < 0 ? '←' : '→'}</span>
      </a>
    `;
  }

  private readonly plane = () => this.panes?.planeOnScreen();

  private readonly columnMs = (): number | undefined => this.panes?.columnMs;

  private takeSpan(event: WindowSelectEvent): void {
    event.stopPropagation(); // what the control room shows stays
    this.looking.showSpan(event.windowMs);
  }

  private takeRange(event: RangeChangeEvent): void {
    this.range = event.range;
  }

  private async export({ kind }: ExportEvent): Promise<void> {
    const { looking, lines, panes, locale } = this;
    if (!panes) return;
    const saving = saveView(kind, { looking, lines, panes, locale });
    this.isUnsaved = await saving.then(() => false).catch(() => true);
  }
}
