import type { ChannelInfo } from '../trend/channel-info.ts';
import type { ClockStep, GapRange, LedgerEntry } from '../trend/ledger.ts';
import type { OpenSink } from '../trend/sample-sink.ts';
import type { DurableStreams } from './durable-streams.ts';
import type { Hello } from './hello.ts';
import { ProtocolError } from './protocol.ts';
import { Stream } from './stream.ts';

/** Whoever holds a channel: at most one connection at a time. */
export interface Holder {
  /** Where the connection comes from. */
  readonly address: string;
}

export interface ChannelOptions {
  readonly openSink: OpenSink;
  /** Where windows are kept, and the sinks of samples that come again for it alone. */
  readonly history?: { readonly streams: DurableStreams; readonly openSink: OpenSink } | undefined;
  /** The clock of a channel's device was set. */
  readonly onStep?: ((channel: string, step: ClockStep) => void) | undefined;
}

const STREAM_LIMIT = 64;
const GAP_LIMIT = 100;

/**
 * One signal: its streams, its account, and the connection that holds it.
 *
 * Remembers the 64 streams used last. An older one is forgotten: its figures
 * stay in the account, but a device that comes back to it starts it anew.
 */
export class Channel {
  readonly name: string;
  readonly #options: ChannelOptions;
  readonly #streams = new Map<string, Stream>(); // least recently opened first
  #settled = EMPTY; // of all streams but the current one, the forgotten ones too: nothing changes them
  #stream: Stream | undefined;
  #holder: Holder | undefined;
  #freeSinceMs = 0;
  #streamCount = 0;
  #connections = 0;
  #deviceLost = 0;
  #sequenceJumps = 0;

  constructor(name: string, options: ChannelOptions) {
    this.name = name;
    this.#options = options;
  }

  get isLive(): boolean {
    return this.#holder !== undefined;
  }

  /** Since when no device holds it, on the caller's monotonic clock. */
  get freeSinceMs(): number {
    return this.#freeSinceMs;
  }

  /**
   * Gives the channel to `holder` and returns the stream that the device
   * resumes or begins. Throws `CHANNEL_BUSY` while another holds it, and
   * `CHANNEL_CHANGED` where a resumed stream is not what it was.
   */
  open(holder: Holder, hello: Hello, info: ChannelInfo): Stream {
    if (this.#holder !== undefined) {
      throw new ProtocolError('CHANNEL_BUSY', `channel ${this.name} has a live device`);
    }
    const known = this.#streams.get(info.stream);
    if (known !== undefined) checkUnchanged(known.info, info);

    const stream = known ?? this.#add(hello, info);
    this.#holder = holder;
    this.#connections++;
    if (stream !== this.#stream) this.#change(stream, known !== undefined);
    this.#streams.delete(info.stream);
    this.#streams.set(info.stream, stream); // the newest last
    this.#forgetOldest();
    this.#deviceLost = 0;
    stream.sink.describe(hello);
    this.#refill(stream, hello);
    return stream;
  }

  /** The device of `stream`, which is owed, does not send again: what the history has lost stays lost. */
  waive(stream: Stream): void {
    if (stream.durable !== undefined) this.#options.history?.streams.settle(stream.info, stream.durable);
  }

  /** The connection is over. The stream's memory stays until `release`, for a device that comes back soon. */
  close(holder: Holder, nowMs: number): void {
    if (this.#holder !== holder) return;
    this.#holder = undefined;
    this.#freeSinceMs = nowMs;
  }

  /** Gives the memory of a channel that nobody holds back. */
  release(): void {
    this.#stream?.sink.release();
  }

  setDeviceLost(samples: number): void {
    this.#deviceLost = samples;
  }

  countSequenceJump(): void {
    this.#sequenceJumps++;
  }

  /** The channel's account now. */
  entry(): LedgerEntry {
    const sum = this.#stream === undefined ? EMPTY : addAccounts(this.#settled, this.#stream.account());
    return {
      channel: this.name,
      stream: this.#stream?.info.stream ?? '',
      live: this.isLive,
      ...sum,
      deviceLost: this.#deviceLost,
      sequenceJumps: this.#sequenceJumps,
      connections: this.#connections,
      streams: this.#streamCount,
      gapRanges: this.#gapRanges(),
      clockSteps: this.#stream?.clockSteps ?? [],
    };
  }

  #add(hello: Hello, info: ChannelInfo): Stream {
    const { openSink, history, onStep } = this.#options;
    const mark = history?.streams.markOf(info);
    if (mark !== undefined) checkUnchanged(mark.info, info);
    this.#streamCount++;
    return new Stream({
      info,
      sampleBytes: hello.sample.bytes,
      epochNs: hello.epochNs,
      epochSample: hello.epochSample,
      openSink,
      mark,
      durable: history?.streams.begin(info),
      onStep: onStep && ((step) => onStep(info.channel, step)),
    });
  }

  #refill(stream: Stream, hello: Hello): void {
    const { history } = this.#options;
    if (history === undefined || stream.durable === undefined) return;
    const from = history.streams.settle(stream.info, stream.durable);
    if (from !== undefined) stream.refill(from, hello, history.openSink);
  }

