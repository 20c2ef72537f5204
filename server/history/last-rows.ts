import type { DuckDBBigIntVector, DuckDBDataChunk, DuckDBDoubleVector } from '@duckdb/node-api';
import type { HistoryRow } from './row-block.ts';
import { COLUMNS } from './row-chunk.ts';
import type { Segment } from './segment.ts';

/** What a stream has in a tier of a segment, or lacks at the end of it. */
export interface StreamRows {
  readonly samples: number;
  /** Of its newest row: the `rowid`. */
  readonly place: number;
}

export interface PlacedRow {
  readonly row: HistoryRow;
  readonly place: number;
}

/** Read at once, from the newest row of a stream backwards: what tiers lack is almost always of the last seconds. */
const STEP_ROWS = 65_536;
const NUMBERS = COLUMNS.map(([name]) => name).filter((name) => name !== 'time');
const SELECTED = [...NUMBERS, 'rowid'].map((name) => `"${name}"::DOUBLE`).join(', ');

/**
 * The last rows of streams in a tier, so many that their samples are those of
 * `lacking`, in the order they were written. `samplesOf` says what a row adds
 * to its stream. A stream whose rows do not make up the number is `broken`.
 */
export async function readLast(
  segment: Segment,
  tier: number,
  lacking: ReadonlyMap<number, StreamRows>,
  samplesOf: (row: PlacedRow) => number,
): Promise<{ rows: PlacedRow[]; broken: number[] }> {
  const left = new Map(lacking);
  const taken: PlacedRow[] = []; // the newest first
  const broken: number[] = [];
  while (left.size > 0) {
    const end = [...left.values()].reduce((newest, { place }) => Math.max(newest, place), 0);
    const from = Math.max(0, end + 1 - STEP_ROWS);
    for (const placed of backwards(await readStep(segment, tier, { from, end, streams: [...left.keys()] }))) {
      const { stream } = placed.row;
      const lack = left.get(stream);
      if (lack === undefined) continue;
      const samples = lack.samples - samplesOf(placed);
      if (samples >= 0) taken.push(placed);
      if (samples < 0) broken.push(stream);
      if (samples > 0) left.set(stream, { ...lack, samples });
      else left.delete(stream);
    }
    for (const [stream, lack] of left) left.set(stream, { ...lack, place: Math.min(lack.place, from - 1) });
    if (from === 0) break;
  }
  return { rows: taken.reverse(), broken: [...broken, ...left.keys()] };
}

interface Step {
  readonly from: number;
  readonly end: number;
  readonly streams: readonly number[];
}

// DuckDB gives rows in the order they were written: see `preserve_insertion_order`.
function readStep(segment: Segment, tier: number, { from, end, streams }: Step): Promise<DuckDBDataChunk[]> {
  return segment.chunks(`
    SELECT time, ${SELECTED} FROM ${segment.name}.tier_${tier}
    WHERE rowid BETWEEN ${from} AND ${end} AND stream IN (${streams.join(', ')})`);
}

function* backwards(chunks: readonly DuckDBDataChunk[]): Generator<PlacedRow> {
  for (const chunk of chunks.toReversed()) {
    const rowAt = rowReader(chunk);
    for (let at = chunk.rowCount - 1; at >= 0; at--) yield rowAt(at);
  }
}

// Value by value, as there may be hundreds of thousands of rows while everybody waits for the start.
function rowReader(chunk: DuckDBDataChunk): (at: number) => PlacedRow {
  const times = chunk.getColumnVector(0) as DuckDBBigIntVector;
  const vector = (column: number) => chunk.getColumnVector(column + 1) as DuckDBDoubleVector;
  const vectors = Object.fromEntries(NUMBERS.map((name, column) => [name, vector(column)]));
  const { stream, window, min, max, mean, m2, count, clipped, nonfinite, flags, windows } = vectors;
  const places = vector(NUMBERS.length);
  return (at) => ({
    place: places.getItem(at) as number,
    row: {
      stream: stream.getItem(at) as number,
      window: window.getItem(at) as number,
      timeNs: times.getItem(at) as bigint,
      min: min.getItem(at) as number,
      max: max.getItem(at) as number,
      mean: mean.getItem(at) as number,
      m2: m2.getItem(at) as number,
      count: count.getItem(at) as number,
      clipped: clipped.getItem(at) as number,
      nonfinite: nonfinite.getItem(at) as number,
      flags: flags.getItem(at) as number,
      windows: windows.getItem(at) as number,
    },
  });
}
