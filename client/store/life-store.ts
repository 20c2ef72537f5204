import type { ChannelPulse, Heartbeat, SubscribedChannel } from '../../server/wire/events.ts';
import type { ChannelStore } from './channel-store.ts';
import type { FleetStore } from './fleet-store.ts';
import type { ServerClock } from './server-clock.ts';
import { Listeners, type Store } from './store.ts';

/**
 * `connecting` until the server has listed its channels; `live` while it
 * speaks every second; `silent` once it has not for 3 s, whatever the socket
 * says, and also when it never did.
 */
export type Liveness = 'connecting' | 'live' | 'silent';

/** The proof of life: whether what is on the screen is now, whole and true. */
export interface LifeState {
  readonly liveness: Liveness;
  /** Since anything was heard of the server, or since the page began if nothing ever was. */
  readonly silentMs: number;
  /** Age of the newest sample of any channel, by the server's clock. */
  readonly ageMs: number | undefined;
  /** Live, and yet no channel has a sample that is new for it: its devices are silent, not the server. */
  readonly areDevicesSilent: boolean;
  /** Last raw sample of a window read at the server to its frame read here: mean of the last second. */
  readonly latencyMs: number | undefined;
  /** Windows due up to a heartbeat ago, of all channels since this page opened. */
  readonly points: PointCount;
  /** The same of the last second; undefined until a second is known whole. */
  readonly pointsPerSecond: PointCount | undefined;
  /** Times the hub began another life while this page was open. */
  readonly restarts: number;
  /** Points of the time between its lives, which nobody kept and no refill takes back. */
  readonly gone: number;
  /** Some channel is not back since the hub began this life, so that more may be gone. */
  readonly isGoneOpen: boolean;
  /** Runs of raw samples that never reached the server, from its ledger. */
  readonly gaps: number;
  readonly framesPerSecond: number;
  /** Server clock now, ms since 1970 UTC. */
  readonly serverMs: number | undefined;
  /** Connections lost and made again. */
  readonly reconnects: number;
  /** Connections ended here because a frame broke the protocol. */
  readonly malformed: number;
  /** The hub was reached last in another version than this page's, so that neither understands the other. */
  readonly isOtherVersion: boolean;
  /** How many times coarser than asked for the hub sends, because this viewer is slow. 1 is not at all. */
  readonly coarseness: number;
}

export interface PointCount {
  readonly received: number;
  readonly sent: number;
  /** Sent and not received. A refill takes them back. */
  readonly missing: number;
}

// A point is due a heartbeat after the one that announced it, so a whole second of them is known by the third.
const LEAST_BEATS = 3;

const NO_POINTS: PointCount = { received: 0, sent: 0, missing: 0 };

