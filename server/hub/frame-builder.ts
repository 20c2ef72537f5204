import { HEADER_BYTES } from '../wire/frame.ts';
import { BLOCK_BYTES, encodeTrendFrame, ROW_BYTES, type TrendBlock } from '../wire/trend-frame.ts';
import { type RowColumns, readRows, rowColumns } from './row-reader.ts';
import type { Lane } from './subscription.ts';

/** A frame is never longer: a quarter of what may be in flight. */
export const FRAME_BYTES = 16 * 1024;

/** Windows merged for one frame at most, but for a single row that is longer: about a millisecond of work. */
const FRAME_WINDOWS = 65_536;

/** To merge a window takes about as long as to encode so many bytes: coarse rows are short, not cheap. */
const WINDOW_COST_BYTES = 4;

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

/** Where the rows of a block go: at most `rows` of them, from row `at` on, of `windows` windows, but at least one. */
export interface RowRoom {
  readonly columns: RowColumns;
  readonly at: number;
  readonly rows: number;
  readonly windows: number;
}

export interface BuiltFrame {
  readonly bytes: Buffer;
  /** What it took to make, in bytes that take as long to encode. */
  readonly costBytes: number;
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
  build(lanes: number, turns: Turns, read: ReadBlock, sentMs: number): BuiltFrame | undefined {
    const blocks: TrendBlock[] = [];
    const share = fairShare(lanes);
    let left = FRAME_BYTES - HEADER_BYTES;
    let windows = 0;
    let at = 0;

    for (let idle = 0; idle < lanes && left >= BLOCK_BYTES + ROW_BYTES && windows < FRAME_WINDOWS; ) {
      const rows = Math.min(share, Math.floor((left - BLOCK_BYTES) / ROW_BYTES));
      const block = read(turns.turn, { columns: this.#columns, at, rows, windows: FRAME_WINDOWS - windows });
      if (block) {
        blocks.push(block);
        at += block.min.length;
        windows += block.windows;
        left -= BLOCK_BYTES + block.min.length * ROW_BYTES;
        idle = 0;
      } else {
        idle++;
      }
      turns.turn = (turns.turn + 1) % lanes;
    }
    if (blocks.length === 0) return undefined;
    const bytes = Buffer.from(encodeTrendFrame({ sentMs, blocks }));
    return { bytes, costBytes: Math.max(bytes.byteLength, WINDOW_COST_BYTES * windows) };
  }
}

/** Reads `lanes` onward from `position`, which moves on, as far as `limit`. */
export function readOnward(lanes: readonly Lane[], position: Position, limit: ReadLimit): ReadBlock {
  return (lane, room) => {
    const { channel, span } = lanes[lane];
    const from = position.seqs[lane];
    const rows = rowsIn(room, span);
    const range = { span, from, end: limit.ends[lane], isClosed: limit.isClosed(lanes[lane]), rows };
    const block = readRows(channel.ring, channel.number, range, room.columns, room.at);
    if (block) position.seqs[lane] = block.lastSeq + 1;
    return block;
  };
}

/** How many rows of `span` windows there is room for. */
export function rowsIn({ rows, windows }: RowRoom, span: number): number {
  return Math.min(rows, Math.max(1, Math.floor(windows / span)));
}

function fairShare(lanes: number): number {
  const bytes = (FRAME_BYTES - HEADER_BYTES) / lanes - BLOCK_BYTES;
  return Math.max(LEAST_SHARE, Math.floor(bytes / ROW_BYTES));
}
