import type { ChannelInfo } from '../trend/channel-info.ts';
import { offBy } from '../trend/ledger.ts';
import type { OpenSink, SampleSink } from '../trend/sample-sink.ts';
import { GapLog } from './gap-log.ts';
import { JUMP_SECONDS, ProtocolError } from './protocol.ts';
import { StreamClock } from './stream-clock.ts';

/** A run of consecutive samples whose bytes follow: what a frame's header says of its payload. */
export interface Run {
  readonly first: number;
  readonly samples: number;
  readonly flags: number;
  /** Time of the first sample, ns since 1970 UTC; 0 where it is not given. */
  readonly timeNs: bigint;
}

/** A connection's own count of what it brings to a stream. */
export interface Intake {
  /** Bytes of payloads that are not held back and were not thrown away. */
  readonly payloadBytes: number;
  /** Bytes of payloads that were thrown away. */
  readonly discardedBytes: number;
}

export interface StreamOptions {
  readonly info: ChannelInfo;
  readonly sampleBytes: number;
  /** Time of sample 0 as the device gave it. */
  readonly epochNs: bigint | undefined;
  readonly openSink: OpenSink;
}

/**
 * One run of a device's sample counter. Decides from indices alone where
 * samples belong: what is new goes to the sink, what is ahead leaves a gap,
 * what was there before is dropped, and all of it is counted.
 *
 * Outlives connections, so that a device can resume.
 */
export class Stream {
  readonly info: ChannelInfo;
  readonly sampleBytes: number;
  readonly sink: SampleSink;
  readonly #epochNs: bigint | undefined;
  readonly #clock: StreamClock;
  readonly #gaps = new GapLog();

  #first: number | undefined;
  #head = 0;
  #missing = 0;
  #gapCount = 0;
  #duplicate = 0;
  #late = 0;
  #reanchored = 0;

  // By the connections' own counts: of the one that feeds the stream now, and of those before it.
  #intake: Intake | undefined;
  #payloadBytes = 0;
  #discardedBytes = 0;
  #tornBytes = 0; // of samples whose rest never came

  // The open run: where its bytes are, and what of it is dropped.
  #run: Run | undefined;
  #isPlaced = false;
  #dropBytes = 0;
  #runBytes = 0;

