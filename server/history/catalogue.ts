import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChannelInfo } from '../trend/channel-info.ts';
import type { StreamMark } from '../trend/durable-link.ts';
import { CATALOGUE_TABLES, checkFormat, makeTables } from './catalogue-tables.ts';
import type { Database } from './database.ts';
import { lockFailure } from './lock-failure.ts';
import { filesAndPins, insertPin, type Pin, replacePins } from './pins.ts';
import type { SealedFile } from './sealed-file.ts';
import { ALL_FILES, type FileTable, holdsSegment, listNewest, tableOf } from './sealed-list.ts';
import type { TierBytes } from './tier-limits.ts';
import { PART_COLUMNS, toPart, type WindowPart } from './window-rest.ts';

/** A stream as the catalogue knows it: up to its newest sealed segment. */
export interface StoredStream extends StreamMark {
  readonly id: number;
  /** Start of its newest window by the sample clock. */
  readonly lastMs: number;
  readonly partial: WindowPart | undefined;
}

export interface SegmentEntry {
  readonly id: number;
  /** Server clock. */
  readonly openedMs: number;
}

/** So many streams of a channel are known when the server starts; older ones are looked up when a device names them. */
const STREAMS_A_CHANNEL = 64;

/** What is sealed, and what was damaged: `damagedUncounted` of the damages are of nobody knows how many rows. */
export interface Totals {
  readonly sealedBytes: number;
  readonly damagedFiles: number;
  readonly damagedRows: number;
  readonly damagedUncounted: number;
}

/**
 * What there is: streams, segments, sealed files, pins and losses. The truth
 * at start. Changes go one at a time, each in a transaction of its own.
 */
export class Catalogue {
  readonly #database: Database;
  #changes: Promise<unknown> = Promise.resolve();
  #version = 0;
  #streamsVersion = 0;

  /**
   * Opens the catalogue of `directory`, or makes one. Throws `STORAGE_LOCKED`
   * where another server has it, `STORAGE_FAILED` where it is of a newer
   * version, and as DuckDB does where it is damaged.
   */
  static async open(database: Database, directory: string): Promise<Catalogue> {
    const path = cataloguePath(directory);
    const isNew = !existsSync(path);
    await database.attach('catalogue', path).catch((error: unknown) => {
      throw lockFailure(directory, error) ?? error;
    });
    await database.transact(async (connection) => {
      await makeTables(connection, isNew);
      await checkFormat(connection, path);
    });
    return new Catalogue(database);
  }

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Greater after every change. */
  get version(): number {
    return this.#version;
  }

  /** Greater once streams have gone, or such of older segments came than of those that were sealed last. */
  get streamsVersion(): number {
    return this.#streamsVersion;
  }

