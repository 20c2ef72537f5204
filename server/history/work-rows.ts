import type { DuckDBConnection } from '@duckdb/node-api';
import { mergeSummaries } from '../trend/summary.ts';
import { TIER_FACTOR } from '../trend/tier.ts';
import { heldSql } from '../trend/time-range.ts';
import { quoted } from './database.ts';
import { isOneLine } from './lines-of-time.ts';
import type { HistoryRow } from './row-block.ts';
import { toHistoryRow } from './segment.ts';

/** What is the same in all rows of a stream. */
export interface WorkStream {
  readonly id: number;
  readonly stream: string;
  readonly windowNs: number;
}

/** The columns of a row besides its stream, in segments and in sealed files. */
export const STREAMLESS_COLUMNS = '"window", time, min, max, mean, m2, count, clipped, nonfinite, flags, windows';
const DAY = 'CAST(make_timestamp_ns(time) AS DATE)';
// Parts read at a time.
const PARTS = 20_000;

/**
 * Rows of one tier on their way into sealed files: a temporary table of a
 * connection, with the columns of a segment. One at a time a connection.
 */
export class WorkRows {
  readonly #connection: DuckDBConnection;
  readonly #tier: number;
  readonly #streams: ReadonlyMap<number, WorkStream>;

  private constructor(connection: DuckDBConnection, tier: number, streams: readonly WorkStream[]) {
    this.#connection = connection;
    this.#tier = tier;
    this.#streams = new Map(streams.map((stream) => [stream.id, stream]));
  }

