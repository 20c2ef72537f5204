import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredDiagnosis } from '../trend/diagnosis-history.ts';
import type { Catalogue } from './catalogue.ts';
import { quoted } from './database.ts';
import { appendDiagnoses, DIAGNOSIS_COLUMNS, DIAGNOSIS_KEY, rowsOfSegment } from './diagnosis-table.ts';
import { FileOpener, type FileOpenerOptions } from './file-opener.ts';
import type { SealedFile } from './sealed-file.ts';
import { listFiles } from './sealed-list.ts';
import { segmentName } from './segment.ts';

/** Where diagnoses are. */
export interface DiagnosisSourceOptions extends FileOpenerOptions {
  readonly catalogue: Pick<Catalogue, 'version'>;
  /** Those that no segment is known to have. */
  readonly unstored: (channel?: string) => readonly StoredDiagnosis[];
}

/** Times of ends of runs, ns; the first is not included. */
export interface EndRange {
  readonly afterNs: bigint;
  readonly toNs: bigint;
}

/**
 * The diagnoses of one channel, or of all, as they stood at one instant: those
 * in sealed files, in segments and in memory, each once. To be used within
 * `readDiagnoses`.
 */
export class DiagnosisSources {
  readonly connection: DuckDBConnection;
  readonly #channel: string | undefined;
  readonly #segments: readonly string[];
  readonly #files: readonly SealedFile[];
  readonly #opener: FileOpener;

  constructor(connection: DuckDBConnection, parts: SourceParts) {
    this.connection = connection;
    this.#channel = parts.channel;
    this.#segments = parts.segments;
    this.#files = parts.files;
    this.#opener = parts.opener;
  }

  /** Rows of a query, as DuckDB gives them. */
  async rows(sql: string) {
    return (await this.connection.runAndReadAll(sql)).getRows();
  }

  /** Selects what is not sealed, with the columns of a segment's table. */
  unsealed(where: string): string {
    const mine = this.#channel === undefined ? '' : `channel = ${quoted(this.#channel)} AND `;
    const parts = this.#segments.map((name) => rowsOfSegment(name, `${mine}${where}`));
    return [...parts, `SELECT * FROM unstored WHERE ${where}`].join(' UNION ALL ');
  }

  /** Where the first of the sealed files of a tier that meet a range begins. */
  beginNs(tier: number, { afterNs, toNs }: EndRange): bigint | undefined {
    const begins = this.#files.flatMap((file) =>
      file.tier === tier && file.fromNs < toNs && file.toNs > afterNs ? [file.fromNs] : [],
    );
    return begins.length === 0 ? undefined : begins.reduce((a, b) => (a < b ? a : b));
  }

  /** Paths of the sealed files of a tier that may have runs that lie in some of these ranges at least in part. They stay until the end. */
  open(tier: number, ranges: readonly EndRange[]): Promise<string[]> {
    const meets = ({ fromNs, toNs }: SealedFile) => ranges.some((range) => fromNs < range.toNs && toNs > range.afterNs);
    return this.#opener.open(this.#files.filter((file) => file.tier === tier && meets(file)));
  }
}

/** No rows, with the columns of a segment's table. */
export const NO_ROWS = `SELECT * FROM unstored WHERE false`;

interface SourceParts {
  readonly channel: string | undefined;
  readonly segments: readonly string[];
  readonly files: readonly SealedFile[];
  readonly opener: FileOpener;
}

/**
 * Runs `read` in a transaction on the diagnoses of a channel, or of all. Throws
 * as DuckDB does, also where a segment or a file has just gone; then the next
 * try finds where its rows are.
 */
export async function readDiagnoses<T>(
  connection: DuckDBConnection,
  options: DiagnosisSourceOptions,
  { channel, read }: { readonly channel: string | undefined; readonly read: (from: DiagnosisSources) => Promise<T> },
): Promise<T> {
  const opener = new FileOpener(options);
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      const { version } = options.catalogue;
      // Before the transaction: what is stored by then is in it or in here, or in both.
      const unstored = options.unstored(channel);
      const seen = await see(connection, { channel, unstored });
      if (version === options.catalogue.version) {
        return await read(new DiagnosisSources(connection, { ...seen, channel, opener }));
      }
      await connection.run('ROLLBACK'); // a segment may have been sealed between the two
    }
  } finally {
    await opener.close();
    await connection.run('ROLLBACK').catch(() => undefined); // nothing was changed; and there may be no transaction
  }
}

async function see(
  connection: DuckDBConnection,
  { channel, unstored }: { channel: string | undefined; unstored: readonly StoredDiagnosis[] },
): Promise<{ segments: string[]; files: SealedFile[] }> {
  await connection.run(`BEGIN; CREATE TEMP TABLE unstored(${DIAGNOSIS_COLUMNS})`);
  const reader = await connection.runAndReadAll('SELECT id FROM catalogue.segments ORDER BY id');
  const segments = reader.getRows().map(([id]) => segmentName(Number(id)));
  const where = channel === undefined ? 'true' : `channel = ${quoted(channel)}`;
  const files = await listFiles(connection, where, 'diagnosis_files');
  if (segments.length > 0) {
    await connection.run(segments.map((name) => `SELECT count(*) FROM ${name}.ended`).join('; ')); // from here on they stand still
  }
  if (unstored.length === 0) return { segments, files };
  await appendDiagnoses(connection, { database: 'temp', table: 'unstored' }, unstored);
  for (const name of segments) {
    await connection.run(`DELETE FROM unstored WHERE (${DIAGNOSIS_KEY}) IN (
      SELECT (${DIAGNOSIS_KEY}) FROM ${name}.diagnoses WHERE time >= (SELECT min(time) FROM unstored))`);
  }
  return { segments, files };
}
