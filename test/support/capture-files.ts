import { writeFileSync } from 'node:fs';
import { captureFiles } from '../../server/capture/capture-files.ts';
import { defaultFullScale } from '../../server/kernels/sample-type.ts';
import type { Annotation } from '../../server/sigmf/metadata.ts';
import { RecordingWriter } from '../../server/sigmf/recording-writer.ts';
import { mergeSummaries, type Summary } from '../../server/trend/summary.ts';
import type { CaptureReply, CaptureSegment } from '../../server/wire/captures.ts';
import { bytesOf, SAMPLE_ARRAYS, SAMPLE_TYPES, type SampleArray } from './kernels.ts';
import { scalarReduce } from './scalar-reduce.ts';

const CELL = 500;
const FIGURES_CELL = 5000;
const TIMES = 10;
const COARSEST_CELLS = 1000;

/** A recording as a test wants it: what is left out is like most. */
export interface CaptureFile extends Partial<CaptureReply> {
  readonly id: string;
  readonly samples?: number;
}

/** What there is to say of a recording of 10 MS/s that a person made. */
export function captureReply(file: CaptureFile): CaptureReply {
  const samples = file.samples ?? 0;
  const index = 1_000_000_000;
  const triggerMs = Date.UTC(2026, 10, 21, 5, 7, 32, 123);
  return {
    state: 'ready',
    channel: 'pmt-1',
    label: 'Etch 1 · view A',
    stream: 'a1b2c3',
    unit: 'V',
    datatype: 'ri16_le',
    rateHz: 10_000_000,
    scale: 1e-5,
    offset: 0,
    triggerSample: index + Math.floor(samples / 2),
    triggerMs,
    from: index,
    to: index + samples,
    segments: samples === 0 ? [] : [{ start: 0, index, samples, timeMs: triggerMs - samples / 20_000 }],
    overtaken: 0,
    bytes: 2 * samples,
    sha512: '0'.repeat(128),
    cause: { kind: 'person', comment: '' },
    createdMs: triggerMs,
    overview: {
      cell: CELL,
      levels: levelsOf(samples, CELL),
      figures: { cell: FIGURES_CELL, levels: levelsOf(samples, FIGURES_CELL) },
    },
    ...file,
    samples,
  };
}

/** Segments of a file that lie after one another in the stream with `gap` samples missing between them. */
export function segmentsWithGaps(
  lengths: readonly number[],
  { index, gap, rateHz, timeMs }: { index: number; gap: number; rateHz: number; timeMs: number },
): CaptureSegment[] {
  let start = 0;
  let at = index;
  return lengths.map((samples) => {
    const segment = { start, index: at, samples, timeMs: timeMs + ((at - index) * 1000) / rateHz };
    start += samples;
    at += samples + gap;
    return segment;
  });
}

/** Writes samples as a recording and its overview; both lie beside each other under the identifier. */
export async function writeCapture(
  folder: string,
  samples: SampleArray,
  capture: CaptureReply,
  annotations: readonly Annotation[] = [],
): Promise<void> {
  const writer = await RecordingWriter.create(captureFiles(folder, capture.id).base, {
    datatype: capture.datatype,
    rateHz: capture.rateHz,
  });
  await writer.append(bytesOf(samples));
  await writer.finish({ captures: [{ 'core:sample_start': 0 }], annotations: [...annotations] });
  writeFileSync(
    captureFiles(folder, capture.id).overview,
    new Uint8Array(overviewOf(samples, capture.fullScale).buffer),
  );
}

/** The overview of samples, cell by cell as it is defined. */
export function overviewOf(samples: SampleArray, fullScale = fullScaleOf(samples)): Float64Array<ArrayBuffer> {
  const extremes = levelsOf(samples.length, CELL).map((count, level) => cellsOf(samples, count, CELL * TIMES ** level));
  const figures: Summary[][] = [];
  for (const count of levelsOf(samples.length, FIGURES_CELL)) {
    const finer = figures.at(-1);
    figures.push(
      Array.from({ length: count }, (_, i) =>
        finer === undefined
          ? scalarReduce(samples.subarray(i * FIGURES_CELL, (i + 1) * FIGURES_CELL), fullScale)
          : finer.slice(i * TIMES, (i + 1) * TIMES).reduce(mergeSummaries),
      ),
    );
  }
  const numbers = figures.flat().map((it) => [it.mean, it.m2, it.count, it.clipped, it.nonfinite]);
  return Float64Array.from([...extremes, ...numbers].flat());
}

function fullScaleOf(samples: SampleArray): readonly [number, number] {
  return defaultFullScale(SAMPLE_TYPES.find((type) => samples instanceof SAMPLE_ARRAYS[type])!);
}

function cellsOf(samples: SampleArray, count: number, size: number): number[] {
  return Array.from({ length: count }, (_, cell) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = cell * size; i < Math.min(samples.length, (cell + 1) * size); i++) {
      if (!Number.isFinite(samples[i])) continue;
      low = Math.min(low, samples[i]);
      high = Math.max(high, samples[i]);
    }
    return low <= high ? [low, high] : [NaN, NaN];
  }).flat();
}

function levelsOf(samples: number, cell: number): number[] {
  const levels: number[] = [];
  for (let count = Math.ceil(samples / cell); count > 0; count = Math.ceil(count / TIMES)) {
    levels.push(count);
    if (count <= COARSEST_CELLS) return levels;
  }
  return levels;
}
