import type { DuckDBConnection } from '@duckdb/node-api';
import type { FileTable } from './sealed-list.ts';

// The catalogue's list of what retention leaves alone. What changes it runs in a transaction of the caller's.

/** A range of a channel's past that something refers to, such as the recording of that name. */
export interface Pin {
  readonly id: string;
  readonly channel: string;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** All listed files of a list, `f`, each with `is_pinned`: whether a pin overlaps it. Looks at each file and each pin once. */
export function filesAndPins(table: FileTable): string {
  return `(
  SELECT f.*, coalesce(until_ns > f.from_ns, false) AS is_pinned FROM catalogue.${table} f ASOF LEFT JOIN (
    SELECT channel, from_ns AS begin_ns, max(to_ns) OVER (PARTITION BY channel ORDER BY from_ns) AS until_ns FROM catalogue.pins
  ) p ON p.channel = f.channel AND f.to_ns > p.begin_ns)`;
}

/** Keeps a range from retention; replaces what was pinned under the same name. */
export async function insertPin(connection: DuckDBConnection, { id, channel, fromNs, toNs }: Pin): Promise<void> {
  await connection.run('INSERT OR REPLACE INTO catalogue.pins VALUES ($1, $2, $3, $4)', [id, channel, fromNs, toNs]);
}

/** Makes `pins` all there are, but for those named in `spared`, which stay as they are. There can be ten thousand: what is right is not written. */
export async function replacePins(
  connection: DuckDBConnection,
  pins: readonly Pin[],
  spared: readonly string[],
): Promise<void> {
  const listed = await listPins(connection);
  for (const pin of pins) {
    const known = listed.get(pin.id);
    listed.delete(pin.id);
    const isRight = known?.channel === pin.channel && known.fromNs === pin.fromNs && known.toNs === pin.toNs;
    if (!isRight) await insertPin(connection, pin);
  }
  for (const id of spared) listed.delete(id);
  for (const id of listed.keys()) await connection.run('DELETE FROM catalogue.pins WHERE id = $1', [id]);
}

/** All pins by name. */
export async function listPins(connection: DuckDBConnection): Promise<Map<string, Pin>> {
  const reader = await connection.runAndReadAll('SELECT id, channel, from_ns, to_ns FROM catalogue.pins');
  const pins = reader.getRows().map(([id, channel, from, to]) => ({
    id: String(id),
    channel: String(channel),
    fromNs: from as bigint,
    toNs: to as bigint,
  }));
  return new Map(pins.map((pin) => [pin.id, pin]));
}
