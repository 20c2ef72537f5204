import { TIERS } from '../trend/tier.ts';
import { WindowFlag } from '../trend/trend-window.ts';
import type { HistoryRow } from './row-block.ts';
import { ROW_COLUMNS, type Segment, toHistoryRow } from './segment.ts';
import type { TierStack } from './tier-stack.ts';
import { PART_COLUMNS, restOf, toPart, type WindowPart } from './window-rest.ts';

/** Where a stream ends in a segment. */
export interface StreamEnd {
  readonly id: number;
  /** The window after its last whole one; that of a newer partial one. */
  readonly next: number;
  /** Its newest window. */
  readonly last: HistoryRow;
  /** The newest that came in part, replaced or not. */
  readonly partial: WindowPart | undefined;
  /** Samples of all its rows, those of a window that came in part and then whole both times. */
  readonly samples: number;
}

// Rows looked at first, from the end of a tier: what tiers lack is almost always of the last second.
const NEAR_ROWS = 300_000;

/** Where each stream of a segment ends. Goes over all its windows once: a start waits for it, and there may be a gigabyte. */
export async function readStreamEnds(segment: Segment): Promise<StreamEnd[]> {
  const tier = `${segment.name}.tier_0`;
  const ends = (
    await segment.rows(`
      SELECT stream, max("window"), sum("count" + nonfinite)::BIGINT FROM ${tier} GROUP BY stream ORDER BY stream`)
  ).map((values) => values.map(Number));
  const newest = await readNewest(segment, new Map(ends.map(([id, window]) => [id, window])));
  // The comparison says what the bit does, in a way that lets DuckDB pass over blocks without such a row.
  const partials = await segment.historyRows(`
    SELECT ${ROW_COLUMNS} FROM ${tier} WHERE flags >= ${WindowFlag.Partial} AND flags & ${WindowFlag.Partial} <> 0 ORDER BY rowid`);
  const partialOf = byStream(partials);
  return ends.map(([id, window, samples]) => {
    const forms = newest.get(id) ?? []; // a partial one and then, where its rest has come, a whole one
    const isWhole = forms.some(({ flags }) => (flags & WindowFlag.Partial) === 0);
    const last = forms.at(-1) as HistoryRow; // it has a row, or it were not in the list
    return { id, next: isWhole ? window + 1 : window, last, partial: partialOf.get(id)?.at(-1), samples };
  });
}

/** The rows of one window of each stream, near the end of the segment if there are any, else wherever. */
async function readNewest(segment: Segment, windows: ReadonlyMap<number, number>): Promise<Map<number, HistoryRow[]>> {
  const near = await selectWindows(segment, windows, await nearRow(segment, 0));
  const far = new Map([...windows].filter(([stream]) => !near.has(stream)));
  return far.size === 0 ? near : new Map([...near, ...(await selectWindows(segment, far, 0))]);
}

async function selectWindows(segment: Segment, windows: ReadonlyMap<number, number>, fromRow: number) {
  if (windows.size === 0) return byStream([]);
  const wanted = [...windows].map(([stream, window]) => `(${stream}, ${window})`).join(', ');
  const rows = await segment.historyRows(`
    SELECT ${ROW_COLUMNS} FROM ${segment.name}.tier_0 AS t SEMI JOIN (VALUES ${wanted}) AS wanted(stream, "window") USING (stream, "window")
    WHERE t.rowid >= ${fromRow} ORDER BY t.rowid`);
  return byStream(rows);
}

/**
 * Gives each stream's tiers the rows that they had not written when the
 * server stopped. What a tier has is told by its samples: rows are written in
 * the order they came, so it lacks the last rows of the tier below.
 *
 * `ends` are those of the segment. Returns the streams whose figures do not add
 * up, which only damage explains.
 * Nothing is given where it throws.
 */
export async function restoreTiers(
  segment: Segment,
  ends: Iterable<StreamEnd>,
  stackOf: (stream: number) => TierStack,
): Promise<number[]> {
  const replaced = await readReplaced(segment);
  const sums = [new Map([...ends].map(({ id, samples }) => [id, samples - (replaced.get(id) ?? 0)]))];
  for (let tier = 1; tier < TIERS; tier++) sums.push(await readSamples(segment, tier));

  const broken = new Set<number>();
  const found: { tier: number; rows: HistoryRow[] }[] = []; // coarse ones first: what is fed below comes after them
  for (let tier = TIERS - 1; tier > 0; tier--) {
    const lacking = new Map<number, number>();
    for (const [stream, samples] of sums[tier - 1]) {
      const lacks = samples - (sums[tier].get(stream) ?? 0);
      if (lacks > 0) lacking.set(stream, lacks);
      else if (lacks < 0) broken.add(stream);
    }
    if (lacking.size === 0) continue;
    const { rows, unmatched } = await readLast(segment, tier - 1, lacking);
    found.push({ tier: tier - 1, rows });
    for (const stream of unmatched) broken.add(stream);
  }
  for (const { tier, rows } of found) for (const row of rows) stackOf(row.stream).add(tier, row);
  return [...broken];
}

