import type { DuckDBValue } from '@duckdb/node-api';
import type { OutcomeKind } from '../trend/diagnosis.ts';
import type {
  DiagnosisBucket,
  DiagnosisFigures,
  DiagnosisHistory,
  DiagnosisKind,
  DiagnosisRequest,
  DiagnosisSpan,
} from '../trend/diagnosis-history.ts';
import {
  groupedPieces,
  joinedPieces,
  KIND,
  linesOf,
  piecesOf,
  piecesOfFiles,
  SLOT_NS,
  singlePieces,
  slotSql,
} from './diagnosis-pieces.ts';
import { type DiagnosisSources, type EndRange, NO_ROWS } from './diagnosis-sources.ts';
import { rowsOfFiles } from './diagnosis-table.ts';

const MS_NS = 1_000_000n;
const DAY_NS = 86_400_000_000_000n;
/** Lengths of buckets: each from five minutes on is some slots. */
const STEPS_NS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000]
    .map(BigInt)
    .map((ms) => ms * MS_NS),
  ...[5, 10, 20, 30, 60, 120, 240, 360, 720].map((minutes) => BigInt(minutes) * 60_000n * MS_NS),
  ...Array.from({ length: 17 }, (_, power) => DAY_NS << BigInt(power)),
];
/** Spans that begin in a slot which the range cuts, or where a span goes on in another file, and are none of the answer. */
const CUT_SPANS = 1000;
/** Slots whose rows are read; past it the answer is buckets. */
const DOUBTFUL_SLOTS = 500;

/**
 * Reads a range as spans, or as buckets where there are more spans than
 * columns. What is asked of the disk grows with the columns and the number of
 * spans, not with that of diagnoses: whole slots come as pieces, and rows are read
 * only of slots that the range cuts, or whose pieces are not the whole story.
 */
export async function readDiagnosisRange(from: DiagnosisSources, request: DiagnosisRequest): Promise<DiagnosisHistory> {
  const spans = await readSpans(from, request);
  if (spans !== undefined) return { form: 'spans', spans };
  const stepNs = stepOf(request);
  return (
    (await readFineBuckets(from, request, stepNs)) ??
    (await readBuckets(from, request, stepNs > SLOT_NS ? stepNs : SLOT_NS))
  );
}

/** Undefined where there are more than columns, or nobody knows any more which they were. */
async function readSpans(from: DiagnosisSources, request: DiagnosisRequest): Promise<DiagnosisSpan[] | undefined> {
  const { fromNs, toNs, columns } = request;
  const paths = await from.open(1, [{ afterNs: fromNs, toNs }]);
  const touches = `end_ns > ${fromNs} AND since_ns < ${toNs}`;
  const inFiles = `"end" > make_timestamp_ns(${fromNs}) AND since < make_timestamp_ns(${toNs})`;
  const sealed = paths.length === 0 ? undefined : piecesOfFiles(paths, inFiles);
  if (sealed !== undefined) {
    const [[least]] = await from.rows(
      `SELECT coalesce(sum(spans), 0)::DOUBLE - count(*) FILTER (is_continued) FROM (${sealed})`,
    );
    if (Number(least) > columns + CUT_SPANS) return undefined;
  }
  // Whole slots: pieces of rows that are cut at the range would not be.
  const fresh = from.unsealed(`"end" > ${floorNs(fromNs)} AND since < ${toNs}`);
  await from.connection.run(`CREATE OR REPLACE TEMP TABLE fresh AS ${fresh}`);
  await from.connection.run(`CREATE OR REPLACE TEMP TABLE pieces AS
    SELECT * FROM (${piecesOf(linesOf('FROM fresh'))}) WHERE ${touches} ${sealed === undefined ? '' : `UNION ALL ${sealed}`}`);
  const doubtful = await readDoubtful(from, request);
  if (doubtful.length > DOUBTFUL_SLOTS) return undefined;
  const rows = await readRows(from, doubtful);
  await from.connection.run(`CREATE OR REPLACE TEMP TABLE exact AS ${singlePieces(linesOf(rows))}`);
  const found = new Set((await from.rows('SELECT DISTINCT slot FROM exact')).map(([slot]) => slot as bigint));
  const given = doubtful.filter((slot) => found.has(slot));
  const isGiven = `list_contains([${given.join()}]::BIGINT[], slot)`;
  const [[isLost]] = await from.rows(`SELECT coalesce(bool_or(spans > 1), false) FROM pieces WHERE NOT ${isGiven}`);
  if (isLost) return undefined;
  const whole = joinedPieces(`SELECT * FROM pieces WHERE NOT ${isGiven}`, given);
  const all = `SELECT * FROM exact WHERE ${touches} UNION ALL BY NAME SELECT '' AS stream, 0::BIGINT AS "window", * FROM (${whole})`;
  const spans = await from.rows(
    `SELECT since_ns, end_ns, ${KIND}, "count"::DOUBLE, lowest, highest, "unknown" FROM (${groupedPieces(all)}) LIMIT ${columns + 1}`,
  );
  return spans.length > columns ? undefined : spans.map(toSpan);
}

