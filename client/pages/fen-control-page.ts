import { css, html, LitElement } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PlotLoader } from '../charts/fen-trend-chart.ts';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import { channelAlarm } from '../components/diagnosis-verdict.ts';
import { FenChannelTile } from '../components/fen-channel-tile.ts';
import '../components/fen-fleet-summary.ts';
import '../components/fen-view-bar.ts';
import { readablePace } from '../components/readable-pace.ts';
import { TileBoard } from '../components/tile-board.ts';
import { tileAfter, tileCapacity, tileColumns } from '../components/tile-grid.ts';
import type { Locale } from '../locale/locale.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { LifeStore } from '../store/life-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import type { Placed } from './place.ts';

/** `/`: every channel at a glance, as many on the screen as can be read. */
@customElement('fen-control-page')
export class FenControlPage extends LitElement implements Placed {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
        height: 100%;
        gap: var(--gap);
        padding: calc(var(--unit) * 2) var(--gutter) var(--gutter);
      }
      .tiles {
        display: grid;
        grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
        grid-auto-rows: minmax(var(--tile-height), 1fr);
        gap: var(--gap);
        min-height: 0;
        /* Room for the focus ring, which a scroller would cut off. */
        margin: calc(var(--unit) * -1);
        padding: var(--unit);
        overflow: auto;
      }
      .none {
        align-self: center;
        justify-self: center;
        text-align: center;
        color: var(--ink-2);
      }
      .none h2 {
        font-size: var(--text-title);
        color: var(--ink);
      }
      @media (max-width: 699px) {
        :host {
          height: auto;
          padding-bottom: var(--foot);
        }
        .tiles {
          overflow: visible;
        }
      }
    `,
  ];

  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) plots!: PlotLoader;
  @property({ attribute: false }) windowMs = 60_000;
  @property({ attribute: false }) locale!: Locale;

  /** How many tiles the screen holds where they take turns; undefined where they are scrolled. */
  @state() private capacity?: number;
  @state() private order: 'place' | 'urgency' = 'place';

  private columns = 1;
  private readonly board = new TileBoard();
  private focusedBefore?: string;
  @query('.tiles') private readonly grid!: HTMLElement | null;

  private readonly onSize = new ResizeObserver(() => this.arrange());

  constructor() {
    super();
    new StoreController(this, () => this.fleet);
    new StoreController(this, () => (this.mayChange ? this.life : undefined), readablePace);
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
  }

  protected override updated(): void {
    this.arrange();
    const { focusedBefore } = this;
    if (focusedBefore !== undefined && this.focusKey === undefined) void this.focusOn(focusedBefore); // its tile was moved
  }

  override render() {
    const { fleet, locale, windowMs } = this;
    const { text } = locale;
    const { frozenMs, channels: all } = fleet.value;
    const { channels, turn, turns } = this.arranged();
    return html`
      <h1 class="unseen" tabindex="-1">${text.controlRoom}</h1>
      <fen-view-bar .fleet=${fleet.value} .life=${this.life} .windowMs=${windowMs} .locale=${locale}>
        <fen-fleet-summary
          .fleet=${fleet.value}
          .diagnoses=${fleet.diagnoses}
          .life=${this.life}
          .locale=${locale}
          .note=${turns > 1 ? text.board(locale.count(turn + 1), locale.count(turns)) : ''}
        ></fen-fleet-summary>
      </fen-view-bar>
      ${
        all.length === 0
          ? this.renderNone()
          : html`
              <div class="tiles" @keydown=${this.move}>
                ${repeat(
                  channels,
                  (channel, place) => (turns > 1 ? place : channel.name), // taking turns, a tile shows one after another
                  (channel) => html`
                    <fen-channel-tile .channel=${channel} .diagnosis=${fleet.diagnoses.find(channel.name)} .scheduler=${this.scheduler} .plots=${this.plots} .windowMs=${windowMs} .frozenMs=${frozenMs} .locale=${locale}></fen-channel-tile>
                  `,
                )}
              </div>
            `
      }
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

  /** Whether anything but the fleet and the tiles themselves changes what is shown. */
  private get mayChange(): boolean {
    return this.order === 'urgency' || this.fleet.value.channels.length === 0;
  }

  private arranged() {
    const { channels, isFrozen } = this.fleet.value;
    if (this.order === 'place') return { channels, turn: 0, turns: 1 };
    const isHeld = isFrozen || this.life.value.liveness === 'silent';
    return this.board.arrange(channels, {
      capacity: this.capacity ?? Infinity,
      nowMs: performance.now(),
      isHeld,
      alarmOf: ({ name, value }) => channelAlarm(this.fleet.diagnoses.find(name), value, this.locale)?.kind,
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
    this.order = word('--tile-order') === 'urgency' ? 'urgency' : 'place';
    this.capacity = word('--tile-overflow') === 'turns' ? tileCapacity(room) : undefined;
    this.columns = tileColumns(Math.min(this.fleet.value.channels.length, this.capacity ?? Infinity), room);
    this.style.setProperty('--columns', String(this.columns));
  }

  private get tiles(): FenChannelTile[] {
    return [...this.renderRoot.querySelectorAll<FenChannelTile>('fen-channel-tile')];
  }

  private move(event: KeyboardEvent): void {
    const { tiles } = this;
    const at = tiles.indexOf(event.target as FenChannelTile);
    const to = at < 0 ? undefined : tileAfter(event.key, { at, count: tiles.length, columns: this.columns });
    if (to === undefined) return;
    event.preventDefault();
    tiles[to].focus();
  }
}
