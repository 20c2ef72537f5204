import { HEADER_BYTES } from '../wire/frame.ts';
import { BLOCK_BYTES, encodeTrendFrame, ROW_BYTES, type TrendBlock } from '../wire/trend-frame.ts';
import { readRows, rowColumns } from './row-reader.ts';
import type { Lane } from './subscription.ts';

/** A frame is never longer: a quarter of what may be in flight. */
export const FRAME_BYTES = 16 * 1024;

/** Rows of one channel before it is another one's turn; fewer waste a frame on block headers. */
const LEAST_SHARE = 16;

/** Where a reader stands in each lane: the sequence number it needs next. Moved by reading. */
export interface Position {
  readonly seqs: Float64Array;
  /** The lane whose turn it is. */
  turn: number;
}

/** How far lanes may be read. */
export interface ReadLimit {
  /** Sequence numbers, one a lane, that are not read any more. */
  readonly ends: Float64Array;
  /** Whether the row that is cut off by the end of a lane is handed out as it is. */
  isClosed(lane: Lane): boolean;
}

/**
 * Encodes the next frame from rings. The lanes take turns, so that they move
 * on together however much there is to read.
 */
export class FrameBuilder {
  readonly #columns = rowColumns(Math.floor(FRAME_BYTES / ROW_BYTES));

  /** The next frame after `position`, which moves on; undefined where no row is whole. */
  build(lanes: readonly Lane[], position: Position, limit: ReadLimit, sentMs: number): Buffer | undefined {
    const blocks: TrendBlock[] = [];
    const share = fairShare(lanes.length);
    let left = FRAME_BYTES - HEADER_BYTES;
    let row = 0;

    for (let idle = 0; idle < lanes.length && left >= BLOCK_BYTES + ROW_BYTES; ) {
      const lane = lanes[position.turn];
      const rows = Math.min(share, Math.floor((left - BLOCK_BYTES) / ROW_BYTES));
      const from = position.seqs[position.turn];
      const end = limit.ends[position.turn];
      const { channel, span } = lane;
      const range = { span, from, end, isClosed: limit.isClosed(lane), rows };
      const block = readRows(channel.ring, channel.number, range, this.#columns, row);
      if (block) {
        blocks.push(block);
        row += block.min.length;
        left -= BLOCK_BYTES + block.min.length * ROW_BYTES;
        position.seqs[position.turn] = block.lastSeq + 1;
        idle = 0;
      } else {
        idle++;
      }
      position.turn = (position.turn + 1) % lanes.length;
    }
    return blocks.length === 0 ? undefined : Buffer.from(encodeTrendFrame({ sentMs, blocks }));
  }
}

function fairShare(lanes: number): number {
  const bytes = (FRAME_BYTES - HEADER_BYTES) / lanes - BLOCK_BYTES;
  return Math.max(LEAST_SHARE, Math.floor(bytes / ROW_BYTES));
}
