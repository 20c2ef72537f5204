import { parentPort, workerData } from 'node:worker_threads';
import { loadKernels } from '../../../server/compute/load-kernels.ts';
import { createNoiseTables } from '../../../server/ingest/simulator/shot-noise.ts';
import { runText } from '../datasets/run-text.ts';
import type { GeneratedBlock, GenerateTask, RunBlock } from './generate-runs.ts';
import { plasmaInput } from './input.ts';
import { RunGenerator } from './run-generator.ts';

// Generates the runs that it is told to, as lines of CSV. Ended from outside.

const { wasm, seed, rows, rateHz, alignment } = workerData as GenerateTask & { readonly wasm: string };
const port = parentPort as NonNullable<typeof parentPort>;
const module = await loadKernels(new URL(wasm));
const input = plasmaInput(alignment, rows);
const generator = new RunGenerator({ module, seed, input, rateHz, noise: createNoiseTables(seed) });

port.on('message', ({ first, runs }: RunBlock) => {
  const lines = Array.from({ length: runs }, (_, i) => {
    const { scenario, values } = generator.generate(first + i);
    return `${runText(values)},${scenario.plasmaClass.label}\n`;
  });
  const block: GeneratedBlock = { first, runs, text: lines.join('') };
  port.postMessage(block);
});
