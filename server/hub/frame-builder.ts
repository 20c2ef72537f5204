import { HEADER_BYTES } from '../wire/frame.ts';
import { BLOCK_BYTES, encodeTrendFrame, ROW_BYTES, type TrendBlock } from '../wire/trend-frame.ts';
import { type RowColumns, readRows, rowColumns } from './row-reader.ts';
import type { Lane } from './subscription.ts';

/** A frame is never longer: a quarter of what may be in flight. */
export const FRAME_BYTES = 16 * 1024;

/** Rows of one channel before it is another one's turn; fewer waste a frame on block headers. */
const LEAST_SHARE = 16;

/** Whose turn it is among lanes that are read together. Moved by reading. */
export interface Turns {
  turn: number;
}

/** Where a reader stands in each lane: the sequence number it needs next. Moved by reading. */
export interface Position extends Turns {
  readonly seqs: Float64Array;
}

/** How far lanes may be read. */
export interface ReadLimit {
  /** Sequence numbers, one a lane, that are not read any more. */
  readonly ends: Float64Array;
  /** Whether the row that is cut off by the end of a lane is handed out as it is. */
  isClosed(lane: Lane): boolean;
}

/** Where the rows of a block go: at most `rows` of them, from row `at` on. */
export interface RowRoom {
  readonly columns: RowColumns;
  readonly at: number;
  readonly rows: number;
}

/** Reads the next block of a lane; undefined where there is none now. */
export type ReadBlock = (lane: number, room: RowRoom) => TrendBlock | undefined;

/**
 * Encodes the next frame from rings. The lanes take turns, so that they move
 * on together however much there is to read.
 */
export class FrameBuilder {
  readonly #columns = rowColumns(Math.floor(FRAME_BYTES / ROW_BYTES));

  /** The next frame of what `read` gives of so many lanes; undefined where it gives nothing. */
  build(lanes: number, turns: Turns, read: ReadBlock, sentMs: number): Buffer | undefined {
    const blocks: TrendBlock[] = [];
    const share = fairShare(lanes);
    let left = FRAME_BYTES - HEADER_BYTES;
    let at = 0;

    for (let idle = 0; idle < lanes && left >= BLOCK_BYTES + ROW_BYTES; ) {
      const rows = Math.min(share, Math.floor((left - BLOCK_BYTES) / ROW_BYTES));
      const block = read(turns.turn, { columns: this.#columns, at, rows });
      if (block) {
        blocks.push(block);
        at += block.min.length;
        left -= BLOCK_BYTES + block.min.length * ROW_BYTES;
        idle = 0;
      } else {
        idle++;
      }
      turns.turn = (turns.turn + 1) % lanes;
    }
    return blocks.length === 0 ? undefined : Buffer.from(encodeTrendFrame({ sentMs, blocks }));
  }
}

/** Reads `lanes` onward from `position`, which moves on, as far as `limit`. */
export function readOnward(lanes: readonly Lane[], position: Position, limit: ReadLimit): ReadBlock {
  return (lane, { columns, at, rows }) => {
    const { channel, span } = lanes[lane];
    const from = position.seqs[lane];
    const range = { span, from, end: limit.ends[lane], isClosed: limit.isClosed(lanes[lane]), rows };
    const block = readRows(channel.ring, channel.number, range, columns, at);
    if (block) position.seqs[lane] = block.lastSeq + 1;
    return block;
  };
}

function fairShare(lanes: number): number {
  const bytes = (FRAME_BYTES - HEADER_BYTES) / lanes - BLOCK_BYTES;
  return Math.max(LEAST_SHARE, Math.floor(bytes / ROW_BYTES));
}
