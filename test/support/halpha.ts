import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SampleSource } from '../../server/ingest/replay/sample-source.ts';
import { DATA } from './tools.ts';

/** Where the recordings lie below `DATA`. */
export const HALPHA_FILE = 'plasma-halpha/halpha_labelled.csv.gz';
export const HALPHA_RATE_HZ = 20_000;
/** Time 0 of the discharges in tests, ns since 1970 UTC; the file counts from a moment it does not tell. */
const EPOCH_NS = 1_790_000_000_000_000_000n;

/** H-alpha light of one tokamak discharge. */
export interface Discharge {
  readonly record: string;
  /** As the file writes them, to be written again without a change. */
  readonly timesMs: readonly string[];
  readonly samples: Float64Array;
}

export interface LabelledDischarge extends Discharge {
  /** Of each sample: 0 H-mode, 1 L-mode, 2 ELM burst. */
  readonly labels: Int32Array;
}

/** Reads every discharge, in the order of the file. */
export function readDischarges(): LabelledDischarge[] {
  const [, ...lines] = gunzipSync(readFileSync(join(DATA, HALPHA_FILE)))
    .toString()
    .trimEnd()
    .split('\n');
  const rows = lines.map((line) => line.split(','));
  const records = new Set(rows.map(([record]) => record!));
  return Array.from(records, (record) => {
    const own = rows.filter((row) => row[0] === record);
    return {
      record,
      timesMs: own.map((row) => row[2]!),
      samples: Float64Array.from(own, (row) => Number(row[3])),
      labels: Int32Array.from(own, (row) => Number(row[4])),
    };
  });
}

/** A discharge as a recording in memory, in pieces that fit no window. */
export function dischargeSource({ record, timesMs, samples }: Discharge): SampleSource {
  const pieceSamples = 777;
  const bytes = new Uint8Array(samples.buffer);
  return {
    datatype: 'rf64_le',
    rateHz: HALPHA_RATE_HZ,
    scale: 1,
    offset: 0,
    unit: 'a.u.',
    fullScale: undefined,
    epochNs: EPOCH_NS + BigInt(Math.round(Number(timesMs[0]) * 1e6)),
    description: `discharge ${record}`,
    hardware: '',
    progress: 0,
    async *runs() {
      for (let at = 0; at < samples.length; at += pieceSamples) {
        yield { firstSample: at, timeNs: undefined, bytes: bytes.subarray(at * 8, (at + pieceSamples) * 8) };
      }
    },
    close: async () => undefined,
  };
}

/** The figures of one window, by two passes over its samples in f64. */
export interface PlainWindow {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly count: number;
}

/** Reduces samples to windows of `size` and a short last one: what every other way must come to. */
export function reducePlainly(samples: Float64Array, size: number): PlainWindow[] {
  const windows: PlainWindow[] = [];
  for (let from = 0; from < samples.length; from += size) {
    const own = samples.subarray(from, from + size);
    const mean = own.reduce((sum, x) => sum + x, 0) / own.length;
    const squares = own.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    windows.push({
      min: Math.min(...own),
      max: Math.max(...own),
      mean,
      std: Math.sqrt(squares / own.length),
      count: own.length,
    });
  }
  return windows;
}
