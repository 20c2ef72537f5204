import { existsSync } from 'node:fs';
import { copyFile, link, mkdtemp, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { publish } from '../base/durable-file.ts';
import { TIERS } from '../trend/tier.ts';
import { quoted } from './database.ts';
import { segmentTables } from './segment.ts';
import { wholeLogBytes } from './write-ahead-log.ts';

/** What could be read of a damaged segment. */
export interface Salvaged {
  readonly rows: number;
  /** Rows of tier 0 that are known to have been there and cannot be read. */
  readonly lostRows: number;
  /** What could not be read, in words. */
  readonly notes: readonly string[];
}

// Rows that DuckDB stores together, and those of its smallest piece.
const GROUP_ROWS = 122_880;
const VECTOR_ROWS = 2048;
const COPIED = [
  'streams',
  ...Array.from({ length: TIERS }, (_, tier) => `tier_${tier}`),
  'diagnoses',
  'carried',
  'holes',
  'ended',
];

/**
 * Makes a segment at `path` of what can be read of the damaged database file
 * `damaged` and its log, which stay as they are. DuckDB checks every block it
 * reads, so what it gives is right. It works in an instance of its own, which
 * a broken file can take down alone. Where nothing can be read the new segment
 * is empty.
 */
export async function salvageSegment(damaged: string, path: string): Promise<Salvaged> {
  const temporary = `${path}.tmp`;
  await rm(temporary, { force: true });
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '256MB' });
  const scratch = await mkdtemp(`${path}-`);
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH ${quoted(temporary)} AS whole; ${segmentTables('whole')}`);
    const notes: string[] = [];
    let rows = 0;
    let lostRows = 0;
    if (await attachDamaged(connection, damaged, scratch, notes)) {
      const found = await connection.runAndReadAll(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'damaged'",
      );
      const tables = new Set(found.getRows().map(([name]) => String(name)));
      for (const table of COPIED) {
        if (table === 'diagnoses' && !tables.has(table)) continue; // of a Fenestra that did not keep any
        const copied = await copyTable(connection, table, notes);
        if (table !== 'tier_0') continue;
        rows = copied.rows;
        lostRows = copied.lost;
      }
    }
    await connection.run('CHECKPOINT whole; DETACH whole');
    await publish(temporary, path);
    return { rows, lostRows, notes };
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(scratch, { recursive: true });
    await rm(temporary, { force: true });
    await rm(`${temporary}.wal`, { force: true });
  }
}

// With its log; with as much of its log as is whole; without it.
async function attachDamaged(
  connection: DuckDBConnection,
  damaged: string,
  scratch: string,
  notes: string[],
): Promise<boolean> {
  const log = `${damaged}.wal`;
  const lengths = existsSync(log) ? [await wholeLogBytes(log), 0] : [0];
  for (const [attempt, bytes] of lengths.entries()) {
    const file = join(scratch, `attempt-${attempt}.duckdb`);
    try {
      await link(damaged, file).catch(() => copyFile(damaged, file)); // not every file system has links
    } catch (error) {
      notes.push(`the file cannot be read: ${messageOf(error)}`);
      return false;
    }
    if (bytes > 0) {
      await copyFile(log, `${file}.wal`);
      await truncate(`${file}.wal`, bytes);
    }
    try {
      await connection.run(`ATTACH ${quoted(file)} AS damaged (READ_ONLY)`);
      return true;
    } catch (error) {
      notes.push(`${bytes > 0 ? `with ${bytes} bytes of its log` : 'without its log'}: ${messageOf(error)}`);
    }
  }
  return false;
}

async function copyTable(
  connection: DuckDBConnection,
  table: string,
  notes: string[],
): Promise<{ rows: number; lost: number }> {
  let rows = 0;
  let lost = 0;
  const copy = async (from: number, to: number): Promise<void> => {
    try {
      const copied = await connection.run(
        `INSERT INTO whole.${table} SELECT * FROM damaged.${table} WHERE rowid >= ${from} AND rowid < ${to}`,
      );
      rows += copied.rowsChanged;
    } catch (error) {
      if (to - from <= VECTOR_ROWS) {
        lost += to - from;
        if (lost === to - from) notes.push(`${table}: ${messageOf(error)}`);
        return;
      }
      const middle = from + Math.ceil((to - from) / 2 / VECTOR_ROWS) * VECTOR_ROWS;
      await copy(from, middle);
      await copy(middle, to);
    }
  };
  try {
    const [[count]] = (
      await connection.runAndReadAll(`SELECT coalesce(max(rowid) + 1, 0) FROM damaged.${table}`)
    ).getRows();
    for (let from = 0; from < Number(count); from += GROUP_ROWS) {
      await copy(from, Math.min(from + GROUP_ROWS, Number(count)));
    }
  } catch (error) {
    notes.push(`${table}: ${messageOf(error)}`);
  }
  return { rows, lost };
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
