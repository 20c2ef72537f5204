import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../base/errors.ts';
import { TIERS } from '../trend/tier.ts';
import { quoted } from './database.ts';
import { SEALED, type SealedFile } from './sealed-file.ts';
import type { Segment } from './segment.ts';

interface Content {
  readonly keys: number;
  readonly samples: number;
}

// Merging parts changes the number of rows, but neither of these.
const CONTENT = `count(DISTINCT (stream, "window")), coalesce(sum(count + nonfinite), 0)::DOUBLE`;

/** Reads the sealed files of a segment again. Throws `STORAGE_FAILED` where they do not hold all rows and samples of it. */
export async function checkSealed(
  connection: DuckDBConnection,
  { folder, segment, files }: { folder: string; segment: Segment; files: readonly SealedFile[] },
): Promise<void> {
  for (let tier = 0; tier < TIERS; tier++) {
    const paths = files.filter((file) => file.tier === tier).map(({ path }) => quoted(join(folder, SEALED, path)));
    const expected = await readContent(connection, `${segment.name}.tier_${tier}`);
    const found =
      paths.length === 0
        ? { keys: 0, samples: 0 }
        : await readContent(connection, `read_parquet([${paths.join()}], hive_partitioning = false)`);
    if (found.keys === expected.keys && found.samples === expected.samples) continue;
    throw new AppError(
      'STORAGE_FAILED',
      `the files written for tier ${tier} have ${toText(found)}, expected ${toText(expected)}: nothing was stored`,
    );
  }
}

async function readContent(connection: DuckDBConnection, source: string): Promise<Content> {
  const [[keys, samples]] = (await connection.runAndReadAll(`SELECT ${CONTENT} FROM ${source}`)).getRows();
  return { keys: Number(keys), samples: Number(samples) };
}

function toText({ keys, samples }: Content): string {
  return `${keys} rows of ${samples} samples`;
}
