import { basename } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { type CsvRow, readCsvRows } from './csv-rows.ts';
import { openFile } from './file-blocks.ts';
import { describeSource, type SampleRun, type SampleSource, type SourceOptions } from './sample-source.ts';

const RUN_ROWS = 8192;
/** Rows that tell the sample rate, where only their times do. */
const RATE_ROWS = 1000;
/** Times since 1970 are at least this; smaller ones count from the beginning of the file. */
const EPOCH_SECONDS = 1e8;
const SAMPLE_BYTES = 8;

/**
 * One column of a CSV file, as f64 samples. With a time column, its steps tell
 * the rate, unless one is given, and a step of several samples is a gap.
 */
export async function openCsv(path: string, options: SourceOptions): Promise<SampleSource> {
  const name = basename(path);
  const { file, bytes } = await openFile(path);
  await file.close(); // it was there; the rows are read as a stream

  let read = 0;
  const rows = readCsvRows(path, options, (count) => {
    read += count;
  });
  const head: CsvRow[] = [];
  while (head.length < RATE_ROWS) {
    const { value, done } = await rows.next();
    if (done) break;
    head.push(value);
  }
  if (head.length === 0) throw new AppError('FILE_INVALID', `${name} has no rows with samples`);
  const rateHz = options.rateHz ?? measureRate(head, name);

  return {
    ...describeSource(options, { datatype: 'rf64_le', rateHz, epochNs: epochOf(head[0]), description: name }),
    get progress() {
      return bytes === 0 ? 1 : Math.min(1, read / bytes);
    },
    runs: () => runsOf(chain(head, rows), rateHz, name),
    close: async () => void (await rows.return(undefined)),
  };
}

async function* chain(head: readonly CsvRow[], rows: AsyncIterable<CsvRow>): AsyncGenerator<CsvRow> {
  yield* head;
  yield* rows;
}

// Each row's place follows from the row before it, so that a rate that is off
// by a little never adds up to a sample.
async function* runsOf(rows: AsyncIterable<CsvRow>, rateHz: number, name: string): AsyncGenerator<SampleRun> {
  const values = new Float64Array(RUN_ROWS);
  let first = 0;
  let length = 0;
  let before: CsvRow | undefined;
  const run = (): SampleRun => ({
    firstSample: first,
    timeNs: undefined,
    bytes: new Uint8Array(values.buffer, 0, length * SAMPLE_BYTES),
  });

  for await (const row of rows) {
    const step = before === undefined ? 1 : stepOf(before, row, rateHz, name);
    if (length > 0 && (step > 1 || length === RUN_ROWS)) {
      yield run();
      first += length + step - 1;
      length = 0;
    }
    values[length++] = row.value;
    before = row;
  }
  if (length > 0) yield run();
}

function stepOf(before: CsvRow, row: CsvRow, rateHz: number, name: string): number {
  if (row.seconds === undefined || before.seconds === undefined) return 1;
  const step = Math.round((row.seconds - before.seconds) * rateHz);
  if (step >= 1) return step;
  const message = `${name}, line ${row.line}: time ${row.seconds} s after ${before.seconds} s, expected ${1 / rateHz} s more`;
  throw new AppError('FILE_INVALID', message);
}

// The median step, since a gap among the first rows must not slow the rate.
function measureRate(head: readonly CsvRow[], name: string): number {
  const steps: number[] = [];
  for (let i = 1; i < head.length; i++) {
    const from = head[i - 1].seconds;
    const to = head[i].seconds;
    if (from !== undefined && to !== undefined) steps.push(to - from);
  }
  if (steps.length === 0)
    throw new AppError('FILE_INVALID', `${name} tells no sample rate: expected --rate or --time-column`);
  const median = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)];
  if (!(median > 0)) throw new AppError('FILE_INVALID', `${name}: times step by ${median} s, expected more than 0`);
  return Number((1 / median).toPrecision(9)); // decimal times have a last digit of their own
}

function epochOf(first: CsvRow): bigint | undefined {
  if (first.seconds === undefined || first.seconds < EPOCH_SECONDS) return undefined;
  return BigInt(Math.round(first.seconds * 1e6)) * 1000n;
}
