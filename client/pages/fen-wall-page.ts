import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { type Board, isPausing, type Slide } from '../../server/wire/boards.ts';
import type { PlotLoader } from '../charts/fen-trend-chart.ts';
import { FrameScheduler } from '../charts/frame-scheduler.ts';
import { type AlarmSpeech, alarmName } from '../components/alarm-speech.ts';
import '../components/fen-alarm-symbol.ts';
import '../components/fen-silence-banner.ts';
import '../components/fen-wall-alarms.ts';
import '../components/fen-wall-channels.ts';
import { readablePace } from '../components/readable-pace.ts';
import type { Live } from '../live.ts';
import { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { WALL_TEXTS } from '../locale/wall-texts.ts';
import { nextChangeMs, pageAt, type Turn, turnAt } from '../store/rotation.ts';
import type { Store } from '../store/store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import type { BoardState } from './board-feed.ts';
import { styles } from './fen-wall-page.styles.ts';
import { siteName } from './page-title.ts';
import { Preferences } from './preferences.ts';
import { essentialPx } from './viewing.ts';
import { burnInShift, RestingPointer, ScreenAwake } from './wall-care.ts';
import { boardWishes } from './wishes.ts';

/** What is shown in place of a slide while the wall waits for somebody to acknowledge. */
const ALARMS: Slide = { kind: 'alarms', dwellSeconds: 1 };
const SECOND_MS = 1000;

/** `/wall`: slides by the server's clock, for a screen that nobody touches. */
@customElement('fen-wall-page')
export class FenWallPage extends LitElement {
  static override styles = [shared, styles];

  /** Set once, before the element is in the document; so are the next three. */
  @property({ attribute: false }) live!: Live;
  @property({ attribute: false }) plots!: PlotLoader;
  @property({ attribute: false }) feed!: Store<BoardState>;
  /** Of the board, as the address has it. */
  @property({ attribute: false }) board = '';

  private readonly scheduler = new FrameScheduler(window);
  private readonly preferences = new Preferences();
  private readonly awake = new ScreenAwake();
  private readonly pointer = new RestingPointer(this);
  private speech?: AlarmSpeech;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown?: Board;

  constructor() {
    super();
    new StoreController(this, () => this.feed);
    new StoreController(this, () => this.live.site);
    new StoreController(this, () => this.live.alarms);
    new StoreController(this, () => this.live.life, readablePace);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.preferences.start();
    this.awake.start();
    this.pointer.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.preferences.close();
    this.awake.close();
    this.pointer.close();
    clearTimeout(this.timer);
  }

  protected override willUpdate(): void {
    const { language } = this.preferences.value;
    const timeZone = this.live.site.value?.site.timeZone ?? 'UTC';
    const { locale } = this.speech ?? {};
    if (locale?.language !== language || locale.timeZone !== timeZone) {
      const channelOf = (name: string) => this.live.fleet.find(name)?.value.channel;
      this.speech = {
        alarms: this.live.alarms,
        labelOf: (name) => channelOf(name)?.label ?? toPlainText(name),
        unitOf: (name) => channelOf(name)?.unit ?? '',
        locale: new Locale(language, timeZone),
      };
    }
    const { board } = this.feed.value;
    if (board === undefined || board === this.shown) return;
    this.shown = board;
    this.preferences.hang(board.screen);
    this.live.wish(boardWishes(board));
    document.title = `${toPlainText(board.name)} · Fenestra`;
  }

  override render() {
    const { speech, live } = this;
    const { board, isUnknown } = this.feed.value;
    if (!speech) return nothing;
    const { locale } = speech;
    const text = WALL_TEXTS[locale.language];
    const nowMs = live.clock.nowMs;
    if (nowMs !== undefined) this.move(nowMs);
    this.again(nowMs, board);
    return html`
      <fen-silence-banner .life=${live.life} .locale=${locale}></fen-silence-banner>
      ${
        board && nowMs !== undefined
          ? this.renderBoard(board, nowMs, speech)
          : html`<main class="none"><h1>${isUnknown ? text.unknownBoard(this.board) : text.loading}</h1>${isUnknown ? html`<p>${text.unknownBoardWhy}</p>` : nothing}</main>`
      }
      ${this.renderLife(speech)}
    `;
  }

  private renderBoard(board: Board, nowMs: number, speech: AlarmSpeech) {
    const { locale, alarms } = speech;
    const text = WALL_TEXTS[locale.language];
    const turn = turnAt(board.slides, nowMs);
    const isPaused = board.pausesOnCritical && alarms.value.shown.some(isPausing);
    const slide = isPaused ? ALARMS : board.slides[turn.index];
    const [most] = alarms.value.shown;
    return html`
      <header>
        <h1>${siteName(this.live.site.value?.site.name) || toPlainText(board.name)}</h1>
        <p class="which">${toPlainText(board.name)} · ${this.feed.value.isDraft ? `${text.draft} · ` : ''}${isPaused ? text.paused : text.of(locale.count(turn.index + 1), locale.count(board.slides.length))}</p>
        <p class="clock"><span class="unseen">${text.clock} </span><b>${locale.time(nowMs)}</b></p>
      </header>
      ${slide.kind === 'alarms' || most === undefined ? nothing : this.renderMost(most, nowMs, speech)}
      <main>${this.renderSlide(slide, { turn, nowMs, board })}</main>
    `;
  }

  private renderSlide(slide: Slide, { turn, nowMs, board }: { turn: Turn; nowMs: number; board: Board }) {
    const { speech, live } = this;
    if (slide.kind === 'alarms') {
      return html`<fen-wall-alarms .speech=${speech} .nowMs=${wholeSeconds(nowMs)}></fen-wall-alarms>`;
    }
    return html`
      <fen-wall-channels
        .kind=${slide.kind}
        .channels=${slide.channels}
        .windowMs=${slide.kind === 'trends' ? slide.windowSeconds * 1000 : this.preferences.value.windowMs}
        .page=${pageAt(turn, nowMs)}
        .essentialPx=${essentialPx({ ...board.screen, ...this.preferences.value }, screen)}
        .nowMs=${wholeSeconds(nowMs)}
        .fleet=${live.fleet}
        .speech=${speech}
        .scheduler=${this.scheduler}
        .plots=${this.plots}
      ></fen-wall-channels>
    `;
  }

  /** The most urgent alarm, on every slide. */
  private renderMost(alarm: AlarmReply, nowMs: number, speech: AlarmSpeech) {
    const { locale, alarms } = speech;
    const { text } = locale;
    const isOld = alarms.isStale(alarm.tag);
    const since = alarm.raisedMs === undefined ? '' : locale.span(wholeSeconds(nowMs) - alarm.raisedMs);
    return html`
      <section class="most ${isOld ? 'old' : alarm.priority}" aria-label=${text.mostUrgent}>
        <fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state} .quiet=${isOld}></fen-alarm-symbol>
        <p class="what"><bdi>${alarmName(alarm, speech)}</bdi></p>
        <p class="how">${since} · ${text.alarmState[alarm.state]}</p>
      </section>
    `;
  }

  private renderLife({ locale }: AlarmSpeech) {
    const { text } = locale;
    const { liveness, ageMs, points, areDevicesSilent, silentMs } = this.live.life.value;
    const said =
      liveness === 'silent'
        ? html`${text.silent} <b>${locale.span(silentMs)}</b>`
        : liveness === 'connecting'
          ? text.connecting
          : areDevicesSilent
            ? html`${text.noNewData} <b>${locale.span(ageMs)}</b>`
            : html`${text.live} <b>${locale.delay(ageMs)}</b>`;
    return html`
      <footer class=${liveness}>
        <p class="life">${said}</p>
        <p>${text.missing.before} <b>${locale.count(points.missing)}</b> ${text.missing.after}</p>
      </footer>
    `;
  }

  /** The whole picture moves a little every minute. */
  private move(nowMs: number): void {
    const { x, y } = burnInShift(nowMs);
    this.style.setProperty('--shift-x', String(x));
    this.style.setProperty('--shift-y', String(y));
  }

  /** Draws anew when the clock shows another second, or something else is shown, whichever is first. */
  private again(nowMs: number | undefined, board: Board | undefined): void {
    clearTimeout(this.timer);
    if (nowMs === undefined) return;
    const secondMs = wholeSeconds(nowMs) + SECOND_MS;
    const changeMs = board ? nextChangeMs(turnAt(board.slides, nowMs), nowMs) : secondMs;
    this.timer = setTimeout(() => this.requestUpdate(), Math.max(1, Math.min(secondMs, changeMs) - nowMs));
  }
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-wall-page': FenWallPage;
  }
}