// Slots that the range cuts, that have more pieces than were kept, or whose pieces of several files lie among each other.
async function readDoubtful(from: DiagnosisSources, { fromNs, toNs }: DiagnosisRequest): Promise<bigint[]> {
  const slots = await from.rows(`
    SELECT DISTINCT slot FROM (
      SELECT slot, spans, coalesce(lag(slot) OVER w = slot AND lag(end_ns) OVER w >= first_ns, false) AS is_among
      FROM pieces WINDOW w AS (ORDER BY first_ns, end_ns)
    ) WHERE slot < ${fromNs} OR slot + ${SLOT_NS} >= ${toNs} OR spans > 1 OR is_among ORDER BY slot`);
  return slots.map(([slot]) => slot as bigint);
}

// Selects all rows of some slots.
async function readRows(from: DiagnosisSources, slots: readonly bigint[]): Promise<string> {
  const ranges: EndRange[] = [];
  for (const slot of slots) {
    const last = ranges.at(-1);
    if (last?.toNs === slot) ranges[ranges.length - 1] = { ...last, toNs: slot + SLOT_NS };
    else ranges.push({ afterNs: slot, toNs: slot + SLOT_NS });
  }
  if (ranges.length === 0) return NO_ROWS;
  const paths = await from.open(0, ranges);
  const within = (end: string, value: (ns: bigint) => string) =>
    `(${ranges.map(({ afterNs, toNs }) => `(${end} > ${value(afterNs)} AND ${end} <= ${value(toNs)})`).join(' OR ')})
      AND ${end} > ${value(ranges[0]!.afterNs)} AND ${end} <= ${value(ranges.at(-1)!.toNs)}`;
  const fresh = `SELECT * FROM fresh WHERE ${within('"end"', String)}`;
  return paths.length === 0 ? fresh : `${rowsOfFiles(paths, within('"end"', timestamp))} UNION ALL ${fresh}`;
}

/** From rows. Undefined where there are rows no more that pieces tell of, and where pieces will do. */
async function readFineBuckets(
  from: DiagnosisSources,
  request: DiagnosisRequest,
  stepNs: bigint,
): Promise<DiagnosisHistory | undefined> {
  if (stepNs >= SLOT_NS) return undefined;
  const range = wholeSteps(request, SLOT_NS);
  const paths = await from.open(0, [range]);
  const rowsIn = (ends: EndRange) => {
    const sealed = paths.length === 0 ? '' : `UNION ALL ${rowsOfFiles(paths, endsIn(ends, timestamp))}`;
    return `${from.unsealed(endsIn(ends, String))} ${sealed}`;
  };
  const pieces = await piecesIn(from, range);
  const [[isWhole]] = await from.rows(
    `SELECT (SELECT count(*) FROM (${rowsIn(range)})) >= (SELECT coalesce(sum("count"), 0) FROM (${pieces}))`,
  );
  if (!isWhole) return undefined;
  return bucketsOf(from, singlePieces(linesOf(rowsIn(wholeSteps(request, stepNs)))), stepNs);
}

