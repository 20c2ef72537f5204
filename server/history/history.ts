import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { HistorySettings } from '../config.ts';
import { MergeKernel } from '../kernels/merge-kernel.ts';
import type { KernelModule } from '../kernels/module.ts';
import type { Diagnosis } from '../trend/diagnosis.ts';
import type { FromHistory, StreamMark, ToHistory } from '../trend/durable-link.ts';
import type { HistoryChannel, HistoryRequest, HistoryRows } from '../trend/history-rows.ts';
import { TIER_FACTOR } from '../trend/tier.ts';
import { beginSegment } from './begin-segment.ts';
import type { Catalogue } from './catalogue.ts';
import { CatalogueView } from './catalogue-view.ts';
import type { OpenSegment } from './committer.ts';
import type { Database } from './database.ts';
import { DiagnosisIntake } from './diagnosis-intake.ts';
import { DiagnosisReader } from './diagnosis-reader.ts';
import { measureDiskUse } from './disk-use.ts';
import { FinishedRows } from './finished-rows.ts';
import { type HistoryStatus, NOTHING_MEASURED } from './history-status.ts';
import { Housekeeper } from './housekeeper.ts';
import { liveRows } from './live-rows.ts';
import { recordLosses } from './losses.ts';
import { openCatalogue } from './open-catalogue.ts';
import { openDatabase } from './open-database.ts';
import type { Pin } from './pins.ts';
import { Quarantine } from './quarantine.ts';
import { Rate } from './rate.ts';
import { Reader } from './reader.ts';
import { resumeSegments } from './resume-segments.ts';
import type { Segment } from './segment.ts';
import { dropSnapshot, dropSnapshots, makeSnapshot } from './snapshot.ts';
import { toLoss } from './stream-holes.ts';
import { Streams } from './streams.ts';
import { WarmUp } from './warm-up.ts';
import { Writer } from './writer.ts';

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

const MEASURE_MS = 60_000;
const DAMAGED_MS = 60_000; // until one more segment is ended for damage, which may lie elsewhere
// Rows that are merged at a time for an answer.
const READ_PARTS = 64;

/** The whole history: built from its parts and driven by its thread. */
export class History {
  /** Where the streams stand that are known at start. */
  readonly marks: readonly StreamMark[];
  readonly #options: HistoryOptions;
  readonly #database: Database;
  readonly #catalogue: Catalogue;
  readonly #quarantine: Quarantine;
  readonly #writer: Writer;
  readonly #housekeeper: Housekeeper;
  readonly #view: CatalogueView;
  readonly #reader: Reader;
  readonly #diagnoses: DiagnosisIntake;
  readonly #diagnosisReader: DiagnosisReader;
  readonly #warmUp: WarmUp;
  #newest = 0; // the newest segment that was begun since the start
  #ended = 0; // the newest segment that did since the start
  /** Attached, the oldest first: what is not sealed. */
  readonly #segments = new Map<number, Segment>();
  readonly #timer: NodeJS.Timeout;
  readonly #rate = new Rate();
  #measured = NOTHING_MEASURED;
  #snapshots = 0;
  #isDamaged = false; // the open segment
  #arePinsKnown = false; // the catalogue may be a new one, made of sealed files
  #damagedMs = Number.NEGATIVE_INFINITY;

