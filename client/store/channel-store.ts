import type { DecimateKernel, PixelColumns } from '../../server/kernels/decimate-kernel.ts';
import type { Channel, ChannelPulse } from '../../server/wire/events.ts';
import type { HistoryReply } from '../../server/wire/history.ts';
import type { TrendBlock } from '../../server/wire/trend-frame.ts';
import { historyRuns, insertMissing } from './history-runs.ts';
import { type Loss, Losses } from './losses.ts';
import { Outages } from './outages.ts';
import { PointLedger } from './point-ledger.ts';
import { type Reading, RecentRows } from './recent-rows.ts';
import type { ColumnRange } from './row-columns.ts';
import { blockRun, endOf, startOf } from './row-run.ts';
import { SampleClock } from './sample-clock.ts';
import { type ServerClock, SILENCE_MS } from './server-clock.ts';
import { Listeners, type Store } from './store.ts';
import { StreamRows } from './stream-rows.ts';
import { TrendRows } from './trend-rows.ts';

// What a tile calls the current value is merged over this much of the sample
// clock, so that its last digits can be read.
const READING_MS = 250;
// A channel is stale when it misses this many rows, and never before SILENCE_MS.
const STALE_ROWS = 3;

/** What is known of one channel at this moment, or of the moment of the freeze. A new object after every change. */
export interface ChannelState {
  readonly channel: Channel;
  /** Everything below is of the moment of the freeze, not of now; yet nothing is fresh while the server is silent. */
  readonly isFrozen: boolean;
  /** Sample clock at the freeze, ms since 1970 UTC; undefined while live, and where no window had come by then. */
  readonly frozenMs: number | undefined;
  /** Undefined before the first window. */
  readonly reading: Reading | undefined;
  /** Time since the newest sample was read at the server, by the server's clock; undefined before the first. */
  readonly ageMs: number | undefined;
  /** Nothing new for 3 s (or three rows, where rows are longer), or the server is silent. Also before the first sample. */
  readonly isStale: boolean;
  /** The newest reading here is old only because newer ones are on their way; not stale then. */
  readonly isBehind: boolean;
  /** The ledger in short, from the last heartbeat. Undefined before it. */
  readonly pulse: ChannelPulse | undefined;
}

/**
 * Everything the browser knows of one channel: its description, its trend
 * rows in WASM memory, the newest reading and the account of its points.
 *
 * Announces a change with every block, heartbeat and tick; `value` is made
 * when it is read, so a channel that nobody looks at costs only its rows.
 */
export class ChannelStore implements Store<ChannelState> {
  readonly name: string;
  readonly rows: TrendRows;
  /** How its streams lie on one time axis. */
  readonly streams: StreamRows;
  readonly outages = new Outages();
  /** What only the history can still give. */
  readonly losses = new Losses(this.outages);
  readonly #clock: ServerClock;
  readonly #sampleClock = new SampleClock();
  readonly #recent = new RecentRows();
  readonly #listeners = new Listeners();
  #channel: Channel;
  #ledger = new PointLedger();
  #pulse: ChannelPulse | undefined;
  #newestStream = -1;
  /** What of the past came merged: up to where, and in rows of what length. */
  readonly #coarse = { rowMs: 0, toMs: -Infinity };
  #rowMs = 0;
  /** What the hub had when it last began to send: held up to there, this page has caught up. */
  #promised = 0;
  /** Of a former life of the hub, and not listed in this one. */
  #isAwaited = false;
  #isLoading = false;
  #arrivedMs: number | undefined;
  #version = 0;
  #value: ChannelState | undefined;
  #frozen: { readonly state: ChannelState; version: number } | undefined;

  constructor(channel: Channel, { clock, kernel }: { clock: ServerClock; kernel: DecimateKernel }) {
    this.name = channel.name;
    this.rows = new TrendRows(kernel);
    this.streams = new StreamRows(this.rows);
    this.#channel = channel;
    this.#clock = clock;
  }

  get value(): ChannelState {
    this.#value ??= this.#state();
    return this.#value;
  }

  /** Grows with all that comes in of what the view shows: whether there is anything to draw. */
  get version(): number {
    return this.#frozen?.version ?? this.#version;
  }

