import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBListValue,
  type DuckDBType,
  type DuckDBValue,
  FLOAT,
  LIST,
  listValue,
  UINTEGER,
  USMALLINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { Outcome, OutcomeKind } from '../trend/diagnosis.ts';
import type { StoredDiagnosis } from '../trend/diagnosis-history.ts';
import { quoted } from './database.ts';

/** Of a segment's table, in its order, and of sealed files, where times are TIMESTAMP_NS. */
const COLUMNS: readonly (readonly [name: string, type: DuckDBType])[] = [
  ['channel', VARCHAR],
  ['stream', VARCHAR],
  ['window', BIGINT],
  ['windows', UINTEGER],
  ['time', BIGINT],
  ['end', BIGINT],
  ['model', VARCHAR],
  ['version', VARCHAR],
  ['outcome', VARCHAR],
  ['class', VARCHAR],
  ['class_index', USMALLINT],
  ['probabilities', LIST(FLOAT)],
  ['unknown', DOUBLE],
  ['latency_ms', DOUBLE],
  ['reason', VARCHAR],
  ['since', BIGINT],
];
const TYPES = COLUMNS.map(([, type]) => type);
/** Rows that DuckDB takes at a time. */
const CHUNK_ROWS = 2048;

/** The columns of the table for SQL. */
export const DIAGNOSIS_COLUMNS = COLUMNS.map(([name, type]) => `"${name}" ${type}`).join(', ');
/** What tells one diagnosis from all others. */
export const DIAGNOSIS_KEY = 'channel, stream, "window", model, version';

/** Appends diagnoses to a table with `DIAGNOSIS_COLUMNS`, in the transaction of the caller's if there is one. */
export async function appendDiagnoses(
  connection: DuckDBConnection,
  { database, table }: { readonly database: string; readonly table: string },
  diagnoses: readonly StoredDiagnosis[],
): Promise<void> {
  const appender = await connection.createAppender(table, 'main', database);
  try {
    for (let at = 0; at < diagnoses.length; at += CHUNK_ROWS) {
      const rows = diagnoses.slice(at, at + CHUNK_ROWS).map(toValues);
      const chunk = DuckDBDataChunk.create(TYPES, rows.length);
      chunk.setRows(rows);
      appender.appendDataChunk(chunk);
    }
  } finally {
    appender.closeSync(); // writes to the transaction
  }
}

function toValues(diagnosis: StoredDiagnosis): DuckDBValue[] {
  const { channel, stream, first, points, timeNs, endNs, sinceNs, model, version, outcome, latencyMs } = diagnosis;
  const answer = 'label' in outcome ? outcome : undefined;
  return [
    ...[channel, stream, BigInt(first), points, timeNs, endNs, model, version, outcome.kind],
    ...[answer?.label ?? null, answer?.classIndex ?? null, answer ? listValue(answer.probabilities) : null],
    ...[answer?.unknownScore ?? null, latencyMs, 'reason' in outcome ? outcome.reason : null, sinceNs],
  ];
}

/** Selects all columns in their order, times as BIGINT ns, from a segment's table. */
export function rowsOfSegment(name: string, where: string): string {
  return `SELECT * FROM ${name}.diagnoses WHERE ${where}`;
}

/** The same from sealed files; in `where` times are TIMESTAMP_NS. */
export function rowsOfFiles(paths: readonly string[], where: string): string {
  return `SELECT * REPLACE (epoch_ns(time) AS time, epoch_ns("end") AS "end", epoch_ns(since) AS since)
    FROM read_parquet([${paths.map(quoted).join()}], hive_partitioning = false) WHERE ${where}`;
}

/** A row of DuckDB in the order of `DIAGNOSIS_COLUMNS`. */
export function toDiagnosis(values: readonly DuckDBValue[]): StoredDiagnosis {
  const [channel, stream, first, points, timeNs, endNs, model, version, kind, ...rest] = values;
  const latencyMs = Number(rest[4]);
  const texts = { channel: String(channel), stream: String(stream), model: String(model), version: String(version) };
  const times = { timeNs: timeNs as bigint, endNs: endNs as bigint, sinceNs: rest[6] as bigint };
  return {
    ...{ ...texts, ...times, first: Number(first), points: Number(points), latencyMs },
    outcome: toOutcome(String(kind) as OutcomeKind, rest),
  };
}

function toOutcome(kind: OutcomeKind, values: readonly DuckDBValue[]): Outcome {
  const [label, classIndex, probabilities, unknownScore, , reason] = values;
  switch (kind) {
    case 'class':
    case 'unknown':
      return {
        kind,
        label: String(label),
        classIndex: Number(classIndex),
        probabilities: (probabilities as DuckDBListValue).items.map(Number),
        unknownScore: unknownScore === null ? undefined : Number(unknownScore),
      };
    case 'incomplete':
    case 'unavailable':
      return { kind, reason: String(reason) };
    case 'dropped':
      return { kind };
  }
}