  /**
   * Takes the rows of `select`: `stream`, an id, and the row columns. It may
   * read `work_streams`, id and stream. Rows of one key become one where they
   * belong together.
   */
  static async fill(
    connection: DuckDBConnection,
    { tier, streams, select }: { tier: number; streams: readonly WorkStream[]; select: string },
  ): Promise<WorkRows> {
    const work = new WorkRows(connection, tier, streams);
    await connection.run('CREATE OR REPLACE TEMP TABLE work_streams(id INTEGER, stream VARCHAR)');
    const appender = await connection.createAppender('work_streams');
    for (const { id, stream } of streams) {
      appender.appendInteger(id);
      appender.appendVarchar(stream);
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE work AS SELECT * REPLACE (${heldSql('time')} AS time) FROM (${select})`,
    );
    await work.#mergeParts();
    return work;
  }

  /** Leaves out the rows that begin before `fromNs` or at `toNs` and later. */
  async cut(fromNs: bigint, toNs: bigint): Promise<void> {
    await this.#connection.run(`DELETE FROM work WHERE time < ${fromNs} OR time >= ${toNs}`);
  }

  /** Rows of each stream and UTC day. */
  async days(): Promise<{ stream: number; day: string; rows: number; fromNs: bigint; lastNs: bigint }[]> {
    const reader = await this.#connection.runAndReadAll(
      `SELECT stream, strftime(day, '%Y-%m-%d'), rows, first, last
       FROM (SELECT stream, ${DAY} AS day, count(*) AS rows, min(time) AS first, max(time) AS last FROM work GROUP BY ALL)
       ORDER BY day, stream`,
    );
    return reader.getRows().map(([stream, day, rows, fromNs, lastNs]) => ({
      stream: Number(stream),
      day: String(day),
      rows: Number(rows),
      fromNs: fromNs as bigint,
      lastNs: lastNs as bigint,
    }));
  }

  /** Selects rows as sealed files hold them; only of UTC days that follow each other where they are given. */
  select(channel: string, streams: readonly number[], days: readonly string[] = []): string {
    const columns = STREAMLESS_COLUMNS.replace('time', 'make_timestamp_ns(time) AS time');
    const ofDays = days.length === 0 ? '' : `AND ${DAY} BETWEEN DATE '${days[0]}' AND DATE '${days.at(-1)}'`;
    return `SELECT ${quoted(channel)} AS channel, s.stream AS stream, ${columns}
      FROM work JOIN work_streams s ON s.id = work.stream
      WHERE work.stream IN (${streams.join()}) ${ofDays} ORDER BY work.stream, "window", time`;
  }

  /** Rows of each stream, by its number. */
  async counts(): Promise<Map<number, number>> {
    const reader = await this.#connection.runAndReadAll(
      'SELECT stream, count(*) FROM work GROUP BY stream ORDER BY stream',
    );
    return new Map(reader.getRows().map(([stream, rows]) => [Number(stream), Number(rows)]));
  }

  /** All rows, by stream and window, some at a time. */
  async *read(): AsyncGenerator<HistoryRow[]> {
    const result = await this.#connection.stream(
      `SELECT stream, ${STREAMLESS_COLUMNS} FROM work ORDER BY stream, "window", time`,
    );
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getRows().map(toHistoryRow);
    }
  }

  async drop(): Promise<void> {
    await this.#connection.run('DROP TABLE IF EXISTS work; DROP TABLE IF EXISTS work_streams');
  }

  // Few keys have parts: those at the edges of segments, and what was sent again.
  async #mergeParts(): Promise<void> {
    const connection = this.#connection;
    await connection.run(`CREATE OR REPLACE TEMP TABLE parts AS
      SELECT * FROM work SEMI JOIN (SELECT stream, "window" FROM work GROUP BY ALL HAVING count(*) > 1)
      USING (stream, "window")`);
    await connection.run(`DELETE FROM work USING (SELECT DISTINCT stream, "window" FROM parts) p
      WHERE work.stream = p.stream AND work."window" = p."window"`);
    let last: HistoryRow | undefined;
    for (;;) {
      const parts = await this.#readParts(last);
      if (parts.length === 0) break;
      await this.#append(mergeParts(parts, this.#tier, (stream) => this.#streams.get(stream)!.windowNs));
      last = parts.at(-1);
    }
    await connection.run('DROP TABLE parts');
  }

  // Whole keys, those after `last`.
  async #readParts(last: HistoryRow | undefined): Promise<HistoryRow[]> {
    const after = last === undefined ? 'true' : `(stream, "window") > (${last.stream}, ${last.window})`;
    const reader = await this.#connection.runAndReadAll(
      `SELECT stream, ${STREAMLESS_COLUMNS} FROM parts WHERE ${after} ORDER BY stream, "window", time LIMIT ${PARTS}`,
    );
    const parts = reader.getRows().map(toHistoryRow);
    if (parts.length < PARTS) return parts;
    const cut = parts.at(-1)!;
    return parts.filter((part) => part.window !== cut.window || part.stream !== cut.stream);
  }

  async #append(rows: readonly HistoryRow[]): Promise<void> {
    const appender = await this.#connection.createAppender('work');
    for (const row of rows) {
      appender.appendInteger(row.stream);
      appender.appendBigInt(BigInt(row.window));
      appender.appendBigInt(row.timeNs);
      for (const value of [row.min, row.max, row.mean, row.m2]) appender.appendDouble(value);
      for (const value of [row.count, row.clipped, row.nonfinite]) appender.appendBigInt(BigInt(value));
      appender.appendUSmallInt(row.flags);
      appender.appendUInteger(row.windows);
      appender.endRow();
    }
    appender.closeSync();
  }
}

/**
 * Parts in the order of their keys and times, those that belong together as
 * one: of a tier that merges windows, parts of one line of time; of windows themselves the one with more samples counts.
 */
export function mergeParts(
  parts: readonly HistoryRow[],
  tier: number,
  windowNsOf: (stream: number) => number,
): HistoryRow[] {
  const merged: HistoryRow[] = [];
  const lengthsOf = (stream: number) => {
    const windowNs = windowNsOf(stream);
    return { windowNs, rowNs: windowNs * TIER_FACTOR ** tier };
  };
  for (const part of parts) {
    const last = merged.at(-1);
    if (last === undefined || last.stream !== part.stream || last.window !== part.window) merged.push(part);
    else if (tier === 0) merged[merged.length - 1] = fuller(last, part);
    else if (isOneLine(last.timeNs, part.timeNs, lengthsOf(part.stream)))
      merged[merged.length - 1] = mergeTwo(last, part);
    else merged.push(part);
  }
  return merged;
}

function fuller(a: HistoryRow, b: HistoryRow): HistoryRow {
  const more = b.count + b.nonfinite > a.count + a.nonfinite ? b : a;
  return { ...more, windows: Math.max(a.windows, b.windows) };
}

function mergeTwo(a: HistoryRow, b: HistoryRow): HistoryRow {
  return { ...a, ...mergeSummaries(a, b), flags: a.flags | b.flags, windows: a.windows + b.windows };
}
