import type { DiagnosisPage, DiagnosisPageRequest, DiagnosisPlace } from '../trend/diagnosis-history.ts';
import { quoted } from './database.ts';
import { timestamp } from './diagnosis-range.ts';
import { type DiagnosisSources, NO_ROWS } from './diagnosis-sources.ts';
import { rowsOfFiles } from './diagnosis-table.ts';

const TIMES = ['time', 'end'];
/** Looked through for a page: so that the files of one page are few, however long the range. */
const REACH_NS = 86_400_000_000_000n;
/** The order of exported rows of a channel, and what tells each from all others. */
export const PLACE = '"time", stream, "window", model, version';

/** SQL: all columns of a segment's table but where the stretch begins that a run newly covers, which is the server's own. */
export function exportColumns(form: 'csv' | 'parquet'): string {
  const isCsv = form === 'csv';
  const times = TIMES.map((name) => `${isCsv ? writtenTime(name) : `make_timestamp_ns("${name}")`} AS "${name}"`);
  const list = isCsv ? [`array_to_string(probabilities, ' ') AS probabilities`] : [];
  return `* EXCLUDE (since) REPLACE (${[...times, ...list].join(', ')})`;
}

/** Reads a page of the rows of one channel as they are exported to CSV, in the order of their times. */
export async function readDiagnosisPage(from: DiagnosisSources, request: DiagnosisPageRequest): Promise<DiagnosisPage> {
  const { toNs, after, rows } = request;
  const fromNs = (await firstNs(from, request)) ?? toNs;
  const endNs = fromNs + REACH_NS < toNs ? fromNs + REACH_NS : toNs;
  const within = (value: (ns: bigint) => string) => `"time" >= ${value(fromNs)} AND "time" < ${value(endNs)}`;
  const paths = await from.open(0, [{ afterNs: fromNs, toNs: endNs }]);
  const sealed = paths.length === 0 ? NO_ROWS : rowsOfFiles(paths, within(timestamp));
  const isAfter =
    after === undefined
      ? 'true'
      : `(${PLACE}) > (${after.timeNs}, ${quoted(after.stream)}, ${after.window}, ${quoted(after.model)}, ${quoted(after.version)})`;
  const reader = await from.connection.runAndReadAll(`
    SELECT COLUMNS(*)::VARCHAR FROM (
      SELECT ${exportColumns('csv')}, "time" AS ns FROM (${from.unsealed(within(String))} UNION ALL ${sealed})
      WHERE ${isAfter} ORDER BY ns, stream, "window", model, version LIMIT ${rows}
    )`);
  const found = reader.getRows() as (string | null)[][];
  const last = found.length < rows ? undefined : toPlace(found.at(-1)!);
  const rest = endNs < toNs ? { fromNs: endNs, after: undefined } : undefined;
  return {
    header: csvLine(reader.columnNames().slice(0, -1)),
    lines: found.map((values) => csvLine(values.slice(0, -1))).join(''),
    next: last === undefined ? rest : { fromNs: last.timeNs, after: last },
  };
}

/** The first of a run in the range, or a time before it; undefined where there is none. */
async function firstNs(from: DiagnosisSources, { fromNs, toNs }: DiagnosisPageRequest): Promise<bigint | undefined> {
  const [[unsealed]] = await from.rows(
    `SELECT min("time") FROM (${from.unsealed(`"time" >= ${fromNs} AND "time" < ${toNs}`)})`,
  );
  const begins = [unsealed as bigint | null, from.beginNs(0, { afterNs: fromNs, toNs })].filter((ns) => ns != null);
  if (begins.length === 0) return undefined;
  const first = begins.reduce((a, b) => (a < b ? a : b));
  return first < fromNs ? fromNs : first;
}

function toPlace(values: readonly (string | null)[]): DiagnosisPlace {
  const [, stream, window, , , , model, version] = values.map(String);
  return { timeNs: BigInt(values.at(-1)!), stream, window: Number(window), model, version };
}

// As DuckDB writes them: null is nothing.
function csvLine(values: readonly (string | null)[]): string {
  return `${values.map((value) => (value === null ? '' : quotedCsv(value))).join(',')}\n`;
}

function quotedCsv(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// `strftime` of DuckDB 1.5 writes nanoseconds of a TIMESTAMP_NS wrongly.
function writtenTime(name: string): string {
  const seconds = `strftime(make_timestamp("${name}" // 1000), '%Y-%m-%dT%H:%M:%S.')`;
  return `${seconds} || lpad(("${name}" % 1000000000)::VARCHAR, 9, '0') || 'Z'`;
}
