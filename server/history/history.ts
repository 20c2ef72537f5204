import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { HistorySettings } from '../config.ts';
import type { KernelModule } from '../kernels/module.ts';
import type { FromHistory, StreamMark, ToHistory } from '../trend/durable-link.ts';
import type { HistoryChannel, HistoryRequest, HistoryRows } from '../trend/history-rows.ts';
import { Catalogue } from './catalogue.ts';
import { Database } from './database.ts';
import { type HistoryStatus, offStatus } from './history-status.ts';

export interface HistoryOptions {
  /** Where everything lies; made where it is not there. */
  readonly directory: string;
  readonly settings: HistorySettings;
  readonly kernels: KernelModule;
  readonly clock: Clock;
  readonly log: Logger;
  /** To the ingest thread. */
  readonly post: (message: FromHistory) => void;
}

// What DuckDB may use for pages, sorts and answers together.
const MEMORY_BYTES = 512 * 2 ** 20;

/** The whole history: built from its parts and driven by its thread. */
export class History {
  readonly marks: readonly StreamMark[];
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly #options: HistoryOptions;

  /** Throws `STORAGE_LOCKED`, or `STORAGE_FAILED` where the directory cannot be used. */
  static async open(options: HistoryOptions): Promise<History> {
    const { directory } = options;
    makeDirectory(directory);
    const database = await Database.open({
      memoryBytes: MEMORY_BYTES,
      temporaryDirectory: join(directory, 'temporary'),
    });
    const catalogue = await Catalogue.open(database, directory);
    return new History(options, database, catalogue, await catalogue.streams());
  }

  private constructor(options: HistoryOptions, database: Database, catalogue: Catalogue, marks: readonly StreamMark[]) {
    this.#options = options;
    this.database = database;
    this.catalogue = catalogue;
    this.marks = marks;
  }

  take(_message: ToHistory): void {
    this.#options.log.debug('a message of the ingest thread');
  }

  status(): HistoryStatus {
    return offStatus('not written yet');
  }

  query(_request: HistoryRequest): Promise<HistoryRows> {
    return Promise.reject(new AppError('HISTORY_FAILED', 'queries are not answered'));
  }

  channels(): Promise<HistoryChannel[]> {
    return Promise.reject(new AppError('HISTORY_FAILED', 'queries are not answered'));
  }

  pin(_id: string, _channel: string, _fromNs: bigint, _toNs: bigint): Promise<void> {
    return Promise.reject(new AppError('HISTORY_FAILED', 'nothing can be pinned'));
  }

  unpin(_id: string): Promise<void> {
    return Promise.reject(new AppError('HISTORY_FAILED', 'nothing can be pinned'));
  }

  backup(_directory: string): Promise<void> {
    return Promise.reject(new AppError('HISTORY_FAILED', 'no backup can be made'));
  }

  async close(): Promise<void> {
    await this.database.close();
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('STORAGE_FAILED', `cannot make ${directory} (storage.directory): ${reason}`, { cause: error });
  }
}
