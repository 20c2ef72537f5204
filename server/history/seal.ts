import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { TIER_FACTOR, TIERS } from '../trend/tier.ts';
import { heldEndNs, heldNs } from '../trend/time-range.ts';
import { WindowFlag } from '../trend/trend-window.ts';
import type { Catalogue } from './catalogue.ts';
import { MONTH_TIER } from './compact.ts';
import type { Database } from './database.ts';
import { sealDiagnoses } from './seal-diagnoses.ts';
import { CLOCK, type SealedFile, type SealedMeta, type SealedStream, syncNames, writeSealed } from './sealed-file.ts';
import { insertFile, storeStreams } from './sealed-list.ts';
import { segmentName } from './segment.ts';
import { PART_COLUMNS, toPart, type WindowPart } from './window-rest.ts';
import { STREAMLESS_COLUMNS, WorkRows } from './work-rows.ts';

export interface SealOptions {
  readonly folder: string;
  readonly segment: number;
  readonly onStep?: (step: string) => void;
}

/** A segment whose files are written and not listed. */
export interface WrittenSegment {
  readonly segment: number;
  readonly files: readonly SealedFile[];
  readonly streams: readonly SealedStream[];
}

interface TierJob {
  readonly tier: number;
  readonly streams: readonly SealedStream[];
}

// Rows on their way at a time, about 100 MB of the database's memory; a channel with more is a job of its own, which
// the database moves to its temporary folder as far as it must.
const JOB_ROWS = 1_000_000;
const DAY_MS = 86_400_000;

/**
 * Turns a segment that has ended into sealed files, one for each tier, UTC day
 * and channel, of its rows and of its diagnoses, and lists them in the transaction that forgets the segment. Days
 * of one month that follow each other, as in an import, are one file in the
 * tiers whose months become one anyway. The segment stays attached and its file
 * where it is; the caller removes it.
 *
 * A few channels at a time, so that commits find the disk and memory free.
 * Where it throws, nothing is listed and the segment is as before; files that
 * were written are replaced by the next attempt or removed at the next start.
 */
export async function sealSegment(
  database: Database,
  catalogue: Catalogue,
  options: SealOptions,
): Promise<readonly SealedFile[]> {
  const { onStep } = options;
  const written = await writeSegment(database, options);
  await syncNames(options.folder, written.files);
  onStep?.('listing');
  await listSegments(catalogue, [written]);
  onStep?.('listed');
  return written.files;
}

/** The first half of `sealSegment`: their content is on the disk then, their names are not. */
export async function writeSegment(
  database: Database,
  { folder, segment, onStep = () => undefined }: SealOptions,
): Promise<WrittenSegment> {
  const streams = await database.use((connection) => readStreams(connection, segment));
  const storedMs = await database.use((connection) => readOpened(connection, segment));
  const files: SealedFile[] = [];
  for (let tier = 0; tier < TIERS; tier++) {
    for (const job of await database.use((connection) => planJobs(connection, segment, tier, streams))) {
      files.push(
        ...(await database.use((connection) => sealJob(connection, { folder, segment, storedMs, job, onStep }))),
      );
    }
  }
  const onFile = () => onStep('file');
  files.push(...(await database.use((connection) => sealDiagnoses(connection, { folder, segment, storedMs, onFile }))));
  return { segment, files, streams };
}

/** The second half, of segments that appear together: lists their files, whose names are on the disk. */
export async function listSegments(catalogue: Catalogue, segments: readonly WrittenSegment[]): Promise<void> {
  await catalogue.change(async (connection) => {
    for (const { segment, files, streams } of segments) {
      for (const file of files) await insertFile(connection, file);
      await storeStreams(connection, streams, { firstSegment: segment, lastSegment: segment });
      await connection.run(`DELETE FROM catalogue.segments WHERE id = ${segment}`);
      await connection.run(`DELETE FROM catalogue.imports WHERE segment = ${segment}`);
    }
  });
}

