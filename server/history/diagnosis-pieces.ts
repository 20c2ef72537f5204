import { SPAN_GAP_NS } from '../trend/diagnosis-history.ts';
import { quoted } from './database.ts';

// SQL of what diagnoses come to. A *line* of a relation is one diagnosis:
//   stream, "window", since_ns, end_ns, model, version, outcome, "class", class_index, confidence, "unknown"
// A *piece* is what some that follow each other, are alike and end within one slot came to:
//   slot (its begin, ns), since_ns, first_ns (end of the first), end_ns, model … class_index, "count", spans, is_continued, lowest, highest, "unknown"
// A slot with more pieces than `SLOT_PIECES` has one for each kind instead, whose `spans` says of how many it is made.

/** Pieces do not go beyond five minutes of UTC. */
export const SLOT_NS = 300_000_000_000n;
/** So that a year of a channel that changes its mind with every run is at most 1.7 million rows. */
export const SLOT_PIECES = 16;
/** What diagnoses of a span have in common. */
export const KIND = 'model, version, outcome, "class", class_index';
const LINE_ORDER = 'end_ns, stream, "window", model, version';
const PIECE_COLUMNS = `slot, since_ns, first_ns, end_ns, ${KIND}, "count", spans, is_continued, lowest, highest, "unknown"`;

/** SQL: the begin of the stretch of so many ns, a multiple of it since 1970, in which a time lies. */
export function floorSql(time: string, ns: bigint): string {
  return `((${time}) - (((${time}) % ${ns} + ${ns}) % ${ns}))`;
}

/** SQL: that of the stretch in which the last ns of a run lies. */
export function slotSql(end: string, ns = SLOT_NS): string {
  return floorSql(`${end} - 1`, ns);
}

/** Selects lines from a relation with the columns of a segment's table. */
export function linesOf(relation: string): string {
  return `SELECT stream, "window", since AS since_ns, "end" AS end_ns, ${KIND},
    probabilities[class_index::INTEGER + 1] AS confidence, "unknown" FROM (${relation})`;
}

/** Selects lines as pieces of one each. */
export function singlePieces(lines: string): string {
  return `SELECT stream, "window", ${slotSql('end_ns')} AS slot, since_ns, end_ns AS first_ns, end_ns, ${KIND},
    1 AS "count", 1 AS spans, false AS is_continued, confidence AS lowest, confidence AS highest, "unknown" FROM (${lines})`;
}

/** Selects the pieces of lines, in their order. */
export function piecesOf(lines: string): string {
  const grouped = groupedPieces(`SELECT *, true AS is_apart FROM (${singlePieces(lines)})`, `slot`);
  return `
    WITH pieces AS (${grouped}), counted AS (SELECT *, count(*) OVER (PARTITION BY slot) AS of_slot FROM pieces)
    SELECT ${PIECE_COLUMNS} FROM counted WHERE of_slot <= ${SLOT_PIECES}
    UNION ALL
    SELECT slot, min(since_ns), min(first_ns), max(end_ns), ${KIND}, sum("count")::BIGINT, sum(spans)::BIGINT, bool_or(is_continued),
      min(lowest), max(highest), max("unknown") FROM counted WHERE of_slot > ${SLOT_PIECES} GROUP BY slot, ${KIND}`;
}

/**
 * Selects groups of pieces, given with `stream` and `"window"` to tell the order
 * of those that end together: of such as follow each other, are alike and are
 * alike in `apart` too, in the order of time.
 */
export function groupedPieces(pieces: string, apart?: string): string {
  const isBroken =
    apart === undefined ? 'NOT follows' : `(NOT follows OR coalesce(lag(${apart}) OVER w <> ${apart}, true))`;
  const slot = apart === undefined ? 'min(slot)' : `any_value(${apart})`;
  return `
    SELECT ${slot} AS slot, min(since_ns) AS since_ns, min(first_ns) AS first_ns, max(end_ns) AS end_ns, ${KIND},
      sum("count")::BIGINT AS "count", 1::BIGINT AS spans, arg_min(follows, place) AS is_continued,
      min(lowest) AS lowest, max(highest) AS highest, max("unknown") AS "unknown"
    FROM (
      SELECT *, sum(is_broken::BIGINT) OVER (ORDER BY place) AS part FROM (
        SELECT *, ${isBroken} AS is_broken, row_number() OVER w AS place FROM (${followed(pieces)}) WINDOW w AS (ORDER BY ${LINE_ORDER})
      )
    ) GROUP BY part, ${KIND} ORDER BY part`;
}

