import type { onnx } from 'onnx-proto';
// CommonJS, whose names Node finds in the default export alone.
import onnxProto from 'onnx-proto';

/** Element types of tensors that graphs here use. */
export const TensorType = { float: 1, int16: 5, int64: 7, string: 8, bool: 9, double: 11 } as const;

export type TensorData = Float32Array | Float64Array | Int16Array | BigInt64Array;
export type Attribute =
  | number
  | bigint
  | string
  | readonly number[]
  | readonly bigint[]
  | readonly string[]
  | Floats
  | GraphBuilder;

/** Attribute values that are floats even where they are whole numbers. */
export interface Floats {
  readonly floats: ArrayLike<number>;
}

/** A dimension: a size, or the name of one that is only known at run time. */
export type Dimension = number | string;

export interface GraphDomain {
  readonly domain: '' | 'ai.onnx.ml';
  readonly version: number;
}

/** Operators of ONNX 1.10, which any runtime since 2021 knows, and ONNX-ML 2. */
export const OPSETS: readonly GraphDomain[] = [
  { domain: '', version: 15 },
  { domain: 'ai.onnx.ml', version: 2 },
];
const IR_VERSION = 8;

interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: GraphDomain['domain'];
  readonly outputs?: number;
}

/**
 * Builds one ONNX graph, node by node. A node returns the name of its output,
 * which later nodes take as input; constants become initializers. A graph that
 * is an attribute of a node, such as the body of a loop, sees the names of the
 * graph around it, and its own name begins all of its own.
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #prefix: string;
  readonly #nodes: onnx.INodeProto[] = [];
  readonly #initializers: onnx.ITensorProto[] = [];
  readonly #inputs: onnx.IValueInfoProto[] = [];
  readonly #outputs: onnx.IValueInfoProto[] = [];
  #count = 0;

  constructor(name: string, around?: GraphBuilder) {
    this.#name = name;
    this.#prefix = around === undefined ? '' : `${around.#prefix}${name}_`;
  }

  /** Declares an input, f32 if nothing else is said, and returns its name. */
  input(name: string, shape: readonly Dimension[], type: number = TensorType.float): string {
    this.#inputs.push(valueInfo(name, shape, type));
    return name;
  }

  /** Makes `value` an output of the graph with that name and shape, f32 if nothing else is said. */
  output(name: string, value: string, shape: readonly Dimension[], type: number = TensorType.float): void {
    this.#nodes.push({ opType: 'Identity', name: `output_${name}`, input: [value], output: [name] });
    this.#outputs.push(valueInfo(name, shape, type));
  }

  /** Stores a tensor and returns its name. */
  constant(data: TensorData, shape: readonly number[]): string {
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (size !== data.length) throw new RangeError(`${data.length} values for a tensor of shape [${shape}]`);
    const name = this.#nextName('constant');
    const bytes = new Uint8Array(data.length * data.BYTES_PER_ELEMENT);
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#initializers.push({ name, dims: [...shape], dataType: typeOf(data), rawData: bytes });
    return name;
  }

  /** Adds a conversion to another element type. */
  cast(value: string, to: keyof typeof TensorType): string {
    return this.add('Cast', [value], { attributes: { to: BigInt(TensorType[to]) } });
  }

  /** An f32 scalar. */
  scalar(value: number): string {
    return this.constant(Float32Array.of(value), []);
  }

  /** An int64 vector: axes, shapes, indices. */
  integers(...values: readonly number[]): string {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** Adds a node with one output and returns that output's name. */
  add(op: string, inputs: readonly string[], options: Omit<NodeOptions, 'outputs'> = {}): string {
    return this.addAll(op, inputs, { ...options, outputs: 1 })[0];
  }

  /** Adds a node with several outputs. */
  addAll(op: string, inputs: readonly string[], { attributes = {}, domain = '', outputs = 1 }: NodeOptions): string[] {
    const name = this.#nextName(op);
    const names = Array.from({ length: outputs }, (_, i) => (outputs === 1 ? name : `${name}_${i}`));
    this.#nodes.push({
      opType: op,
      name: `node_${name}`,
      domain,
      input: [...inputs],
      output: names,
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    });
    return names;
  }

  /** The bytes of the model file. */
  encode(producerVersion: string): Uint8Array<ArrayBuffer> {
    const model = onnxProto.onnx.ModelProto.create({
      irVersion: IR_VERSION,
      opsetImport: OPSETS.map(({ domain, version }) => ({ domain, version })),
      producerName: 'fenestra',
      producerVersion,
      graph: this.toProto(),
    });
    return Uint8Array.from(onnxProto.onnx.ModelProto.encode(model).finish());
  }

  /** The graph without the model around it. */
  toProto(): onnx.IGraphProto {
    return {
      name: this.#name,
      node: this.#nodes,
      initializer: this.#initializers,
      input: this.#inputs,
      output: this.#outputs,
    };
  }

  #nextName(of: string): string {
    return `${this.#prefix}${of.toLowerCase()}_${this.#count++}`;
  }
}

function valueInfo(name: string, shape: readonly Dimension[], elemType: number): onnx.IValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

function typeOf(data: TensorData): number {
  if (data instanceof Float32Array) return TensorType.float;
  if (data instanceof Int16Array) return TensorType.int16;
  return data instanceof Float64Array ? TensorType.double : TensorType.int64;
}

// A number is a float where it says so, since ONNX tells 1 from 1.0: `bigint` and `bigint[]` are ints.
function attribute(name: string, value: Attribute): onnx.IAttributeProto {
  const { AttributeType } = onnxProto.onnx.AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.FLOAT, f: value };
  if (typeof value === 'bigint') return { name, type: AttributeType.INT, i: Number(value) };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if (value instanceof GraphBuilder) return { name, type: AttributeType.GRAPH, g: value.toProto() };
  if ('floats' in value) return { name, type: AttributeType.FLOATS, floats: Array.from(value.floats) };
  if (value.length > 0 && typeof value[0] === 'string') {
    return { name, type: AttributeType.STRINGS, strings: value.map((text) => Buffer.from(String(text))) };
  }
  return { name, type: AttributeType.INTS, ints: value.map(Number) };
}
