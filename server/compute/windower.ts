import type { ReduceKernel } from '../kernels/reduce-kernel.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import type { RawRing, RingWatch } from '../trend/raw-ring.ts';
import type { SampleForm, SampleSink, SinkTally } from '../trend/sample-sink.ts';
import type { SampleTimes } from '../trend/sample-time.ts';
import { EMPTY_SUMMARY, mergeSummaries, type Summary, scaleSummary } from '../trend/summary.ts';
import { type TrendWindow, WindowFlag } from '../trend/trend-window.ts';
import type { RingOwner, RingPool } from './ring-pool.ts';
import { SampleRing } from './sample-ring.ts';

/** What the windower needs of a kernel. */
export type WindowKernel = Pick<ReduceKernel, 'staging' | 'fold' | 'finish' | 'glance' | 'resized'>;

export interface WindowerOptions {
  readonly info: ChannelInfo;
  readonly sampleBytes: number;
  readonly openKernel: (form: SampleForm, stagingBytes: number) => WindowKernel;
  readonly rings: Pick<RingPool, 'enter' | 'leave'>;
  readonly times: SampleTimes;
  readonly emit: (window: TrendWindow) => void;
  /** Sees all samples as they come, which costs a second look at each. */
  readonly watch?: RingWatch | undefined;
}

/**
 * Cuts one stream's samples into windows and hands each out when its last
 * sample is in. Window k holds samples k*size .. (k+1)*size-1, whatever is
 * missing of them.
 *
 * Samples are copied once, into the kernel's memory, which is also the ring
 * of what was measured last.
 */
export class Windower implements SampleSink, RingOwner {
  readonly #options: WindowerOptions;
  readonly #size: number;
  readonly #sampleBytes: number;
  #form: SampleForm = { scale: 1, offset: 0, fullScale: undefined };
  #kernel: WindowKernel | undefined; // with #ring in its staging
  #ring: SampleRing | undefined;

  // The open window.
  #start = 0;
  #position = 0;
  #missed = 0;
  #flags = 0;
  #timeNs: bigint | undefined; // told by the clock as it was at the window's first byte: it may step before a sample is whole
  #arrivedMs = 0;
  #kept: Summary = EMPTY_SUMMARY; // of a kernel that was given back
  #counted: Summary = EMPTY_SUMMARY; // handed out already, as partial
  #handedOut = 0;

  #frameFlags = 0;
  #isBegun = false;

  #reduced = 0;
  #clipped = 0;
  #nonfinite = 0;
  #windows = 0;

  constructor(options: WindowerOptions) {
    this.#options = options;
    this.#size = options.info.window;
    this.#sampleBytes = options.sampleBytes;
  }

  get safe(): number {
    return this.#start;
  }

  get ring(): RawRing | undefined {
    return this.#ring;
  }

  /** `reduced` is by the kernel's own counts, `pending` by positions. */
  get tally(): SinkTally {
    return {
      reduced: this.#reduced,
      pending: this.#arrived - this.#handedOut,
      clipped: this.#clipped,
      nonfinite: this.#nonfinite,
      windows: this.#windows,
    };
  }