// The same in each attempt, so that files of the one before have the same names.
async function readOpened(connection: DuckDBConnection, segment: number): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT opened_ms FROM catalogue.segments WHERE id = ${segment}
    UNION ALL SELECT begun_ms FROM catalogue.imports WHERE segment = ${segment}`);
  return Number(reader.getRows()[0]?.[0] ?? 0);
}

async function readStreams(connection: DuckDBConnection, segment: number): Promise<SealedStream[]> {
  const name = segmentName(segment);
  const ofTiers = (select: (tier: number) => string) =>
    Array.from({ length: TIERS }, (_, tier) => select(tier)).join(' UNION ALL ');
  // Of each stream the newest row of the finest tier it has: windows, but in an import of coarser rows. What came in part counts
  // from its start.
  const reader = await connection.runAndReadAll(`
    WITH newest AS (
      SELECT * FROM (${ofTiers((tier) => `SELECT ${tier} AS tier, stream, max("window") AS "window" FROM ${name}.tier_${tier} GROUP BY stream`)})
      QUALIFY tier = min(tier) OVER (PARTITION BY stream)),
    rows AS (${ofTiers(
      (tier) => `SELECT tier, stream, "window", time, flags, least(greatest(windows, 1), ${TIER_FACTOR ** tier}) AS span
        FROM ${name}.tier_${tier} JOIN (FROM newest WHERE tier = ${tier}) USING (stream, "window")`,
    )})
    SELECT s.id, s.info, tier, "window", first(time), first(span),
      max("window" * ${TIER_FACTOR} ** tier + span - (flags & ${WindowFlag.Partial} <> 0)::INTEGER)
    FROM ${name}.streams s JOIN rows r ON r.stream = s.id GROUP BY ALL ORDER BY s.id`);
  const partials = await readPartials(connection, segment);
  return reader.getRows().map(([id, json, tier, row, rowStart, span, next]) => {
    const info = JSON.parse(String(json)) as ChannelInfo;
    const rest = Number(span) - 1; // windows of its newest row besides the first
    const newest = Number(row) * TIER_FACTOR ** Number(tier) + rest;
    const timeNs = heldNs((rowStart as bigint) + BigInt(Math.round(rest * windowNs(info))));
    return {
      id: Number(id),
      info,
      nextSample: Number(next) * info.window,
      anchorSample: newest * info.window,
      anchorNs: String(timeNs),
      lastMs: Number(timeNs) / 1e6,
      partial: partials.get(Number(id)),
    };
  });
}

async function readPartials(connection: DuckDBConnection, segment: number): Promise<Map<number, WindowPart>> {
  const reader = await connection.runAndReadAll(`
    SELECT stream, ${PART_COLUMNS} FROM ${segmentName(segment)}.tier_0 WHERE flags & ${WindowFlag.Partial} <> 0
    QUALIFY row_number() OVER (PARTITION BY stream ORDER BY rowid DESC) = 1`);
  return new Map(reader.getRows().map(([stream, ...values]) => [Number(stream), toPart(values)]));
}

// Channels in the order of their names, as many a job as fit.
async function planJobs(
  connection: DuckDBConnection,
  segment: number,
  tier: number,
  streams: readonly SealedStream[],
): Promise<TierJob[]> {
  const reader = await connection.runAndReadAll(
    `SELECT stream, count(*) FROM ${segmentName(segment)}.tier_${tier} GROUP BY ALL`,
  );
  const rows = new Map(reader.getRows().map(([id, count]) => [Number(id), Number(count)]));
  const jobs: SealedStream[][] = [];
  let filled = JOB_ROWS;
  for (const [, members] of byChannel(streams.filter(({ id }) => rows.has(id)))) {
    const count = members.reduce((sum, { id }) => sum + rows.get(id)!, 0);
    if (filled + count > JOB_ROWS) {
      jobs.push([]);
      filled = 0;
    }
    jobs.at(-1)!.push(...members);
    filled += count;
  }
  return jobs.map((members) => ({ tier, streams: members }));
}

interface JobContext {
  readonly folder: string;
  readonly segment: number;
  readonly storedMs: number;
  readonly job: TierJob;
  readonly onStep: (step: string) => void;
}

async function sealJob(connection: DuckDBConnection, context: JobContext): Promise<SealedFile[]> {
  const { folder, segment, storedMs, job, onStep } = context;
  const { tier, streams } = job;
  const ids = streams.map(({ id }) => id);
  const work = await WorkRows.fill(connection, {
    tier,
    streams: streams.map(toWorkStream),
    select: `SELECT stream, ${STREAMLESS_COLUMNS} FROM ${segmentName(segment)}.tier_${tier} WHERE stream IN (${ids.join()})`,
  });
  try {
    const files: SealedFile[] = [];
    const days = await work.days();
    for (const [channel, members] of byChannel(streams)) {
      const mine = days.filter(({ stream }) => members.some(({ id }) => id === stream));
      for (const span of daysTogether([...new Set(mine.map(({ day }) => day))], tier)) {
        onStep('file');
        const entries = mine.filter(({ day }) => span.includes(day));
        files.push(
          await sealDays({ connection, folder, segment, storedMs, tier, channel, members, days: span, entries, work }),
        );
      }
    }
    return files;
  } finally {
    await work.drop();
  }
}

/** Days, in their order, as they go into files. */
function daysTogether(days: readonly string[], tier: number): string[][] {
  const files: string[][] = [];
  for (const day of days) {
    const last = files.at(-1)?.at(-1);
    const isNext = last !== undefined && Date.parse(day) - Date.parse(last) === DAY_MS;
    if (tier >= MONTH_TIER && isNext && monthOf(day) === monthOf(last)) files.at(-1)!.push(day);
    else files.push([day]);
  }
  return files;
}

function monthOf(day: string): string {
  return day.slice(0, 7);
}

interface DaysContext {
  readonly connection: DuckDBConnection;
  readonly folder: string;
  readonly segment: number;
  readonly storedMs: number;
  readonly tier: number;
  readonly channel: string;
  readonly members: readonly SealedStream[];
  readonly days: readonly string[];
  readonly entries: Awaited<ReturnType<WorkRows['days']>>;
  readonly work: WorkRows;
}

function sealDays(context: DaysContext) {
  const { connection, folder, segment, storedMs, tier, channel, members, days, entries, work } = context;
  const streams = members.filter(({ id }) => entries.some(({ stream }) => stream === id));
  const ends = entries.map(({ stream, lastNs }) => {
    const { info } = streams.find(({ id }) => id === stream)!;
    return heldEndNs(lastNs + rowNs(info, tier));
  });
  const meta: SealedMeta = {
    version: 1,
    channel,
    unit: streams.at(-1)!.info.unit,
    clock: CLOCK,
    tier,
    pieces: days.map((day) => ({ segment, day })),
    rows: entries.reduce((sum, { rows }) => sum + rows, 0),
    fromNs: String(entries.map(({ fromNs }) => fromNs).reduce((a, b) => (a < b ? a : b))),
    toNs: String(ends.reduce((a, b) => (a > b ? a : b))),
    storedMs,
    streams,
  };
  const select = work.select(
    channel,
    streams.map(({ id }) => id),
    days,
  );
  return writeSealed(connection, folder, { meta, select });
}

/** Length of a row of a tier, ns of the sample clock. */
export function rowNs(info: Pick<ChannelInfo, 'window' | 'rateHz'>, tier: number): bigint {
  return BigInt(Math.round(windowNs(info) * TIER_FACTOR ** tier));
}

function toWorkStream({ id, info }: SealedStream) {
  return { id, stream: info.stream, windowNs: windowNs(info) };
}

function windowNs({ window, rateHz }: Pick<ChannelInfo, 'window' | 'rateHz'>): number {
  return (window / rateHz) * 1e9;
}

function byChannel(streams: readonly SealedStream[]): Map<string, SealedStream[]> {
  const channels = new Map<string, SealedStream[]>();
  for (const stream of streams) {
    const { channel } = stream.info;
    channels.set(channel, [...(channels.get(channel) ?? []), stream]);
  }
  return new Map([...channels].sort(([a], [b]) => (a < b ? -1 : 1)));
}
