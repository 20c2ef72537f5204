import type { Logger } from '../base/log.ts';
import type { DurableMark, FromHistory, ToHistory } from '../trend/durable-link.ts';
import { TIERS } from '../trend/tier.ts';
import { Committer, type CommitterOptions } from './committer.ts';
import type { DiagnosisIntake } from './diagnosis-intake.ts';
import type { FinishedRows } from './finished-rows.ts';
import type { WriterStatus } from './history-status.ts';
import { Intake } from './intake.ts';
import { RowList } from './row-block.ts';
import { type SegmentBatch, segmentName } from './segment.ts';
import { type LostStream, StreamHoles } from './stream-holes.ts';
import type { Streams } from './streams.ts';
import { type RowsUnderWay, type UnstoredRow, unstoredRows } from './unstored-rows.ts';

export interface WriterOptions extends CommitterOptions {
  readonly log: Logger;
  readonly holdMs: number;
  /** To the ingest thread. */
  readonly post: (message: FromHistory) => void;
  readonly streams: Streams;
  /** Where `streams` put the rows of their tiers. */
  readonly finished: FinishedRows;
  readonly diagnoses: DiagnosisIntake;
  /** Windows that were given up will not come again. */
  readonly onLost: (lost: readonly LostStream[]) => void;
  /** A segment is complete and will not be written any more. */
  readonly onEnded: (segment: number) => void;
}

/** From the start of a commit to that of the next. */
const COMMIT_MS = 95;
/** After a commit that failed. */
const RETRY_MS = 500;
/** Rows of coarse tiers are written less often; those that a crash takes are made again. */
const TIERS_MS = 5000;
/** A commit that takes longer is a problem to name. */
const HANG_MS = 5000;

interface Batch extends SegmentBatch {
  /** Rows of each tier that the segment has without it. */
  readonly after: readonly number[];
  /** Where streams stand once it is written. */
  readonly marks: readonly DurableMark[];
  readonly segment: number;
}