  /** Changes the catalogue in one transaction, after the changes before it. */
  change<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.exclusive(() =>
      this.#database.transact(task).finally(() => {
        this.#version++; // one that failed may have gone through all the same
      }),
    );
  }

  /** The same, where its streams change other than by sealing the next segment. */
  changeStreams<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.exclusive(() =>
      this.#database.transact(task).finally(() => {
        this.#version++;
        this.#streamsVersion++;
      }),
    );
  }

  /** Runs `task` while nothing else changes the catalogue. It must not change it itself. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(task);
    this.#changes = done.catch(() => undefined); // the caller's to handle
    return done;
  }

  /** The newest streams of every channel, the newest first. */
  streams(): Promise<StoredStream[]> {
    return this.#readStreams(
      `QUALIFY row_number() OVER (PARTITION BY channel ORDER BY last_ms DESC) <= ${STREAMS_A_CHANNEL}`,
    );
  }

  async findStream(channel: string, stream: string): Promise<StoredStream | undefined> {
    const [found] = await this.#readStreams('WHERE channel = $1 AND stream = $2', [channel, stream]);
    return found;
  }

  async streamOf(id: number): Promise<StoredStream | undefined> {
    const [found] = await this.#readStreams(`WHERE id = ${id}`);
    return found;
  }

  /** The greatest number of a stream; 0 where there is none. */
  async lastStreamId(): Promise<number> {
    const [[id]] = await this.#rows('SELECT coalesce(max(id), 0) FROM catalogue.streams');
    return Number(id);
  }

  /** Segments that are not sealed, the oldest first; the last one is open. */
  async segments(): Promise<SegmentEntry[]> {
    const rows = await this.#rows('SELECT id, opened_ms FROM catalogue.segments ORDER BY id');
    return rows.map(([id, openedMs]) => ({ id: Number(id), openedMs: Number(openedMs) }));
  }

  /** Begins to seal what is imported as a segment: until it is listed, its files are nobody's. */
  async beginImport({ id, openedMs }: SegmentEntry): Promise<void> {
    await this.change((connection) => connection.run(`INSERT INTO catalogue.imports VALUES (${id}, ${openedMs})`));
  }

  /** Segments of imports that were cut off. */
  async openImports(): Promise<number[]> {
    return (await this.#rows('SELECT segment FROM catalogue.imports')).map(([id]) => Number(id));
  }

  /** Forgets imports that were cut off; their files are removed. */
  async endImports(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await this.change((connection) => connection.run(`DELETE FROM catalogue.imports WHERE segment IN (${ids.join()})`));
  }

  /** A number that no segment, sealed or not, has had. */
  async nextSegmentId(): Promise<number> {
    const [[id]] = await this.#rows(`
      SELECT greatest(coalesce((SELECT max(id) FROM catalogue.segments), 0),
                      coalesce((SELECT max(last_segment) FROM ${ALL_FILES}), 0),
                      coalesce((SELECT max(segment) FROM catalogue.imports), 0)) + 1`);
    return Number(id);
  }

  /** As `insertPin`. */
  async pin(pin: Pin): Promise<void> {
    await this.change((connection) => insertPin(connection, pin));
  }

  /** As `replacePins`. */
  async replacePins(pins: readonly Pin[], spared: readonly string[]): Promise<void> {
    await this.change((connection) => replacePins(connection, pins, spared));
  }

  /** What the sealed files of each tier hold, of the trend or of diagnoses. */
  async tierBytes(table: FileTable = 'files'): Promise<TierBytes[]> {
    const found = await this.#rows(`
      SELECT tier, sum(rows)::BIGINT, sum(bytes)::BIGINT, coalesce(sum(bytes) FILTER (is_pinned), 0)::BIGINT
      FROM ${filesAndPins(table)} GROUP BY tier ORDER BY tier`);
    return found
      .map((row) => row.map(Number))
      .map(([tier, rows, bytes, pinnedBytes]) => ({
        tier: tier!,
        rows: rows!,
        bytes: bytes!,
        pinnedBytes: pinnedBytes!,
      }));
  }

  /** Reads every byte of every table. Throws as DuckDB does where one is damaged. */
  async readAll(): Promise<void> {
    for (const table of CATALOGUE_TABLES) {
      await this.#rows(`SELECT bit_xor(hash(t)) FROM catalogue.${table} t`);
    }
  }

  /** The newest time of the server's clock that is known to be right, ms; undefined where nothing is stored. */
  async trustedMs(): Promise<number | undefined> {
    const [[ms]] = await this.#rows(
      'SELECT coalesce((SELECT max(trusted_ms) FROM catalogue.clock), (SELECT max(stored_ms) FROM catalogue.files))',
    );
    return ms === null ? undefined : Number(ms);
  }

  async setTrusted(ms: number): Promise<void> {
    await this.change((connection) =>
      connection.run(`DELETE FROM catalogue.clock; INSERT INTO catalogue.clock VALUES (${ms})`),
    );
  }

  /** As `holdsSegment`. */
  hasSealed(id: number, folder: string): Promise<boolean> {
    return this.#database.use((connection) => holdsSegment(connection, folder, id));
  }

  /** Whether a sealed file is on the list. */
  async isListed(path: string): Promise<boolean> {
    const found = await this.#rows(`SELECT 1 FROM catalogue.${tableOf(path)} WHERE path = $1`, [path]);
    return found.length > 0;
  }

  /** The listed files of the trend with the newest rows, so many at most, the newest first. */
  newestFiles(count: number): Promise<SealedFile[]> {
    return this.#database.use((connection) => listNewest(connection, count));
  }

  async addSegment({ id, openedMs }: SegmentEntry): Promise<void> {
    await this.change((connection) => connection.run(`INSERT INTO catalogue.segments VALUES (${id}, ${openedMs})`));
  }

  /** What is sealed, and what was damaged. */
  async totals(): Promise<Totals> {
    const [[sealedBytes, damagedFiles, damagedRows, damagedUncounted]] = await this.#rows(`
      SELECT (SELECT coalesce(sum(bytes), 0)::BIGINT FROM ${ALL_FILES}), count(*), coalesce(sum(rows), 0)::BIGINT, count(*) - count(rows)
      FROM catalogue.losses`);
    return {
      sealedBytes: Number(sealedBytes),
      damagedFiles: Number(damagedFiles),
      damagedRows: Number(damagedRows),
      damagedUncounted: Number(damagedUncounted),
    };
  }

  async #readStreams(where: string, values: string[] = []): Promise<StoredStream[]> {
    const rows = await this.#rows(
      `SELECT id, info, next_sample, anchor_sample, anchor_ns, last_ms, ${PART_COLUMNS}
       FROM catalogue.streams LEFT JOIN catalogue.partials USING (channel, stream) ${where} ORDER BY last_ms DESC`,
      values,
    );
    return rows.map(([id, info, next, sample, ns, lastMs, ...part]) => ({
      id: Number(id),
      info: JSON.parse(String(info)) as ChannelInfo,
      nextSample: Number(next),
      anchor: { sample: Number(sample), timeNs: BigInt(ns as bigint) },
      lastMs: Number(lastMs),
      partial: part[0] === null ? undefined : toPart(part),
    }));
  }

  #rows(sql: string, values: string[] = []) {
    return this.#database.use(async (connection) => (await connection.runAndReadAll(sql, values)).getRows());
  }
}

export function cataloguePath(directory: string): string {
  return join(directory, 'catalogue.duckdb');
}
