import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { MergeKernel } from '../kernels/merge-kernel.ts';
import type { KernelModule } from '../kernels/module.ts';
import { TIER_FACTOR } from '../trend/tier.ts';
import { type Catalogue, cataloguePath } from './catalogue.ts';
import { Database } from './database.ts';
import { FileChecks } from './file-checks.ts';
import { FileUses } from './file-uses.ts';
import { FinishedRows } from './finished-rows.ts';
import { openCatalogue } from './open-catalogue.ts';
import { Quarantine } from './quarantine.ts';
import { resumeSegments } from './resume-segments.ts';
import type { Segment } from './segment.ts';
import { makeSnapshot } from './snapshot.ts';
import { Streams } from './streams.ts';

export interface OfflineOptions {
  /** Of the history: of a server that does not run, a snapshot or a backup. */
  readonly folder: string;
  /** Whether to make a history where there is none. */
  readonly make?: boolean;
  readonly kernels: KernelModule;
  readonly clock: Clock;
  readonly log: Logger;
}

const MEMORY_BYTES = 512 * 2 ** 20;

/** A history that no server runs on, opened as a server would; what is damaged is put aside as it would be. `close` it. */
export class OfflineHistory {
  readonly folder: string;
  readonly quarantine: Quarantine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly checks: FileChecks;
  readonly uses = new FileUses();
  readonly streams: Streams;
  /** Rows that a kill has kept from the segments. */
  readonly finished: FinishedRows;
  readonly kernel: MergeKernel;
  /** Not sealed, the oldest first. */
  readonly segments: readonly Segment[];

  /** Throws `FILE_INVALID` where there is no history, `STORAGE_LOCKED` where a server runs on it. */
  static async open(options: OfflineOptions): Promise<OfflineHistory> {
    const { folder, kernels, make = false } = options;
    if (!make && !existsSync(cataloguePath(folder)) && !existsSync(join(folder, 'sealed'))) {
      throw new AppError('FILE_INVALID', `there is no history in ${folder}`);
    }
    const database = await Database.open({
      memoryBytes: MEMORY_BYTES,
      temporaryDirectory: join(folder, 'temporary'),
    });
    try {
      const quarantine = await Quarantine.open(options);
      const tools = { ...options, quarantine };
      const catalogue = await openCatalogue(database, tools);
      const kernel = new MergeKernel(kernels, TIER_FACTOR);
      const finished = new FinishedRows();
      const streams = new Streams({
        merge: (parts) => kernel.merge(parts),
        emit: finished.add,
        lastId: await catalogue.lastStreamId(),
        find: (channel, stream) => catalogue.findStream(channel, stream),
      });
      const { ended, current } = await resumeSegments(database, { ...tools, catalogue }, streams);
      const segments = current === undefined ? ended : [...ended, current.segment];
      return new OfflineHistory(tools, { database, catalogue, streams, finished, kernel, segments });
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  private constructor(options: OfflineOptions & { readonly quarantine: Quarantine }, parts: Parts) {
    this.folder = options.folder;
    this.quarantine = options.quarantine;
    this.clock = options.clock;
    this.log = options.log;
    this.database = parts.database;
    this.catalogue = parts.catalogue;
    this.streams = parts.streams;
    this.finished = parts.finished;
    this.kernel = parts.kernel;
    this.segments = parts.segments;
    this.checks = new FileChecks({ ...options, catalogue: parts.catalogue });
  }

  /** A folder with the history as it is; see `makeSnapshot`. */
  snapshot(name: string): Promise<string> {
    return makeSnapshot(this, name);
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

interface Parts {
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly streams: Streams;
  readonly finished: FinishedRows;
  readonly kernel: MergeKernel;
  readonly segments: readonly Segment[];
}
