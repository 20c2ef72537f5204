import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalogue } from './catalogue.ts';
import type { Database } from './database.ts';
import type { FileUses } from './file-uses.ts';
import { filesAndPins } from './pins.ts';
import { SEALED, type SealedFile } from './sealed-file.ts';
import { deleteFiles, type FileTable, listFiles } from './sealed-list.ts';
import type { RetentionSettings } from './tier-limits.ts';

// What is kept of an imported or replayed recording, or of a device without the time of day, is as old as its being here.
const END_NS = 'greatest(to_ns, (stored_ms * 1e6)::BIGINT)';

export interface RetentionOptions {
  readonly folder: string;
  readonly settings: RetentionSettings;
  readonly uses: FileUses;
  /** Undefined where the clock cannot be trusted: then nothing is too old. */
  readonly nowMs: number | undefined;
}

/** Removes the sealed files that are too old or too many; tells which they were. */
export async function applyRetention(
  database: Database,
  catalogue: Catalogue,
  { folder, settings, uses, nowMs }: RetentionOptions,
): Promise<readonly SealedFile[]> {
  const expired = await database.use((connection) => findExpired(connection, settings, nowMs));
  if (expired.length === 0) return expired;
  const paths = expired.map(({ path }) => path);
  await catalogue.change((connection) => deleteFiles(connection, paths));
  await uses.remove(paths.map((path) => join(folder, SEALED, path)));
  return expired;
}

/**
 * The files to remove of those that no pin overlaps: of each tier what ended
 * and was stored too long ago, and the oldest of what exceeds its bytes. Pinned
 * files are never removed and do not count: what they take is beside the limit,
 * so that the captures of the past cost nothing of the present.
 */
export async function findExpired(
  connection: DuckDBConnection,
  settings: RetentionSettings,
  nowMs: number | undefined,
): Promise<SealedFile[]> {
  const { keep_days, keep_bytes, diagnoses_keep_days, diagnoses_keep_bytes } = settings;
  const limits: readonly ListLimits[] = [
    { table: 'files', days: keep_days, bytes: keep_bytes },
    { table: 'diagnosis_files', days: diagnoses_keep_days, bytes: diagnoses_keep_bytes },
  ];
  const expired: SealedFile[] = [];
  for (const { table, days, bytes: ofTiers } of limits) {
    for (const { tier, bytes, firstEndNs } of await readTiers(connection, table)) {
      const beforeMs = nowMs === undefined ? 0 : nowMs - days[tier]! * 86_400_000;
      const beforeNs = BigInt(Math.floor(beforeMs)) * 1_000_000n;
      const limit = ofTiers[tier]!;
      if (firstEndNs >= beforeNs && bytes <= limit) continue;
      expired.push(...(await listFiles(connection, expiredSql(table, { tier, beforeNs, limit }), table)));
    }
  }
  return expired;
}

/** Of each tier. */
interface ListLimits {
  readonly table: FileTable;
  readonly days: readonly number[];
  readonly bytes: readonly number[];
}

// The list can be long, and is searched every minute: what need not go is not read. Pins are not asked for here: there can be many.
async function readTiers(connection: DuckDBConnection, table: FileTable) {
  const reader = await connection.runAndReadAll(
    `SELECT tier, sum(bytes)::DOUBLE, min(${END_NS}) FROM catalogue.${table} GROUP BY tier ORDER BY tier`,
  );
  return reader
    .getRows()
    .map(([tier, bytes, end]) => ({ tier: Number(tier), bytes: Number(bytes), firstEndNs: end as bigint }));
}

function expiredSql(
  table: FileTable,
  { tier, beforeNs, limit }: { readonly tier: number; readonly beforeNs: bigint; readonly limit: number },
): string {
  return `path IN (
    SELECT path FROM (
      SELECT path, ${END_NS} AS end_ns,
        sum(bytes) OVER (ORDER BY ${END_NS} DESC, path DESC ROWS UNBOUNDED PRECEDING) AS newer_bytes
      FROM ${filesAndPins(table)} WHERE tier = ${tier} AND NOT is_pinned
    ) WHERE end_ns < ${beforeNs} OR newer_bytes > ${limit})`;
}
