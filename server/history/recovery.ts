import { TIERS } from '../trend/tier.ts';
import { WindowFlag } from '../trend/trend-window.ts';
import { type Replaced, readLast, type StreamRows } from './last-rows.ts';
import type { HistoryRow } from './row-block.ts';
import { ROW_COLUMNS, type Segment } from './segment.ts';
import type { TierStack } from './tier-stack.ts';
import { PART_COLUMNS, samplesOf, toPart, type WindowPart } from './window-rest.ts';

/** Where a stream ends in a segment. */
export interface StreamEnd {
  readonly id: number;
  /** The window after its last whole one; that of a newer partial one. */
  readonly next: number;
  /** Its newest window. */
  readonly last: HistoryRow;
  /** The newest that came in part, replaced or not. */
  readonly partial: WindowPart | undefined;
  /** All its rows, with those of a window that came in part and then whole both times. */
  readonly rows: StreamRows;
}

// Rows looked at first, from the end: of most streams the newest is among the last.
const NEAR_ROWS = 300_000;

/** Where each stream of a segment ends. Goes over all its windows once: a start waits for it, and there may be a gigabyte. */
export async function readStreamEnds(segment: Segment): Promise<StreamEnd[]> {
  const tier = `${segment.name}.tier_0`;
  const ends = (
    await segment.rows(`
      SELECT stream, max("window"), sum("count" + nonfinite)::BIGINT, max(rowid) FROM ${tier} GROUP BY stream ORDER BY stream`)
  ).map((values) => values.map(Number));
  const newest = await readNewest(segment, new Map(ends.map(([id, window]) => [id, window])));
  // The comparison says what the bit does, in a way that lets DuckDB pass over blocks without such a row.
  const partials = await segment.historyRows(`
    SELECT ${ROW_COLUMNS} FROM ${tier} WHERE flags >= ${WindowFlag.Partial} AND flags & ${WindowFlag.Partial} <> 0 ORDER BY rowid`);
  const partialOf = byStream(partials);
  return ends.map(([id, window, samples, place]) => {
    const forms = newest.get(id) ?? []; // a partial one and then, where its rest has come, a whole one
    const isWhole = forms.some(({ flags }) => (flags & WindowFlag.Partial) === 0);
    const last = forms.at(-1) as HistoryRow; // it has a row, or it were not in the list
    return {
      id,
      next: isWhole ? window + 1 : window,
      last,
      partial: partialOf.get(id)?.at(-1),
      rows: { samples, place },
    };
  });
}

/** The rows of one window of each stream, near the end of the segment if there are any, else wherever. */
async function readNewest(segment: Segment, windows: ReadonlyMap<number, number>): Promise<Map<number, HistoryRow[]>> {
  const [[rowCount]] = (await segment.rows(`SELECT count(*) FROM ${segment.name}.tier_0`)).map((row) =>
    row.map(Number),
  );
  const near = await selectWindows(segment, windows, Math.max(0, rowCount - NEAR_ROWS));
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
  const tiers = [onceEach(ends, replaced)];
  for (let tier = 1; tier < TIERS; tier++) tiers.push(await readTier(segment, tier));

  const broken = new Set<number>();
  const found: { tier: number; rows: Iterable<HistoryRow> }[] = []; // coarse ones first: what is fed below comes after them
  for (let tier = TIERS - 1; tier > 0; tier--) {
    const lacking = new Map<number, StreamRows>();
    for (const [stream, { samples, place }] of tiers[tier - 1]) {
      const lacks = samples - (tiers[tier].get(stream)?.samples ?? 0);
      if (lacks > 0) lacking.set(stream, { samples: lacks, place });
      else if (lacks < 0) broken.add(stream);
    }
    const last = await readLast(segment, tier - 1, lacking, tier === 1 ? replaced : new Map());
    for (const stream of last.broken) broken.add(stream);
    found.push({ tier: tier - 1, rows: last.rows });
  }
  for (const { tier, rows } of found) for (const row of rows) stackOf(row.stream).add(tier, row);
  return [...broken];
}

/** Of tier 0. */
async function readReplaced(segment: Segment): Promise<Replaced> {
  const { name } = segment;
  const before = PART_COLUMNS.split(', ').map((column) => `lag(${column}) OVER forms`);
  // Those that came in part before the segment come first.
  const rows = await segment.rows(`
    SELECT place, stream, ${before.join(', ')} FROM (
      SELECT rowid AS place, stream, ${PART_COLUMNS} FROM ${name}.tier_0
      UNION ALL SELECT -1 AS place, stream, ${PART_COLUMNS} FROM ${name}.carried)
    SEMI JOIN (SELECT stream, "window" FROM ${name}.tier_0 WHERE windows = 0) USING (stream, "window")
    WINDOW forms AS (PARTITION BY stream, "window" ORDER BY place) QUALIFY lag(place) OVER forms IS NOT NULL`);
  return new Map(
    rows.map(([place, stream, ...part]) => [Number(place), { stream: Number(stream), part: toPart(part) }]),
  );
}

/** What each stream has in tier 0, every sample once. */
function onceEach(ends: Iterable<StreamEnd>, replaced: Replaced): Map<number, StreamRows> {
  const rows = new Map([...ends].map((end) => [end.id, end.rows]));
  for (const { stream, part } of replaced.values()) {
    const { samples, place } = rows.get(stream) as StreamRows; // the replacing row is one of them
    rows.set(stream, { samples: samples - samplesOf(part), place });
  }
  return rows;
}

/** What each stream has in a coarse tier. */
async function readTier(segment: Segment, tier: number): Promise<Map<number, StreamRows>> {
  const rows = await segment.rows(
    `SELECT stream, sum("count" + nonfinite)::BIGINT, max(rowid) FROM ${segment.name}.tier_${tier} GROUP BY stream`,
  );
  return new Map(rows.map((row) => row.map(Number)).map(([stream, samples, place]) => [stream, { samples, place }]));
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