  // The current stream's figures are always its own; those of the others are summed once, when they stop.
  #change(stream: Stream, isKnown: boolean): void {
    const before = this.#stream;
    if (before !== undefined) {
      before.sink.release();
      before.trimGaps(GAP_LIMIT);
      this.#settled = addAccounts(this.#settled, before.account());
    }
    if (isKnown) this.#settled = addAccounts(this.#settled, stream.account(), -1);
    this.#stream = stream;
  }

  #forgetOldest(): void {
    for (const [name, { info }] of this.#streams) {
      if (this.#streams.size <= STREAM_LIMIT) return;
      this.#streams.delete(name);
      this.#options.history?.streams.forget(info);
    }
  }

  // From the newest stream backwards, so that the many older ones cost nothing once there are enough.
  #gapRanges(): readonly GapRange[] {
    const newestFirst: GapRange[] = [];
    for (const stream of [...this.#streams.values()].reverse()) {
      const gaps = stream.newestGaps(GAP_LIMIT - newestFirst.length);
      for (const { from, to, timeNs } of gaps.toReversed()) {
        newestFirst.push({ stream: stream.info.stream, from, to, timeMs: Number(timeNs) / 1e6 });
      }
      if (newestFirst.length === GAP_LIMIT) break;
    }
    return newestFirst.reverse();
  }
}

type Account = ReturnType<Stream['account']>;

const EMPTY: Account = {
  received: 0,
  discardedBytes: 0,
  offBy: 0,
  expected: 0,
  missing: 0,
  gaps: 0,
  duplicate: 0,
  late: 0,
  reanchored: 0,
  stepsRefused: 0,
  reduced: 0,
  pending: 0,
  clipped: 0,
  nonfinite: 0,
  windows: 0,
};

/** `a` and `b` together; with a sign of -1, `a` without `b`. */
function addAccounts(a: Account, b: Account, sign: 1 | -1 = 1): Account {
  return {
    received: a.received + sign * b.received,
    discardedBytes: a.discardedBytes + sign * b.discardedBytes,
    offBy: a.offBy + sign * b.offBy,
    expected: a.expected + sign * b.expected,
    missing: a.missing + sign * b.missing,
    gaps: a.gaps + sign * b.gaps,
    duplicate: a.duplicate + sign * b.duplicate,
    late: a.late + sign * b.late,
    reanchored: a.reanchored + sign * b.reanchored,
    stepsRefused: a.stepsRefused + sign * b.stepsRefused,
    reduced: a.reduced + sign * b.reduced,
    pending: a.pending + sign * b.pending,
    clipped: a.clipped + sign * b.clipped,
    nonfinite: a.nonfinite + sign * b.nonfinite,
    windows: a.windows + sign * b.windows,
  };
}

function checkUnchanged(before: ChannelInfo, now: ChannelInfo): void {
  for (const key of ['datatype', 'rateHz', 'window'] as const) {
    if (before[key] === now[key]) continue;
    const message = `${key} of stream ${now.stream} is ${now[key]}, expected ${before[key]}`;
    throw new ProtocolError('CHANNEL_CHANGED', message);
  }
}
