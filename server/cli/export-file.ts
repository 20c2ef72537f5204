import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  Field,
  makeData,
  makeVector,
  RecordBatchFileWriter,
  Schema,
  Table,
  TimestampNanosecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { AppError } from '../base/errors.ts';
import { quoted } from '../history/database.ts';
import type { ExportMeta } from '../history/export-meta.ts';
import type { HistoryRow } from '../history/row-block.ts';
import { type RowParts, readParts, selectParts } from '../history/row-parts.ts';
import { TIER_FACTOR } from '../trend/tier.ts';
import { openOutput } from './window-output.ts';
import { writeWhole } from './write-whole.ts';

export interface ExportJob {
  readonly connection: DuckDBConnection;
  readonly parts: RowParts;
  readonly meta: ExportMeta;
  readonly onRows: (rows: number) => void;
}

type Write = (path: string, job: ExportJob) => Promise<void>;

const META_KEY = 'fenestra';
const WRITERS = new Map<string, Write>([
  ['.parquet', atomically(writeParquet)],
  ['.arrow', atomically(writeArrow)],
  ['.csv', writeCsv],
]);

/** How a file of this name is written; `-` is CSV on standard output. Throws `FILE_INVALID`. */
export function exportWriter(path: string): Write {
  if (path === '-') return writeCsv;
  const write = [...WRITERS].find(([ending]) => path.endsWith(ending))?.[1];
  if (write !== undefined) return write;
  throw new AppError(
    'FILE_INVALID',
    `output ${path}, expected a name ending in ${[...WRITERS.keys()].join(', ')}, or -`,
  );
}

async function writeParquet(path: string, { connection, parts, meta, onRows }: ExportJob): Promise<void> {
  await connection.run(
    `COPY (${selectParts(parts)}) TO ${quoted(path)}
     (FORMAT parquet, COMPRESSION zstd, KV_METADATA {${META_KEY}: ${quoted(JSON.stringify(meta))}})`,
  );
  onRows(meta.streams.reduce((sum, { rows }) => sum + rows, 0));
}

async function writeArrow(path: string, job: ExportJob): Promise<void> {
  const metadata = new Map([[META_KEY, JSON.stringify(job.meta)]]);
  const out = createWriteStream(path);
  const done = finished(out);
  const writer = new RecordBatchFileWriter();
  writer.toNodeStream().pipe(out);
  let hasRows = false;
  for await (const rows of readParts(job.connection, job.parts)) {
    for (const batch of toTable(rows, job.meta, metadata).batches) writer.write(batch); // a table would end the file
    hasRows = true;
    job.onRows(rows.length);
    if (out.writableNeedDrain) await Promise.race([once(out, 'drain'), done]);
  }
  if (!hasRows) writer.write(toTable([], job.meta, metadata));
  writer.close();
  await done;
}

function toTable(rows: readonly HistoryRow[], { streams }: ExportMeta, metadata: Map<string, string>): Table {
  const numbers = (pick: (row: HistoryRow) => number) => makeVector(Float64Array.from(rows, pick));
  const integers = (pick: (row: HistoryRow) => number) =>
    makeVector(BigInt64Array.from(rows, (row) => BigInt(pick(row))));
  const times = BigInt64Array.from(rows, ({ timeNs }) => timeNs);
  const type = new TimestampNanosecond('UTC');
  const columns = {
    stream: vectorFromArray(
      rows.map(({ stream }) => streams[stream]!.info.stream),
      new Utf8(),
    ),
    window: integers(({ window }) => window),
    time: makeVector(makeData({ type, length: rows.length, data: times })),
    min: numbers(({ min }) => min),
    max: numbers(({ max }) => max),
    mean: numbers(({ mean }) => mean),
    m2: numbers(({ m2 }) => m2),
    count: integers(({ count }) => count),
    clipped: integers(({ clipped }) => clipped),
    nonfinite: integers(({ nonfinite }) => nonfinite),
    flags: makeVector(Uint16Array.from(rows, ({ flags }) => flags)),
    windows: makeVector(Uint32Array.from(rows, ({ windows }) => windows)),
  };
  const fields = Object.entries(columns).map(([name, vector]) => new Field(name, vector.type, false));
  return new Table(new Schema(fields, metadata), columns);
}

// The columns of `fenestra reduce`; what they do not say lies beside the file.
async function writeCsv(path: string, { connection, parts, meta, onRows }: ExportJob): Promise<void> {
  const output = await openOutput(path, true);
  try {
    for await (const rows of readParts(connection, parts)) {
      for (const { stream, window, timeNs, flags, ...summary } of rows) {
        const { info } = meta.streams[stream]!;
        const size = info.window * TIER_FACTOR ** meta.tier;
        const { channel, stream: name, rateHz } = info;
        await output.write({
          channel,
          stream: name,
          index: window,
          size,
          rateHz,
          timeNs,
          arrivedMs: 0,
          summary,
          flags,
        });
      }
      onRows(rows.length);
    }
    if (path !== '-') await writeFile(`${path}.json`, `${JSON.stringify(meta, undefined, 2)}\n`, { flush: true });
    await output.finish();
  } catch (error) {
    await output.abandon();
    throw error;
  }
}

function atomically(write: Write): Write {
  return (path, job) => writeWhole(path, (partial) => write(partial, job));
}