  describe(form: SampleForm): void {
    if (String(form.fullScale) !== String(this.#form.fullScale)) this.release();
    this.#form = form;
    if (this.#ring !== undefined) this.#ring.form = form;
  }

  seek(index: number, flags: number): void {
    if (index === this.#position) this.#ring?.dropCut();
    else this.#ring?.begin(index, this.#options.times.anchorOf(index));
    if (!this.#isBegun || index >= this.#start + this.#size) this.#skipTo(index);
    else this.#missed += index - this.#position;
    this.#position = index;
    this.#ring?.mark(flags);
    this.#frameFlags = flags;
    this.#flags |= flags & WindowFlag.SampleLoss;
    this.#tellTime();
  }

  write(bytes: Uint8Array, from: number, to: number, arrivedMs: number): void {
    const kernel = this.#kernel ?? this.#enter();
    const ring = this.#ring as SampleRing;
    for (let at = from; at < to; ) {
      const { place, end } = ring;
      at += ring.put(bytes, at, to);
      this.#fold(kernel, place, ring.end - end, arrivedMs);
      this.#show(kernel, place, end);
    }
    if (ring.isCut) this.#tellTime();
  }

  resize(bytes: number): void {
    if (this.#kernel === undefined) return;
    this.#kernel = this.#kernel.resized(bytes);
    this.#ring?.move(this.#kernel.staging);
  }

  end(): void {
    this.#drain();
    if (this.#arrived === this.#handedOut) return;
    this.#emit(this.#kept, WindowFlag.Partial);
    this.#handedOut = this.#arrived;
    this.#counted = this.#kept;
  }

  release(): void {
    if (this.#kernel === undefined) return;
    this.#options.rings.leave(this.#options.info.channel, this);
    this.#drain();
    this.#kernel = undefined;
    this.#ring = undefined;
  }

  // Samples of the open window, by positions.
  get #arrived(): number {
    return this.#position - this.#start - this.#missed;
  }

  #enter(): WindowKernel {
    const { info, sampleBytes, rings, openKernel, times } = this.#options;
    const kernel = openKernel(this.#form, rings.enter(info.channel, this));
    this.#kernel = kernel;
    this.#ring = new SampleRing(info, { sampleBytes, form: this.#form, bytes: kernel.staging });
    this.#ring.begin(this.#position, times.anchorOf(this.#position));
    this.#ring.mark(this.#frameFlags);
    return kernel;
  }

  // Shows the samples from a position on, which begin at a byte of staging.
  #show(kernel: WindowKernel, place: number, position: number): void {
    const { watch } = this.#options;
    const ring = this.#ring as SampleRing;
    const samples = ring.end - position;
    if (watch === undefined || samples === 0) return;
    const { count, min, max } = kernel.glance(place, samples);
    if (count > 0) watch(ring, { position, samples, min, max });
  }

  // Folds the samples from a byte of staging on.
  #fold(kernel: WindowKernel, place: number, samples: number, arrivedMs: number): void {
    let done = 0;
    while (done < samples) {
      this.#tellTime();
      const part = Math.min(samples - done, this.#start + this.#size - this.#position);
      kernel.fold(place + done * this.#sampleBytes, part);
      done += part;
      this.#position += part;
      this.#flags |= this.#frameFlags & ~WindowFlag.SampleLoss; // which was before the frame
      this.#arrivedMs = arrivedMs;
      if (this.#position === this.#start + this.#size) this.#close();
    }
  }

  #tellTime(): void {
    if (this.#timeNs !== undefined) return;
    const { times } = this.#options;
    this.#timeNs = times.timeOf(this.#start);
    if (this.#position === this.#start) this.#ring?.tell(this.#start, times.anchorOf(this.#start));
  }

  #drain(): void {
    if (this.#kernel !== undefined) this.#kept = mergeSummaries(this.#kept, this.#kernel.finish());
  }

  // Closes the open window as it is and opens the one that holds `index`.
  #skipTo(index: number): void {
    if (this.#isBegun) {
      this.#missed += this.#start + this.#size - this.#position;
      this.#position = this.#start + this.#size;
      this.#close();
    }
    this.#isBegun = true;
    this.#start = index - (index % this.#size);
    this.#missed = index - this.#start;
  }

  #close(): void {
    if (this.#arrived > this.#handedOut) {
      this.#drain();
      this.#emit(this.#kept, 0);
    }
    this.#start += this.#size;
    this.#position = this.#start;
    this.#missed = 0;
    this.#flags = 0;
    this.#timeNs = undefined;
    this.#kept = EMPTY_SUMMARY;
    this.#counted = EMPTY_SUMMARY;
    this.#handedOut = 0;
  }

  #emit(raw: Summary, flag: number): void {
    const { info, emit } = this.#options;
    this.#windows++;
    this.#reduced += raw.count + raw.nonfinite - this.#counted.count - this.#counted.nonfinite;
    this.#clipped += raw.clipped - this.#counted.clipped;
    this.#nonfinite += raw.nonfinite - this.#counted.nonfinite;
    emit({
      channel: info.channel,
      stream: info.stream,
      index: this.#start / this.#size,
      size: this.#size,
      rateHz: info.rateHz,
      timeNs: this.#timeNs ?? 0n,
      arrivedMs: this.#arrivedMs,
      summary: scaleSummary(raw, this.#form.scale, this.#form.offset),
      flags: this.#flags | flag | (this.#missed > 0 ? WindowFlag.Gap : 0),
    });
  }
}
