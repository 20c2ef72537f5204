import type { ModelManifest } from '../model/manifest.ts';
import type { GraphValue } from '../model/onnx-session.ts';
import { isModelFailure, type Outputs, type RunnableModel } from '../model/runnable-model.ts';
import { BATCH_RUNS, boxMs, FIRST_RUN_LIMIT_MS, TRIAL_LIMIT_MS } from '../model/time-limits.ts';
import { type Finding, failed, passed } from './finding.ts';
import { plausibleRun, randomRuns, type TrialRuns, zeroRun } from './trial-runs.ts';

/** How much the outputs of a run alone and in a batch may differ, of numbers about 1. */
export const BATCH_TOLERANCE = 1e-4;
/** Repeats, of which the quickest counts. */
const REPEATS = 3;

/** Whoever tries a model is told before each step, so that one that does not end can be cut off and named. */
export interface TrialSteps {
  begin(what: string, limitMs: number): void;
  /** How long the thread has run, ms, to a few of them; undefined where the system does not tell. */
  ranMs(): number | undefined;
}

/** Looks at what a graph says of itself and, where that is right, runs it. */
export async function tryModel(model: RunnableModel, steps: TrialSteps): Promise<Finding[]> {
  const declared = declaredFindings(model.manifest, model.session);
  if (declared.some(({ isFit }) => !isFit)) return declared;
  return [...declared, ...(await new Trial(model, steps).findings())];
}

/** Names, types and shapes of a graph's inputs and outputs. */
export function declaredFindings(
  { input, outputs, classes }: ModelManifest,
  graph: { readonly inputs: readonly GraphValue[]; readonly outputs: readonly GraphValue[] },
): Finding[] {
  const width = input.rows.length * input.length;
  const shape = input.layout === 'flat' ? [width] : [input.rows.length, input.length];
  const found = graph.inputs.map(({ name }) => name).join(', ') || 'none';
  const [only] = graph.inputs;
  const findings =
    graph.inputs.length !== 1 || only?.name !== input.name
      ? [failed('input', `the graph's inputs are ${found}; expected one, ${input.name}`)]
      : [valueFinding('input', only, shape)];
  const wanted: (readonly [name: string | undefined, shape: readonly number[]])[] = [
    [outputs.probabilities, [classes.length]],
    [outputs.unknown, []],
  ];
  for (const [name, sizes] of wanted) {
    if (name === undefined) continue;
    const value = graph.outputs.find((output) => output.name === name);
    const names = graph.outputs.map((output) => output.name).join(', ') || 'none';
    findings.push(
      value === undefined
        ? failed('outputs', `the graph's outputs are ${names}; expected ${name} among them`)
        : valueFinding('outputs', value, sizes),
    );
  }
  return findings;
}

/** Sizes that the graph leaves open are seen when it runs. */
function valueFinding(check: string, { name, type, shape }: GraphValue, sizes: readonly number[]): Finding {
  if (type === undefined) {
    return failed(check, `${name} is no tensor; expected f32 (from scikit-learn: export with zipmap=False)`);
  }
  if (type !== 'float32') return failed(check, `${name} is ${type}; expected float32`);
  const [batch, ...rest] = shape;
  const expected = `[batch${sizes.map((size) => `, ${size}`).join('')}]`;
  const has = `${name} has shape [${shape.map((size) => size ?? 'any').join(', ')}]`;
  if (shape.length > 0 && batch !== undefined) {
    return failed(check, `${has}; expected ${expected}, with batches of any size`);
  }
  const isColumn = rest.length === sizes.length + 1 && (rest.at(-1) ?? 1) === 1;
  const isAlike = rest.length === sizes.length && rest.every((size, i) => size === undefined || size === sizes[i]);
  const isOpen = shape.length === 0; // nothing is said of it
  if (!isOpen && !isAlike && !(check === 'outputs' && isColumn)) return failed(check, `${has}; expected ${expected}`);
  return passed(check, `${name} float32 ${expected}`);
}

class Trial {
  readonly #model: RunnableModel;
  readonly #steps: TrialSteps;
  readonly #findings: Finding[] = [];

  constructor(model: RunnableModel, steps: TrialSteps) {
    this.#model = model;
    this.#steps = steps;
  }

  async findings(): Promise<Finding[]> {
    try {
      await this.#tryAll();
    } catch (error) {
      if (!isModelFailure(error)) throw error;
      this.#findings.push(failed('runs', `${this.#step}: ${error.message}`));
    }
    return this.#findings;
  }

  #step = '';

