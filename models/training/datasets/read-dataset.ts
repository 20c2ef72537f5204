import { AppError } from '../../../server/base/errors.ts';
import type { Dataset } from '../dataset.ts';
import type { ColumnOptions } from './columns.ts';
import { readParquet } from './read-parquet.ts';
import { readCsv, readUcr, type TextOptions } from './read-text.ts';

/** What a data set is read with. `length` is of tables that name their columns; the runs of a `.tsv` may have any. */
export type ReadOptions = TextOptions & ColumnOptions;

/** Reads labelled runs from what the name ends in: `.csv`, `.tsv`, both also `.gz`, or `.parquet`. Throws `FILE_INVALID`. */
export async function readDataset(path: string, options: ReadOptions): Promise<Dataset> {
  if (/\.csv(?:\.gz)?$/.test(path)) return await readCsv(path, options);
  if (isUcr(path)) return await readUcr(path, options);
  if (path.endsWith('.parquet')) return await readParquet(path, options);
  throw new AppError('FILE_INVALID', `cannot tell what ${path} is, expected .csv, .tsv, .csv.gz, .tsv.gz or .parquet`);
}

/** Whether a name is that of a set of the UCR archive. */
export function isUcr(path: string): boolean {
  return /\.tsv(?:\.gz)?$/.test(path);
}

/** Refuses a test set whose runs are of another shape than those of the training set. */
export function refuseOtherShape(train: Dataset, test: Dataset): void {
  const shape = ({ rows, length }: Dataset) => `${rows} × ${length}`;
  if (shape(train) === shape(test)) return;
  throw new AppError(
    'FILE_INVALID',
    `${test.source} has runs of ${shape(test)} points, expected ${shape(train)} as in ${train.source}`,
  );
}
