import { join } from 'node:path';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import type { ChannelInfo } from '../trend/channel-info.ts';
import type { StoredDiagnosis } from '../trend/diagnosis-history.ts';
import { TIERS } from '../trend/tier.ts';
import { type Database, quoted } from './database.ts';
import { appendDiagnoses, DIAGNOSIS_COLUMNS } from './diagnosis-table.ts';
import type { HistoryRow, RowBlock, RowList } from './row-block.ts';
import { COLUMNS, RowChunk } from './row-chunk.ts';
import { PART_COLUMNS, PART_TYPES, partValues, toPart, type WindowPart } from './window-rest.ts';

/** What is written to a segment in one transaction. */
export interface SegmentBatch {
  readonly streams: readonly SegmentStream[];
  /** Rows of each tier. */
  readonly tiers: readonly RowList[];
  readonly diagnoses?: readonly StoredDiagnosis[] | undefined;
  /** All that are known, where they have changed. */
  readonly holes?: readonly Hole[] | undefined;
  /** Nothing follows: what was open in the tiers is in `tiers`. */
  readonly isLast: boolean;
}

export interface SegmentStream {
  readonly id: number;
  readonly info: ChannelInfo;
  /** Its window that came in part before the segment and may come whole in it. */
  readonly carried?: WindowPart | undefined;
}

/** Windows `from` … `to` − 1 of a stream, which were given up. */
export interface Hole {
  readonly stream: number;
  readonly from: number;
  readonly to: number;
}

/** The columns of a tier for SQL. */
export const ROW_COLUMNS = COLUMNS.map(([name]) => `"${name}"`).join(', ');
/** After every time. */
const NEVER_NS = 2n ** 63n - 1n;
/** Streams in a statement; it is parsed as a whole. */
const LISTED_AT_ONCE = 500;

/** What arrived during one hour of the server's clock: a database file, until it is sealed. */
export class Segment {
  readonly id: number;
  /** What it is attached as. */
  readonly name: string;
  readonly #database: Database;
  readonly #chunk = new RowChunk();
  #earliestNs: bigint | undefined;

  /** Attaches the segment's file; makes it, and its tables, where there is none. */
  static async open(database: Database, directory: string, id: number): Promise<Segment> {
    const segment = new Segment(database, id);
    await database.attach(segment.name, segmentPath(directory, id));
    await database.transact((connection) => connection.run(segmentTables(segment.name)));
    return segment;
  }

  private constructor(database: Database, id: number) {
    this.#database = database;
    this.id = id;
    this.name = segmentName(id);
  }

  /** No row of it begins before; undefined until its rows have been counted. */
  get earliestNs(): bigint | undefined {
    return this.#earliestNs;
  }

  /** Writes a batch whole or not at all. What it throws may leave the question open: see `rowCounts`. */
  write(batch: SegmentBatch): Promise<void> {
    for (const { earliestNs } of batch.tiers) {
      if (earliestNs === undefined || this.#earliestNs === undefined) continue;
      if (earliestNs < this.#earliestNs) this.#earliestNs = earliestNs;
    }
    return this.#database.transact(async (connection) => {
      await this.#writeStreams(connection, batch.streams);
      for (const [tier, rows] of batch.tiers.entries()) {
        if (rows.blocks.length > 0) await this.#append(connection, `tier_${tier}`, rows.blocks);
      }
      if (batch.diagnoses?.length) {
        await appendDiagnoses(connection, { database: this.name, table: 'diagnoses' }, batch.diagnoses);
      }
      if (batch.holes) await this.#writeHoles(connection, batch.holes);
      if (batch.isLast) await connection.run(`INSERT INTO ${this.name}.ended VALUES (true)`);
    });
  }

  /** Rows of each tier that are durable, then diagnoses. Learns when the first of the rows begins. */
  async rowCounts(): Promise<number[]> {
    const ofEach = (select: string) =>
      Array.from({ length: TIERS }, (_, tier) => `(SELECT ${select} FROM ${this.name}.tier_${tier})`).join(', ');
    const [[earliestNs, ...counts]] = await this.rows(
      `SELECT least(${ofEach('min(time)')}), ${ofEach('count(*)')}, (SELECT count(*) FROM ${this.name}.diagnoses)`,
    );
    this.#earliestNs = (earliestNs as bigint | null) ?? NEVER_NS;
    return counts.map(Number);
  }

  /** Whether its last batch is in it. */
  async hasEnded(): Promise<boolean> {
    return (await this.rows(`SELECT 1 FROM ${this.name}.ended`)).length > 0;
  }

  async streams(): Promise<SegmentStream[]> {
    const rows = await this.rows(`SELECT id, info FROM ${this.name}.streams ORDER BY id`);
    return rows.map(([id, info]) => ({ id: Number(id), info: JSON.parse(String(info)) as ChannelInfo }));
  }