  /** Throws `STORAGE_LOCKED`, or `STORAGE_FAILED` where the directory cannot be used. */
  static async open(options: HistoryOptions): Promise<History> {
    const { directory, log, kernels, clock } = options;
    const database = await openDatabase(directory);
    try {
      const quarantine = await Quarantine.open({ folder: directory, log });
      const tools = { folder: directory, quarantine, clock, log };
      const catalogue = await openCatalogue(database, tools);
      await dropSnapshots(directory);
      const kernel = new MergeKernel(kernels, TIER_FACTOR);
      const finished = new FinishedRows();
      const streams = new Streams({
        merge: (parts) => kernel.merge(parts),
        emit: finished.add,
        lastId: await catalogue.lastStreamId(),
        find: (channel, stream) => catalogue.findStream(channel, stream),
      });
      const { ended, current } = await resumeSegments(database, { ...tools, catalogue }, streams);
      const history = new History(options, { database, catalogue, quarantine, streams, finished, current });
      for (const segment of [...ended, ...(current ? [current.segment] : [])])
        history.#segments.set(segment.id, segment);
      await history.#writer.start();
      history.#housekeeper.start();
      return history;
    } catch (error) {
      await database.close();
      if (error instanceof AppError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new AppError('STORAGE_FAILED', `cannot open the history in ${directory}: ${reason}`, { cause: error });
    }
  }

  private constructor(options: HistoryOptions, parts: Parts) {
    const { database, catalogue, quarantine, streams, finished, current } = parts;
    this.#options = options;
    this.#database = database;
    this.#catalogue = catalogue;
    this.#quarantine = quarantine;
    this.marks = streams.marks();
    const holdMs = options.settings.hold_seconds * 1000;
    const find = (diagnosis: Diagnosis) => this.#diagnosisReader.find(diagnosis);
    this.#diagnoses = new DiagnosisIntake({ clock: options.clock, holdMs, find });
    this.#writer = new Writer({
      clock: options.clock,
      log: options.log,
      post: options.post,
      streams,
      finished,
      current,
      segmentMs: options.settings.segment_seconds * 1000,
      holdMs,
      diagnoses: this.#diagnoses,
      openSegment: async (holes) => {
        const begun = await beginSegment({ ...options, database, catalogue }, holes);
        this.#segments.set(begun.segment.id, begun.segment);
        this.#newest = begun.segment.id;
        if (this.#ended > 0) this.#housekeeper.nudge(); // it can be sealed now
        return begun;
      },
      isDamaged: () => this.#isDamaged,
      reopen: () => database.reopen(),
      onLost: (lost) => {
        const losses = lost.map((one) => toLoss(one, options.clock.nowMs()));
        void recordLosses(catalogue, options.log, losses);
      },
      onEnded: (id) => {
        this.#ended = id;
        this.#isDamaged = false;
      },
    });
    this.#housekeeper = new Housekeeper({
      database,
      catalogue,
      quarantine,
      folder: options.directory,
      settings: options.settings,
      clock: options.clock,
      log: options.log,
      openSegment: () => this.#writer.segmentId ?? Math.max(this.#newest, this.#ended), // what only the newest has is in it until the next one is open
      arePinsKnown: () => this.#arePinsKnown,
      hasStream: (id) => streams.has(id),
      onSealed: (id) => {
        this.#segments.delete(id);
        const [oldest = id + 1] = this.#segments.keys();
        this.#writer.forgetSealed(oldest - 1);
      },
    });
    this.#view = new CatalogueView(catalogue);
    const { uses, checks } = this.#housekeeper;
    const opening = { folder: options.directory, uses, checks };
    this.#reader = new Reader({
      database,
      clock: options.clock,
      log: options.log,
      ...opening,
      catalogue: this.#view,
      live: liveRows({ writer: this.#writer, streams, segments: () => [...this.#segments.values()] }),
      kernel: new MergeKernel(options.kernels, READ_PARTS),
      onDamage: () => this.#endDamaged(),
    });
    const reader = this.#reader;
    this.#diagnosisReader = new DiagnosisReader({
      ...opening,
      catalogue,
      reader,
      unstored: (channel) => this.#diagnoses.unstored(channel),
    });
    this.#warmUp = new WarmUp({ ...options, catalogue, reader, checks });
    this.#timer = setInterval(() => void this.#measure(), MEASURE_MS);
    void this.#measure();
  }

  take(message: ToHistory): void {
    this.#writer.take(message);
  }

  takeDiagnoses(diagnoses: readonly Diagnosis[]): void {
    this.#diagnoses.take(diagnoses);
  }

  /** Runs `task` while nothing is being committed. */
  freeze<T>(task: () => Promise<T>): Promise<T> {
    return this.#writer.freeze(task);
  }

  status(): HistoryStatus {
    const { problem: tidyProblem, clockDoubt } = this.#housekeeper.status();
    const readProblem = this.#reader.problem();
    const written = this.#writer.status();
    const { diagnosisBytes: sealedBytes, ...measured } = this.#measured;
    this.#rate.take(written.storedRows, this.#options.clock.monotonicMs());
    return {
      ...written,
      ...measured,
      diagnoses: { ...this.#diagnoses.status(), sealedBytes },
      ...this.#view.status(),
      quarantine: this.#quarantine.status(),
      rowsPerSecond: this.#rate.perSecond,
      ...(tidyProblem !== undefined && { tidyProblem }),
      ...(readProblem !== undefined && { readProblem }),
      ...(clockDoubt !== undefined && { clockDoubt }),
    };
  }

  /** Once a start, when all else has started: see `WarmUp`. Never rejects. */
  warmUp(): Promise<void> {
    return this.#warmUp.run();
  }

  /** Rejects as `Reader` does. */
  query(request: HistoryRequest, signal?: AbortSignal): Promise<HistoryRows> {
    return this.#warmUp.yieldTo(() => this.#reader.query(request, signal));
  }

  /** Rejects as `Reader` does. */
  channels(signal?: AbortSignal): Promise<HistoryChannel[]> {
    return this.#warmUp.yieldTo(() => this.#reader.channels(signal));
  }

  /** Asks for diagnoses; rejects as `ask` does. */
  readDiagnoses<T>(ask: (reader: DiagnosisReader) => Promise<T>): Promise<T> {
    return this.#warmUp.yieldTo(() => ask(this.#diagnosisReader));
  }

  /** Keeps a range of a channel whatever its age; also after a restart. */
  pin(pin: Pin): Promise<void> {
    return this.#catalogue.pin(pin);
  }

  /** Keeps these ranges and no others but those named in `spared`, if they were kept before. Until it was once called, nothing is removed for its age or its size. */
  async replacePins(pins: readonly Pin[], spared: readonly string[]): Promise<void> {
    await this.#catalogue.replacePins(pins, spared);
    this.#arePinsKnown = true;
  }

  /** Makes a folder with the history as it stands: what is acknowledged is in it. */
  snapshot(): Promise<string> {
    const name = `server_${++this.#snapshots}`;
    const { uses } = this.#housekeeper;
    const { directory: folder } = this.#options;
    return makeSnapshot({ database: this.#database, catalogue: this.#catalogue, folder, uses }, name);
  }

  dropSnapshot(path: string): Promise<void> {
    return dropSnapshot(path);
  }

  /** Writes what is pending and lets go of all files. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#warmUp.end();
    const tidied = this.#housekeeper.close();
    await this.#writer.close();
    await this.#database.close(); // what is being tidied is cut off, and done again after the next start
    await tidied;
  }

  // A damaged segment is repaired when it is sealed; one that has ended is on its way there.
  #endDamaged(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#segments.size > 1 || nowMs - this.#damagedMs < DAMAGED_MS) return;
    this.#damagedMs = nowMs;
    this.#isDamaged = true;
  }

  async #measure(): Promise<void> {
    const [catalogue, segments] = [this.#catalogue, this.#segments.keys()];
    const use = await measureDiskUse({ ...this.#options, segments, catalogue });
    this.#measured = { ...this.#measured, ...use };
  }
}

interface Parts {
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly quarantine: Quarantine;
  readonly streams: Streams;
  readonly finished: FinishedRows;
  readonly current: OpenSegment | undefined;
}
