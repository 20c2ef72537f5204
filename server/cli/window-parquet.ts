import { DuckDBInstance } from '@duckdb/node-api';

const SINGLE_QUOTE = /'/g;

/** Writes what `WindowCsv` wrote to `csv` as Parquet to `parquet`, zstd. Neither syncs nor renames. */
export async function convertToParquet(csv: string, parquet: string, hasDates: boolean): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '512MB' });
  const connection = await instance.connect();
  try {
    await connection.run(`
      COPY (
        SELECT * REPLACE (coalesce(flags, '') AS flags)
        FROM read_csv(${quoted(csv)}, header = true, auto_detect = false, delim = ',', quote = '"', columns = {
          'window': 'BIGINT', 'time': '${hasDates ? 'TIMESTAMP_NS' : 'DOUBLE'}',
          'min': 'DOUBLE', 'max': 'DOUBLE', 'mean': 'DOUBLE', 'std': 'DOUBLE',
          'count': 'BIGINT', 'clipped': 'BIGINT', 'nonfinite': 'BIGINT', 'flags': 'VARCHAR'
        })
      ) TO ${quoted(parquet)} (FORMAT parquet, COMPRESSION zstd)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quoted(path: string): string {
  return `'${path.replace(SINGLE_QUOTE, "''")}'`;
}