  /** By stream: see `SegmentStream`. */
  async carried(): Promise<Map<number, WindowPart>> {
    const rows = await this.rows(`SELECT stream, ${PART_COLUMNS} FROM ${this.name}.carried`);
    return new Map(rows.map(([stream, ...values]) => [Number(stream), toPart(values)]));
  }

  async holes(): Promise<Hole[]> {
    const rows = await this.rows(`SELECT stream, from_window, to_window FROM ${this.name}.holes ORDER BY ALL`);
    return rows.map(([stream, from, to]) => ({ stream: Number(stream), from: Number(from), to: Number(to) }));
  }

  /** Rows of a query whose columns are `ROW_COLUMNS`. */
  async historyRows(sql: string): Promise<HistoryRow[]> {
    return (await this.rows(sql)).map(toHistoryRow);
  }

  /** Rows of a query, as DuckDB gives them. */
  rows(sql: string) {
    return this.#database.use(async (connection) => (await connection.runAndReadAll(sql)).getRows());
  }

  /** The same in columns, for very many rows. */
  chunks(sql: string): Promise<DuckDBDataChunk[]> {
    return this.#database.use(async (connection) => {
      const result = await connection.run(sql);
      return Array.from({ length: result.chunkCount }, (_, index) => result.getChunk(index));
    });
  }

  async #append(connection: DuckDBConnection, table: string, blocks: readonly RowBlock[]): Promise<void> {
    const appender = await connection.createAppender(table, 'main', this.name);
    try {
      for (const block of blocks) appender.appendDataChunk(this.#chunk.fill(block));
    } finally {
      appender.closeSync(); // writes to the transaction
    }
  }

  // In few statements: thousands of devices may come back at once, and everybody waits for the commit.
  async #writeStreams(connection: DuckDBConnection, streams: readonly SegmentStream[]): Promise<void> {
    const insert = async (into: string, rows: readonly string[]) => {
      for (let at = 0; at < rows.length; at += LISTED_AT_ONCE) {
        await connection.run(`${into} VALUES ${rows.slice(at, at + LISTED_AT_ONCE).join(', ')}`);
      }
    };
    const listed = streams.map(({ id, info }) => {
      const texts = [info.channel, info.stream, JSON.stringify(info)].map(quoted);
      return `(${id}, ${texts.join(', ')})`;
    });
    const carried = streams.flatMap(({ id, carried: part }) => (part ? [`(${id}, ${partValues(part)})`] : []));
    await insert(`INSERT OR REPLACE INTO ${this.name}.streams`, listed);
    await insert(`INSERT INTO ${this.name}.carried`, carried);
  }

  async #writeHoles(connection: DuckDBConnection, holes: readonly Hole[]): Promise<void> {
    await connection.run(`DELETE FROM ${this.name}.holes`);
    const rows = holes.map(({ stream, from, to }) => `(${stream}, ${from}, ${to})`);
    if (rows.length > 0) await connection.run(`INSERT INTO ${this.name}.holes VALUES ${rows.join(', ')}`);
  }
}

export function segmentName(id: number): string {
  return `segment_${id}`;
}

export function segmentPath(directory: string, id: number): string {
  return join(directory, `segment-${String(id).padStart(6, '0')}.duckdb`);
}

/** The name of a segment's file; the first group is its number. */
export const SEGMENT_FILE = /^segment-(\d+)\.duckdb$/;

/** Makes the tables of a segment that is attached as `name`, where they are not there. */
export function segmentTables(name: string): string {
  const columns = COLUMNS.map(([column, type]) => `"${column}" ${type}`).join(', ');
  const tiers = Array.from(
    { length: TIERS },
    (_, tier) => `CREATE TABLE IF NOT EXISTS ${name}.tier_${tier}(${columns});`,
  );
  return `
    CREATE TABLE IF NOT EXISTS ${name}.streams(id INTEGER PRIMARY KEY, channel VARCHAR, stream VARCHAR, info VARCHAR);
    ${tiers.join('\n')}
    CREATE TABLE IF NOT EXISTS ${name}.diagnoses(${DIAGNOSIS_COLUMNS});
    CREATE TABLE IF NOT EXISTS ${name}.carried(stream INTEGER, ${PART_TYPES});
    CREATE TABLE IF NOT EXISTS ${name}.holes(stream INTEGER, from_window BIGINT, to_window BIGINT);
    CREATE TABLE IF NOT EXISTS ${name}.ended(whole BOOLEAN);`;
}

/** A row of DuckDB in the order of `ROW_COLUMNS`. */
export function toHistoryRow(values: readonly DuckDBValue[]): HistoryRow {
  const [stream, window, time, min, max, mean, m2, count, clipped, nonfinite, flags, windows] = values.map(Number);
  const timeNs = typeof values[2] === 'bigint' ? values[2] : BigInt(time);
  return { stream, window, timeNs, min, max, mean, m2, count, clipped, nonfinite, flags, windows };
}
