import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { HistoryChannel, HistoryRequest, HistoryRows } from '../trend/history-rows.ts';
import { ChannelReading } from './channel-reading.ts';
import { firstLine, isDamage } from './damage.ts';
import type { Database } from './database.ts';
import { type RangeReading, type RangeSources, readRange } from './range-reading.ts';
import { SPANS, spanOf } from './spans.ts';

export interface ReaderOptions extends RangeSources {
  readonly database: Database;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Logger;
  /** What was to be read is damaged. */
  readonly onDamage: () => void;
}

/** A segment may be sealed, or the database opened anew, while a query looks for it. */
const ATTEMPTS = 3;
/** So long a query that could not be answered counts as a problem. */
const FAILED_MS = 60_000;

/**
 * Answers ranges of a channel's past with rows that are as fine as the columns
 * allow. What a query costs grows with its columns, not with its range.
 */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #channels: ChannelReading;
  #failure = '';
  #failedMs = Number.NEGATIVE_INFINITY;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#channels = new ChannelReading(options);
  }

  /** What could not be read within the last minute, and why, in words. */
  problem(): string | undefined {
    return this.#options.clock.monotonicMs() - this.#failedMs < FAILED_MS ? this.#failure : undefined;
  }

  /** Rejects with `CHANNEL_UNKNOWN`, with `HISTORY_FAILED` where the files cannot be read, and with the reason of `signal`. */
  async query(request: HistoryRequest, signal?: AbortSignal): Promise<HistoryRows> {
    let at: number | undefined;
    let best: Fit | undefined;
    let tooFine = -1;
    for (;;) {
      const reading = await this.#read(request, at, signal);
      if (reading.fits) {
        best = reading;
      } else {
        tooFine = SPANS.indexOf(reading.span);
        if (best === undefined) {
          at = coarser(reading, request.columns);
          continue;
        }
      }
      at = finer(best, tooFine, request.columns);
      if (at === undefined) return answer(best);
    }
  }

  /** Every channel that has a history, by name. Rejects with `HISTORY_FAILED`, and with the reason of `signal`. */
  channels(signal?: AbortSignal): Promise<HistoryChannel[]> {
    return this.use('the channels of the history', (connection) => this.#channels.read(connection, signal), signal);
  }

  #read(request: HistoryRequest, at: number | undefined, signal: AbortSignal | undefined): Promise<RangeReading> {
    const what = `a range of ${request.channel}`;
    return this.use(
      what,
      (connection) => readRange(connection, { ...this.#options, signal }, { ...request, at }),
      signal,
    );
  }

  /** Runs what reads `what`, again where a segment or a file went meanwhile. Rejects as `channels` does. */
  async use<T>(what: string, task: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#options.database.use((connection) =>
          interruptible(connection, signal, () => task(connection)),
        );
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof AppError) throw error;
        if (attempt < ATTEMPTS) continue;
        this.#options.log.error({ err: error }, `${what} cannot be read`);
        this.#failure = `${what} cannot be read: ${firstLine(error)}`;
        this.#failedMs = this.#options.clock.monotonicMs();
        if (isDamage(error)) this.#options.onDamage();
        throw new AppError('HISTORY_FAILED', this.#failure, { cause: error });
      }
    }
  }
}

type Fit = Extract<RangeReading, { fits: true }>;

function answer({ rows, channel, span }: Fit): HistoryRows {
  const { unit, windowNs } = channel.newest;
  return rows.toHistoryRows({ unit, span, rowNs: rows.length === 0 ? 0 : span * windowNs });
}

// The place of the next span that may fit where more rows came than may.
function coarser({ span, atLeast }: Exclude<RangeReading, Fit>, columns: number): number {
  return Math.max(SPANS.indexOf(span) + 1, SPANS.indexOf(spanOf((span * atLeast) / columns)));
}

// The place of a finer span that is worth a try: one that fits unless there are gaps, then one that fits whatever there is,
// then the next one.
function finer({ span, rows }: Fit, tooFine: number, columns: number): number | undefined {
  const at = SPANS.indexOf(span);
  const windows = rows.sumWindows();
  if (at === 0 || windows > SPANS[at - 1] * columns) return undefined;
  const likely = SPANS.indexOf(spanOf(windows / columns));
  const sure = SPANS.indexOf(spanOf((span * rows.length) / columns));
  const next = likely > tooFine ? likely : Math.max(Math.min(sure, at - 1), tooFine + 1);
  return next < at ? next : undefined;
}

// What a query leaves behind when nobody waits for it any more must not run on: here ends the statement that runs; the
// task looks at the signal between statements.
async function interruptible<T>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  task: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const interrupt = () => connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    return await task();
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}
