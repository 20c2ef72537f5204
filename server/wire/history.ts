// What REST answers about the past. Figures are in the channel's unit, times
// are ms since 1970 UTC of the sample clock with fractions of a ms.

/** `GET /api/channels`: every channel that is live or has history, by name. */
export interface ChannelsReply {
  readonly channels: readonly StoredChannel[];
}

export interface StoredChannel {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  /** Of its newest stream. */
  readonly rateHz: number;
  /** Samples a window, of its newest stream. */
  readonly window: number;
  /** Where its history begins and ends; undefined where there is none. */
  readonly firstMs?: number;
  readonly lastMs?: number;
}

/**
 * `GET /api/channels/:channel/history?from&to&columns[&format]`
 *
 * `from` and `to` are ms since 1970 UTC or ISO 8601 in UTC, `columns` is
 * 1 … `HISTORY_COLUMNS`. Answers with at most so many rows: those of the
 * finest grid that is coarse enough. `format=arrow`, or an Accept header that
 * asks for it, gives the rows as an Arrow IPC stream, whose schema metadata
 * holds the rest of this reply as JSON under `fenestra`.
 */
export interface HistoryReply {
  readonly channel: string;
  readonly unit: string;
  /** As asked. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Length of a row of the newest stream, ms. */
  readonly rowMs: number;
  /** Windows that a row merges: a power of ten times 1, 2 or 5. */
  readonly span: number;
  /** Rows in the order of their times; all columns are of one length. */
  readonly rows: HistoryColumns<readonly number[]>;
}

/** A row may come in two parts where its stream, or the line of its time, ends inside it. */
export interface HistoryColumns<Column> {
  /** Start of the row. */
  readonly time: Column;
  /** What it covers, ms. */
  readonly length: Column;
  /** Exact. NaN (`null` in JSON) where count is 0, as for the next two. */
  readonly min: Column;
  readonly max: Column;
  readonly mean: Column;
  /** Population standard deviation. */
  readonly deviation: Column;
  /** Finite samples. */
  readonly count: Column;
  readonly clipped: Column;
  readonly nonfinite: Column;
  /** Bits of `RowFlag`, of all windows in the row. */
  readonly flags: Column;
  /** Windows in the row. */
  readonly windows: Column;
  /** 1 where something is missing between this row and the next one. What lies inside a row is `windows` below `span` or the gap flag. */
  readonly broken: Column;
}

/** Names of the columns, in the order of Arrow and of exports. */
export const HISTORY_COLUMN_NAMES = [
  'time',
  'length',
  'min',
  'max',
  'mean',
  'deviation',
  'count',
  'clipped',
  'nonfinite',
  'flags',
  'windows',
  'broken',
] as const satisfies readonly (keyof HistoryColumns<unknown>)[];

/** The most rows one request gets. */
export const HISTORY_COLUMNS = 20_000;
export const ARROW_TYPE = 'application/vnd.apache.arrow.stream';
