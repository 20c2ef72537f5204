import type { Clock } from '../base/clock.ts';
import { ListenedTime } from '../base/listened-time.ts';
import type { HubSettings } from '../config.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import type { LedgerEntry } from '../trend/ledger.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import { COMMAND_MS, type Command, type Fill, type Subscribe } from '../wire/commands.ts';
import type { CloseReason, Welcome } from '../wire/events.ts';
import { AlarmNews } from './alarm-news.ts';
import { ChannelList } from './channel-list.ts';
import type { ChannelTable } from './channel-table.ts';
import { readCommand } from './command-reader.ts';
import type { DeliveryTools } from './delivery.ts';
import { DiagnosisNews } from './diagnosis-news.ts';
import { FrameBuilder } from './frame-builder.ts';
import { Heartbeats } from './heartbeats.ts';
import { Latencies } from './latencies.ts';
import { laneBytesPerSecond } from './subscription.ts';
import { Subscriptions } from './subscriptions.ts';
import { createCounters, Viewer, type ViewerSocket } from './viewer.ts';

/** Encoded at most a tick for viewers that are behind, so that catching up starves nobody who is in step, */
const CATCH_UP_BYTES = 4 * 1024 * 1024;
/** and for those that asked for the past, which then keeps nobody from catching up. */
const PAST_BYTES = 2 * 1024 * 1024;

// Below, time is that in which the hub has listened.

/** A viewer is pinged every so many heartbeats, */
const PING_BEATS = 5;
/** ended when nothing was heard of it for so long, */
const DEAD_MS = 20_000;
/** and cut off when it does not answer its close frame in so long. */
const CLOSE_MS = 2000;

export interface AudienceOptions {
  readonly clock: Clock;
  readonly channels: ChannelTable;
  readonly settings: Pick<HubSettings, 'interval_ms' | 'command_rate'>;
  readonly welcome: Omit<Welcome, 'type' | 'serverMs'>;
  /** Runs something when this turn of the event loop is over. */
  readonly soon: (run: () => void) => void;
}

/**
 * Everyone who watches, and what they get. Knows neither HTTP nor timers:
 * whoever owns it calls `tick` every interval and `beat` every second.
 */
export class Audience {
  readonly viewers = new Set<Viewer>();
  readonly counters = createCounters();
  readonly latencies = new Latencies();
  readonly diagnoses: DiagnosisNews;
  readonly alarms: AlarmNews;
  readonly heartbeats: Heartbeats;
  readonly #options: AudienceOptions;
  readonly #clock: Clock;
  readonly #listened: ListenedTime;
  readonly #channels: ChannelTable;
  readonly #tools: DeliveryTools;
  readonly #subscriptions: Subscriptions;
  readonly #list: ChannelList;
  #plan = 0; // as subscriptions were last made for
  #beats = 0;
  #admitted = 0;

