import * as ort from 'onnxruntime-web/wasm';

// Threads of its own would be more than a model of this size needs, and cannot be ended with the one that runs it.
const THREADS = 1;

/** What goes in and out of a graph: f32, row-major. */
export interface FloatTensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** What a graph says of one of its inputs or outputs. */
export interface GraphValue {
  readonly name: string;
  /** Such as `float32` and `int64`; undefined where it is no tensor but a list or a map. */
  readonly type: string | undefined;
  /** A size, or undefined where it is known only when the graph runs. */
  readonly shape: readonly (number | undefined)[];
}

const MESSAGE_CHARACTERS = 300;
/** A size that has no name either is -1, which the runtime tells without its sign. */
const GREATEST_SIZE = 2 ** 31 - 1;

/** A graph that cannot be opened or run, in the runtime's own words. */
export class OnnxFailure extends Error {
  /** The runtime itself has failed: no other graph of this thread can be trusted to it any more. */
  readonly isBroken: boolean;

  constructor(error: unknown) {
    const text = error instanceof Error ? error.message : String(error);
    super(
      text
        .replace(/^.*ERROR_MESSAGE: /s, '')
        .trim()
        .slice(0, MESSAGE_CHARACTERS),
      { cause: error },
    );
    this.name = 'OnnxFailure';
    this.isBroken = !text.includes('ERROR_CODE'); // what the runtime gives back, rather than dies of, has one
  }
}

/**
 * One ONNX graph, ready to run. The runtime is named here and, for where its
 * files lie, by the worker of `client/inference`.
 * It runs on the thread that asks, and cannot be stopped there.
 */
export class OnnxSession {
  readonly #session: ort.InferenceSession;

  /** Rejects with `OnnxFailure` where the bytes are no model that it can run. */
  static async open(model: Uint8Array): Promise<OnnxSession> {
    ort.env.wasm.numThreads = THREADS;
    ort.env.logLevel = 'fatal'; // what is wrong comes with the error
    try {
      return new OnnxSession(await ort.InferenceSession.create(model));
    } catch (error) {
      throw new OnnxFailure(error);
    }
  }

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  get inputs(): readonly GraphValue[] {
    return this.#session.inputMetadata.map(graphValue);
  }

  get outputs(): readonly GraphValue[] {
    return this.#session.outputMetadata.map(graphValue);
  }

  /**
   * Runs the graph on inputs by name, for the outputs of `names`. Outputs that are not f32 are left out. Rejects with
   * `OnnxFailure`.
   */
  async run(
    inputs: Readonly<Record<string, FloatTensor>>,
    names: readonly string[] = this.#session.outputNames,
  ): Promise<Readonly<Record<string, FloatTensor>>> {
    const feeds = Object.entries(inputs).map(
      ([name, { data, shape }]) => [name, new ort.Tensor('float32', data, shape)] as const,
    );
    const results = await this.#session.run(Object.fromEntries(feeds), names).catch((error: unknown) => {
      throw new OnnxFailure(error);
    });
    const floats = Object.entries(results).flatMap(([name, { data, dims }]) =>
      data instanceof Float32Array ? [[name, { data, shape: dims }] as const] : [],
    );
    return Object.fromEntries(floats);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

function graphValue(value: ort.InferenceSession.ValueMetadata): GraphValue {
  if (!value.isTensor) return { name: value.name, type: undefined, shape: [] };
  const isKnown = (size: number | string) => typeof size === 'number' && size > 0 && size <= GREATEST_SIZE;
  const shape = value.shape.map((size) => (isKnown(size) ? (size as number) : undefined));
  return { name: value.name, type: value.type, shape };
}
