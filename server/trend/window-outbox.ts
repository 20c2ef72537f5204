import type { ChannelInfo } from './channel-info.ts';
import type { TrendWindow } from './trend-window.ts';
import { WindowBatch } from './window-batch.ts';

/** What leaves the outbox, in this order for each channel: `opened` before its first window. */
export type Parcel =
  | {
      readonly kind: 'opened';
      readonly number: number;
      readonly info: ChannelInfo;
      /** Its device sends in order from this sample on, or from as early after it as it can; undefined where it just goes on. */
      readonly sendsFrom?: number | undefined;
    }
  | { readonly kind: 'windows'; readonly rows: number; readonly buffer: ArrayBuffer };

export interface OutboxOptions {
  readonly post: (parcel: Parcel) => void;
  /** Windows in one parcel at most. */
  readonly batchRows: number;
  /** Windows posted and not yet taken; past it parcels wait here. */
  readonly inFlightRows: number;
  /** Windows waiting here; past it the oldest parcel is dropped and counted. */
  readonly waitingRows: number;
}

/**
 * Packs windows for another thread and keeps them while that thread is slow.
 *
 * The sender never waits: a thread that takes nothing for too long loses the
 * oldest windows, which `dropped` counts. A channel's number stands for its
 * newest stream; the order of parcels keeps that true for every window.
 */
export class WindowOutbox {
  readonly #options: OutboxOptions;
  readonly #numbers = new Map<string, number>();
  readonly #batch: WindowBatch;
  readonly #waiting: Parcel[] = [];
  #waitingRows = 0;
  #inFlightRows = 0;
  #dropped = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#batch = new WindowBatch(options.batchRows);
  }

  /** Windows that were dropped because nobody took them. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Windows that are here and not posted yet. */
  get waiting(): number {
    return this.#waitingRows + this.#batch.length;
  }

  /** Share of its room that waiting windows take, 0 .. 1: how far the other thread is behind. */
  get fill(): number {
    return this.#waitingRows / this.#options.waitingRows;
  }

  /** Announces a channel or its new stream, after all windows before it; `sendsFrom` as in `Parcel`. */
  open(info: ChannelInfo, sendsFrom?: number): void {
    this.#pack();
    const number = this.#numbers.get(info.channel) ?? this.#numbers.size;
    this.#numbers.set(info.channel, number);
    this.#push({ kind: 'opened', number, info, sendsFrom });
  }

  add(window: TrendWindow): void {
    const number = this.#numbers.get(window.channel);
    if (number === undefined) throw new Error(`window of channel ${window.channel}, which was not opened`);
    this.#batch.add(number, window);
    if (this.#batch.isFull) this.#pack();
  }

  /** Posts what there is, as far as the other thread keeps up. */
  flush(): void {
    this.#pack();
  }

  /** Posts everything there is, however slow the other thread: the last act before the end. */
  empty(): void {
    this.#pack();
    for (const parcel of this.#waiting.splice(0)) this.#options.post(parcel);
    this.#waitingRows = 0;
  }

  /** The other thread has taken `rows` windows. */
  taken(rows: number): void {
    this.#inFlightRows -= rows;
    this.#post();
  }

  #pack(): void {
    const rows = this.#batch.length;
    if (rows > 0) this.#push({ kind: 'windows', rows, buffer: this.#batch.take() });
  }

  #push(parcel: Parcel): void {
    this.#waiting.push(parcel.kind === 'opened' ? this.#replaceOpening(parcel, this.#waiting.length) : parcel);
    this.#waitingRows += rowsOf(parcel);
    this.#post();
    while (this.#waitingRows > this.#options.waitingRows) this.#dropOldest();
  }

  #post(): void {
    while (this.#waiting.length > 0 && this.#inFlightRows < this.#options.inFlightRows) {
      const parcel = this.#waiting.shift() as Parcel;
      this.#waitingRows -= rowsOf(parcel);
      this.#inFlightRows += rowsOf(parcel);
      this.#options.post(parcel);
    }
  }

  // Openings cannot be dropped, but of those with no window between them only
  // the newest of a channel counts; so between two parcels of windows there are
  // never more than channels. Looks at those right before `end`; returns what `opening` then is.
  #replaceOpening(opening: Opening, end: number): Opening {
    for (let i = end - 1; i >= 0; i--) {
      const before = this.#waiting[i];
      if (before.kind === 'windows') return opening;
      if (before.number !== opening.number) continue;
      this.#waiting.splice(i, 1);
      const isSame = before.info.stream === opening.info.stream;
      return isSame ? { ...opening, sendsFrom: opening.sendsFrom ?? before.sendsFrom } : opening;
    }
    return opening;
  }

  #dropOldest(): void {
    const oldest = this.#waiting.findIndex((parcel) => parcel.kind === 'windows');
    const [parcel] = this.#waiting.splice(oldest, 1);
    this.#waitingRows -= rowsOf(parcel);
    this.#dropped += rowsOf(parcel);

    // Openings before and after it are neighbours now.
    for (let i = oldest; i < this.#waiting.length; i++) {
      const opening = this.#waiting[i];
      if (opening.kind === 'windows') return;
      const before = this.#waiting.length;
      const replacing = this.#replaceOpening(opening, i);
      i -= before - this.#waiting.length;
      this.#waiting[i] = replacing;
    }
  }
}

type Opening = Extract<Parcel, { kind: 'opened' }>;

function rowsOf(parcel: Parcel): number {
  return parcel.kind === 'windows' ? parcel.rows : 0;
}
