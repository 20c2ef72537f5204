import type { Filled } from '../wire/events.ts';
import type { TrendBlock } from '../wire/trend-frame.ts';
import { type BuiltFrame, type FrameBuilder, type RowRoom, rowsIn, type Turns } from './frame-builder.ts';
import type { HubChannel } from './hub-channel.ts';
import { lastBlockStart, readRows } from './row-reader.ts';

/** What is still to be sent of the past of one channel. */
export interface PastLane {
  readonly channel: HubChannel;
  /** In rising order; the last one shrinks from its end as it is read. */
  readonly ranges: PastRange[];
}

/** Sequence numbers from .. to-1, and how many windows a row of them merges. */
interface PastRange {
  readonly from: number;
  to: number;
  readonly span: number;
}

/**
 * One `fill`: windows of the past for one viewer, the newest first. What was
 * just missed is on the screen before what was long ago, a trace grows back
 * from the present without a hole, and what the rings lose meanwhile is what
 * matters least.
 */
export class Refill {
  readonly #id: number;
  readonly #lanes: readonly PastLane[];
  readonly #turns: Turns = { turn: 0 };
  readonly #gone: Filled['gone'][number][] = [];

  /** Takes `lanes` over. */
  constructor(id: number, lanes: readonly PastLane[]) {
    this.#id = id;
    this.#lanes = lanes;
  }

  /** The next frame; undefined when there is no more. */
  next(builder: FrameBuilder, sentMs: number): BuiltFrame | undefined {
    return builder.build(this.#lanes.length, this.#turns, (lane, room) => this.#read(this.#lanes[lane], room), sentMs);
  }

  /** What it came to, once there is no more. */
  get filled(): Filled {
    return { type: 'filled', id: this.#id, gone: this.#gone };
  }

  #read({ channel, ranges }: PastLane, room: RowRoom): TrendBlock | undefined {
    const { ring, name, number } = channel;
    for (let range = ranges.at(-1); range && range.to <= ring.oldest; range = ranges.at(-1)) {
      this.#gone.push({ name, from: range.from, to: range.to });
      ranges.pop();
    }
    const range = ranges.at(-1);
    if (!range) return undefined;

    const { span, to: end } = range;
    const rows = rowsIn(room, span);
    const from = lastBlockStart(ring, { span, from: Math.max(range.from, ring.oldest), end, rows });
    if (from > range.from) range.to = from;
    else ranges.pop();
    return readRows(ring, number, { span, from, end, isClosed: true, rows }, room.columns, room.at);
  }
}
