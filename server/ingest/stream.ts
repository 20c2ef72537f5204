import type { ChannelInfo } from '../trend/channel-info.ts';
import type { StreamMark } from '../trend/durable-link.ts';
import { type ClockStep, offBy } from '../trend/ledger.ts';
import type { OpenSink, SampleForm, SampleSink } from '../trend/sample-sink.ts';
import { WindowFlag } from '../trend/trend-window.ts';
import type { DurableEnd } from './durable-end.ts';
import { GapLog } from './gap-log.ts';
import { JUMP_SECONDS, ProtocolError } from './protocol.ts';
import { Refill } from './refill.ts';
import type { Run } from './run.ts';
import { StreamClock } from './stream-clock.ts';

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
  /** Time of sample `epochSample`, or of sample 0 where that is left out, as the device gave it. */
  readonly epochNs: bigint | undefined;
  readonly epochSample?: number | undefined;
  readonly openSink: OpenSink;
  /** Where it stood when the server started; a new stream has none. */
  readonly mark?: Pick<StreamMark, 'nextSample' | 'anchor'> | undefined;
  /** How far it is on the disk, where there is a history. */
  readonly durable?: DurableEnd | undefined;
  /** The device's clock was set. */
  readonly onStep?: ((step: ClockStep) => void) | undefined;
}

const STEP_LIMIT = 20;

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
  readonly durable: DurableEnd | undefined;
  readonly #options: StreamOptions;
  readonly #clock: StreamClock;
  readonly #gaps = new GapLog();
  #refill: Refill | undefined;

  #first: number | undefined;
  #oldest: number | undefined; // what comes before it is late, not doubled
  #isBegun = false;
  #head = 0;
  #missing = 0;
  #gapCount = 0;
  #duplicate = 0;
  #late = 0;
  #reanchored = 0;
  #stepsRefused = 0;
  readonly #steps: ClockStep[] = [];

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

  constructor(options: StreamOptions) {
    const { info, sampleBytes, openSink, mark } = options;
    this.info = info;
    this.sampleBytes = sampleBytes;
    this.durable = options.durable;
    this.#options = options;
    this.#clock = new StreamClock(info.rateHz);
    this.sink = openSink(info, this.#clock);
    if (mark !== undefined) {
      this.#first = mark.nextSample;
      this.#head = mark.nextSample;
      this.#oldest = 0;
      this.#clock.anchor(mark.anchor.sample, mark.anchor.timeNs);
    }
  }

  /** Before it, everything that came is reduced. */
  get reduced(): number {
    return Math.max(this.#options.mark?.nextSample ?? 0, this.sink.safe);
  }

  /** Where a device resumes: before it, everything that came is reduced and, where there is a history, on the disk. */
  get safe(): number {
    return this.durable === undefined ? this.reduced : this.durable.endOf(this.reduced);
  }

  /** Whether all that came to windows, the last of them in part, is on the disk where there is a history. */
  get isSettled(): boolean {
    return this.durable?.isWhollySettled ?? true;
  }

  /** Throws `INDEX_JUMP` where a run at `first` would leave more than a day of samples out. */
  checkJump(first: number): void {
    const jump = first - this.#head;
    if (!this.#isBegun || jump <= JUMP_SECONDS * this.info.rateHz) return;
    throw new ProtocolError('INDEX_JUMP', `${jump} samples ahead of ${this.#head}, expected at most 24 h of samples`);
  }

  /** A connection begins to feed the stream. */
  attach(intake: Intake): void {
    this.#intake = intake;
  }

  /**
   * The device sends again what the history has lost, from `from` on: besides
   * being counted as duplicate it is reduced to windows for `openSink`.
   */
  refill(from: number, form: SampleForm, openSink: OpenSink): void {
    const { info, sampleBytes } = this;
    const { index: sample, timeNs } = this.#clock.anchorOf(from);
    const mark = { nextSample: from, anchor: { sample, timeNs } };
    const stream = new Stream({ info, sampleBytes, epochNs: undefined, openSink, mark });
    stream.sink.describe(form);
    this.#refill = new Refill(stream, this.sink.safe);
  }

  /** The connection is over, where its bytes end. */
  detach(): void {
    if (this.#refill !== undefined) {
      this.durable?.owe(this.#refill.next);
      this.#refill.drop();
      this.#refill = undefined;
    }
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
    this.#refill?.begin(run);
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
    if (dropped > 0) {
      this.#drop(run, dropped);
      this.#refill?.write(bytes, from, from + dropped, arrivedMs);
    }
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
      stepsRefused: this.#stepsRefused,
      ...this.sink.tally,
    };
  }

  /** Newest last, at most 20. */
  get clockSteps(): readonly ClockStep[] {
    return [...this.#steps];
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
    const unseen = Math.max(0, Math.min(to, this.#oldest ?? to) - from);
    const late = unseen + this.#gaps.overlap(from, to);
    this.#late += late;
    this.#duplicate += to - from - late;
  }

  // At the first new byte, not at the header: a header alone moves nothing.
  #place(run: Run, arrivedMs: number): void {
    this.#isPlaced = true;
    this.#isBegun = true;
    this.#refill?.finish();
    this.#refill = undefined;
    const start = Math.max(run.first, this.#first === undefined ? run.first : this.#head);
    const isTimed = this.#setTime(run, start, arrivedMs);
    if (this.#first === undefined) {
      this.#first = start;
      this.#oldest = start;
    } else if (start > this.#head) {
      const timeNs = this.#clock.timeOf(this.#head);
      if (this.#gaps.add({ from: this.#head, to: start, timeNs })) this.#gapCount++;
      this.#missing += start - this.#head;
    }
    this.#head = start;
    this.sink.seek(start, isTimed ? run.flags : run.flags | WindowFlag.TimeUncalibrated);
  }

  // False where the device told a time that is not followed.
  #setTime(run: Run, start: number, arrivedMs: number): boolean {
    const { epochNs, epochSample = 0 } = this.#options;
    if (this.#clock.isAnchored) {
      return run.timeNs === 0n || this.#correctTime(run, start, arrivedMs);
    }
    if (run.timeNs !== 0n) this.#clock.anchor(run.first, run.timeNs);
    else if (epochNs !== undefined) this.#clock.anchor(epochSample, epochNs);
    else this.#clock.anchor(start, BigInt(Math.round(arrivedMs * 1e6)));
    return true;
  }

  #correctTime(run: Run, from: number, arrivedMs: number): boolean {
    const beforeNs = this.#clock.timeOf(from);
    const correction = this.#clock.correct(run.first, run.timeNs, from, arrivedMs);
    if (correction === 'refused') this.#stepsRefused++;
    if (correction !== 'followed') return correction === 'same';
    this.#reanchored++;
    const timeNs = this.#clock.timeOf(from);
    const stepMs = Number(timeNs - beforeNs) / 1e6;
    const step = { stream: this.info.stream, from, timeMs: Number(timeNs) / 1e6, stepMs };
    if (this.#steps.push(step) > STEP_LIMIT) this.#steps.shift();
    this.#options.onStep?.(step);
    return true;
  }
}
