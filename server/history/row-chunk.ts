import { BIGINT, DOUBLE, DuckDBDataChunk, type DuckDBType, INTEGER, UINTEGER, USMALLINT } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
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

type Column = Float64Array | BigInt64Array | Int32Array | Uint32Array | Uint16Array;

/**
 * Rows as DuckDB takes them: made once and filled again and again, because
 * making one costs more than filling it. Columns are copied whole, below the
 * API that sets one value at a time.
 */
export class RowChunk {
  readonly #chunk: DuckDBDataChunk;
  readonly #columns: readonly Column[];

  constructor() {
    const types = COLUMNS.map(([, type]) => type);
    this.#chunk = DuckDBDataChunk.create(types, BLOCK_ROWS);
    this.#columns = types.map(toColumn);
  }

  /** Holds the rows of `block` until it is filled again. */
  fill(block: RowBlock): DuckDBDataChunk {
    for (const [index, [name]] of COLUMNS.entries()) {
      const column = this.#columns[index];
      if (name === 'time') this.#copy(index, block.timeNs, block.length);
      else if (column instanceof Float64Array) this.#copy(index, block.column(name), block.length);
      else {
        if (column instanceof BigInt64Array) setIntegers(column, block.column(name));
        else column.set(block.column(name));
        this.#copy(index, column, block.length);
      }
    }
    this.#chunk.rowCount = block.length;
    return this.#chunk;
  }

  #copy(index: number, { buffer, byteOffset, BYTES_PER_ELEMENT }: Column, rows: number): void {
    const vector = duckdb.data_chunk_get_vector(this.#chunk.chunk, index);
    duckdb.copy_data_to_vector(vector, 0, buffer as ArrayBuffer, byteOffset, rows * BYTES_PER_ELEMENT);
  }
}

function toColumn(type: DuckDBType): Column {
  switch (type) {
    case DOUBLE:
      return new Float64Array(0); // a block's own is copied
    case BIGINT:
      return new BigInt64Array(BLOCK_ROWS);
    case INTEGER:
      return new Int32Array(BLOCK_ROWS);
    case UINTEGER:
      return new Uint32Array(BLOCK_ROWS);
    default:
      return new Uint16Array(BLOCK_ROWS);
  }
}

// Not negative, and below 2^53. As words, because each bigint is an object; the low one is first on every machine that DuckDB runs on.
function setIntegers({ buffer }: BigInt64Array, column: Float64Array): void {
  const words = new Uint32Array(buffer);
  for (let i = 0; i < column.length; i++) {
    words[2 * i] = column[i] >>> 0;
    words[2 * i + 1] = column[i] / 2 ** 32;
  }
}
