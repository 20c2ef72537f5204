import type { DuckDBConnection } from '@duckdb/node-api';
import type { Logger } from '../base/log.ts';
import type { Catalogue } from './catalogue.ts';

/** Something that was on the disk, or was to come to it, and is not served. */
export interface Loss {
  /** Server clock. */
  readonly atMs: number;
  /** What: a file below the history's folder, or windows of a stream. */
  readonly what: string;
  /** Why, in words. */
  readonly why: string;
  /** Rows that are gone; unknown where it cannot be told. */
  readonly rows?: number | undefined;
  readonly fromNs?: bigint | undefined;
  readonly toNs?: bigint | undefined;
}

/** The catalogue keeps so many; the oldest go first. */
const KEPT = 10_000;

/** Records a loss, in a transaction of the caller's. */
export async function insertLoss(connection: DuckDBConnection, loss: Loss): Promise<void> {
  const { atMs, what, why, rows, fromNs, toNs } = loss;
  const numbers = [rows === undefined ? null : BigInt(rows), fromNs ?? null, toNs ?? null];
  await connection.run('INSERT INTO catalogue.losses VALUES ($1, $2, $3, $4, $5, $6)', [atMs, what, why, ...numbers]);
  await connection.run(`DELETE FROM catalogue.losses WHERE at_ms < (
    SELECT at_ms FROM catalogue.losses ORDER BY at_ms DESC LIMIT 1 OFFSET ${KEPT})`);
}

/** Records losses and says them. Never rejects. */
export async function recordLosses(
  catalogue: Pick<Catalogue, 'change'>,
  log: Logger,
  losses: readonly Loss[],
): Promise<void> {
  for (const loss of losses) log.error(loss, `${loss.what} are lost: ${loss.why}`);
  try {
    await catalogue.change(async (connection) => {
      for (const loss of losses) await insertLoss(connection, loss);
    });
  } catch (error) {
    log.error({ err: error }, 'a loss could not be recorded');
  }
}

/** All losses that are kept, the newest first. */
export async function listLosses(connection: DuckDBConnection): Promise<Loss[]> {
  const reader = await connection.runAndReadAll('FROM catalogue.losses ORDER BY at_ms DESC, what');
  return reader.getRows().map(([atMs, what, why, rows, fromNs, toNs]) => ({
    atMs: Number(atMs),
    what: String(what),
    why: String(why),
    rows: rows === null ? undefined : Number(rows),
    fromNs: (fromNs ?? undefined) as bigint | undefined,
    toNs: (toNs ?? undefined) as bigint | undefined,
  }));
}
