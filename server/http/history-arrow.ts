import {
  type Data,
  type DataType,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampNanosecond,
  Uint8,
  Uint16,
} from 'apache-arrow';
import type { HistoryRequest, HistoryRows } from '../trend/history-rows.ts';
import { HISTORY_COLUMN_NAMES, type HistoryColumns } from '../wire/history.ts';
import { deviations, toHistoryHead } from './history-reply.ts';

const NS_A_MS = 1e6;

/** The rows of a range as an Arrow IPC stream: time in ns since 1970 UTC, counts as integers, null where there is no figure. */
export function encodeHistoryArrow(request: HistoryRequest, rows: HistoryRows): Uint8Array {
  const columns = toArrowColumns(rows);
  const length = rows.timeNs.length;
  const fields = HISTORY_COLUMN_NAMES.map((name) => new Field(name, columns[name].type, columns[name].nullCount > 0));
  const metadata = new Map([['fenestra', JSON.stringify(toHistoryHead(request, rows))]]);
  const children = HISTORY_COLUMN_NAMES.map((name) => columns[name]);
  const data = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  const schema = new Schema(fields, metadata);
  return RecordBatchStreamWriter.writeAll([new RecordBatch(schema, data)]).toUint8Array(true);
}

function toArrowColumns(rows: HistoryRows): HistoryColumns<Data<DataType>> {
  const validity = validBits(rows.count);
  const figure = (values: Float64Array) => float(values, validity);
  return {
    time: makeData({ type: new TimestampNanosecond('UTC'), data: rows.timeNs }),
    length: float(rows.lengthNs.map((ns) => ns / NS_A_MS)),
    min: figure(rows.min),
    max: figure(rows.max),
    mean: figure(rows.mean),
    deviation: figure(deviations(rows)),
    count: whole(rows.count),
    clipped: whole(rows.clipped),
    nonfinite: whole(rows.nonfinite),
    flags: makeData({ type: new Uint16(), data: rows.flags }),
    windows: whole(rows.windows),
    broken: makeData({ type: new Uint8(), data: rows.broken }),
  };
}

function float(data: Float64Array, validity?: Validity): Data<Float64> {
  return makeData({ type: new Float64(), data, ...validity });
}

function whole(values: Float64Array): Data<Int64> {
  return makeData({ type: new Int64(), data: BigInt64Array.from(values, BigInt) });
}

interface Validity {
  readonly nullCount: number;
  readonly nullBitmap: Uint8Array;
}

// A bit a row, the lowest first: rows without a sample have no figures.
function validBits(count: Float64Array): Validity | undefined {
  const nullCount = count.filter((samples) => samples === 0).length;
  if (nullCount === 0) return undefined;
  const nullBitmap = new Uint8Array(Math.ceil(count.length / 8));
  for (const [row, samples] of count.entries()) if (samples > 0) nullBitmap[row >> 3] |= 1 << (row & 7);
  return { nullCount, nullBitmap };
}