  /** How long a window lasts, ms. */
  get windowMs(): number {
    return (this.#channel.window / this.#channel.rateHz) * 1000;
  }

  /** How long the newest row lasts, ms; 0 before the first. */
  get rowMs(): number {
    return this.#rowMs;
  }

  /** Rows before made room for newer ones; undefined where none had to. */
  get keptFromMs(): number | undefined {
    return this.rows.dropped > 0 ? this.rows.oldestMs : undefined;
  }

  /** From when on no row is longer than `columnMs` because it came merged, as the past of a tile does. */
  fineFromMs(columnMs: number): number {
    return this.#coarse.rowMs > columnMs ? this.#coarse.toMs : -Infinity;
  }

  /** Points of this life of the hub. */
  get ledger(): PointLedger {
    return this.#ledger;
  }

  /** Right edge of the time axis: the sample clock now, or at the freeze. Undefined before the first window. */
  get edgeMs(): number | undefined {
    return this.#frozen ? this.#frozen.state.frozenMs : this.#liveEdgeMs();
  }

  get isFrozen(): boolean {
    return this.#frozen !== undefined;
  }

  /** Whether a part of the past is on its way: what is not there yet is not missing. */
  get isLoading(): boolean {
    return this.#isLoading;
  }

  set isLoading(isLoading: boolean) {
    if (isLoading === this.#isLoading) return;
    this.#isLoading = isLoading;
    this.#changed();
  }

  /** Time since the newest sample was read at the server, also while the view is frozen; undefined before the first. */
  get ageMs(): number | undefined {
    const arrivedMs = this.#arrivedMs ?? this.#pulse?.arrivedMs;
    return arrivedMs === undefined ? undefined : this.#since(arrivedMs);
  }

  /** Nothing new for 3 s, or for three rows where rows are longer; also while the view is frozen. */
  get isLate(): boolean {
    return this.#isLate(this.ageMs);
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Reduces a range of the rows to pixel columns. The result is valid until the next call. */
  decimate(range: ColumnRange): PixelColumns {
    return this.rows.decimate(range);
  }

  setChannel(channel: Channel): void {
    this.#channel = channel;
    this.#isAwaited = false;
    this.#changed();
  }

  setPulse(pulse: ChannelPulse): void {
    this.#pulse = pulse;
    this.#changed();
  }

  /** The hub begins to send and has the windows up to `next` - 1. */
  begin(next: number): void {
    this.#promised = next;
    this.#changed();
  }

  /** Another life of the hub: sequence and stream numbers start over, the rows stay. Stale until it is listed again. */
  restart(): void {
    this.outages.begin(this.rows.newestMs);
    this.losses.restart(this.#ledger, this.windowMs);
    this.#ledger = new PointLedger();
    this.streams.restart();
    this.#newestStream = -1;
    this.#promised = 0;
    this.#pulse = undefined;
    this.#isAwaited = true;
  }

  /** Time has passed. */
  tick(): void {
    this.#changed();
  }

  freeze(): void {
    const state = { ...this.#liveState(), isFrozen: true, frozenMs: this.#liveEdgeMs() };
    this.#frozen = { state, version: ++this.#version };
    this.#changed();
  }

  goLive(): void {
    this.#frozen = undefined;
    this.#version++;
    this.#changed();
  }

  /** What the hub has no more, as far as it is known by now; each is given once. */
  takeLosses(): Loss[] {
    return this.losses.take(this.#ledger, { isSettled: !this.#isLoading, windowMs: this.windowMs });
  }

  /** Takes in windows that begin in a range from an answer of the history; what is there already stays. */
  insertPast(reply: HistoryReply, range: { readonly fromMs: number; readonly toMs: number }): void {
    const half = reply.rowMs / 2;
    const runs = historyRuns(reply, { fromMs: range.fromMs - half, toMs: range.toMs - half });
    for (const run of runs) insertMissing(this.rows, run);
    this.#version++;
    if (this.#frozen) this.#frozen.version = this.#version;
    this.#changed();
  }

  /** Takes in the rows of a block, unless all of it was seen before. */
  add(block: TrendBlock): void {
    const isNewest = block.lastSeq >= this.#ledger.next;
    const firstSeq = block.lastSeq + 1 - block.windows;
    const isNews = firstSeq >= this.#ledger.next;
    const run = blockRun(block);
    if (this.#ledger.add(firstSeq, block.lastSeq + 1, { fromMs: run.timeMs, toMs: endOf(run) }) === 0) return;

    this.outages.observe(run.timeMs, block.rowNs / block.span / 1e6);
    if (this.streams.insert(run, { stream: block.stream, firstSeq, isNews }) === 'stepped') this.#recent.clear();
    if (!isNewest && block.span > 1) {
      this.#coarse.rowMs = Math.max(this.#coarse.rowMs, run.rowMs);
      this.#coarse.toMs = Math.max(this.#coarse.toMs, endOf(run));
    }
    if (isNewest) this.#note(block);
    this.#version++;
    // Only what comes in changes a frozen picture: it stays while its rows make room for newer ones.
    if (this.#frozen && startOf(block) < (this.edgeMs ?? -Infinity)) this.#frozen.version = this.#version;
    this.#changed();
  }

  #note(block: TrendBlock): void {
    const rowMs = block.rowNs / 1e6;
    const timeMs = startOf(block);
    if (block.stream !== this.#newestStream) this.#recent.clear();
    this.#newestStream = block.stream;
    this.#recent.append(block, timeMs);
    this.#sampleClock.observe(timeMs + block.min.length * rowMs, block.arrivedMs);
    this.#arrivedMs = block.arrivedMs;
    this.#rowMs = rowMs;
  }

  #liveEdgeMs(): number | undefined {
    const serverMs = this.#clock.viewMs;
    return serverMs === undefined ? undefined : this.#sampleClock.at(serverMs);
  }

  #changed(): void {
    this.#value = undefined;
    this.#listeners.announce();
  }

  #state(): ChannelState {
    if (!this.#frozen) return this.#liveState();
    const { state } = this.#frozen;
    return { ...state, channel: this.#channel, isStale: state.isStale || this.#clock.isSilent };
  }

  #liveState(): ChannelState {
    const { ageMs } = this;
    const isLate = this.#isLate(ageMs);
    const isLost = this.#clock.isSilent || this.#isAwaited;
    const isBehind = isLate && !isLost && this.#ledger.next < this.#promised && !this.#isDeviceSilent();
    return {
      channel: this.#channel,
      isFrozen: false,
      frozenMs: undefined,
      reading: this.#recent.reading(READING_MS),
      ageMs,
      isStale: isLost || (isLate && !isBehind),
      isBehind,
      pulse: this.#pulse,
    };
  }

  #isLate(ageMs: number | undefined): boolean {
    return ageMs === undefined || ageMs > Math.max(SILENCE_MS, STALE_ROWS * this.#rowMs);
  }

  #isDeviceSilent(): boolean {
    return this.#pulse?.arrivedMs !== undefined && this.#isLate(this.#since(this.#pulse.arrivedMs));
  }

  #since(serverMs: number): number | undefined {
    const { nowMs } = this.#clock;
    return nowMs === undefined ? undefined : Math.max(0, nowMs - serverMs);
  }
}
