import type { DuckDBBigIntVector, DuckDBDataChunk, DuckDBDoubleVector } from '@duckdb/node-api';
import type { HistoryRow } from './row-block.ts';
import { COLUMNS } from './row-chunk.ts';
import type { Segment } from './segment.ts';
import { restOf, samplesOf, type WindowPart } from './window-rest.ts';

/** What a stream has in a tier of a segment, or lacks at the end of it. */
export interface StreamRows {
  readonly samples: number;
  /** Of its newest row: the `rowid`. */
  readonly place: number;
}

/** Of each row that replaces another one of its window, by its place: its stream, and that other one. */
export type Replaced = ReadonlyMap<number, { readonly stream: number; readonly part: WindowPart }>;

/** Read at once, from the newest row of a stream backwards: what tiers lack is almost always of the last seconds. */
const STEP_ROWS = 65_536;
/** As numbers, beside the time. */
const SELECTED = [...COLUMNS.map(([name]) => name).filter((name) => name !== 'time'), 'rowid'];

/**
 * The last rows of streams in a tier, so many that their samples are those of
 * `lacking`, in the order they were written. A row that replaces another one
 * is what it brings beyond that one. They are read where the database left
 * them as they are taken, which must be before it is closed. A stream whose
 * rows do not make up the number is `broken`.
 */
export async function readLast(
  segment: Segment,
  tier: number,
  lacking: ReadonlyMap<number, StreamRows>,
  replaced: Replaced,
): Promise<{ rows: Iterable<HistoryRow>; broken: number[] }> {
  const left = new Map(lacking);
  const steps: { rows: ReadRows; taken: number[] }[] = []; // the newest first, also in each
  const broken: number[] = [];
  while (left.size > 0) {
    const end = [...left.values()].reduce((newest, { place }) => Math.max(newest, place), 0);
    const from = Math.max(0, end + 1 - STEP_ROWS);
    for (const chunk of (await readStep(segment, tier, { from, end, streams: [...left.keys()] })).toReversed()) {
      const rows = new ReadRows(chunk, replaced);
      const taken: number[] = [];
      for (let at = rows.length - 1; at >= 0; at--) {
        const stream = rows.stream(at);
        const lack = left.get(stream);
        if (lack === undefined) continue;
        const samples = lack.samples - rows.samples(at);
        if (samples >= 0) taken.push(at);
        if (samples < 0) broken.push(stream);
        if (samples > 0) left.set(stream, { ...lack, samples });
        else left.delete(stream);
      }
      steps.push({ rows, taken });
    }
    for (const [stream, lack] of left) left.set(stream, { ...lack, place: Math.min(lack.place, from - 1) });
    if (from === 0) break;
  }
  return { rows: inOrder(steps.reverse()), broken: [...broken, ...left.keys()] };
}

function* inOrder(steps: readonly { rows: ReadRows; taken: readonly number[] }[]): Generator<HistoryRow> {
  for (const { rows, taken } of steps) for (let i = taken.length - 1; i >= 0; i--) yield rows.row(taken[i]);
}

interface Step {
  readonly from: number;
  readonly end: number;
  readonly streams: readonly number[];
}

// DuckDB gives rows in the order they were written: see `preserve_insertion_order`.
function readStep(segment: Segment, tier: number, { from, end, streams }: Step): Promise<DuckDBDataChunk[]> {
  return segment.chunks(`
    SELECT time, ${SELECTED.map((name) => `"${name}"::DOUBLE`).join(', ')} FROM ${segment.name}.tier_${tier}
    WHERE rowid BETWEEN ${from} AND ${end} AND stream IN (${streams.join(', ')})`);
}

/** Rows of a chunk, read value by value: there may be hundreds of thousands while everybody waits for the start. */
class ReadRows {
  readonly length: number;
  readonly #times: DuckDBBigIntVector;
  readonly #numbers: Readonly<Record<string, DuckDBDoubleVector>>;
  readonly #replaced: Replaced;

  constructor(chunk: DuckDBDataChunk, replaced: Replaced) {
    this.length = chunk.rowCount;
    this.#times = chunk.getColumnVector(0) as DuckDBBigIntVector;
    const vector = (column: number) => chunk.getColumnVector(column + 1) as DuckDBDoubleVector;
    this.#numbers = Object.fromEntries(SELECTED.map((name, column) => [name, vector(column)]));
    this.#replaced = replaced;
  }

  stream(at: number): number {
    return this.#numbers.stream.getItem(at) as number;
  }

  /** What it adds to those of its stream. */
  samples(at: number): number {
    if (this.#part(at) !== undefined) return samplesOf(this.row(at));
    return (this.#numbers.count.getItem(at) as number) + (this.#numbers.nonfinite.getItem(at) as number);
  }

  row(at: number): HistoryRow {
    const { stream, window, min, max, mean, m2, count, clipped, nonfinite, flags, windows } = this.#numbers;
    const row: HistoryRow = {
      stream: stream.getItem(at) as number,
      window: window.getItem(at) as number,
      timeNs: this.#times.getItem(at) as bigint,
      min: min.getItem(at) as number,
      max: max.getItem(at) as number,
      mean: mean.getItem(at) as number,
      m2: m2.getItem(at) as number,
      count: count.getItem(at) as number,
      clipped: clipped.getItem(at) as number,
      nonfinite: nonfinite.getItem(at) as number,
      flags: flags.getItem(at) as number,
      windows: windows.getItem(at) as number,
    };
    const part = this.#part(at);
    return part === undefined ? row : { ...row, ...restOf(row, part) };
  }

  #part(at: number): WindowPart | undefined {
    return this.#replaced.size === 0 ? undefined : this.#replaced.get(this.#numbers.rowid.getItem(at) as number)?.part;
  }
}
