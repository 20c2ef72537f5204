import type { SampleSource } from '../../server/ingest/replay/sample-source.ts';
import { DATATYPES } from '../../server/trend/datatype.ts';

/** Samples that follow each other, copied out of a source. */
export interface ReadRun {
  readonly firstSample: number;
  readonly timeNs: bigint | undefined;
  readonly samples: number[];
}

/** Reads a source to its end, joins what follows without a hole, and closes it. */
export async function readSource(source: SampleSource): Promise<ReadRun[]> {
  const { type, bytes: sampleBytes } = DATATYPES.get(source.datatype)!;
  const read: ReadRun[] = [];
  for await (const { firstSample, timeNs, bytes } of source.runs()) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const samples = Array.from({ length: bytes.length / sampleBytes }, (_, i) => READ[type](view, i * sampleBytes));
    const last = read.at(-1);
    if (last && timeNs === undefined && last.firstSample + last.samples.length === firstSample) {
      last.samples.push(...samples);
    } else {
      read.push({ firstSample, timeNs, samples });
    }
  }
  await source.close();
  return read;
}

const READ = {
  i8: (view: DataView, at: number) => view.getInt8(at),
  u8: (view: DataView, at: number) => view.getUint8(at),
  i16: (view: DataView, at: number) => view.getInt16(at, true),
  u16: (view: DataView, at: number) => view.getUint16(at, true),
  i32: (view: DataView, at: number) => view.getInt32(at, true),
  f32: (view: DataView, at: number) => view.getFloat32(at, true),
  f64: (view: DataView, at: number) => view.getFloat64(at, true),
} as const;
