import { basename } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { type CsvRow, readCsvRows } from './csv-rows.ts';
import { epochOf, secondsBetween } from './csv-time.ts';
import { openFile } from './file-blocks.ts';
import {
  describeSource,
  type SampleRun,
  type SampleSource,
  type SourceOptions,
  type TimeUnit,
} from './sample-source.ts';

const RUN_ROWS = 8192;
/** Rows that tell the sample rate, where only their times do. */
const RATE_ROWS = 1000;
/** Longest gap, samples: ten days at 10 MS/s. A longer one is a mistake in the file. */
const STEP_LIMIT = 2 ** 43;
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
  const unit = options.timeUnit ?? 's';
  const rateHz = options.rateHz ?? measureRate(head, unit, name);
  const epochNs = head[0].time && epochOf(head[0].time, unit);

  return {
    ...describeSource(options, { datatype: 'rf64_le', rateHz, epochNs, description: name }),
    get progress() {
      return bytes === 0 ? 1 : Math.min(1, read / bytes);
    },
    runs: () => runsOf(chain(head, rows), { rateHz, unit, name }),
    close: async () => void (await rows.return(undefined)),
  };
}

async function* chain(head: readonly CsvRow[], rows: AsyncIterable<CsvRow>): AsyncGenerator<CsvRow> {
  yield* head;
  yield* rows;
}

interface RowForm {
  readonly rateHz: number;
  readonly unit: TimeUnit;
  readonly name: string;
}

// Each row's place follows from the row before it, so that a rate that is off
// by a little never adds up to a sample.
async function* runsOf(rows: AsyncIterable<CsvRow>, form: RowForm): AsyncGenerator<SampleRun> {
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
    const step = before === undefined ? 1 : stepOf(before, row, form);
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

function stepOf(before: CsvRow, row: CsvRow, { rateHz, unit, name }: RowForm): number {
  if (row.time === undefined || before.time === undefined) return 1;
  const seconds = secondsBetween(before.time, row.time, unit);
  const step = Math.round(seconds * rateHz);
  if (step >= 1 && step <= STEP_LIMIT) return step;
  throw new AppError('FILE_INVALID', `${name}, line ${row.line}: time steps by ${seconds} s, expected ${1 / rateHz} s`);
}

// The median step, since a gap among the first rows must not slow the rate.
function measureRate(head: readonly CsvRow[], unit: TimeUnit, name: string): number {
  const steps: number[] = [];
  for (let i = 1; i < head.length; i++) {
    const from = head[i - 1].time;
    const to = head[i].time;
    if (from !== undefined && to !== undefined) steps.push(secondsBetween(from, to, unit));
  }
  if (steps.length === 0)
    throw new AppError('FILE_INVALID', `${name} tells no sample rate: expected --rate or --time-column`);
  const median = steps.sort((a, b) => a - b)[Math.floor((steps.length - 1) / 2)];
  if (!(median > 0)) throw new AppError('FILE_INVALID', `${name}: times step by ${median} s, expected more than 0`);
  return Number((1 / median).toPrecision(9)); // decimal times have a last digit of their own
}
