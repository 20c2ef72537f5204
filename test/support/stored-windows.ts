import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TIER_FACTOR, TIERS } from '../../server/trend/tier.ts';
import type { KeepingDevice } from './keeping-device.ts';

/** A row of a tier as it lies on the disk. */
export interface StoredRow {
  readonly channel: string;
  readonly stream: string;
  readonly window: number;
  readonly timeNs: bigint;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly m2: number;
  readonly count: number;
  readonly windows: number;
}

const COLUMNS = '"window", min, max, mean, m2, "count", "windows"';

/**
 * Reads everything that a history holds the way its page says, with nothing of
 * the server: what the catalogue lists, and no other file. The server must not run.
 */
export async function readStored(directory: string): Promise<StoredRow[][]> {
  const folder = join(directory, 'history');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH '${join(folder, 'catalogue.duckdb')}' AS catalogue (READ_ONLY)`);
    const tiers: StoredRow[][] = Array.from({ length: TIERS }, () => []);
    const files = await rows(connection, 'SELECT path, tier FROM catalogue.files');
    for (const { path, tier } of files) {
      const source = `read_parquet('${join(folder, 'sealed', String(path))}', hive_partitioning = false)`;
      const select = `SELECT channel, stream, epoch_ns("time") AS time, ${COLUMNS} FROM ${source}`;
      tiers[Number(tier)].push(...(await rows(connection, select)).map(toStored));
    }
    for (const { id } of await rows(connection, 'SELECT id FROM catalogue.segments')) {
      const file = join(folder, `segment-${String(id).padStart(6, '0')}.duckdb`);
      if (!existsSync(file)) throw new Error(`the catalogue lists segment ${id}, which is not there`);
      await connection.run(`ATTACH '${file}' AS segment (READ_ONLY)`);
      for (let tier = 0; tier < TIERS; tier++) {
        const select = `SELECT s.channel, s.stream, "time", ${COLUMNS}
          FROM segment.tier_${tier} t JOIN segment.streams s ON s.id = t.stream`;
        tiers[tier].push(...(await rows(connection, select)).map(toStored));
      }
      await connection.run('DETACH segment');
    }
    return tiers;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * What is wrong with what is stored of a device, in words: windows missing of
 * the first `safe`, doubled, or with other figures than were sent; rows of
 * coarser tiers that do not hold exactly the windows below them.
 */
export function faultsOf(device: KeepingDevice, stored: readonly StoredRow[][], safe: number): string[] {
  const mine = stored.map((tier) => tier.filter((row) => row.channel === device.channel));
  return [
    ...faultsOfWindows(device, mine[0], safe),
    ...mine.slice(1).flatMap((tier, i) => faultsOfTier(i + 1, tier, mine[0], mine[i])),
  ];
}

function faultsOfWindows(device: KeepingDevice, windows: readonly StoredRow[], safe: number): string[] {
  const faults: string[] = [];
  const seen = new Set<number>();
  for (const row of windows) {
    if (seen.has(row.window)) faults.push(`${row.channel}: window ${row.window} twice`);
    seen.add(row.window);
    const expected = device.expected(row.window);
    for (const [name, value] of Object.entries(expected)) {
      const found = row[name as keyof typeof expected];
      if (found !== value)
        faults.push(`${row.channel}: ${name} of window ${row.window} is ${found}, expected ${value}`);
    }
  }
  for (let window = 0; window < safe; window++) {
    if (!seen.has(window)) faults.push(`${device.channel}: window ${window} of ${safe} that are safe is missing`);
  }
  return faults;
}

// A row is open, in memory alone or in parts, until it is whole or the tier below, `finer`, has a row after it.
function faultsOfTier(
  tier: number,
  rows: readonly StoredRow[],
  windows: readonly StoredRow[],
  finer: readonly StoredRow[],
): string[] {
  const span = TIER_FACTOR ** tier;
  const below = merge(windows.map((row) => ({ ...row, window: Math.floor(row.window / span) })));
  const newest = finer.reduce((last, { window }) => Math.max(last, Math.floor(window / TIER_FACTOR)), 0);
  const merged = merge(rows);
  const faults: string[] = [];
  for (const [index, expected] of below) {
    const found = merged.get(index);
    if (index >= newest && (found === undefined || found.windows <= expected.windows)) continue;
    for (const name of ['windows', 'count', 'min', 'max'] as const) {
      if (found?.[name] === expected[name]) continue;
      faults.push(`tier ${tier}: ${name} of row ${index} is ${found?.[name]}, expected ${expected[name]}`);
    }
  }
  for (const index of merged.keys()) if (!below.has(index)) faults.push(`tier ${tier}: row ${index} of nothing`);
  return faults;
}

type Merged = Pick<StoredRow, 'windows' | 'count' | 'min' | 'max'>;

function merge(rows: readonly Pick<StoredRow, 'window' | keyof Merged>[]): Map<number, Merged> {
  const merged = new Map<number, Merged>();
  for (const { window, windows, count, min, max } of rows) {
    const before = merged.get(window);
    merged.set(window, {
      windows: windows + (before?.windows ?? 0),
      count: count + (before?.count ?? 0),
      min: Math.min(min, before?.min ?? min),
      max: Math.max(max, before?.max ?? max),
    });
  }
  return merged;
}

async function rows(connection: DuckDBConnection, select: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(select)).getRowObjects();
}

function toStored(row: Record<string, unknown>): StoredRow {
  const { channel, stream, time, min, max, mean, m2 } = row;
  const [window, count, windows] = [row.window, row.count, row.windows].map(Number);
  return { channel, stream, timeNs: time, window, min, max, mean, m2, count, windows } as StoredRow;
}
