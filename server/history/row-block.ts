import type { Summary } from '../trend/summary.ts';

/** What a row says of its time and its samples. */
export type RowFigures = Summary & Pick<HistoryRow, 'timeNs' | 'flags'>;

/** A row of any tier: some windows of one stream, merged. */
export interface HistoryRow extends Summary {
  /** The stream's number in the catalogue. */
  readonly stream: number;
  /** Index in its tier. */
  readonly window: number;
  /** Start of the row by the sample clock, ns since 1970 UTC, also where its first windows are missing. */
  readonly timeNs: bigint;
  readonly flags: number;
  /** Windows merged; 0 in a row of tier 0 that replaces another one of the same window. */
  readonly windows: number;
}

/** Rows that fit in one chunk of DuckDB. */
export const BLOCK_ROWS = 2048;
/** What a row takes in a block. */
export const BLOCK_ROW_BYTES = 12 * 8;

const FIGURES = [
  'stream',
  'window',
  'min',
  'max',
  'mean',
  'm2',
  'count',
  'clipped',
  'nonfinite',
  'flags',
  'windows',
] as const;

/** Up to `BLOCK_ROWS` rows as columns, so that a million of them is nothing to the garbage collector. */
export class RowBlock {
  readonly timeNs = new BigInt64Array(BLOCK_ROWS);
  readonly #figures = new Float64Array(BLOCK_ROWS * FIGURES.length);
  #length = 0;
  #earliestNs = 0n;

  get length(): number {
    return this.#length;
  }

  /** When the earliest of its rows begins, ns since 1970 UTC; of no use while it has none. */
  get earliestNs(): bigint {
    return this.#earliestNs;
  }

  get isFull(): boolean {
    return this.#length === BLOCK_ROWS;
  }

  /** Adds a row. Only while the block is not full. */
  push(row: HistoryRow): void {
    this.add(row.stream, row.window, row, row.windows);
  }

  /** As `push`, of a row that is no object yet. */
  add(stream: number, window: number, figures: RowFigures, windows: number): void {
    if (this.isFull) throw new RangeError(`a block of ${BLOCK_ROWS} rows is full`);
    const at = this.#length++;
    if (at === 0 || figures.timeNs < this.#earliestNs) this.#earliestNs = figures.timeNs;
    this.timeNs[at] = figures.timeNs;
    const columns = this.#figures;
    columns[at] = stream;
    columns[at + BLOCK_ROWS] = window;
    columns[at + 2 * BLOCK_ROWS] = figures.min;
    columns[at + 3 * BLOCK_ROWS] = figures.max;
    columns[at + 4 * BLOCK_ROWS] = figures.mean;
    columns[at + 5 * BLOCK_ROWS] = figures.m2;
    columns[at + 6 * BLOCK_ROWS] = figures.count;
    columns[at + 7 * BLOCK_ROWS] = figures.clipped;
    columns[at + 8 * BLOCK_ROWS] = figures.nonfinite;
    columns[at + 9 * BLOCK_ROWS] = figures.flags;
    columns[at + 10 * BLOCK_ROWS] = windows;
  }

  /** Marks a row as one that replaces another of its window. */
  setReplacing(index: number): void {
    this.#figures[index + 10 * BLOCK_ROWS] = 0;
  }

  clear(): void {
    this.#length = 0;
  }

  at(index: number): HistoryRow {
    const figures = this.#figures;
    return {
      stream: figures[index],
      window: figures[index + BLOCK_ROWS],
      timeNs: this.timeNs[index],
      min: figures[index + 2 * BLOCK_ROWS],
      max: figures[index + 3 * BLOCK_ROWS],
      mean: figures[index + 4 * BLOCK_ROWS],
      m2: figures[index + 5 * BLOCK_ROWS],
      count: figures[index + 6 * BLOCK_ROWS],
      clipped: figures[index + 7 * BLOCK_ROWS],
      nonfinite: figures[index + 8 * BLOCK_ROWS],
      flags: figures[index + 9 * BLOCK_ROWS],
      windows: figures[index + 10 * BLOCK_ROWS],
    };
  }

  /** Rows of some streams; of others not even an object is made. */
  *where(isWanted: (stream: number) => boolean): Generator<HistoryRow> {
    const streams = this.column('stream');
    for (let i = 0; i < streams.length; i++) if (isWanted(streams[i])) yield this.at(i);
  }

  /** One figure of all rows; a view. */
  column(name: (typeof FIGURES)[number]): Float64Array {
    const at = FIGURES.indexOf(name) * BLOCK_ROWS;
    return this.#figures.subarray(at, at + this.#length);
  }
}

/** Rows in blocks, in order: grows at the end. */
export class RowList {
  readonly blocks: RowBlock[];

  constructor(blocks: RowBlock[] = []) {
    this.blocks = blocks;
  }

  get length(): number {
    return this.blocks.reduce((sum, block) => sum + block.length, 0);
  }

  /** When the earliest of its rows begins, ns since 1970 UTC; undefined where there is none. */
  get earliestNs(): bigint | undefined {
    let earliestNs: bigint | undefined;
    for (const block of this.blocks) {
      if (earliestNs === undefined || block.earliestNs < earliestNs) earliestNs = block.earliestNs;
    }
    return earliestNs;
  }

  push(row: HistoryRow): void {
    let last = this.blocks.at(-1);
    if (last === undefined || last.isFull) {
      last = new RowBlock();
      this.blocks.push(last);
    }
    last.push(row);
  }

  [Symbol.iterator](): Generator<HistoryRow> {
    return this.where(() => true);
  }

  /** Rows of some streams. */
  *where(isWanted: (stream: number) => boolean): Generator<HistoryRow> {
    for (const block of this.blocks) yield* block.where(isWanted);
  }
}