/** Keeps the proof of life. Announces once a heartbeat and with every tick. */
export class LifeStore implements Store<LifeState> {
  readonly #clock: ServerClock;
  readonly #fleet: FleetStore;
  readonly #listeners = new Listeners();
  readonly #counts = { reconnects: 0, restarts: 0, malformed: 0, coarseness: 1 };
  /** Points of former lives of the hub. */
  #former = NO_POINTS;
  /** What each channel had sent at the heartbeat before last and at the last. */
  #due = new Map<string, { readonly since: number; readonly until: number; readonly next: number }>();
  /** Sequence number of each channel from which on blocks are news, not refill. */
  #newsFrom = new Map<string, number>();
  #heartbeat: Heartbeat | undefined;
  /** Of this life of the hub. */
  #beats = 0;
  /** The newest account of each channel; a heartbeat holds only those that have changed. */
  readonly #pulses = new Map<string, ChannelPulse>();
  #isOtherVersion = false;
  #latency = { sumMs: 0, blocks: 0 };
  #frames = 0;
  #second: Pick<LifeState, 'latencyMs' | 'pointsPerSecond' | 'framesPerSecond'> = {
    latencyMs: undefined,
    pointsPerSecond: undefined,
    framesPerSecond: 0,
  };
  #value: LifeState | undefined;

  constructor(options: { clock: ServerClock; fleet: FleetStore }) {
    this.#clock = options.clock;
    this.#fleet = options.fleet;
  }

  get value(): LifeState {
    this.#value ??= this.#state();
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  countFrame(): void {
    this.#frames++;
  }

  countReconnect(): void {
    this.#counts.reconnects++;
    this.tick();
  }

  countMalformed(): void {
    this.#counts.malformed++;
    this.tick();
  }

  refuseVersion(): void {
    this.#isOtherVersion = true;
    this.tick();
  }

  /** The hub speaks this page's version. */
  welcome(): void {
    this.#isOtherVersion = false;
  }

  setSubscribed(channels: readonly SubscribedChannel[], coarseness: number): void {
    this.#newsFrom = new Map(channels.map((channel) => [channel.name, channel.next]));
    this.#counts.coarseness = coarseness;
  }

  /** Takes in how long a block was on its way; refills say nothing about that and are left out. */
  observeBlock(name: string, block: { readonly lastSeq: number; readonly delayMs: number }): void {
    if (block.lastSeq < (this.#newsFrom.get(name) ?? Infinity)) return;
    this.#latency.sumMs += block.delayMs;
    this.#latency.blocks++;
  }

  /** A second of the server has passed. */
  beat(heartbeat: Heartbeat): void {
    const seconds = this.#heartbeat ? (heartbeat.serverMs - this.#heartbeat.serverMs) / 1000 : 0;
    const due = new Map<string, { since: number; until: number; next: number }>();
    for (const pulse of heartbeat.channels) this.#pulses.set(pulse.name, pulse);
    for (const { name, next } of this.#pulses.values()) {
      const known = this.#due.get(name);
      due.set(name, { since: known?.until || Infinity, until: known?.next ?? 0, next }); // of a new one nothing is due yet
    }
    this.#due = due;
    this.#heartbeat = heartbeat;
    if (due.size > 0) this.#beats++; // the first may come before there is anything to tell of

    const { sumMs, blocks } = this.#latency;
    this.#second = {
      latencyMs: blocks === 0 ? undefined : sumMs / blocks,
      pointsPerSecond: this.#beats < LEAST_BEATS ? undefined : this.#sum((_, { since, until }) => [since, until]),
      framesPerSecond: seconds > 0 ? this.#frames / seconds : 0,
    };
    this.#latency = { sumMs: 0, blocks: 0 };
    this.#frames = 0;
    this.tick();
  }

  /** Another life of the hub: sequence numbers start over, what was counted stays. Call before the channels restart. */
  restart(): void {
    this.#counts.restarts++;
    // What had not come by then counts as gone, from the newest row on.
    this.#former = this.#points((channel, until) => Math.min(until, channel.ledger.next));
    this.#due.clear();
    this.#newsFrom.clear();
    this.#pulses.clear();
    this.#heartbeat = undefined;
    this.#beats = 0;
    this.#second = { ...this.#second, pointsPerSecond: undefined };
  }

  /** Time has passed. */
  tick(): void {
    this.#value = undefined;
    this.#listeners.announce();
  }

  // A point counts as due once a heartbeat has passed since the one that
  // announced it; before that it may well be on its way.
  #points(end = (_: ChannelStore, until: number) => until): PointCount {
    const { received, sent } = this.#sum((channel, { until }) => [channel.ledger.first ?? until, end(channel, until)]);
    const { channels } = this.#fleet.value;
    const abandoned = channels.reduce((sum, { ledger }) => sum + ledger.abandoned, 0);
    const total = { received: this.#former.received + received - abandoned, sent: this.#former.sent + sent };
    return { ...total, missing: total.sent - total.received };
  }

  /** With what the history gave back of former lives. */
  #withRecovered({ received, sent }: PointCount): PointCount {
    const recovered = this.#fleet.value.channels.reduce((sum, { losses }) => sum + losses.recovered, 0);
    const all = Math.min(sent, received + recovered);
    return { received: all, sent, missing: sent - all };
  }

  #sum(
    range: (channel: ChannelStore, due: { readonly since: number; readonly until: number }) => [number, number],
  ): PointCount {
    let received = 0;
    let sent = 0;
    for (const channel of this.#fleet.value.channels) {
      const due = this.#due.get(channel.name);
      if (!due) continue;
      const [from, to] = range(channel, due);
      if (to <= from) continue;
      received += channel.ledger.receivedIn(from, to);
      sent += to - from;
    }
    return { received, sent, missing: sent - received };
  }

  #state(): LifeState {
    const { silentMs, nowMs } = this.#clock;
    const { channels, isListed } = this.#fleet.value;
    const outages = channels.map((channel) => channel.outages);
    const liveness = this.#clock.isSilent ? 'silent' : isListed ? 'live' : 'connecting';
    const ageMs = newest(channels.map((channel) => channel.ageMs));
    return {
      ...this.#counts,
      ...this.#second,
      liveness,
      isOtherVersion: this.#isOtherVersion,
      silentMs,
      ageMs,
      areDevicesSilent: liveness === 'live' && ageMs !== undefined && channels.every((channel) => channel.isLate),
      points: this.#withRecovered(this.#points()),
      gone: outages.reduce((sum, { points }) => sum + points, 0),
      isGoneOpen: outages.some(({ isOpen }) => isOpen),
      gaps: [...this.#pulses.values()].reduce((sum, pulse) => sum + pulse.gaps, 0),
      serverMs: nowMs,
    };
  }
}

function newest(ages: readonly (number | undefined)[]): number | undefined {
  const known = ages.filter((age) => age !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
