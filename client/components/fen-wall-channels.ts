import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PlotLoader } from '../charts/fen-trend-chart.ts';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import { WALL_TEXTS } from '../locale/wall-texts.ts';
import type { ChannelStore } from '../store/channel-store.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { takeTurns } from '../store/rotation.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import type { AlarmSpeech } from './alarm-speech.ts';
import { remarkOf, verdictOf } from './diagnosis-verdict.ts';
import './fen-wall-tile.ts';
import { readablePace } from './readable-pace.ts';
import { tileCapacity, tileColumns } from './tile-grid.ts';

/** Room that one takes at least, in sizes of essential type, and its best shape; trends stand below each other. */
const ROOM = {
  tiles: { width: 12, height: 5.2, aspect: 1.6 },
  trends: { width: Infinity, height: 5.5, aspect: 1.6 },
  diagnoses: { width: 13, height: 3.5, aspect: 4 },
} as const;

/** Between them, as --gap. */
const GAP = 0.32;

/** Channels of a slide: as tiles, large trends, or what models make of them. What is wrong comes first and stays, the rest takes turns. */
@customElement('fen-wall-channels')
export class FenWallChannels extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(var(--columns, 1), minmax(0, 1fr));
        grid-auto-rows: minmax(0, 1fr);
        gap: var(--gap);
        min-height: 0;
        overflow: hidden;
      }
      .none {
        grid-column: 1 / -1;
        align-self: center;
        text-align: center;
        font-size: var(--text-title);
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) kind: keyof typeof ROOM = 'tiles';
  /** Names; all there are where it is empty. */
  @property({ attribute: false }) channels: readonly string[] = [];
  @property({ attribute: false }) windowMs = 60_000;
  /** Which page is shown; of how many there are, the rest of a division. */
  @property({ attribute: false }) page = 0;
  /** Size of essential type, CSS pixels. */
  @property({ attribute: false }) essentialPx = 16;
  /** Server clock, whole seconds in ms since 1970 UTC: with each it is judged anew what is wrong. */
  @property({ attribute: false }) nowMs = 0;
  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) plots!: PlotLoader;

  @state() private room = { width: 0, height: 0 };
  private readonly onSize = new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    this.room = { width, height };
  });

  constructor() {
    super();
    new StoreController(this, () => this.fleet, readablePace);
    new StoreController(this, () => this.speech.alarms, readablePace);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.onSize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.onSize.disconnect();
  }

  override render() {
    const all = this.named();
    if (all.length === 0) return html`<p class="none">${this.lackOf()}</p>`;
    const { width, height, aspect } = ROOM[this.kind];
    const e = this.essentialPx;
    const tileWidth = Math.min(width * e, this.room.width);
    const room = { ...this.room, tileWidth, tileHeight: height * e, gap: GAP * e, aspect };
    const { shown } = takeTurns(this.byUrgency(all), tileCapacity(room), this.page);
    this.style.setProperty('--columns', String(tileColumns(shown.length, room)));
    // Keyed by place: a tile shows one channel after another, and none is made or thrown away.
    return shown.map((channel) => this.renderTile(channel));
  }

  private renderTile(channel: ChannelStore) {
    const { name } = channel;
    return html`
      <fen-wall-tile
        .channel=${channel}
        .diagnosis=${this.fleet.diagnoses.find(name)}
        .alarm=${this.speech.alarms.value.ofChannel.get(name)}
        .speech=${this.speech}
        .scheduler=${this.scheduler}
        .plots=${this.plots}
        .windowMs=${this.windowMs}
        .kind=${this.kind}
      ></fen-wall-tile>
    `;
  }

  private named(): readonly ChannelStore[] {
    const { channels, kind, fleet } = this;
    const all = fleet.value.channels;
    const named = channels.length === 0 ? all : channels.flatMap((name) => fleet.find(name) ?? []);
    return kind === 'diagnoses' ? named.filter(({ name }) => fleet.diagnoses.find(name) !== undefined) : named;
  }

  /** With an alarm, the most urgent first; then with a fault that a model finds. */
  private byUrgency(all: readonly ChannelStore[]) {
    const { alarms } = this.speech;
    const order = [...alarms.value.ofChannel.keys()]; // by urgency
    const places = new Map(order.map((name, place) => [name, place]));
    const alarmed = all.filter(({ name }) => places.has(name));
    alarmed.sort((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0));
    const rest = all.filter(({ name }) => !places.has(name));
    const faulty = new Set(rest.filter((channel) => this.isFaulty(channel)));
    return { urgent: [...alarmed, ...faulty], calm: rest.filter((channel) => !faulty.has(channel)) };
  }

  /** Whether a model finds a fault, and is sure. */
  private isFaulty(channel: ChannelStore): boolean {
    const diagnosis = this.fleet.diagnoses.find(channel.name);
    return (
      diagnosis !== undefined && remarkOf(verdictOf(diagnosis.value, channel.value, this.speech.locale)) === 'fault'
    );
  }

  private lackOf(): string {
    const { locale } = this.speech;
    const isDiagnosis = this.kind === 'diagnoses' && this.fleet.value.channels.length > 0;
    return isDiagnosis ? WALL_TEXTS[locale.language].noModels : locale.text.noChannels;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-wall-channels': FenWallChannels;
  }
}
