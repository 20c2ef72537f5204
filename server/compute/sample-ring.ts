import type { ChannelInfo } from '../trend/channel-info.ts';
import type { RawMark, RawRing, RawRun } from '../trend/raw-ring.ts';
import type { SampleForm } from '../trend/sample-sink.ts';
import { type SampleAnchor, timeFrom } from '../trend/sample-time.ts';
import { WindowFlag } from '../trend/trend-window.ts';

/** Runs that are remembered; of older ones the samples count as overtaken. */
const RUN_LIMIT = 256;
/** Marks that are remembered; past it the oldest two become one, which says of more samples what was said of fewer. */
const MARK_LIMIT = 4096;
/** A line of time that is off by more has been set anew. */
const STEP_NS = 500_000n;

/**
 * The kernel's memory for samples, written round and round: what is reduced
 * where it lies stays there until it is overtaken, so that the last seconds
 * cost no copy.
 */
export class SampleRing implements RawRing {
  readonly info: ChannelInfo;
  readonly sampleBytes: number;
  form: SampleForm;
  #bytes: Uint8Array<ArrayBuffer>;
  #place = 0; // byte of the next whole sample
  #cutBytes = 0; // there, of a sample whose end has not come
  #end = 0;
  #first = 0; // nothing before it is there, whatever the size says
  #runs: RawRun[] = [];
  #marks: RawMark[] = [];

  /** `bytes` is a multiple of the sample's. Samples may be put once a run is begun. */
  constructor(
    info: ChannelInfo,
    { sampleBytes, form, bytes }: { sampleBytes: number; form: SampleForm; bytes: Uint8Array<ArrayBuffer> },
  ) {
    this.info = info;
    this.sampleBytes = sampleBytes;
    this.form = form;
    this.#bytes = bytes;
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  get oldest(): number {
    const cut = this.#cutBytes > 0 ? 1 : 0; // which has begun to take the place of one
    return Math.max(this.#first, this.#end + cut - this.#bytes.length / this.sampleBytes);
  }

  get end(): number {
    return this.#end;
  }

  get runs(): readonly RawRun[] {
    return this.#runs;
  }

  get marks(): readonly RawMark[] {
    return this.#marks;
  }

  /** Byte where the next sample goes. */
  get place(): number {
    return this.#place;
  }

  get isCut(): boolean {
    return this.#cutBytes > 0;
  }

  /** What follows begins with sample `index`, and its times are reckoned from `anchor`; one that is cut is forgotten. */
  begin(index: number, anchor: SampleAnchor): void {
    this.dropCut();
    this.#add({ at: this.#end, index, anchor });
  }

  /** Forgets the sample that is cut. */
  dropCut(): void {
    this.#first = this.oldest; // what it has begun to overwrite does not come back
    this.#cutBytes = 0;
  }

  /** Says what the time of sample `index` of the newest run is reckoned from: where that was thought to be another, a run begins there. */
  tell(index: number, anchor: SampleAnchor): void {
    const run = this.#runs[this.#runs.length - 1] as RawRun;
    if (anchor === run.anchor) return;
    const { rateHz } = this.info;
    const offNs = timeFrom(anchor, index, rateHz) - timeFrom(run.anchor, index, rateHz);
    if (offNs > STEP_NS || offNs < -STEP_NS) this.#add({ at: run.at + index - run.index, index, anchor });
  }

  /** The frame that begins has these flags. Frames alike are one, but for those that samples were lost before. */
  mark(flags: number): void {
    const marks = this.#marks;
    if (marks[marks.length - 1]?.at === this.#end) marks.pop(); // of a frame without a sample
    if ((marks[marks.length - 1]?.flags ?? 0) === flags && (flags & WindowFlag.SampleLoss) === 0) return;
    const { oldest } = this;
    while (marks.length > 1 && (marks[1] as RawMark).at <= oldest) marks.shift();
    if (marks.length === MARK_LIMIT) {
      const [first, second] = marks as [RawMark, RawMark];
      marks.splice(0, 2, { at: first.at, flags: first.flags | second.flags });
    }
    marks.push({ at: this.#end, flags });
  }

  /** Copies from `bytes[from .. to)` as much as fits before the end of the memory; returns how much that was. */
  put(bytes: Uint8Array, from: number, to: number): number {
    const at = this.#place + this.#cutBytes;
    const copied = Math.min(to - from, this.#bytes.length - at);
    this.#bytes.set(from === 0 && copied === bytes.length ? bytes : bytes.subarray(from, from + copied), at);

    const fresh = this.#cutBytes + copied;
    this.#cutBytes = fresh % this.sampleBytes;
    this.#end += (fresh - this.#cutBytes) / this.sampleBytes;
    this.#place += fresh - this.#cutBytes;
    if (this.#place === this.#bytes.length) this.#place = 0;
    return copied;
  }

  read(position: number, samples: number): Uint8Array<ArrayBuffer> {
    if (position < this.oldest || position > this.#end) {
      throw new RangeError(`sample at ${position}, there are ${this.oldest} .. ${this.#end}`);
    }
    const from = this.#placeOf(position);
    const bytes = Math.min(samples, this.#end - position) * this.sampleBytes;
    return this.#bytes.subarray(from, Math.min(from + bytes, this.#bytes.length));
  }

  /** Moves to another memory and takes along as many of the newest samples as fit. */
  move(bytes: Uint8Array<ArrayBuffer>): void {
    const oldest = Math.max(this.oldest, this.#end + 1 - bytes.length / this.sampleBytes); // one place for a cut sample
    const cut = this.#bytes.subarray(this.#place, this.#place + this.#cutBytes);
    let at = 0;
    for (let position = oldest; position < this.#end; ) {
      const piece = this.read(position, this.#end - position);
      bytes.set(piece, at);
      at += piece.length;
      position += piece.length / this.sampleBytes;
    }
    bytes.set(cut, at);
    this.#bytes = bytes;
    this.#first = oldest;
    this.#place = at;
  }

  // Places count back from the newest sample's, so that they need no origin.
  #placeOf(position: number): number {
    const place = this.#place - (this.#end - position) * this.sampleBytes;
    return place < 0 ? place + this.#bytes.length : place;
  }

  #add(run: RawRun): void {
    const { oldest } = this;
    while (this.#runs.length > 0 && (this.#runs[this.#runs.length - 1] as RawRun).at >= run.at) this.#runs.pop();
    while (this.#runs.length > 1 && (this.#runs[1] as RawRun).at <= oldest) this.#runs.shift();
    if (this.#runs.length === RUN_LIMIT) {
      this.#runs.shift();
      this.#first = (this.#runs[0] as RawRun).at;
    }
    this.#runs.push(run);
  }
}