  async #tryAll(): Promise<void> {
    const { input } = this.#model.manifest;
    const batch = randomRuns(input, BATCH_RUNS);
    const tried = [
      await this.#judge(zeroRun(input), FIRST_RUN_LIMIT_MS),
      await this.#judge(batch, FIRST_RUN_LIMIT_MS),
      await this.#judge(plausibleRun(input), TRIAL_LIMIT_MS),
    ];
    if (this.#findings.length > 0) return;
    this.#findings.push(passed('runs', `${tried.join(', ')}: finite, probabilities that add up to 1`));
    await this.#compare(batch);
  }

  async #judge(runs: TrialRuns, limitMs: number): Promise<string> {
    const { faults } = await this.#run(runs, limitMs);
    const fault = faults.find((found) => found !== undefined);
    if (fault !== undefined) this.#findings.push(failed('runs', `${runs.name}: ${fault}`));
    return runs.name;
  }

  /** In time, twice the same, and alone the same as in a batch. */
  async #compare(batch: TrialRuns): Promise<void> {
    const { input } = this.#model.manifest;
    const width = input.rows.length * input.length;
    const alone = Array.from({ length: BATCH_RUNS }, (_, run) => batch.values.slice(run * width, (run + 1) * width));
    await this.#time('a run alone', { name: 'a random run', values: alone[0] });
    const first = await this.#time(`a batch of ${BATCH_RUNS}`, batch);
    if (this.#findings.some(({ isFit }) => !isFit)) return;

    let [worst, at] = [0, 0];
    for (const [run, values] of alone.entries()) {
      const outputs = await this.#run({ name: 'a random run', values }, TRIAL_LIMIT_MS);
      const difference = differenceOf(outputs, outputsAt(first, run));
      if (difference > worst) [worst, at] = [difference, run];
    }
    const message = `alone and in a batch of ${BATCH_RUNS} a run differs by ${worst.toPrecision(3)}`;
    this.#findings.push(
      worst <= BATCH_TOLERANCE
        ? passed('runs', message)
        : failed('runs', `${message}, run ${at} of it; expected at most ${BATCH_TOLERANCE}`),
    );
  }

  /** Whether the same figures come each time, and the quickest of them in time. */
  async #time(what: string, runs: TrialRuns): Promise<Outputs> {
    const [first, firstMs] = await this.#timed(runs);
    let leastMs = firstMs;
    for (let repeat = 1; repeat < REPEATS; repeat++) {
      const [again, ms] = await this.#timed(runs);
      leastMs = Math.min(leastMs, ms);
      if (differenceOf(first, again) === 0) continue;
      this.#findings.push(failed('runs', `${runs.name}: two calls give different figures; expected the same`));
      return first;
    }
    this.#findings.push(timeFinding(what, leastMs, boxMs(first.faults.length)));
    return first;
  }

  async #timed(runs: TrialRuns): Promise<[Outputs, ms: number]> {
    const [beganMs, ranMs] = [performance.now(), this.#steps.ranMs()];
    const outputs = await this.#run(runs, TRIAL_LIMIT_MS);
    const tookMs = performance.now() - beganMs;
    const nowMs = this.#steps.ranMs();
    // Where it took too long, the machine may have been busy with something else.
    const isLate = tookMs > boxMs(outputs.faults.length) && nowMs !== undefined && ranMs !== undefined;
    return [outputs, isLate ? nowMs - ranMs : tookMs];
  }

  #run(runs: TrialRuns, limitMs: number): Promise<Outputs> {
    this.#step = runs.name;
    this.#steps.begin(runs.name, limitMs);
    return this.#model.run(runs.values);
  }
}

function timeFinding(what: string, ms: number, box: number): Finding {
  const took = `${what} takes ${ms.toFixed(1)} ms`;
  return ms <= box ? passed('time', `${took} of ${box} ms`) : failed('time', `${took}; expected at most ${box} ms`);
}

function outputsAt({ probabilities, unknown, faults }: Outputs, run: number): Outputs {
  const classes = probabilities.length / faults.length;
  return {
    probabilities: probabilities.subarray(run * classes, (run + 1) * classes),
    unknown: unknown?.subarray(run, run + 1),
    faults: [faults[run]],
  };
}

/** The largest between two figures; relative where they are beyond 1, as unknown scores may be. */
function differenceOf(a: Outputs, b: Outputs): number {
  const figures = [...a.probabilities, ...(a.unknown ?? [])];
  const others = [...b.probabilities, ...(b.unknown ?? [])];
  return figures.reduce((worst, figure, i) => {
    const difference = Math.abs(figure - others[i]) / Math.max(1, Math.abs(figure));
    return Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }, 0);
}