// What a row adds to the samples of its stream: one that replaces another of its window, only what is new.
function samplesSql(segment: Segment, tier: number): string {
  const table = `${segment.name}.tier_${tier}`;
  if (tier > 0) return `SELECT ${ROW_COLUMNS}, rowid AS place, "count" + nonfinite AS samples FROM ${table}`;
  return `
    SELECT ${ROW_COLUMNS}, t.rowid AS place, "count" + nonfinite - coalesce(before, 0) AS samples
    FROM ${table} t LEFT JOIN (${replacedSql(segment)}) AS replaced ON t.rowid = row`;
}

// With each row of a window that came more than once, the samples of the row before, which are in it too.
function replacedSql(segment: Segment): string {
  return `
    SELECT row, stream AS owner, lag("count" + nonfinite) OVER (PARTITION BY stream, "window" ORDER BY row) AS before
    FROM (${formsSql(segment)})
      SEMI JOIN (SELECT stream, "window" FROM ${segment.name}.tier_0 WHERE windows = 0) USING (stream, "window")`;
}

// All windows in the order they came, those that came in part before the segment first.
function formsSql({ name }: Segment): string {
  return `SELECT rowid AS row, stream, ${PART_COLUMNS} FROM ${name}.tier_0
    UNION ALL SELECT -1 AS row, stream, ${PART_COLUMNS} FROM ${name}.carried`;
}

/** Samples of each stream in a coarse tier. */
async function readSamples(segment: Segment, tier: number): Promise<Map<number, number>> {
  return sumsOf(segment, `SELECT stream, sum(samples)::BIGINT FROM (${samplesSql(segment, tier)}) GROUP BY stream`);
}

/** Samples of each stream that more than one row of tier 0 counts. */
async function readReplaced(segment: Segment): Promise<Map<number, number>> {
  return sumsOf(
    segment,
    `SELECT owner, coalesce(sum(before), 0)::BIGINT FROM (${replacedSql(segment)}) GROUP BY owner`,
  );
}

async function sumsOf(segment: Segment, sql: string): Promise<Map<number, number>> {
  return new Map((await segment.rows(sql)).map(([stream, samples]) => [Number(stream), Number(samples)]));
}

async function nearRow(segment: Segment, tier: number): Promise<number> {
  const [[rowCount]] = await segment.rows(`SELECT count(*) FROM ${segment.name}.tier_${tier}`);
  return Math.max(0, Number(rowCount) - NEAR_ROWS);
}

/** The last rows of streams in a tier, so many that their samples are those of `lacking`, in the order they were written. */
async function readLast(segment: Segment, tier: number, lacking: ReadonlyMap<number, number>) {
  const near = await selectLast(segment, tier, lacking, await nearRow(segment, tier));
  if (near.unmatched.size === 0) return { rows: near.rows, unmatched: [] };

  const far = await selectLast(segment, tier, near.unmatched, 0);
  const rows = near.rows.filter(({ stream }) => !near.unmatched.has(stream));
  return { rows: [...rows, ...far.rows], unmatched: [...far.unmatched.keys()] };
}

async function selectLast(segment: Segment, tier: number, lacking: ReadonlyMap<number, number>, fromRow: number) {
  const wanted = [...lacking].map(([stream, samples]) => `(${stream}, ${samples})`).join(', ');
  const values = await segment.rows(`
    SELECT ${ROW_COLUMNS}, samples, place FROM (
      SELECT *, sum(samples) OVER (PARTITION BY stream ORDER BY place DESC) AS reached
      FROM (${samplesSql(segment, tier)}) JOIN (VALUES ${wanted}) AS wanted(stream, lacking) USING (stream)
      WHERE place >= ${fromRow}
    ) WHERE reached <= lacking ORDER BY place`);

  const unmatched = new Map(lacking);
  const rows: HistoryRow[] = [];
  for (const value of values) {
    const row = toHistoryRow(value);
    const place = Number(value.at(-1));
    const left = (unmatched.get(row.stream) ?? 0) - Number(value.at(-2));
    if (left === 0) unmatched.delete(row.stream);
    else unmatched.set(row.stream, left);
    rows.push(row.windows === 0 && tier === 0 ? await restOfRow(segment, row, place) : row);
  }
  return { rows, unmatched: new Map([...unmatched.keys()].map((stream) => [stream, lacking.get(stream) ?? 0])) };
}

async function restOfRow(segment: Segment, row: HistoryRow, place: number): Promise<HistoryRow> {
  const [before] = await segment.rows(`
    SELECT ${PART_COLUMNS} FROM (${formsSql(segment)})
    WHERE stream = ${row.stream} AND "window" = ${row.window} AND row < ${place} ORDER BY row DESC LIMIT 1`);
  return before === undefined ? row : { ...row, ...restOf(row, toPart(before)) };
}

function byStream(rows: readonly HistoryRow[]): Map<number, HistoryRow[]> {
  const streams = new Map<number, HistoryRow[]>();
  for (const row of rows) {
    const known = streams.get(row.stream);
    if (known === undefined) streams.set(row.stream, [row]);
    else known.push(row);
  }
  return streams;
}
