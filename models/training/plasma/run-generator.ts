import { Random } from '../../../server/ingest/simulator/random.ts';
import {
  NOMINAL_LEVEL,
  type NoiseTables,
  scaleNoise,
  VOLTS_PER_COUNT,
} from '../../../server/ingest/simulator/shot-noise.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { ReduceKernel } from '../../../server/kernels/reduce-kernel.ts';
import type { ModelInput } from '../../../server/model/manifest.ts';
import type { CompleteRun, Run } from '../../../server/model/run.ts';
import { RunCutter } from '../../../server/model/run-cutter.ts';
import { scaleSummary } from '../../../server/trend/summary.ts';
import type { TrendWindow } from '../../../server/trend/trend-window.ts';
import { POINTS_PER_SECOND } from './input.ts';
import { RunLight } from './run-light.ts';
import { drawScenario, type Scenario } from './scenario.ts';

export interface GeneratorOptions {
  readonly module: KernelModule;
  readonly seed: string;
  readonly input: ModelInput;
  /** Samples a second: a multiple of `RATE_STEP_HZ`. */
  readonly rateHz: number;
  /** Of the simulator's nominal light. */
  readonly noise: NoiseTables;
}

export interface GeneratedRun {
  readonly scenario: Scenario;
  /** rows × length. */
  readonly values: Float32Array<ArrayBuffer>;
}

const SAMPLE_BYTES = 2;
const WINDOW_NS = BigInt(1e9 / POINTS_PER_SECOND);
/** Of half a millisecond there is an even number of samples. */
export const RATE_STEP_HZ = 4000;
const LIMIT_WINDOWS = 2000; // a run is cut long before

/**
 * Generates runs, each from the seed and its number alone: light, sampled into
 * the memory of the reduction, reduced there as a device's samples are, and cut
 * as the server cuts. Not for two runs at a time.
 */
export class RunGenerator {
  readonly #options: GeneratorOptions;
  readonly #kernel: ReduceKernel;
  readonly #samples: Int16Array<ArrayBuffer>;
  readonly #noise: NoiseTables;

  constructor(options: GeneratorOptions) {
    this.#options = options;
    const size = options.rateHz / POINTS_PER_SECOND;
    this.#kernel = new ReduceKernel(options.module, { type: 'i16', stagingBytes: size * SAMPLE_BYTES });
    const { buffer, byteOffset } = this.#kernel.staging;
    this.#samples = new Int16Array(buffer, byteOffset, size);
    this.#noise = scaleNoise(options.noise, 1);
  }

  /** Generates run `number`. */
  generate(number: number): GeneratedRun {
    const { seed: all, input, noise, rateHz } = this.#options;
    const seed = `${all}/run-${number}`;
    const random = new Random(seed);
    const scenario = drawScenario(random, input.alignment.kind);
    scaleNoise(noise, scenario.shotNoise * Math.sqrt(scenario.level / NOMINAL_LEVEL), this.#noise);
    const light = new RunLight(scenario, { random, seed: `${seed}/noise`, noise: this.#noise, rateHz });

    let run: Run | undefined;
    const cutter = new RunCutter(input, (cut) => {
      run ??= cut;
    });
    for (let index = 0; run === undefined && index < LIMIT_WINDOWS; index++) cutter.add(this.#window(index, light));
    const { values } = asComplete(run, seed);
    return { scenario, values };
  }

  #window(index: number, light: RunLight): TrendWindow {
    light.render(this.#samples);
    this.#kernel.fold(0, this.#samples.length);
    return {
      channel: 'generated',
      stream: 'generated',
      index,
      size: this.#samples.length,
      rateHz: this.#options.rateHz,
      timeNs: BigInt(index) * WINDOW_NS,
      arrivedMs: 0,
      summary: scaleSummary(this.#kernel.finish(), VOLTS_PER_COUNT, 0),
      flags: 0,
    };
  }
}

function asComplete(run: Run | undefined, seed: string): CompleteRun {
  if (run?.kind === 'complete') return run;
  throw new Error(`${seed} gave ${run === undefined ? 'no run' : 'an incomplete run'}`);
}
