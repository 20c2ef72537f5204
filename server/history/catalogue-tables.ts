import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../base/errors.ts';
import { PART_TYPES } from './window-rest.ts';

/** Format 1 has no diagnoses, whose files an older Fenestra would take for nobody's and remove. */
const VERSION = 2;

const FILE_COLUMNS = `path VARCHAR PRIMARY KEY, tier INTEGER, day DATE, channel VARCHAR, first_segment INTEGER,
  last_segment INTEGER, rows BIGINT, bytes BIGINT, crc32 UINTEGER, from_ns BIGINT, to_ns BIGINT, stored_ms DOUBLE DEFAULT 0`;

const TABLES = `
  CREATE TABLE IF NOT EXISTS catalogue.format(version INTEGER);
  CREATE TABLE IF NOT EXISTS catalogue.streams(id INTEGER PRIMARY KEY, channel VARCHAR, stream VARCHAR, info VARCHAR,
    next_sample BIGINT, anchor_sample BIGINT, anchor_ns BIGINT, last_ms DOUBLE, first_segment INTEGER, last_segment INTEGER,
    UNIQUE(channel, stream));
  ALTER TABLE catalogue.streams ADD COLUMN IF NOT EXISTS first_segment INTEGER;
  ALTER TABLE catalogue.streams ADD COLUMN IF NOT EXISTS last_segment INTEGER;
  CREATE TABLE IF NOT EXISTS catalogue.partials(channel VARCHAR, stream VARCHAR, ${PART_TYPES}, UNIQUE(channel, stream));
  CREATE TABLE IF NOT EXISTS catalogue.segments(id INTEGER PRIMARY KEY, opened_ms DOUBLE);
  CREATE TABLE IF NOT EXISTS catalogue.files(${FILE_COLUMNS});
  ALTER TABLE catalogue.files ADD COLUMN IF NOT EXISTS stored_ms DOUBLE DEFAULT 0;
  CREATE TABLE IF NOT EXISTS catalogue.diagnosis_files(${FILE_COLUMNS});
  UPDATE catalogue.streams SET first_segment = 0, last_segment = (SELECT coalesce(max(last_segment), 0) FROM catalogue.files)
    WHERE last_segment IS NULL;
  CREATE TABLE IF NOT EXISTS catalogue.clock(trusted_ms DOUBLE);
  CREATE TABLE IF NOT EXISTS catalogue.imports(segment INTEGER PRIMARY KEY, begun_ms DOUBLE);
  CREATE TABLE IF NOT EXISTS catalogue.pins(id VARCHAR PRIMARY KEY, channel VARCHAR, from_ns BIGINT, to_ns BIGINT);
  CREATE TABLE IF NOT EXISTS catalogue.losses(at_ms DOUBLE, what VARCHAR, why VARCHAR, rows BIGINT, from_ns BIGINT, to_ns BIGINT);
`;

/** All tables of the catalogue. */
export const CATALOGUE_TABLES = [
  'format',
  'streams',
  'partials',
  'segments',
  'files',
  'diagnosis_files',
  'pins',
  'losses',
  'imports',
  'clock',
];

/** Makes the tables that are not there, of an older format too, in a transaction of the caller's. */
export async function makeTables(connection: DuckDBConnection, isNew: boolean): Promise<void> {
  await connection.run(TABLES);
  if (isNew) await connection.run(`INSERT INTO catalogue.format VALUES (${VERSION})`);
}

/** Checks the format, and makes an older one the present one. Throws `STORAGE_FAILED` where it is of a newer version, and where it is not said. */
export async function checkFormat(connection: DuckDBConnection, path: string): Promise<void> {
  const [[version]] = (await connection.runAndReadAll('SELECT max(version) FROM catalogue.format')).getRows();
  if (version === null) throw new Error(`${path} is corrupt: it does not say its format`);
  if (Number(version) < VERSION) await connection.run(`UPDATE catalogue.format SET version = ${VERSION}`);
  if (Number(version) <= VERSION) return;
  throw new AppError('STORAGE_FAILED', `${path} has format ${version}, expected ${VERSION}: a newer Fenestra wrote it`);
}
