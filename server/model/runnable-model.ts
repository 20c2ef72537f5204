import { faultInWords } from '../trend/model-fault.ts';
import type { ModelManifest } from './manifest.ts';
import { type FloatTensor, OnnxFailure, OnnxSession } from './onnx-session.ts';

/** What a model runs from. */
export interface ModelFiles {
  readonly manifest: ModelManifest;
  /** Of `model.onnx`. */
  readonly bytes: Uint8Array;
}

/** What a model says of a batch of runs. */
export interface Outputs {
  /** runs × classes, row-major. */
  readonly probabilities: Float32Array;
  /** Of each run; undefined where the model has no such output. */
  readonly unknown: Float32Array | undefined;
  /** Of each run, why its figures say nothing; undefined where they do. */
  readonly faults: readonly (string | undefined)[];
}

/** How far the probabilities of a run may be from adding up to 1. */
export const SUM_TOLERANCE = 1e-4;
/** How far a probability may be beyond 0 and 1: rounding of f32. */
const RANGE_TOLERANCE = 1e-6;

/** Whether a model's graph or its outputs are to blame for an error of `RunnableModel`. */
export function isModelFailure(error: unknown): error is OnnxFailure | RangeError {
  return error instanceof OnnxFailure || error instanceof RangeError;
}

/** A model whose graph is open, on the thread that runs it. */
export class RunnableModel {
  readonly manifest: ModelManifest;
  readonly session: OnnxSession;

  /** Rejects with `OnnxFailure`. */
  static async open({ manifest, bytes }: ModelFiles): Promise<RunnableModel> {
    return new RunnableModel(manifest, await OnnxSession.open(bytes));
  }

  private constructor(manifest: ModelManifest, session: OnnxSession) {
    this.manifest = manifest;
    this.session = session;
  }

  /**
   * Runs `values`, runs × rows × length. Rejects with `OnnxFailure` where the
   * graph fails, with a `RangeError` where its outputs are not of the shape
   * that the manifest says; a run whose figures are wrong has a fault.
   */
  async run(values: Float32Array): Promise<Outputs> {
    const { input, outputs, classes } = this.manifest;
    const width = input.rows.length * input.length;
    const runs = values.length / width;
    const shape = input.layout === 'flat' ? [runs, width] : [runs, input.rows.length, input.length];
    const names = [outputs.probabilities, outputs.unknown].filter((name) => name !== undefined);
    const results = await this.session.run({ [input.name]: { data: values, shape } }, names);
    const probabilities = dataOf(results, outputs.probabilities, [runs, classes.length]);
    const unknown = outputs.unknown === undefined ? undefined : dataOf(results, outputs.unknown, [runs]);
    const faults = Array.from({ length: runs }, (_, i) => {
      const row = probabilities.subarray(i * classes.length, (i + 1) * classes.length);
      return (
        faultOf(row) ??
        (unknown !== undefined && !Number.isFinite(unknown[i])
          ? faultInWords({ code: 'SCORE_VALUE', found: String(unknown[i]) })
          : undefined)
      );
    });
    return { probabilities, unknown, faults };
  }
}

/** A last size of 1 more is no difference: some exporters keep the column. */
function dataOf(
  results: Readonly<Record<string, FloatTensor>>,
  name: string,
  expected: readonly number[],
): Float32Array {
  const found = results[name];
  if (found === undefined) throw new RangeError(faultInWords({ code: 'OUTPUT_TYPE', detail: name }));
  const { shape, data } = found;
  const sizes = shape.length === expected.length + 1 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
  if (sizes.length !== expected.length || sizes.some((size, i) => size !== expected[i])) {
    const sizes = { found: shape.join(', '), expected: expected.join(', ') };
    throw new RangeError(faultInWords({ code: 'OUTPUT_SHAPE', detail: name, ...sizes }));
  }
  return data;
}

function faultOf(probabilities: Float32Array): string | undefined {
  let sum = 0;
  for (const probability of probabilities) {
    if (!(probability >= -RANGE_TOLERANCE && probability <= 1 + RANGE_TOLERANCE)) {
      return faultInWords({ code: 'PROBABILITY_RANGE', found: String(probability) });
    }
    sum += probability;
  }
  if (Math.abs(sum - 1) <= SUM_TOLERANCE) return undefined;
  return faultInWords({ code: 'PROBABILITY_SUM', found: sum.toPrecision(6) });
}
