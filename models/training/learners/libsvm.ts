import { createRequire } from 'node:module';
import type { SvmClass } from 'libsvm-js';

/** Two classes by the kernel between their runs: those of the first, then those of the second. */
export interface PairProblem {
  /** Of each run, the kernels between it and all of them. */
  readonly kernel: readonly Float32Array[];
  /** Runs of the first class. */
  readonly first: number;
  /** What an error of a run of the first class costs, and of the second. */
  readonly costs: readonly [number, number];
}

/** A run x is of the first class where Σ coefficient · kernel(run, x) is at least the offset. */
export interface PairSolution {
  /** Places among the pair's runs of those that count, ascending. */
  readonly places: readonly number[];
  readonly coefficients: readonly number[];
  readonly offset: number;
}

/** Solves C-SVC for pairs of classes by libsvm 3.22, in WebAssembly: 16 bytes for each two runs, which stay with the thread. */
export class PairSolver {
  readonly #svm: SvmClass;

  static async load(): Promise<PairSolver> {
    const require = createRequire(import.meta.url);
    // It says that it cannot fetch the file, as a browser would, before it reads it.
    require('libsvm-js/out/wasm/libsvm.js').printErr = () => undefined;
    return new PairSolver(await require('libsvm-js'));
  }

  private constructor(svm: SvmClass) {
    this.#svm = svm;
  }

  /** A class without runs is never found. */
  solve({ kernel, first, costs }: PairProblem): PairSolution {
    if (first === 0) return { places: [], coefficients: [], offset: 1 };
    if (first === kernel.length) return { places: [], coefficients: [], offset: -1 };
    const svm = new this.#svm({
      type: this.#svm.SVM_TYPES.C_SVC,
      kernel: this.#svm.KERNEL_TYPES.PRECOMPUTED,
      cost: 1,
      weight: { 0: costs[0], 1: costs[1] },
      quiet: true,
    });
    try {
      svm.train(
        kernel.map(numbered),
        kernel.map((_, place) => (place < first ? 0 : 1)),
      );
      return parseSolution(svm.serializeModel());
    } finally {
      svm.free();
    }
  }
}

// libsvm takes a run for one of its own by the number, from 1, before its kernels.
function numbered(row: Float32Array, place: number): Float32Array {
  const whole = new Float32Array(row.length + 1);
  whole[0] = place + 1;
  whole.set(row, 1);
  return whole;
}

// After the header, which names the offset rho, a line a support vector: `coefficient 0:place`.
function parseSolution(text: string): PairSolution {
  const offset = Number(/^rho (\S+)$/m.exec(text)?.[1]);
  const vectors = [...text.slice(text.indexOf('\nSV\n')).matchAll(/^(\S+) 0:(\d+) *$/gm)];
  const expected = Number(/^total_sv (\d+)$/m.exec(text)?.[1]);
  if (!Number.isFinite(offset) || vectors.length !== expected) {
    throw new Error(`${vectors.length} support vectors and offset ${offset}, of ${expected} vectors that libsvm names`);
  }
  return {
    places: vectors.map(([, , place]) => Number(place) - 1),
    coefficients: vectors.map(([, coefficient]) => Number(coefficient)),
    offset,
  };
}
