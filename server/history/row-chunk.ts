import {
  BIGINT,
  DOUBLE,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBVector,
  INTEGER,
  UINTEGER,
  USMALLINT,
} from '@duckdb/node-api';
import { BLOCK_ROWS, type RowBlock } from './row-block.ts';

/** Of a tier's table, in its order. */
export const COLUMNS: readonly (readonly [name: Parameters<RowBlock['column']>[0] | 'time', type: DuckDBType])[] = [
  ['stream', INTEGER],
  ['window', BIGINT],
  ['time', BIGINT],
  ['min', DOUBLE],
  ['max', DOUBLE],
  ['mean', DOUBLE],
  ['m2', DOUBLE],
  ['count', BIGINT],
  ['clipped', BIGINT],
  ['nonfinite', BIGINT],
  ['flags', USMALLINT],
  ['windows', UINTEGER],
];

/** Rows as DuckDB takes them: made once and filled again and again, because making one costs more than filling it. */
export class RowChunk {
  readonly #chunk: DuckDBDataChunk;
  readonly #vectors: readonly DuckDBVector[];

  constructor() {
    this.#chunk = DuckDBDataChunk.create(
      COLUMNS.map(([, type]) => type),
      BLOCK_ROWS,
    );
    this.#vectors = COLUMNS.map((_, index) => this.#chunk.getColumnVector(index));
  }

  /** Holds the rows of `block` until it is filled again. */
  fill(block: RowBlock): DuckDBDataChunk {
    for (const [index, [name, type]] of COLUMNS.entries()) {
      const vector = this.#vectors[index];
      if (name === 'time') setTimes(vector, block);
      else if (type === BIGINT) setIntegers(vector, block.column(name));
      else setNumbers(vector, block.column(name));
      vector.flush();
    }
    this.#chunk.rowCount = block.length;
    return this.#chunk;
  }
}

function setTimes(vector: DuckDBVector, { timeNs, length }: RowBlock): void {
  for (let i = 0; i < length; i++) vector.setItem(i, timeNs[i]);
}

function setNumbers(vector: DuckDBVector, column: Float64Array): void {
  for (let i = 0; i < column.length; i++) vector.setItem(i, column[i]);
}

// Counts are the same in most rows, and a bigint is an object.
function setIntegers(vector: DuckDBVector, column: Float64Array): void {
  let last = 0;
  let integer = 0n;
  for (let i = 0; i < column.length; i++) {
    if (column[i] !== last) {
      last = column[i];
      integer = BigInt(last);
    }
    vector.setItem(i, integer);
  }
}
