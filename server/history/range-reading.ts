import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../base/errors.ts';
import type { MergeKernel } from '../kernels/merge-kernel.ts';
import type { HistoryRequest } from '../trend/history-rows.ts';
import { TIER_FACTOR, TIERS } from '../trend/tier.ts';
import { heldEndNs, heldNs } from '../trend/time-range.ts';
import type { AnswerRows, RowContent } from './answer-rows.ts';
import type { CatalogueView, ChannelView } from './catalogue-view.ts';
import type { ReadChannel } from './channel-streams.ts';
import type { TimeRange } from './coverage.ts';
import { FileOpener, type FileOpenerOptions } from './file-opener.ts';
import { gather, overlaps } from './gather.ts';
import type { LiveRows } from './live-rows.ts';
import type { SealedFile } from './sealed-file.ts';
import { readSealed } from './sealed-rows.ts';
import { SPANS, spanOf, tierOf } from './spans.ts';
import { TierRows } from './tier-rows.ts';
import { type Scan, scanSegment } from './tier-scan.ts';
import { TimeBuckets } from './time-buckets.ts';
import type { RowsUnderWay, UnstoredRow } from './unstored-rows.ts';

/** Where rows are. */
export interface RangeSources extends FileOpenerOptions {
  readonly catalogue: CatalogueView;
  readonly live: LiveRows;
  readonly kernel: MergeKernel;
}

/** `at` is the place of the span in `SPANS`; undefined leaves it to what suits a range without gaps. */
type PlacedRequest = HistoryRequest & { readonly at: number | undefined };

/** What reading a range came to. */
export type RangeReading =
  | { readonly fits: true; readonly span: number; readonly rows: AnswerRows; readonly channel: ReadChannel }
  /** The answer would have more rows than it may: at least so many. */
  | { readonly fits: false; readonly span: number; readonly atLeast: number };

/** Rows of a tier that are read for a row of an answer: spans are 1, 2 and 5 rows of a tier. */
const ROWS_A_COLUMN = 5;
/** And some, for parts and for what lies beyond the ends of the range. */
const SPARE_ROWS = 2000;
/** Windows in a row of the coarsest tier. */
const COARSEST = TIER_FACTOR ** (TIERS - 1);

/**
 * Reads a range as rows of one span, of the place `at` in `SPANS` or else of
 * the one that suits a range without gaps. What is on the disk and what is in
 * memory are those of one instant. Throws as DuckDB does, also where a segment
 * or a file has just gone; then the next try finds where its rows are.
 */
export async function readRange(
  connection: DuckDBConnection,
  sources: RangeSources,
  request: PlacedRequest,
): Promise<RangeReading> {
  let instant: Instant | undefined;
  let reader: RangeReader | undefined;
  try {
    instant = await begin(connection, sources, request);
    reader = new RangeReader(connection, sources, request, instant);
    return await reader.read();
  } finally {
    await reader?.close();
    // Nothing was changed. There may be no transaction: none was needed, or DuckDB has failed and is opened anew.
    if (instant?.segments.length !== 0) await connection.run('ROLLBACK').catch(() => undefined);
  }
}

// What the catalogue says is looked up before, so that commits wait for as little as can be. A list that has just become
// old is as good as the new one, or its segments and files are gone, which throws; only what it lacks would be missed.
async function begin(connection: DuckDBConnection, sources: RangeSources, request: PlacedRequest): Promise<Instant> {
  const { catalogue, live, signal } = sources;
  for (let isFirst = true; ; isFirst = false) {
    const view = await catalogue.read(connection, request.channel);
    const lookAndSee = async () => {
      signal?.throwIfAborted(); // it was not its turn yet
      const instant = look(view, sources, request);
      return instant === undefined ? undefined : see(connection, sources, instant);
    };
    const seen = isFirst ? await lookAndSee() : await live.freeze(lookAndSee);
    if (seen !== undefined) return seen;
  }
}

// From here on the transaction sees the segments that are read as they are, with what is under way or without. Undefined
// where more may have been written meanwhile.
async function see(
  connection: DuckDBConnection,
  { live }: RangeSources,
  instant: Instant,
): Promise<Instant | undefined> {
  const { segments, at, unstored, underWay, batches } = instant;
  if (segments.length === 0) return instant; // whatever is being written, it is not in the range
  const looks = segments.map((name) => `SELECT count(*) FROM ${name}.ended`);
  await connection.run(['BEGIN', ...looks].join('; '));
  const isIn =
    underWay !== undefined &&
    segments.includes(underWay.segment) &&
    (await isWritten(connection, underWay, tierOf(SPANS[at])));
  if (live.batches() === batches)
    return isIn ? { ...instant, unstored: unstored.filter((row) => !row.isUnderWay) } : instant;
  await connection.run('ROLLBACK');
  return undefined;
}

async function isWritten(
  connection: DuckDBConnection,
  { segment, after, earliestNs }: RowsUnderWay,
  tier: number,
): Promise<boolean> {
  const reader = await connection.runAndReadAll(
    `SELECT count(*) FROM ${segment}.tier_${tier} WHERE time >= ${earliestNs} AND rowid >= ${after}`,
  );
  return Number(reader.getRows()[0][0]) > 0;
}

