import type { ChannelInfo } from '../trend/channel-info.ts';
import type { DurableMark, StreamMark } from '../trend/durable-link.ts';
import { WindowFlag } from '../trend/trend-window.ts';
import type { StreamKey } from '../trend/window-batch.ts';
import type { HistoryRow } from './row-block.ts';
import type { SegmentStream } from './segment.ts';
import { StreamBook } from './stream-book.ts';
import { TierStack, type TierStackOptions } from './tier-stack.ts';
import { restOf, type WindowPart } from './window-rest.ts';

export interface HistoryStreamOptions {
  readonly id: number;
  readonly info: ChannelInfo;
  readonly merge: TierStackOptions['merge'];
  readonly emit: TierStackOptions['emit'];
  /** Its first window that is not known to be stored. */
  readonly next?: number;
  readonly anchor?: StreamMark['anchor'];
  /** The newest segment that has windows of it. */
  readonly segment?: number;
  /** Its newest window that is stored in part. */
  readonly partial?: WindowPart | undefined;
}

/** One stream on its way to the disk: which windows came, its open tiers, and how far it is written. */
export class HistoryStream {
  readonly id: number;
  readonly book: StreamBook;
  readonly tiers: TierStack;
  /** Windows of it came since the last batch; the intake's. A field, as it is asked for every window. */
  isTouched = false;
  #segment: number;
  #listed: ChannelInfo | undefined; // as the open segment has it
  #info: ChannelInfo;
  #partial: WindowPart | undefined; // stored, and may yet come whole
  #carried: WindowPart | undefined; // the same, as it is in the segments before
  readonly #stored: StreamMark['anchor'] | undefined; // a place on its line of time, as of the start
  #newest: HistoryRow | undefined; // since then

  constructor({ id, info, merge, emit, next, anchor, segment = 0, partial }: HistoryStreamOptions) {
    this.#segment = segment;
    this.id = id;
    this.#info = info;
    this.#stored = anchor;
    this.book = new StreamBook(id, next);
    this.tiers = new TierStack({ merge, emit, windowNs: (info.window / info.rateHz) * 1e9 });
    this.#partial = partial;
    this.#carried = partial;
    if (partial !== undefined) this.book.setPartial(partial);
  }

  get info(): ChannelInfo {
    return this.#info;
  }

  /** Whether the open segment lists it, as it is now. */
  get isListed(): boolean {
    return this.#listed === this.#info;
  }

  get key(): StreamKey {
    const { channel, stream, window: size, rateHz } = this.#info;
    return { channel, stream, size, rateHz };
  }

  /** The device describes it, perhaps differently than before; `sendsFrom`, a sample, as in `Parcel`. */
  open(info: ChannelInfo, sendsFrom?: number): void {
    if (JSON.stringify(info) !== JSON.stringify(this.#info)) this.#info = info;
    if (sendsFrom !== undefined) this.book.setDue(Math.floor(sendsFrom / info.window));
  }

  /** The newest segment that has windows of it; 0 where that is unknown, or none. */
  get segment(): number {
    return this.#segment;
  }

  /** The open segment lists it with `info`. */
  setListed(segment: number, info: ChannelInfo): void {
    this.#segment = segment;
    this.#listed = info;
    this.#carried = undefined;
  }

  /** Another segment is open, which does not list it yet. */
  setUnlisted(): void {
    this.#listed = undefined;
    this.#carried = this.#partial;
  }

  /** As the open segment is to list it. */
  get listing(): SegmentStream {
    return { id: this.id, info: this.#info, carried: this.#carried };
  }

  /** Gives a row of tier 0 that is about to be written to the tiers; returns it as it is written. */
  store(row: HistoryRow): HistoryRow {
    const before = this.#partialOf(row);
    const stored = before === undefined ? row : { ...row, windows: 0 };
    this.tiers.add(0, before === undefined ? row : { ...stored, ...restOf(row, before) });
    if ((row.flags & WindowFlag.Partial) !== 0) this.#partial = row;
    else if (before !== undefined) this.#partial = undefined;
    if (this.#newest === undefined || row.window >= this.#newest.window) this.#newest = row;
    return stored;
  }

  /** What a row that is not stored yet would add to what is. */
  restOf(row: HistoryRow): HistoryRow {
    const before = this.#partialOf(row);
    return before === undefined ? row : { ...row, windows: 0, ...restOf(row, before) };
  }

  /** Where it is to be sent from, once all that was taken is written. */
  mark(): DurableMark {
    const { channel, stream, window } = this.#info;
    const { safe, partialSamples } = this.book;
    return { channel, stream, nextSample: safe * window, partSamples: partialSamples };
  }

  streamMark(): StreamMark | undefined {
    const anchor = this.#anchor;
    return anchor && { info: this.#info, nextSample: this.mark().nextSample, anchor };
  }

  get #anchor(): StreamMark['anchor'] | undefined {
    const newest = this.#newest && { sample: this.#newest.window * this.#info.window, timeNs: this.#newest.timeNs };
    return newest && newest.sample >= (this.#stored?.sample ?? 0) ? newest : this.#stored;
  }

  #partialOf(row: HistoryRow): WindowPart | undefined {
    return this.#partial?.window === row.window ? this.#partial : undefined;
  }
}
