import { type Dataset, sharedFloats } from '../../models/training/dataset.ts';
import { generateRuns } from '../../models/training/plasma/generate-runs.ts';
import type { Alignment } from '../../server/model/manifest.ts';

const BUILD = new URL('../../build/', import.meta.url);
const LENGTH = 972;

/** The figures of a generated run, in the order of its rows. */
export const GENERATED_ROWS = ['min', 'max', 'mean'] as const;

export interface GeneratedRunsOptions {
  runs: number;
  seed: string;
  rateHz: number;
  /** `sliding` unless said. */
  alignment?: Alignment['kind'];
}

/** Runs of three rows, generated as `fenestra generate plasma` does, on two threads. */
export async function generatedRuns(options: GeneratedRunsOptions): Promise<Dataset> {
  const blocks = generateRuns({
    alignment: 'sliding',
    ...options,
    rows: GENERATED_ROWS.length,
    threads: 2,
    worker: new URL('program/generate-worker.js', BUILD),
    wasm: new URL('assembly/kernels.wasm', BUILD),
  });
  const width = GENERATED_ROWS.length * LENGTH;
  const values = sharedFloats(options.runs * width);
  const labels: number[] = [];
  for await (const block of blocks) {
    for (const line of block.text.trimEnd().split('\n')) {
      const numbers = line.split(',').map(Number);
      values.set(numbers.slice(0, -1), labels.length * width);
      labels.push(numbers.at(-1)!);
    }
  }
  const classes = ['0', '1', '2', '3', '4', '5', '6'];
  const shape = { runs: options.runs, rows: GENERATED_ROWS.length, length: LENGTH };
  return { ...shape, values, labels: Int32Array.from(labels), classes, source: '', sha256: '' };
}