/**
 * Selects groups of pieces as `groupedPieces` does, but of pieces that all end at
 * times of their own, none in the slots `apart`, over which no group goes. For
 * very many pieces: they are sorted by one number, and compared by another.
 */
export function joinedPieces(pieces: string, apart: readonly bigint[]): string {
  // A mark in the place of each slot that is left out: nothing follows it, and it follows nothing.
  const marks = `SELECT unnest([${apart.join()}]::BIGINT[]) + 1 AS end_ns, NULL AS kind`;
  return `
    SELECT min(slot) AS slot, min(since_ns) AS since_ns, min(first_ns) AS first_ns, max(end_ns) AS end_ns,
      ${KIND.split(', ')
        .map((column) => `any_value(${column}) AS ${column}`)
        .join(', ')},
      sum("count")::BIGINT AS "count", 1::BIGINT AS spans, false AS is_continued,
      min(lowest) AS lowest, max(highest) AS highest, max("unknown") AS "unknown"
    FROM (
      SELECT *, sum(is_broken::BIGINT) OVER (ORDER BY end_ns) AS part FROM (
        SELECT *, coalesce(since_ns > lag(end_ns) OVER w + ${SPAN_GAP_NS} OR lag(kind) OVER w <> kind, true) AS is_broken
        FROM (SELECT *, hash(${KIND}) AS kind FROM (${pieces}) UNION ALL BY NAME ${marks}) WINDOW w AS (ORDER BY end_ns)
      )
    ) WHERE kind IS NOT NULL GROUP BY part`;
}

/** Selects pieces of several files in their order; those that go on one of another file say so. */
export function continuedPieces(pieces: string): string {
  const pieceByPiece = `SELECT '' AS stream, 0 AS "window", * FROM (${pieces})`;
  return `SELECT * EXCLUDE (stream, "window", follows) REPLACE (is_continued OR follows AS is_continued)
    FROM (${followed(pieceByPiece)}) ORDER BY end_ns`;
}

/** Adds `follows`: whether a piece goes on what the one before it is. */
function followed(pieces: string): string {
  const isSame = KIND.split(', ').map((column) => `lag(${column}) OVER w IS NOT DISTINCT FROM ${column}`);
  return `SELECT *, coalesce(since_ns <= lag(end_ns) OVER w + ${SPAN_GAP_NS}, false) AND ${isSame.join(' AND ')} AS follows
    FROM (${pieces}) WINDOW w AS (ORDER BY ${LINE_ORDER})`;
}

/** Selects pieces as sealed files have them. */
export function sealedColumns(channel: string, pieces: string): string {
  return `SELECT ${quoted(channel)} AS channel, make_timestamp_ns(since_ns) AS since, make_timestamp_ns(first_ns) AS first_end,
    make_timestamp_ns(end_ns) AS "end", ${KIND}, "count", spans, is_continued AS continued, lowest, highest, "unknown" FROM (${pieces})`;
}

/** Selects pieces from sealed files; in `where` times are TIMESTAMP_NS. */
export function piecesOfFiles(paths: readonly string[], where: string): string {
  return `SELECT ${slotSql('epoch_ns("end")')} AS slot, epoch_ns(since) AS since_ns, epoch_ns(first_end) AS first_ns,
      epoch_ns("end") AS end_ns, ${KIND}, "count", spans, continued AS is_continued, lowest, highest, "unknown"
    FROM read_parquet([${paths.map(quoted).join()}], hive_partitioning = false) WHERE ${where}`;
}
