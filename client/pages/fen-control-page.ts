import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import type { PlotLoader } from '../charts/fen-trend-chart.ts';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import type { AlarmSpeech } from '../components/alarm-speech.ts';
import { channelRemark } from '../components/diagnosis-verdict.ts';
import '../components/fen-alarm-list.ts';
import type { FenAlarmList } from '../components/fen-alarm-list.ts';
import { FenChannelTile } from '../components/fen-channel-tile.ts';
import '../components/fen-fleet-summary.ts';
import '../components/fen-view-bar.ts';
import { readablePace } from '../components/readable-pace.ts';
import { TileBoard } from '../components/tile-board.ts';
import { tileAfter, tileCapacity, tileColumns } from '../components/tile-grid.ts';
import type { Locale } from '../locale/locale.ts';
import type { AlarmDesk } from '../store/alarm-desk.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { LifeStore } from '../store/life-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { styles } from './fen-control-page.styles.ts';
import type { Placed } from './place.ts';

// After a hand has moved over the tiles, they keep their places for so long.
const TOUCHED_MS = 10_000;

/** Stands for the list of alarms in `focusOn`; no channel is called so. */
export const ALARM_LIST = '';

/** `/`: what is abnormal first: the alarms, and every channel at a glance. */
@customElement('fen-control-page')
export class FenControlPage extends LitElement implements Placed {
  static override styles = [shared, styles];

  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) plots!: PlotLoader;
  @property({ attribute: false }) windowMs = 60_000;
  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) alarmDesk!: AlarmDesk;
  /** Of the address: which alarm is shown in detail. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) locale!: Locale;

  /** How many tiles the screen holds where they take turns; undefined where they are scrolled. */
  @state() private capacity?: number;

  private columns = 1;
  private readonly board = new TileBoard();
  private focusedBefore?: string;
  private wasInDetail = false;
  private opened?: AlarmReply;
  private touchedMs = -Infinity;
  @query('.tiles') private readonly grid!: HTMLElement | null;
  @query('fen-alarm-list') private readonly list!: FenAlarmList;

  private readonly onSize = new ResizeObserver(() => this.arrange());

  constructor() {
    super();
    new StoreController(this, () => this.fleet);
    new StoreController(this, () => this.speech.alarms, readablePace);
    new StoreController(this, () => this.life, readablePace);
  }

  /** The channel whose tile has the focus. */
  get focusKey(): string | undefined {
    const focused = this.shadowRoot?.activeElement;
    return focused instanceof FenChannelTile ? focused.channel.name : undefined;
  }

  get scroller(): HTMLElement | null {
    return this.grid;
  }

  async focusOn(name: string): Promise<boolean> {
    if (name === ALARM_LIST) {
      this.list.focus();
      return true;
    }
    const tile = this.tiles.find(({ channel }) => channel.name === name);
    await tile?.updateComplete;
    tile?.focus();
    return tile !== undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.onSize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.onSize.disconnect();
  }

  protected override willUpdate(): void {
    this.focusedBefore = this.focusKey;
    this.wasInDetail = this.shadowRoot?.activeElement?.localName === 'fen-alarm-detail';
  }

  protected override updated(): void {
    this.arrange();
    const { focusedBefore } = this;
    if (this.wasInDetail && !this.shadowRoot?.activeElement) this.list.focus(); // it was closed
    if (focusedBefore !== undefined && this.focusKey === undefined) void this.focusOn(focusedBefore); // its tile was moved
  }

  override render() {
    const { fleet, locale, windowMs } = this;
    const { text } = locale;
    const { frozenMs, channels: all } = fleet.value;
    const { channels, turn, turns } = this.arranged();
    const { ofChannel } = this.speech.alarms.value;
    return html`
      <h1 class="unseen" tabindex="-1">${text.controlRoom}</h1>
      <fen-view-bar .fleet=${fleet.value} .life=${this.life} .windowMs=${windowMs} .locale=${locale}>
        <fen-fleet-summary
          .fleet=${fleet.value}
          .diagnoses=${fleet.diagnoses}
          .speech=${this.speech}
          .life=${this.life}
          .locale=${locale}
          .note=${turns > 1 ? text.board(locale.count(turn + 1), locale.count(turns)) : ''}
        ></fen-fleet-summary>
      </fen-view-bar>
      ${
        all.length === 0
          ? this.renderNone()
          : html`
              <div class="tiles" @keydown=${this.move} @pointermove=${this.touch} @pointerdown=${this.touch}>
                ${repeat(
                  channels,
                  (channel, place) => (turns > 1 ? place : channel.name), // taking turns, a tile shows one after another
                  (channel) => html`
                    <fen-channel-tile .channel=${channel} .alarm=${ofChannel.get(channel.name)} .speech=${this.speech} .diagnosis=${fleet.diagnoses.find(channel.name)} .scheduler=${this.scheduler} .plots=${this.plots} .windowMs=${windowMs} .frozenMs=${frozenMs} .locale=${locale}></fen-channel-tile>
                  `,
                )}
              </div>
            `
      }
      ${this.renderAlarms()}
    `;
  }

  private renderAlarms() {
    const { speech, open } = this;
    const { serverMs } = this.life.value;
    const nowMs = serverMs === undefined ? undefined : Math.floor(serverMs / 1000) * 1000;
    return html`
      <aside class=${open ? 'open' : ''} aria-label=${this.locale.text.alarms}>
        <fen-alarm-list .speech=${speech} .desk=${this.alarmDesk} .nowMs=${nowMs} .openTag=${open?.tag}></fen-alarm-list>
        ${open ? html`<fen-alarm-detail .alarm=${open} .speech=${speech} .nowMs=${nowMs}></fen-alarm-detail>` : nothing}
      </aside>
    `;
  }

  private renderNone() {
    const { text } = this.locale;
    const isKnown = this.life.value.liveness === 'live'; // else nobody said that there are none
    return html`
      <div class="none">
        <h2>${isKnown ? text.noChannels : text.connectingTitle}</h2>
        <p>${isKnown ? text.noChannelsWhy : text.connectingWhy}</p>
      </div>
    `;
  }

  /** The alarm in detail; as it was last known where it is over. */
  private get open(): AlarmReply | undefined {
    const tag = new URLSearchParams(this.query).get('alarm') ?? undefined;
    if (tag === undefined) this.opened = undefined;
    else
      this.opened =
        this.speech.alarms.find(tag) ?? (this.opened?.tag === tag ? { ...this.opened, state: 'normal' } : undefined);
    return this.opened;
  }

  private arranged() {
    const { channels, isFrozen } = this.fleet.value;
    const { ofChannel } = this.speech.alarms.value;
    const isTouched = performance.now() - this.touchedMs < TOUCHED_MS;
    const isHeld = isFrozen || isTouched || this.life.value.liveness === 'silent';
    return this.board.arrange(channels, {
      capacity: this.capacity ?? Infinity,
      nowMs: performance.now(),
      isHeld,
      alarmOf: ({ name }) => ofChannel.get(name)?.priority,
      remarkOf: ({ name, value }) => channelRemark(this.fleet.diagnoses.find(name), value, this.locale)?.kind,
    });
  }

  private arrange(): void {
    if (!this.grid) return;
    const style = getComputedStyle(this);
    const word = (token: string) => style.getPropertyValue(token).trim();
    const px = (token: string) => Number.parseFloat(word(token));
    const border = 2 * px('--unit');
    const room = {
      width: this.grid.clientWidth - border,
      height: this.grid.clientHeight - border,
      tileWidth: px('--tile-width'),
      tileHeight: px('--tile-height'),
      gap: px('--gap'),
    };
    this.capacity = word('--tile-overflow') === 'turns' ? tileCapacity(room) : undefined;
    this.columns = tileColumns(Math.min(this.fleet.value.channels.length, this.capacity ?? Infinity), room);
    this.style.setProperty('--columns', String(this.columns));
  }

  private get tiles(): FenChannelTile[] {
    return [...this.renderRoot.querySelectorAll<FenChannelTile>('fen-channel-tile')];
  }

  /** No tile moves from under a hand. */
  private touch(): void {
    this.touchedMs = performance.now();
  }

  private move(event: KeyboardEvent): void {
    this.touch();
    const { tiles } = this;
    const at = tiles.indexOf(event.target as FenChannelTile);
    const to = at < 0 ? undefined : tileAfter(event.key, { at, count: tiles.length, columns: this.columns });
    if (to === undefined) return;
    event.preventDefault();
    tiles[to].focus();
  }
}
