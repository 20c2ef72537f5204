import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalogue } from './catalogue.ts';
import type { Database } from './database.ts';

/** Streams that are removed in one transaction, which others wait for. */
const AT_ONCE = 10_000;

/**
 * Removes streams of which no listed file has a row any more, so many at most,
 * but for those that `isKept` names: what is in memory, and with it what has
 * rows in a segment or a hole. The newest of each channel stay, so that a device
 * that comes back goes on where it was. Returns how many went.
 */
export async function pruneStreams(
  database: Database,
  catalogue: Catalogue,
  { isKept, limit = AT_ONCE }: { readonly isKept: (id: number) => boolean; readonly limit?: number },
): Promise<number> {
  const found = await database.use(findRowless);
  const ids = found.filter((id) => !isKept(id)).slice(0, limit);
  if (ids.length === 0) return 0;
  await catalogue.changeStreams(async (connection) => {
    const chosen = `SELECT unnest([${ids.join()}])`;
    await connection.run(`DELETE FROM catalogue.partials WHERE (channel, stream) IN
      (SELECT (channel, stream) FROM catalogue.streams WHERE id IN (${chosen}))`);
    await connection.run(`DELETE FROM catalogue.streams WHERE id IN (${chosen})`);
  });
  return ids.length;
}

// A file can have rows of a stream where the segments of both overlap. Looks at each stream and each file once.
async function findRowless(connection: DuckDBConnection): Promise<number[]> {
  const reader = await connection.runAndReadAll(`
    SELECT id FROM catalogue.streams s ASOF LEFT JOIN (
      SELECT channel, first_segment AS from_segment,
        max(last_segment) OVER (PARTITION BY channel ORDER BY first_segment) AS to_segment FROM catalogue.files
    ) f ON f.channel = s.channel AND s.last_segment >= f.from_segment
    WHERE coalesce(to_segment < s.first_segment, true) AND id NOT IN (
      SELECT max(id) FROM catalogue.streams GROUP BY channel
      UNION ALL SELECT arg_max(id, last_ms) FROM catalogue.streams GROUP BY channel)
    ORDER BY id`);
  return reader.getRows().map(([id]) => Number(id));
}