  constructor({ info, sampleBytes, epochNs, openSink }: StreamOptions) {
    this.info = info;
    this.sampleBytes = sampleBytes;
    this.#epochNs = epochNs;
    this.#clock = new StreamClock(info.rateHz);
    this.sink = openSink(info, (index) => this.#clock.timeOf(index));
  }

  /** Throws `INDEX_JUMP` where a run at `first` would leave more than a day of samples out. */
  checkJump(first: number): void {
    const jump = first - this.#head;
    if (this.#first === undefined || jump <= JUMP_SECONDS * this.info.rateHz) return;
    throw new ProtocolError('INDEX_JUMP', `${jump} samples ahead of ${this.#head}, expected at most 24 h of samples`);
  }

  /** A connection begins to feed the stream. */
  attach(intake: Intake): void {
    this.#intake = intake;
  }

  /** The connection is over, where its bytes end. */
  detach(): void {
    this.#payloadBytes += this.#intake?.payloadBytes ?? 0;
    this.#discardedBytes += this.#intake?.discardedBytes ?? 0;
    this.#intake = undefined;
    this.#tear();
  }

  /** Begins a run; an unfinished one before it is left as it is. */
  begin(run: Run): void {
    this.#tear();
    this.#run = run;
    this.#isPlaced = false;
    this.#dropBytes = Math.min(Math.max(this.#head - run.first, 0), run.samples) * this.sampleBytes;
  }

  /**
   * Takes the next bytes of the run, `bytes[from .. to)`, which are only
   * borrowed. A sample may be cut by the end of the call; it counts once it is
   * whole.
   */
  write(bytes: Uint8Array, from: number, to: number, arrivedMs: number): void {
    const run = this.#run;
    if (run === undefined) throw new Error('bytes without a run');

    const dropped = Math.min(to - from, this.#dropBytes - Math.min(this.#runBytes, this.#dropBytes));
    if (dropped > 0) this.#drop(run, dropped);
    if (from + dropped === to) return;

    if (!this.#isPlaced) this.#place(run, arrivedMs);
    const before = this.#runSamples();
    this.#runBytes += to - from - dropped;
    this.#head += this.#runSamples() - before;
    this.sink.write(bytes, from + dropped, to, arrivedMs);
  }

  /** The run has ended: what its header says it holds is what was expected of it. */
  end(): void {
    if (this.#run !== undefined && this.#isPlaced) this.#head = this.#run.first + this.#run.samples;
  }

  /** This stream's share of the channel's account. */
  account() {
    const figures = this.#figures();
    return { ...figures, offBy: offBy(figures) };
  }

  #figures() {
    return {
      received: this.#received,
      discardedBytes: this.#discardedBytes + this.#tornBytes + (this.#intake?.discardedBytes ?? 0),
      expected: this.#first === undefined ? 0 : this.#head - this.#first,
      missing: this.#missing,
      gaps: this.#gapCount,
      duplicate: this.#duplicate,
      late: this.#late,
      reanchored: this.#reanchored,
      ...this.sink.tally,
    };
  }

  /** At most `limit` gaps, newest last. */
  newestGaps(limit: number) {
    return this.#gaps.newest(limit);
  }

  /** Forgets all but the newest `limit` gaps, which stay counted. */
  trimGaps(limit: number): void {
    this.#gaps.trim(limit);
  }

  // From what came out of connections, not from what came this far. No rounding:
  // where bytes were lost inside, this is not even whole.
  get #received(): number {
    const bytes = this.#payloadBytes + (this.#intake?.payloadBytes ?? 0) - this.#tornBytes - this.#cutBytes;
    return bytes / this.sampleBytes - this.#duplicate - this.#late;
  }

  // Of a sample whose rest has not come.
  get #cutBytes(): number {
    return this.#runBytes % this.sampleBytes;
  }

  #tear(): void {
    this.#tornBytes += this.#cutBytes;
    this.#run = undefined;
    this.#runBytes = 0;
  }

  #runSamples(): number {
    return Math.floor(this.#runBytes / this.sampleBytes);
  }

  #drop(run: Run, bytes: number): void {
    const from = run.first + this.#runSamples();
    this.#runBytes += bytes;
    const to = run.first + this.#runSamples();
    const unseen = Math.max(0, Math.min(to, this.#first ?? to) - from);
    const late = unseen + this.#gaps.overlap(from, to);
    this.#late += late;
    this.#duplicate += to - from - late;
  }

  // At the first new byte, not at the header: a header alone moves nothing.
  #place(run: Run, arrivedMs: number): void {
    this.#isPlaced = true;
    const start = Math.max(run.first, this.#first === undefined ? run.first : this.#head);
    this.#setTime(run, start, arrivedMs);
    if (this.#first === undefined) {
      this.#first = start;
    } else if (start > this.#head) {
      const timeNs = this.#clock.timeOf(this.#head);
      if (this.#gaps.add({ from: this.#head, to: start, timeNs })) this.#gapCount++;
      this.#missing += start - this.#head;
    }
    this.#head = start;
    this.sink.seek(start, run.flags);
  }

  #setTime(run: Run, start: number, arrivedMs: number): void {
    if (this.#clock.isAnchored) {
      if (run.timeNs !== 0n && this.#clock.correct(run.first, run.timeNs, start)) this.#reanchored++;
    } else if (run.timeNs !== 0n) {
      this.#clock.anchor(run.first, run.timeNs);
    } else if (this.#epochNs !== undefined) {
      this.#clock.anchor(0, this.#epochNs);
    } else {
      this.#clock.anchor(start, BigInt(Math.round(arrivedMs * 1e6)));
    }
  }
}
