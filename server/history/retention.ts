import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { HistorySettings } from '../config.ts';
import type { Catalogue } from './catalogue.ts';
import type { Database } from './database.ts';
import type { FileUses } from './file-uses.ts';
import { SEALED, type SealedFile } from './sealed-file.ts';
import { deleteFiles, listFiles } from './sealed-list.ts';

// What is kept of an imported or replayed recording, or of a device without the time of day, is as old as its being here.
const END_NS = 'greatest(to_ns, (stored_ms * 1e6)::BIGINT)';

export type RetentionSettings = Pick<HistorySettings, 'keep_days' | 'keep_bytes'>;

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
 * The files to remove: of each tier those that ended and were stored too long
 * ago, and the oldest of those beyond its bytes. Never one that a pin overlaps, so pinned
 * files can take more than a tier may.
 */
export async function findExpired(
  connection: DuckDBConnection,
  settings: RetentionSettings,
  nowMs: number | undefined,
): Promise<SealedFile[]> {
  const expired: SealedFile[] = [];
  for (const { tier, bytes, firstEndNs } of await readTiers(connection)) {
    const beforeMs = nowMs === undefined ? 0 : nowMs - settings.keep_days[tier]! * 86_400_000;
    const beforeNs = BigInt(Math.floor(beforeMs)) * 1_000_000n;
    const excess = bytes - settings.keep_bytes[tier]!;
    if (firstEndNs >= beforeNs && excess <= 0) continue;
    expired.push(...(await listFiles(connection, expiredSql(tier, beforeNs, excess))));
  }
  return expired;
}

// The list can be long, and is searched every minute: what need not go is not read.
async function readTiers(connection: DuckDBConnection) {
  const reader = await connection.runAndReadAll(
    `SELECT tier, sum(bytes)::DOUBLE, min(${END_NS}) FROM catalogue.files GROUP BY tier ORDER BY tier`,
  );
  return reader
    .getRows()
    .map(([tier, bytes, end]) => ({ tier: Number(tier), bytes: Number(bytes), firstEndNs: end as bigint }));
}

function expiredSql(tier: number, beforeNs: bigint, excess: number): string {
  return `path IN (
    SELECT path FROM (
      SELECT path, ${END_NS} AS end_ns, sum(bytes) OVER (ORDER BY ${END_NS}, path) - bytes AS older_bytes FROM catalogue.files f
      WHERE tier = ${tier} AND NOT EXISTS
        (FROM catalogue.pins p WHERE p.channel = f.channel AND p.from_ns < f.to_ns AND p.to_ns > f.from_ns)
    ) WHERE end_ns < ${beforeNs} OR older_bytes < ${excess})`;
}