// Undefined where the catalogue has changed meanwhile.
function look(view: ChannelView, { catalogue, live }: RangeSources, request: PlacedRequest): Instant | undefined {
  if (!catalogue.isCurrent(view)) return undefined;
  const channel = view.streams.with(live.streams());
  if (channel === undefined) throw unknownChannel(request.channel);
  const at = request.at ?? firstPlace(request, channel);
  const { toNs } = widened(request, SPANS[at] * channel.longestNs);
  const segments = view.segments.filter((name) => {
    const earliestNs = live.earliestNs(name);
    return earliestNs === undefined || earliestNs < toNs;
  });
  const tier = tierOf(SPANS[at]);
  const unstored = live.unstored(request.channel, tier);
  return { ...view, segments, channel, at, unstored, underWay: live.underWay(tier), batches: live.batches() };
}

/** What is read from: all that there was at one instant. */
interface Instant {
  readonly segments: readonly string[];
  readonly files: readonly SealedFile[];
  readonly channel: ReadChannel;
  /** Place of the span. */
  readonly at: number;
  readonly unstored: readonly UnstoredRow[];
  readonly underWay: RowsUnderWay | undefined;
  readonly batches: number;
}

function unknownChannel(channel: string): AppError {
  return new AppError('CHANNEL_UNKNOWN', `no channel ${JSON.stringify(channel)} has a history`);
}

// The span of a range without gaps.
function firstPlace({ fromNs, toNs, columns }: HistoryRequest, { newest }: ReadChannel): number {
  return SPANS.indexOf(spanOf(Number(toNs - fromNs) / newest.windowNs / columns));
}

/** One reading, inside a transaction. */
class RangeReader {
  readonly #connection: DuckDBConnection;
  readonly #sources: RangeSources;
  readonly #request: HistoryRequest;
  readonly #instant: Instant;
  readonly #opener: FileOpener;

  constructor(connection: DuckDBConnection, sources: RangeSources, request: HistoryRequest, instant: Instant) {
    this.#connection = connection;
    this.#sources = sources;
    this.#opener = new FileOpener(sources);
    this.#request = request;
    this.#instant = instant;
  }

  async read(): Promise<RangeReading> {
    const { columns } = this.#request;
    const { at, channel, unstored } = this.#instant;
    const span = SPANS[at];
    const isCoarsest = at === SPANS.length - 1;
    const limit = ROWS_A_COLUMN * columns + SPARE_ROWS + unstored.length;

    let buckets: TimeBuckets | undefined;
    const drain = (rows: TierRows) => {
      buckets ??= new TimeBuckets(this.#request, columns);
      for (const row of eachRow(rows, channel)) {
        if (overlaps(row.timeNs, row.lengthNs, this.#request)) buckets.add(row);
      }
    };
    const rows = new TierRows(limit, isCoarsest ? drain : undefined);
    await this.#fill(rows, span, isCoarsest ? undefined : limit + 1); // one too many tells that there are more
    if (rows.isFull) return { fits: false, span, atLeast: columns + 1 };
    if (buckets !== undefined) {
      drain(rows);
      return { fits: true, span, rows: buckets.rows(), channel };
    }

    const gathered = gather(rows, {
      span,
      range: this.#request,
      windowNs: (stream) => channel.byId.get(stream)!.windowNs,
      kernel: this.#sources.kernel,
    });
    if (gathered.length <= columns) return { fits: true, span, rows: gathered, channel };
    if (!isCoarsest) return { fits: false, span, atLeast: gathered.length };
    const slices = new TimeBuckets(this.#request, columns);
    for (let at = 0; at < gathered.length; at++) slices.add(gathered.row(at));
    return { fits: true, span, rows: slices.rows(), channel };
  }

  /** Lets go of its files. */
  close(): Promise<void> {
    return this.#opener.close();
  }

  // All rows of the range, and of the rows of the answer that its ends cut.
  async #fill(rows: TierRows, span: number, limit: number | undefined): Promise<void> {
    const { segments, channel, unstored } = this.#instant;
    const tier = tierOf(span);
    const widest = widened(this.#request, span * channel.longestNs);
    const around = widened(this.#request, COARSEST * channel.longestNs);
    const files = this.#instant.files.filter(
      (file) => file.tier >= tier && file.fromNs < around.toNs && file.toNs > around.fromNs,
    );
    for (const streams of channel.lengths) {
      this.#sources.signal?.throwIfAborted();
      const scan: Scan = { tier, streams, limit, channel, ...widened(this.#request, span * streams.longestNs) };
      await readSealed(this.#connection, files, { scan, opener: this.#opener }, rows);
      for (const segment of segments) {
        this.#sources.signal?.throwIfAborted();
        await scanSegment(this.#connection, segment, scan, rows);
      }
    }
    for (const { tier: of, row } of unstored) {
      if (row.timeNs >= widest.fromNs && row.timeNs < widest.toNs) rows.add(of, row);
    }
  }
}

function widened({ fromNs, toNs }: TimeRange, byNs: number): TimeRange {
  const by = BigInt(Math.ceil(byNs));
  return { fromNs: heldNs(fromNs - by), toNs: heldEndNs(toNs + by) };
}

function* eachRow(rows: TierRows, channel: ReadChannel): Iterable<RowContent> {
  for (let at = 0; at < rows.length; at++) {
    yield {
      timeNs: rows.timeNs[at],
      lengthNs: channel.byId.get(rows.stream[at])!.windowNs * TIER_FACTOR ** rows.tier[at],
      summary: rows.summary(at),
      flags: rows.flags[at],
      windows: rows.windows[at],
    };
  }
}
