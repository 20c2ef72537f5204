import type { SubscribedChannel } from '../../server/wire/events.ts';
import type { TrendBlock } from '../../server/wire/trend-frame.ts';

/** What a viewer got of one channel. */
export class ViewedChannel {
  readonly name: string;
  /** Sequence number the next frame must begin with. */
  next: number;
  span: number;
  windows = 0;
  rows = 0;
  samples = 0;
  /** Sequence numbers that were skipped without a word. */
  missing = 0;
  /** Sequence numbers that came again. */
  doubled = 0;
  /** Sequence numbers the hub said are gone. */
  gone = 0;
  /** Copies, in the order they came, where the viewer keeps them. */
  readonly blocks: TrendBlock[] = [];
  /** What came of the past that `fill` asked for, in the order it came. */
  readonly past: { readonly from: number; readonly to: number }[] = [];
  /** Bytes of the past, of all channels, that came before the first of the present; undefined before that. */
  pastBytesBefore: number | undefined;
  #from: number;

  constructor({ name, from, span }: SubscribedChannel) {
    this.name = name;
    this.next = this.#from = from;
    this.span = span;
  }

  begin({ span, from, gone }: SubscribedChannel, isAnswer: boolean): void {
    this.span = span;
    if (gone) {
      this.gone += gone.to - gone.from;
      this.next = gone.to;
    }
    if (isAnswer) this.next = this.#from = from;
    else this.missing += Math.max(0, from - this.next);
  }

  /** Whether a block lies before the subscription, where only what was asked for comes. */
  isPast({ lastSeq }: TrendBlock): boolean {
    return lastSeq < this.#from;
  }

  take(block: TrendBlock, pastBytes: number): void {
    const first = block.lastSeq - block.windows + 1;
    if (this.isPast(block)) {
      this.past.push({ from: first, to: block.lastSeq + 1 });
      return;
    }
    this.pastBytesBefore ??= pastBytes;
    this.missing += Math.max(0, first - this.next);
    this.doubled += Math.max(0, this.next - first);
    this.next = block.lastSeq + 1;
    this.windows += block.windows;
    this.rows += block.min.length;
    for (const [row, count] of block.count.entries()) this.samples += count + block.nonfinite[row];
  }
}