async function readBuckets(
  from: DiagnosisSources,
  request: DiagnosisRequest,
  stepNs: bigint,
): Promise<DiagnosisHistory> {
  return bucketsOf(from, await piecesIn(from, wholeSteps(request, stepNs)), stepNs);
}

/** Selects the pieces of whole slots. */
export async function piecesIn(from: DiagnosisSources, range: EndRange): Promise<string> {
  const paths = await from.open(1, [range]);
  const fresh = piecesOf(linesOf(from.unsealed(endsIn(range, String))));
  return paths.length === 0
    ? fresh
    : `SELECT * FROM (${fresh}) UNION ALL ${piecesOfFiles(paths, endsIn(range, timestamp))}`;
}

async function bucketsOf(from: DiagnosisSources, pieces: string, stepNs: bigint): Promise<DiagnosisHistory> {
  const rows = await from.rows(`
    SELECT ${slotSql('end_ns', stepNs)} AS bucket, ${KIND}, sum("count")::DOUBLE, min(lowest), max(highest), max("unknown")
    FROM (${pieces}) GROUP BY ALL ORDER BY ALL`);
  const buckets: (DiagnosisBucket & { kinds: (DiagnosisKind & DiagnosisFigures)[] })[] = [];
  for (const [at, ...values] of rows) {
    if (buckets.at(-1)?.fromNs !== at) buckets.push({ fromNs: at as bigint, kinds: [] });
    buckets.at(-1)!.kinds.push({ ...toKind(values), ...toFigures(values.slice(5)) });
  }
  return { form: 'buckets', stepNs, buckets };
}

// The finest of which no more than columns touch the range.
function stepOf(request: DiagnosisRequest): bigint {
  const fits = (stepNs: bigint) => {
    const { afterNs, toNs } = wholeSteps(request, stepNs);
    return (toNs - afterNs) / stepNs <= BigInt(request.columns);
  };
  return STEPS_NS.find(fits) ?? STEPS_NS.at(-1)!;
}

/** The ends of runs of all whole steps that a range touches. */
export function wholeSteps({ fromNs, toNs }: Pick<DiagnosisRequest, 'fromNs' | 'toNs'>, stepNs: bigint): EndRange {
  return { afterNs: floorNs(fromNs, stepNs), toNs: floorNs(toNs - 1n, stepNs) + stepNs };
}

/** SQL: whether a run ends in a range. */
export function endsIn({ afterNs, toNs }: EndRange, value: (ns: bigint) => string): string {
  return `"end" > ${value(afterNs)} AND "end" <= ${value(toNs)}`;
}

export function timestamp(ns: bigint): string {
  return `make_timestamp_ns(${ns})`;
}

function floorNs(ns: bigint, stepNs = SLOT_NS): bigint {
  return ns - (((ns % stepNs) + stepNs) % stepNs);
}

function toSpan([fromNs, toNs, ...values]: DuckDBValue[]): DiagnosisSpan {
  return { fromNs: fromNs as bigint, toNs: toNs as bigint, ...toKind(values), ...toFigures(values.slice(5)) };
}

/** From values in the order of `KIND`. */
export function toKind([model, version, outcome, label, classIndex]: readonly DuckDBValue[]): DiagnosisKind {
  return {
    ...{ model: String(model), version: String(version), outcome: String(outcome) as OutcomeKind },
    label: label === null ? undefined : String(label),
    classIndex: classIndex === null ? undefined : Number(classIndex),
  };
}

function toFigures([count, ...values]: readonly DuckDBValue[]): DiagnosisFigures {
  const [lowest, highest, unknownScore] = values.map((value) => (value === null ? undefined : Number(value)));
  return { count: Number(count), lowest, highest, unknownScore };
}
