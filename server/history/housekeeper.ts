import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Catalogue } from './catalogue.ts';
import { ClockTrust } from './clock-trust.ts';
import { compact } from './compact.ts';
import { firstLine, isDamage } from './damage.ts';
import type { Database } from './database.ts';
import { FileChecks } from './file-checks.ts';
import { FileUses } from './file-uses.ts';
import { pruneStreams } from './prune-streams.ts';
import type { Quarantine } from './quarantine.ts';
import { reconcile } from './reconcile.ts';
import { removeSegment, repairSegment } from './repair.ts';
import { applyRetention } from './retention.ts';
import { pinnedWords, retentionWords } from './retention-words.ts';
import { sealSegment } from './seal.ts';
import { type FileTable, tableOf } from './sealed-list.ts';
import { Segment, segmentName } from './segment.ts';
import type { RetentionSettings } from './tier-limits.ts';

export interface HousekeeperOptions {
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly folder: string;
  readonly quarantine: Quarantine;
  readonly settings: RetentionSettings;
  readonly clock: Clock;
  readonly log: Logger;
  /** The segment that is written. */
  readonly openSegment: () => number;
  /** Whether it is known what recordings refer to: nothing goes before. */
  readonly arePinsKnown: () => boolean;
  /** Whether a stream is in memory. */
  readonly hasStream: (id: number) => boolean;
  /** A segment is listed as files, and its database is about to go. */
  readonly onSealed: (segment: number) => void;
}

const ROUND_MS = 60_000;
const SOON_MS = 500;
// A start has better things to do.
const FIRST_RETENTION_MS = 600_000;

export interface HousekeepingStatus {
  readonly sealed: number;
  readonly compacted: number;
  readonly expired: number;
  /** Why the last round was not finished, in words; it is tried again. */
  readonly problem: string | undefined;
  /** Why nothing is removed for its age at present, in words. */
  readonly clockDoubt: string | undefined;
}

/**
 * Does what is to be done behind the writer's back, one thing at a time:
 * removes what is too old, seals segments that have ended, merges the files of
 * days and months. What fails is tried again a minute later.
 */
export class Housekeeper {
  readonly uses = new FileUses();
  readonly checks: FileChecks;
  readonly #options: HousekeeperOptions;
  readonly #clockTrust: ClockTrust;
  readonly #startedMs: number;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #isWanted = false; // another round, after the one under way
  #isClosing = false;
  #hasReconciled = false;
  #hasSaidWhatIsKept = false;
  #mayPrune = true; // files have gone since it was last done, or it was not done since the start
  #pinnedTiers = 0; // of which captures keep too much, when it was said last
  #counts = { sealed: 0, compacted: 0, expired: 0 };
  #problem: string | undefined;

  constructor(options: HousekeeperOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
    this.#clockTrust = new ClockTrust(options);
    this.checks = new FileChecks(options);
  }

  status(): HousekeepingStatus {
    return {
      ...this.#counts,
      problem: this.#problem,
      clockDoubt: this.#clockTrust.doubt,
    };
  }

  start(): void {
    this.#timer = setInterval(() => this.nudge(), ROUND_MS);
    this.nudge();
  }

  /** Begins a round soon: the next segment is open, so that one that has ended can be sealed. */
  nudge(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#begin(), SOON_MS);
  }

