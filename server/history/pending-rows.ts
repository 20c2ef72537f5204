import { BLOCK_ROW_BYTES, BLOCK_ROWS, type HistoryRow, RowBlock, type RowFigures } from './row-block.ts';

const BLOCK_BYTES = BLOCK_ROWS * BLOCK_ROW_BYTES;
/** Rows that come later than this after a block's first go to the next one, so that old rows can be given up without new ones. */
const BLOCK_MS = 2000;
/** Empty blocks kept for the next rows. */
const SPARE_BLOCKS = 8;

/** A window as it came. */
export interface ArrivedWindow extends RowFigures {
  readonly index: number;
}

interface PendingBlock {
  readonly block: RowBlock;
  /** When its first row came, monotonic. */
  readonly sinceMs: number;
}

/** Rows of tier 0 that are taken and not in a batch yet, the oldest first. */
export class PendingRows {
  readonly #blocks: PendingBlock[] = [];
  readonly #spare: RowBlock[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What they take in memory. */
  get bytes(): number {
    return this.#blocks.length * BLOCK_BYTES;
  }

  /** Adds a window of tier 0. */
  add(stream: number, window: ArrivedWindow, nowMs: number): void {
    let last = this.#blocks.at(-1);
    if (last === undefined || last.block.isFull || nowMs - last.sinceMs > BLOCK_MS) {
      last = { block: this.#spare.pop() ?? new RowBlock(), sinceMs: nowMs };
      this.#blocks.push(last);
    }
    last.block.add(stream, window.index, window, 1);
    this.#length++;
  }

  /** Takes out the oldest block. Valid until it is recycled. */
  shift(): RowBlock | undefined {
    const oldest = this.#blocks.shift()?.block;
    if (oldest === undefined) return undefined;
    this.#length -= oldest.length;
    return oldest;
  }

  /** Gives a block back that nobody reads any more. */
  recycle(block: RowBlock): void {
    if (this.#spare.length >= SPARE_BLOCKS) return;
    block.clear();
    this.#spare.push(block);
  }

  /** Whether the oldest rows have waited for too long, or there are too many. */
  isOver(limits: { readonly ageMs: number; readonly bytes: number }, nowMs: number): boolean {
    const [oldest] = this.#blocks;
    if (oldest === undefined) return false;
    return nowMs - oldest.sinceMs > limits.ageMs || this.bytes > limits.bytes;
  }

  [Symbol.iterator](): Generator<HistoryRow> {
    return this.where(() => true);
  }

  /** Rows of some streams. */
  *where(isWanted: (stream: number) => boolean): Generator<HistoryRow> {
    for (const { block } of this.#blocks) yield* block.where(isWanted);
  }
}