/**
 * Takes windows from the ingest thread, commits them to the open segment in
 * one transaction with their tiers, and says so.
 *
 * A batch that cannot be written is tried again as it is until it can; what
 * comes meanwhile waits. So a row is in the tiers if and only if it is in
 * tier 0.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #intake: Intake;
  readonly #committer: Committer;
  readonly #holes: StreamHoles;
  #batch: Batch | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #tiersMs = 0;
  #isClosing = false;

  #problem: string | undefined;
  #writingSinceMs: number | undefined;
  #batches = 0;
  #commits = 0;
  #failedCommits = 0;
  #storedRows = 0;
  #lastCommitMs = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#committer = new Committer(options);
    this.#holes = new StreamHoles(options.streams);
    this.#intake = new Intake({
      clock: options.clock,
      streams: options.streams,
      holdMs: options.holdMs,
      onTaken: (rows) => options.post({ kind: 'taken', rows }),
      onAsk: () => options.post({ kind: 'ask' }),
      onFailure: (error) => this.#fail(error),
    });
  }

  /** The open segment's number; undefined while none can be opened. */
  get segmentId(): number | undefined {
    return this.#committer.segmentId;
  }

  /** Begins to write. Resolves after the first try. */
  async start(): Promise<void> {
    await this.freeze(() => this.#write());
    this.#timer = setTimeout(() => void this.#step(), this.#problem === undefined ? 0 : RETRY_MS);
  }

  take(message: ToHistory): void {
    this.#intake.take(message);
  }

  /** Runs `task` while nothing is being committed: what is stored and what is `unstored` then are all windows, once. */
  freeze<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(task);
    this.#turn = done.catch(() => undefined); // the caller's to handle
    return done;
  }

  /** Segments up to this one are sealed: lets go of the streams that ended in them. */
  forgetSealed(segment: number): void {
    const { streams, finished } = this.#options;
    const needed = new Set<number>();
    const lists = Array.from({ length: TIERS }, (_, tier) => [this.#batch?.tiers[tier] ?? [], finished.list(tier)]);
    for (const rows of [...lists.flat(), this.#intake.pending]) for (const { stream } of rows) needed.add(stream);
    streams.forget(({ id, segment: last, book }) => last <= segment && !needed.has(id) && book.holes().length === 0);
  }

  /** See `unstoredRows`. */
  unstored(channel: string, tier: number): UnstoredRow[] {
    const { streams, finished } = this.#options;
    const underWay = this.#batch?.tiers[tier];
    return unstoredRows({ streams, finished, underWay, pending: this.#intake.pending }, channel, tier);
  }

  /** What is being written of a tier. */
  underWay(tier: number): RowsUnderWay | undefined {
    if (this.#batch === undefined) return undefined;
    const { segment, tiers, after } = this.#batch;
    const { earliestNs } = tiers[tier];
    return earliestNs === undefined ? undefined : { segment: segmentName(segment), after: after[tier], earliestNs };
  }

  /** Batches made since the start: while it is the same, nothing but the last of them can be written meanwhile. */
  get batches(): number {
    return this.#batches;
  }

  status(): WriterStatus {
    const problem = this.#problem ?? this.#hang();
    const { pending, givenUpRows, duplicateRows } = this.#intake;
    return {
      state: problem === undefined ? 'working' : 'failing',
      ...(problem !== undefined && { problem }),
      pendingRows: pending.length + (this.#batch?.tiers[0].length ?? 0),
      pendingBytes: pending.bytes,
      givenUpRows,
      holeWindows: this.#holes.windows,
      duplicateRows,
      storedRows: this.#storedRows,
      commits: this.#commits,
      failedCommits: this.#failedCommits,
      lastCommitMs: this.#lastCommitMs,
      commitP50Ms: this.#committer.percentile(0.5),
      commitP99Ms: this.#committer.percentile(0.99),
    };
  }

  /** Writes what there is, unless that fails. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    const { diagnoses } = this.#options;
    await Promise.all([this.#intake.close(), diagnoses.close()]);
    await this.freeze(() => this.#write());
    const { pending } = this.#intake;
    if (this.#problem === undefined && (pending.length > 0 || diagnoses.hasPending))
      await this.freeze(() => this.#write()); // what had to wait for a batch that failed
    if (pending.length === 0 && !diagnoses.hasPending && this.#batch === undefined) return;
    const lost = { rows: this.status().pendingRows, diagnoses: diagnoses.status().waiting, problem: this.#problem };
    this.#options.log.error(lost, 'the history ends with windows or diagnoses that could not be written');
  }

  // One commit of all that there is; then again after a while.
  async #step(): Promise<void> {
    const { clock } = this.#options;
    const startedMs = clock.monotonicMs();
    await this.#intake.gather();
    if (this.#isClosing) return;
    await this.freeze(() => this.#write());
    if (this.#isClosing) return;
    const delayMs = this.#problem === undefined ? COMMIT_MS - (clock.monotonicMs() - startedMs) : RETRY_MS;
    this.#timer = setTimeout(() => void this.#step(), Math.max(0, delayMs));
  }

  async #write(): Promise<void> {
    this.#writingSinceMs = this.#options.clock.monotonicMs();
    try {
      await this.#committer.open(() => this.#holes.all());
      this.#batch ??= this.#build();
      if (this.#batch !== undefined) {
        await this.#committer.write(this.#batch);
        this.#settle(this.#batch);
      }
      this.#recover();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writingSinceMs = undefined;
    }
  }

  // Takes all that is pending, so that marks and holes say of every window whether it is written.
  #build(): Batch | undefined {
    const { streams } = this.#options;
    const { isOver: isLast, segmentId: segment = 0 } = this.#committer;
    const tier0 = this.#takePending();
    if (isLast) {
      for (const stream of streams.all()) stream.tiers.close();
      this.#holes.loseReplaced();
    }
    const tiers = this.#takeTiers(tier0, isLast);
    const diagnoses = this.#options.diagnoses.takeBatch(isLast || this.#isClosing ? 'all' : 'when due');

    const holes = this.#holes.unstored();
    const touched = this.#intake.takeTouched();
    for (const { book } of touched) book.setWritten();
    const marks = touched.map((stream) => stream.mark());
    const isEmpty = tiers.every(({ blocks }) => blocks.length === 0) && diagnoses.length === 0;
    if (isEmpty && !isLast && holes === undefined) {
      this.#tell(marks); // of windows that were there already
      return undefined;
    }
    const unlisted = touched.filter(({ isListed }) => !isListed).map(({ listing }) => listing);
    this.#batches++;
    return { streams: unlisted, tiers, diagnoses, holes, isLast, marks, segment, after: this.#committer.rows };
  }

  #takePending(): RowList {
    const { streams } = this.#options;
    const { pending } = this.#intake;
    const rows = new RowList();
    for (let block = pending.shift(); block !== undefined; block = pending.shift()) {
      for (let i = 0; i < block.length; i++) {
        const row = block.at(i);
        if (streams.byId(row.stream).store(row).windows === 0) block.setReplacing(i);
      }
      rows.blocks.push(block);
    }
    return rows;
  }

  #takeTiers(tier0: RowList, isLast: boolean): RowList[] {
    const nowMs = this.#options.clock.monotonicMs();
    const isTime = isLast || this.#isClosing || nowMs - this.#tiersMs >= TIERS_MS;
    if (isTime) this.#tiersMs = nowMs;
    const coarse = isTime ? this.#options.finished.take() : Array.from({ length: TIERS }, () => new RowList());
    return [tier0, ...coarse.slice(1)];
  }

  #settle(batch: Batch): void {
    const { streams, clock, onEnded, onLost } = this.#options;
    this.#batch = undefined;
    this.#commits++;
    this.#storedRows += batch.tiers[0].length;
    this.#lastCommitMs = clock.nowMs();
    for (const { id, info } of batch.streams) streams.byId(id).setListed(batch.segment, info);
    if (batch.holes) this.#holes.setStored(batch.holes);
    this.#options.diagnoses.setStored();
    for (const block of batch.tiers[0].blocks) this.#intake.pending.recycle(block);
    this.#tell(batch.marks);
    const lost = this.#holes.takeLost();
    if (lost.length > 0) onLost(lost);
    if (!batch.isLast) return;
    this.#holes.setStored([]); // the next segment has none yet
    for (const stream of streams.all()) stream.setUnlisted();
    onEnded(batch.segment);
  }

  #tell(marks: readonly DurableMark[]): void {
    const { post } = this.#options;
    if (marks.length > 0) post({ kind: 'durable', marks });
    const holed = this.#holes.takeUnasked();
    if (holed.length > 0) post({ kind: 'resend', marks: holed });
  }

  #hang(): string | undefined {
    if (this.#writingSinceMs === undefined) return undefined;
    const ms = this.#options.clock.monotonicMs() - this.#writingSinceMs;
    return ms < HANG_MS ? undefined : `a commit of the history has been under way for ${Math.floor(ms / 1000)} s`;
  }

  #fail(error: unknown): void {
    this.#failedCommits++;
    const message = error instanceof Error ? error.message : String(error);
    if (this.#problem === undefined) {
      this.#options.log.error({ err: error }, 'the history cannot be written: windows wait in memory');
    }
    this.#problem = `the history cannot be written: ${message}`;
    this.#intake.giveUpOldest();
    this.#options.diagnoses.giveUpOldest();
  }

  #recover(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#options.log.warn({ givenUp: this.#intake.givenUpRows }, 'the history is written again');
  }
}
