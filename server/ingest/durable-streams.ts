import type { ChannelInfo } from '../trend/channel-info.ts';
import type { DurableMark, FromHistory, StreamMark } from '../trend/durable-link.ts';
import { type TrendWindow, WindowFlag } from '../trend/trend-window.ts';
import type { WindowOutbox } from '../trend/window-outbox.ts';
import { DurableEnd } from './durable-end.ts';

/** Whose windows the history lost: its device has to send again. */
export type StreamName = Pick<DurableMark, 'channel' | 'stream'>;

export interface DurableStreamsOptions {
  /** Leads to the history. Nothing is ever dropped from it: what finds no room is not put in. */
  readonly outbox: Pick<WindowOutbox, 'open' | 'add' | 'taken' | 'flush' | 'fill'>;
  /** Where streams stood when the server started. */
  readonly marks: readonly StreamMark[];
  /** More is durable. */
  readonly onDurable: () => void;
  readonly onResend: (name: StreamName) => void;
  /** Says to the history that it has what it asked for. */
  readonly onAsked: () => void;
}

/** How the way to the history does. */
export interface DurableStatus {
  /** Streams whose windows are kept from the history for now, because it is too far behind. */
  readonly withheld: number;
  /** Windows that devices have sent again for the history. */
  readonly sentAgain: number;
}

// The room of the outbox: past the first no window goes in, below the second streams are asked for again.
const FULL = 0.95;
const RELIEVED = 0.1;

/**
 * Gives every window to the history and knows of every stream how far it is
 * durable.
 *
 * The history may be slow for minutes, when its disk is. Where its outbox is
 * full, a stream's windows are kept from it from there on; once there is room,
 * the device sends them again. So the history sees every stream in order and
 * without a hole, and a mark of it never passes what it did not get.
 */
export class DurableStreams {
  readonly #options: DurableStreamsOptions;
  readonly #marks = new Map<string, StreamMark>();
  readonly #ends = new Map<string, { readonly info: ChannelInfo; readonly end: DurableEnd }>();
  readonly #begun = new Map<string, number>(); // not described yet: from where their devices send
  readonly #withheld = new Set<string>();
  #sentAgain = 0;

  constructor(options: DurableStreamsOptions) {
    this.#options = options;
    for (const mark of options.marks) this.#marks.set(keyOf(mark.info), mark);
  }

  get status(): DurableStatus {
    return { withheld: this.#withheld.size, sentAgain: this.#sentAgain };
  }

  /** Where a stream stood when the server started; undefined for one that began since. */
  markOf(name: StreamName): StreamMark | undefined {
    return this.#marks.get(keyOf(name));
  }

  /** A stream begins, or goes on after a start of the server. */
  begin(info: ChannelInfo): DurableEnd {
    const nextSample = this.markOf(info)?.nextSample ?? 0;
    const end = new DurableEnd(nextSample);
    this.#ends.set(keyOf(info), { info, end });
    this.#begun.set(keyOf(info), nextSample);
    return end;
  }

  /** Nobody asks for the stream any more. */
  forget(info: ChannelInfo): void {
    this.#ends.delete(keyOf(info));
    this.#withheld.delete(keyOf(info));
    this.#begun.delete(keyOf(info));
  }

  /** A device describes its stream: the history hears of it before the windows. */
  open(info: ChannelInfo): void {
    const key = keyOf(info);
    this.#options.outbox.open(info, this.#begun.get(key));
    this.#begun.delete(key);
  }

  /** The device of a stream that is owed is back; returns from where on it sends again. */
  settle(info: ChannelInfo, end: DurableEnd): number | undefined {
    if (!end.isOwed) return undefined;
    this.#withheld.delete(keyOf(info));
    const from = end.settle();
    this.#options.outbox.open(info, from); // tells the history that what comes now is in order again
    return from;
  }

  /** A window was made, of samples that came for the first time. */
  take(window: TrendWindow): void {
    const end = this.#endOf(window);
    const start = window.index * window.size;
    if ((window.flags & WindowFlag.Partial) === 0) end.handOut(start + window.size);
    else end.handOutPart({ start, samples: window.summary.count + window.summary.nonfinite });
    this.#give(window, start, end);
  }

  /** A window was made of samples that came again. */
  takeAgain(window: TrendWindow): void {
    this.#sentAgain++;
    this.#give(window, window.index * window.size, this.#endOf(window));
  }

  receive(message: FromHistory): void {
    switch (message.kind) {
      case 'ask':
        this.#options.outbox.flush();
        this.#options.onAsked();
        break;
      case 'taken':
        this.#options.outbox.taken(message.rows);
        this.#relieve();
        break;
      case 'durable':
        for (const mark of message.marks) this.#ends.get(keyOf(mark))?.end.mark(mark);
        this.#options.onDurable();
        break;
      case 'resend':
        for (const mark of message.marks) {
          this.#ends.get(keyOf(mark))?.end.owe(mark.nextSample);
          this.#options.onResend(mark);
        }
        break;
    }
  }

  #endOf(window: TrendWindow): DurableEnd {
    const known = this.#ends.get(keyOf(window));
    if (known === undefined) throw new Error(`window of stream ${window.stream}, which was not begun`);
    return known.end;
  }

  #give(window: TrendWindow, start: number, end: DurableEnd): void {
    const { outbox } = this.#options;
    if (end.isWithheld || outbox.fill > FULL) {
      end.withhold(start);
      this.#withheld.add(keyOf(window));
    } else {
      outbox.add(window);
    }
  }

  #relieve(): void {
    if (this.#withheld.size === 0 || this.#options.outbox.fill > RELIEVED) return;
    for (const key of this.#withheld) {
      const info = this.#ends.get(key)?.info;
      if (info !== undefined) this.#options.onResend(info);
    }
  }
}

// A channel's name has no line breaks.
function keyOf({ channel, stream }: StreamName): string {
  return `${channel}\n${stream}`;
}
