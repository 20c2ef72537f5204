import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalogue } from './catalogue.ts';
import { type Database, quoted } from './database.ts';
import type { FileChecks } from './file-checks.ts';
import type { FileUses } from './file-uses.ts';
import { mergeDiagnoses } from './seal-diagnoses.ts';
import {
  CLOCK,
  readMeta,
  SEALED,
  type SealedFile,
  type SealedMeta,
  type SealedStream,
  syncNames,
  writeSealed,
} from './sealed-file.ts';
import { deleteFiles, type FileTable, insertFile, listFiles } from './sealed-list.ts';
import { STREAMLESS_COLUMNS, WorkRows } from './work-rows.ts';

/** Tiers from which a UTC day, and a UTC month, become one file a channel when they are over. */
export const DAY_TIER = 1;
export const MONTH_TIER = 3;
/** Files of a channel from `MONTH_TIER` on that are left in the month that runs, and in its last day, before they become one. */
export const RUNNING_FILES = 4;

/** Files that are merged alike: of a list, from which tiers on, and how. */
interface Shelf {
  readonly table: FileTable;
  readonly dayTier: number;
  readonly monthTier: number;
  readonly merge: typeof mergeFiles;
}

const SHELVES: readonly Shelf[] = [
  { table: 'files', dayTier: DAY_TIER, monthTier: MONTH_TIER, merge: (...files) => mergeFiles(...files) },
  { table: 'diagnosis_files', dayTier: 0, monthTier: 1, merge: mergeDiagnoses },
];

export interface CompactOptions {
  readonly folder: string;
  /** Start of the oldest segment that is not sealed, ms: no day before its own gets rows any more but by late ones. */
  readonly beforeMs: number;
  readonly uses: FileUses;
  readonly checks: Pick<FileChecks, 'verify' | 'trust' | 'forget'>;
  /** Whether to stop before the next file. */
  readonly isEnding?: () => boolean;
  readonly onStep?: (step: string) => void;
}

/**
 * Merges the sealed files of days and months that are over: one file instead
 * of one an hour, parts of rows made whole. Coarse tiers have few rows and are
 * asked for over long ranges, where each file costs a millisecond: theirs are
 * merged time and again also while the day and the month run. Diagnoses are
 * merged by day, what they came to by month, likewise. Each new file is
 * listed in the transaction that takes those it was made of off the list.
 *
 * Late rows make a further file, which a later call merges in.
 */
export async function compact(database: Database, catalogue: Catalogue, options: CompactOptions): Promise<number> {
  let made = 0;
  for (const shelf of SHELVES) made += await compactShelf(database, catalogue, { ...options, shelf });
  return made;
}

async function compactShelf(
  database: Database,
  catalogue: Catalogue,
  options: CompactOptions & { readonly shelf: Shelf },
): Promise<number> {
  const { folder, shelf, uses, checks, isEnding = () => false, onStep = () => undefined } = options;
  let made = 0;
  for (const where of await database.use((connection) => mergeable(connection, options))) {
    if (isEnding()) break;
    const group = await database.use((connection) => listFiles(connection, where, shelf.table));
    const whole: SealedFile[] = [];
    // One that cannot be read now stays as it is, and keeps neither the others nor retention from their turn.
    for (const file of group) if (await checks.verify(file).catch(() => false)) whole.push(file);
    if (whole.length < 2) continue;

    onStep('file');
    const merged = await database.use((connection) => shelf.merge(connection, folder, whole));
    await syncNames(folder, [merged]);
    onStep('listing');
    const paths = whole.map(({ path }) => path);
    await catalogue.change(async (connection) => {
      await deleteFiles(connection, paths);
      await insertFile(connection, merged);
    });
    onStep('listed');
    checks.trust(merged.path);
    checks.forget(paths);
    await uses.remove(paths.map((path) => join(folder, SEALED, path)));
    made++;
  }
  return made;
}

/**
 * What the files that are to become one have in common, an SQL condition for
 * each group of two and more. The list can be long: no more of it is read here.
 */
async function mergeable(
  connection: DuckDBConnection,
  { beforeMs, shelf: { table, dayTier, monthTier } }: { readonly beforeMs: number; readonly shelf: Shelf },
): Promise<string[]> {
  const today = `CAST(epoch_ms(${Math.floor(beforeMs)}) AS DATE)`;
  const monthEnd = `CAST(date_trunc('month', day) + INTERVAL 1 MONTH AS DATE)`;
  const isOfMonth = `tier >= ${monthTier} AND day < ${today}`;
  const reader = await connection.runAndReadAll(`
    SELECT tier, channel, strftime(min(day), '%Y-%m-%d'), strftime(max(day), '%Y-%m-%d')
    FROM (SELECT tier, channel, day,
        CASE WHEN ${isOfMonth} THEN date_trunc('month', day) ELSE day END AS block,
        CASE WHEN ${isOfMonth} THEN ${monthEnd} <= ${today} ELSE day < ${today} END AS is_over
      FROM catalogue.${table} WHERE tier >= ${monthTier} OR (tier >= ${dayTier} AND day < ${today}))
    GROUP BY tier, channel, block, is_over
    HAVING count(*) > CASE WHEN is_over THEN 1 ELSE ${RUNNING_FILES} END ORDER BY ALL`);
  return reader
    .getRows()
    .map(
      ([tier, channel, first, last]) =>
        `tier = ${tier} AND channel = ${quoted(String(channel))} AND day BETWEEN DATE '${first}' AND DATE '${last}'`,
    );
}

async function mergeFiles(
  connection: DuckDBConnection,
  folder: string,
  files: readonly SealedFile[],
): Promise<SealedFile> {
  const paths = files.map(({ path }) => join(folder, SEALED, path));
  const metas: SealedMeta[] = [];
  for (const path of paths) metas.push(await readMeta(connection, path));

  const { tier, channel } = files[0]!;
  const streams = newestOf(metas.flatMap((meta) => meta.streams));
  const work = await WorkRows.fill(connection, {
    tier,
    streams: streams.map(({ info }, id) => ({ id, stream: info.stream, windowNs: (info.window / info.rateHz) * 1e9 })),
    select: `SELECT s.id AS stream, ${STREAMLESS_COLUMNS.replace('time', 'epoch_ns(time) AS time')}
      FROM read_parquet([${paths.map(quoted).join()}], hive_partitioning = false) f JOIN work_streams s USING (stream)`,
  });
  try {
    const days = await work.days();
    const meta: SealedMeta = {
      version: 1,
      channel,
      unit: metas.at(-1)!.unit,
      clock: CLOCK,
      tier,
      pieces: metas.flatMap(({ pieces }) => pieces).sort((a, b) => a.segment - b.segment),
      rows: days.reduce((sum, { rows }) => sum + rows, 0),
      fromNs: String(files.map(({ fromNs }) => fromNs).reduce((a, b) => (a < b ? a : b))),
      toNs: String(files.map(({ toNs }) => toNs).reduce((a, b) => (a > b ? a : b))),
      storedMs: Math.max(...files.map(({ storedMs }) => storedMs)),
      streams,
    };
    return await writeSealed(connection, folder, { meta, select: work.select(channel, [...streams.keys()]) });
  } finally {
    await work.drop();
  }
}

function newestOf(streams: readonly SealedStream[]): SealedStream[] {
  const newest = new Map<string, SealedStream>();
  for (const stream of streams) {
    const known = newest.get(stream.info.stream);
    if (known === undefined || known.nextSample <= stream.nextSample) newest.set(stream.info.stream, stream);
  }
  return [...newest.values()];
}
