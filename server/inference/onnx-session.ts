import * as ort from 'onnxruntime-web/wasm';

// Threads of its own would be more than a model of this size needs, and cannot be ended with the one that runs it.
const THREADS = 1;

/** What goes in and out of a graph: f32, row-major. */
export interface FloatTensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/**
 * One ONNX graph, ready to run. This is the only file that names the runtime.
 * It runs on the thread that asks, and cannot be stopped there.
 */
export class OnnxSession {
  readonly #session: ort.InferenceSession;

  /** Rejects with the runtime's own words where the bytes are no model that it can run. */
  static async open(model: Uint8Array): Promise<OnnxSession> {
    ort.env.wasm.numThreads = THREADS;
    ort.env.logLevel = 'error';
    return new OnnxSession(await ort.InferenceSession.create(model));
  }

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  /** Runs the graph on inputs by name. Outputs that are not f32 are left out. */
  async run(inputs: Readonly<Record<string, FloatTensor>>): Promise<Readonly<Record<string, FloatTensor>>> {
    const feeds = Object.entries(inputs).map(
      ([name, { data, shape }]) => [name, new ort.Tensor('float32', data, shape)] as const,
    );
    const results = await this.#session.run(Object.fromEntries(feeds));
    const floats = Object.entries(results).flatMap(([name, { data, dims }]) =>
      data instanceof Float32Array ? [[name, { data, shape: dims }] as const] : [],
    );
    return Object.fromEntries(floats);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
