import { countReader } from '../../client/waveform/sample-values.ts';
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
  const read = countReader(type);
  const runs: ReadRun[] = [];
  for await (const { firstSample, timeNs, bytes } of source.runs()) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const samples = Array.from({ length: bytes.length / sampleBytes }, (_, i) => read(view, i * sampleBytes));
    const last = runs.at(-1);
    if (last && timeNs === undefined && last.firstSample + last.samples.length === firstSample) {
      last.samples.push(...samples);
    } else {
      runs.push({ firstSample, timeNs, samples });
    }
  }
  await source.close();
  return runs;
}