  constructor(options: AudienceOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#listened = new ListenedTime(options.clock.monotonicMs());
    this.#channels = options.channels;
    this.#list = new ChannelList(options.channels);
    const { viewers, counters } = this;
    this.diagnoses = new DiagnosisNews({ channels: options.channels, listened: this.#listened, viewers, counters });
    this.alarms = new AlarmNews({ viewers, counters, soon: options.soon });
    this.heartbeats = new Heartbeats(options.channels);
    this.#tools = {
      clock: options.clock,
      listened: this.#listened,
      builder: new FrameBuilder(),
      budget: { catchUp: CATCH_UP_BYTES, past: PAST_BYTES },
    };
    this.#subscriptions = new Subscriptions(options.channels, options.welcome.epoch, this.#tools);
  }

  /** Distinct subscriptions: what is encoded each tick. */
  get feeds(): number {
    return this.#subscriptions.size;
  }

  setChannel(info: ChannelInfo): void {
    this.#channels.set(info);
    this.#list.markStale();
  }

  /** Takes in a window of a channel that was set before. */
  sendTrend(window: TrendWindow): void {
    const channel = this.#channels.find(window.channel);
    if (!channel) throw new Error(`window of channel ${window.channel}, which was never set`);
    channel.push(window, this.#clock.monotonicMs());
    if (this.viewers.size > 0) this.latencies.arrive(window.arrivedMs);
  }

  setLedger(entries: readonly LedgerEntry[]): void {
    this.#channels.setLedger(entries);
  }

  /** Takes in a new connection and greets it. */
  admit(socket: ViewerSocket): Viewer {
    const viewer = new Viewer(socket, {
      number: this.#admitted++,
      commandRate: this.#options.settings.command_rate,
      counters: this.counters,
      tools: this.#tools,
    });
    this.viewers.add(viewer);
    viewer.tell({ type: 'welcome', ...this.#options.welcome, serverMs: this.#clock.nowMs() });
    this.diagnoses.greet(viewer);
    viewer.tellText(this.#list.text);
    this.alarms.greet(viewer);
    return viewer;
  }

  /** Takes a viewer out whose connection has ended. */
  dismiss(viewer: Viewer): void {
    this.viewers.delete(viewer);
    this.alarms.dismiss(viewer);
    this.#subscriptions.release(viewer);
    viewer.markEnded();
  }

  /** Ends a connection. It stays among the viewers until it is dismissed, since it holds memory until then. */
  end(viewer: Viewer, reason: CloseReason, message: string): void {
    this.#subscriptions.release(viewer);
    viewer.end(reason, message);
  }

  /** Sees what the connection of a viewer brought, of which the messages and pongs come by themselves. */
  follow(viewer: Viewer, chunk: Buffer): void {
    viewer.message.take(chunk, this.#listened.ms);
  }

  /** Takes one message of a viewer. Whatever it holds, it harms nobody but that viewer. */
  receive(viewer: Viewer, data: Buffer, isBinary: boolean): void {
    if (viewer.endedMs !== undefined) return;
    viewer.heardMs = this.#listened.ms;
    if (isBinary) {
      this.end(viewer, 'BINARY_REFUSED', `${data.byteLength} bytes of binary, expected text`);
      return;
    }
    const read = readCommand(data.toString());
    if (read.kind === 'invalid') this.end(viewer, read.reason, read.message);
    else this.#obey(viewer, read.command);
  }

  /** Counts one more command, ping or pong of a viewer against its rate; false where that was one too many. */
  allows(viewer: Viewer): boolean {
    if (viewer.endedMs !== undefined) return false;
    viewer.heardMs = this.#listened.ms;
    if (viewer.commands.take(this.#clock.monotonicMs())) return true;
    this.end(viewer, 'RATE_LIMIT', `more than ${this.#options.settings.command_rate} commands a second`);
    return false;
  }

  /** Takes a pong of a viewer: it tells that alarms have landed, or counts as `allows` says. */
  takePong(viewer: Viewer, data: Buffer): void {
    if (viewer.endedMs !== undefined) return;
    if (this.alarms.land(viewer, data)) viewer.heardMs = this.#listened.ms;
    else this.allows(viewer);
  }

  /** Sends what has come since the last tick: to those in step first, then by turns to those behind. */
  tick(): void {
    this.#listened.look(this.#clock.monotonicMs());
    this.alarms.tell();
    this.diagnoses.tellModels();
    this.#tellChannels();
    this.latencies.send(this.#clock.nowMs());
    this.#tools.budget.catchUp = CATCH_UP_BYTES;
    this.#tools.budget.past = PAST_BYTES;
    this.#subscriptions.tick();

    const behind: Viewer[] = [];
    for (const viewer of this.viewers) {
      if (viewer.delivery?.isInStep) viewer.pump();
      else if (viewer.delivery) behind.push(viewer);
    }
    for (const viewer of behind) {
      if (this.#tools.budget.catchUp <= 0) break;
      viewer.pump();
      this.viewers.delete(viewer); // to the end: next time it is another one's turn first
      this.viewers.add(viewer);
    }
    this.diagnoses.tell();
  }

  /**
   * The heartbeat, and a look at the viewer's pace, once a second for each: for
   * all at once, or by turns, so that no frame stands behind a thousand of them.
   */
  beat(turn = 0, turns = 1): void {
    if (turn === 0) {
      this.latencies.roll();
      this.heartbeats.takePulses();
      this.#beats++;
    }
    this.heartbeats.begin(this.#clock.nowMs(), this.viewers.size);
    const isPingDue = this.#beats % PING_BEATS === 1;
    this.#listened.look(this.#clock.monotonicMs());
    const { ms } = this.#listened;
    for (const viewer of this.viewers) {
      if (viewer.number % turns !== turn) continue;
      if (viewer.endedMs !== undefined) {
        if (ms - viewer.endedMs > CLOSE_MS) viewer.terminate();
      } else if (ms - viewer.heardMs > DEAD_MS) {
        this.counters.dead++;
        viewer.terminate();
      } else if (ms - (viewer.message.sinceMs ?? ms) > COMMAND_MS) {
        this.end(viewer, 'COMMAND_UNFINISHED', `a message that is not whole after ${COMMAND_MS / 1000} s`);
      } else {
        this.heartbeats.tell(viewer);
        if (isPingDue) viewer.ping();
        this.#checkPace(viewer, ms);
      }
    }
  }

  #obey(viewer: Viewer, command: Command): void {
    if (command.type !== 'ack' && !this.allows(viewer)) return;
    switch (command.type) {
      case 'ack':
        this.#acknowledge(viewer, command.bytes);
        break;
      case 'subscribe':
        this.#subscribe(viewer, command);
        break;
      case 'fill':
        this.#fill(viewer, command);
        break;
      case 'ping':
        viewer.tell({ type: 'pong', id: command.id, serverMs: this.#clock.nowMs() });
        break;
    }
  }

  #acknowledge(viewer: Viewer, bytes: number): void {
    if (viewer.flight.acknowledge(bytes, this.#listened.ms)) {
      viewer.pump();
      return;
    }
    const { acked, sent } = viewer.flight;
    this.end(viewer, 'ACK_INVALID', `${bytes} bytes, expected more than ${acked}, at most ${sent}, and one a frame`);
  }

  #subscribe(viewer: Viewer, command: Subscribe): void {
    this.#tellChannels(); // a viewer knows a channel before it is subscribed to it
    const refused = this.#subscriptions.subscribe(viewer, command);
    if (refused) this.end(viewer, 'RESUME_INVALID', refused.message);
  }

  #fill(viewer: Viewer, command: Fill): void {
    const refused = this.#subscriptions.fill(viewer, command);
    if (refused) this.end(viewer, 'FILL_INVALID', refused.message);
  }

  #checkPace(viewer: Viewer, listenedMs: number): void {
    const { delivery, flight, pace } = viewer;
    if (!delivery) return;
    const { backlogMs, isBlocked } = delivery;
    const verdict = pace.check({
      listenedMs,
      backlogMs,
      isBlocked,
      stalledMs: flight.stalledMs(listenedMs),
      ackedBytes: flight.acked,
      neededBytes: laneBytesPerSecond(delivery.feed.lanes, this.#options.settings.interval_ms),
    });
    if (verdict === 'keep') return;
    if (verdict === 'give-up') {
      const seconds = Math.round(backlogMs / 1000);
      this.end(viewer, 'TOO_SLOW', `${seconds} s behind at ${pace.coarseness} times the span asked for`);
      return;
    }
    if (verdict === 'coarser') this.counters.coarsened++;
    this.#subscriptions.replan(viewer);
  }

  #tellChannels(): void {
    if (!this.#list.refresh(this.#clock.monotonicMs())) return;
    const isPlanNew = this.#plan !== this.#channels.plan;
    this.#plan = this.#channels.plan;
    for (const viewer of this.viewers) {
      viewer.tellText(this.#list.text);
      if (isPlanNew) this.#subscriptions.replan(viewer); // costs every channel of every viewer
    }
  }
}
