import { PlasmaLight, type PlasmaOptions, type Truth } from '../../server/ingest/simulator/plasma-light.ts';
import { VOLTS_PER_COUNT } from '../../server/ingest/simulator/shot-noise.ts';
import type { KernelModule } from '../../server/kernels/module.ts';
import { ReduceKernel } from '../../server/kernels/reduce-kernel.ts';
import { RunCutter, type RunInput } from '../../server/model/run-cutter.ts';
import { scaleSummary } from '../../server/trend/summary.ts';

/** A run of a simulated channel, and what happened meanwhile. */
export interface SimulatedRun {
  /** rows × length. */
  readonly values: Float32Array;
  /** What went wrong in it, seen or not. */
  readonly touching: readonly Truth[];
  /** Of those, what enough of is in the run to be seen. */
  readonly seen: readonly Truth[];
}

export interface SimulatedChannel extends Pick<PlasmaOptions, 'seed' | 'rateHz' | 'anomaliesPerMinute' | 'noise'> {
  readonly module: KernelModule;
  readonly input: RunInput;
  readonly seconds: number;
}

const FIRST_RUN_MS = 3000;

/** The runs of a simulated channel in as little time as it takes: sampled, reduced and cut as those of a device are. */
export function simulatedRuns({ module, input, seconds, ...options }: SimulatedChannel): SimulatedRun[] {
  const { rateHz } = options;
  const { length, pointsPerSecond } = input;
  const size = rateHz / pointsPerSecond;
  const kernel = new ReduceKernel(module, { type: 'i16', stagingBytes: size * Int16Array.BYTES_PER_ELEMENT });
  const { buffer, byteOffset } = kernel.staging;
  const samples = new Int16Array(buffer, byteOffset, size);
  const truths: Truth[] = [];
  const light = new PlasmaLight({
    ...options,
    firstRunMs: FIRST_RUN_MS,
    onTruth: (truth) => {
      if (truth.kind !== 'run') truths.push(truth);
    },
  });
  const runs: { first: number; values: Float32Array }[] = [];
  const cutter = new RunCutter(input, (run) => {
    if (run.kind !== 'complete') throw new Error('a run is incomplete');
    runs.push(run);
  });
  for (let index = 0; index < seconds * pointsPerSecond; index++) {
    light.render(samples);
    kernel.fold(0, size);
    cutter.add({
      channel: options.seed,
      stream: options.seed,
      index,
      size,
      rateHz,
      timeNs: (BigInt(index) * 1_000_000_000n) / BigInt(pointsPerSecond),
      arrivedMs: 0,
      summary: scaleSummary(kernel.finish(), VOLTS_PER_COUNT, 0),
      flags: 0,
    });
  }
  light.finish();
  const pointMs = 1000 / pointsPerSecond;
  const toMs = (sample: number) => (1000 * sample) / rateHz;
  return runs.map(({ first, values }) => {
    const [fromMs, endMs] = [first * pointMs, (first + length) * pointMs];
    const touching = truths.filter((truth) => toMs(truth.last) >= fromMs && toMs(truth.first) < endMs);
    const seen = touching.filter(({ kind, first, last }) =>
      isSeen(kind, toMs(first) - fromMs, toMs(last) - fromMs, endMs - fromMs),
    );
    return { values, touching, seen };
  });
}

// Whether enough of what lasts from `from` to `to`, ms of a run, is in it to be told from what is normal.
function isSeen(kind: Truth['kind'], from: number, to: number, length: number): boolean {
  const inside = Math.min(to, length) - Math.max(from, 0);
  const isEdge = (at: number) => at >= 200 && at <= length - 200;
  switch (kind) {
    case 'flicker':
      return inside >= 1000;
    case 'drift':
      return inside >= 3000;
    case 'mode-jump':
      return isEdge(from) || isEdge(to);
    case 'late-ignition':
      return from >= 0 && to <= length - 1000;
    default:
      return from >= 0 && to <= length;
  }
}