  /** Ends after what is under way. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    await this.#round;
  }

  /** Does all that is to be done now. What fails does not keep the rest from being done. Never rejects. */
  async round(): Promise<void> {
    await this.#sayWhatIsKept();
    const failures: unknown[] = [];
    const isDone = (step: Promise<void>) =>
      step.then(
        () => true,
        (error: unknown) => failures.push(error) === 0,
      );
    // Before a segment of today is sealed, whose time would be the newest.
    const isClockKnown = await isDone(this.#clockTrust.check());
    await isDone(this.#expire(isClockKnown)); // first, for on a full disk there is no room for what follows
    if (await isDone(this.#reconcile())) {
      await isDone(this.#seal(failures));
      await isDone(this.#compact());
      await isDone(this.#prune());
    }
    if (failures.length > 0 && this.#isClosing) return; // the database has let go of it
    this.#problem = failures.length === 0 ? undefined : firstLine(failures[0]);
    for (const err of failures)
      this.#options.log.error({ err }, 'the history could not be tidied; it is tried again in a minute');
  }

  #begin(): void {
    if (this.#round !== undefined || this.#isClosing) {
      this.#isWanted = true;
      return;
    }
    this.#round = this.round().finally(() => {
      this.#round = undefined;
      if (this.#isWanted && !this.#isClosing) this.nudge();
      this.#isWanted = false;
    });
  }

  // Not at the start: a server that cannot listen has ended by now, and has nothing else to say.
  async #sayWhatIsKept(): Promise<void> {
    if (this.#hasSaidWhatIsKept || this.#isClosing) return;
    this.#hasSaidWhatIsKept = true;
    const { catalogue, settings, log } = this.#options;
    const sealed = await catalogue.tierBytes().catch(() => []); // the words are of use without it
    log.info(
      { tiers: retentionWords(settings, sealed) },
      'how long the history is kept; what captures refer to stays, beside these limits',
    );
  }

  async #reconcile(): Promise<void> {
    if (this.#hasReconciled) return;
    const { database, catalogue, log } = this.#options;
    const done = await reconcile(database, catalogue, this.#options);
    if (done.adopted + done.removed + done.damaged > 0)
      log.warn(done, 'files were left that the catalogue did not list');
    this.#hasReconciled = true;
  }

  // The oldest first. One that cannot be sealed keeps none after it from that.
  async #seal(failures: unknown[]): Promise<void> {
    const { catalogue, openSegment } = this.#options;
    for (const { id } of await catalogue.segments()) {
      if (id >= openSegment() || this.#isClosing) return;
      try {
        await this.#sealOne(id);
      } catch (cause) {
        failures.push(new Error(`segment ${id} cannot be sealed: ${firstLine(cause)}`, { cause }));
      }
    }
  }

  async #sealOne(segment: number): Promise<void> {
    const { database, catalogue, folder, clock, log, onSealed } = this.#options;
    const startedMs = clock.monotonicMs();
    const seal = () => sealSegment(database, catalogue, { folder, segment });
    const files = await seal().catch(async (error: unknown) => {
      if (!isDamage(error)) throw error;
      await database.forget(segmentName(segment));
      await repairSegment(this.#options, segment, firstLine(error));
      await Segment.open(database, folder, segment);
      return seal();
    });
    for (const { path } of files) this.checks.trust(path);
    onSealed(segment);
    await database.detach(segmentName(segment)).catch(() => undefined); // its last pages, which nobody needs any more
    await removeSegment(folder, segment);
    this.#counts.sealed++;
    const rowsOf = (table: FileTable) =>
      files.reduce((sum, file) => sum + (file.tier === 0 && tableOf(file.path) === table ? file.rows : 0), 0);
    const rows = { windows: rowsOf('files'), diagnoses: rowsOf('diagnosis_files') };
    const ms = Math.round(clock.monotonicMs() - startedMs);
    log.info({ segment, files: files.length, ...rows, ms }, `segment ${segment} is sealed`);
  }

  async #compact(): Promise<void> {
    const { database, catalogue, folder } = this.#options;
    const [oldest] = await catalogue.segments();
    if (oldest === undefined || this.#isClosing) return;
    const made = await compact(database, catalogue, {
      folder,
      beforeMs: oldest.openedMs,
      uses: this.uses,
      checks: this.checks,
      isEnding: () => this.#isClosing,
    });
    this.#counts.compacted += made;
  }

  async #prune(): Promise<void> {
    const { database, catalogue, clock, log, hasStream } = this.#options;
    const hasJustStarted = clock.monotonicMs() - this.#startedMs < FIRST_RETENTION_MS;
    if (this.#isClosing || hasJustStarted || !this.#mayPrune) return;
    const streams = await pruneStreams(database, catalogue, { isKept: hasStream });
    this.#mayPrune = streams > 0; // there may be more
    if (streams > 0) log.info({ streams }, 'streams of which no row is left are forgotten');
  }

  async #sayWhatIsPinned(): Promise<void> {
    const { catalogue, settings, log } = this.#options;
    const tiers = pinnedWords(settings, await catalogue.tierBytes());
    if (tiers.length > this.#pinnedTiers)
      log.warn({ tiers }, 'captures keep more of the history than its limits in bytes; deleted captures make room');
    this.#pinnedTiers = tiers.length;
  }

  async #expire(isClockKnown: boolean): Promise<void> {
    const { database, catalogue, folder, settings, clock, log, arePinsKnown } = this.#options;
    if (this.#isClosing || !arePinsKnown() || clock.monotonicMs() - this.#startedMs < FIRST_RETENTION_MS) return;
    await this.#sayWhatIsPinned();
    const files = await applyRetention(database, catalogue, {
      folder,
      settings,
      uses: this.uses,
      nowMs: isClockKnown && this.#clockTrust.doubt === undefined ? clock.nowMs() : undefined,
    });
    if (files.length === 0) return;
    this.checks.forget(files.map(({ path }) => path));
    this.#counts.expired += files.length;
    this.#mayPrune = true;
    log.info(
      { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) },
      'the oldest history is removed',
    );
  }
}
