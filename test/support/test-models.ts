import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphBuilder, TensorType } from '../../models/training/onnx/graph.ts';
import type { Model } from '../../server/inference/model-folder.ts';
import { ModelManifest } from '../../server/model/manifest.ts';

/** The thread that runs models, as built. */
export const MODEL_WORKER = new URL('../../build/program/inference-worker.js', import.meta.url);
/** Points of a run of the models here. */
export const LENGTH = 20;
/** Runs whose mean is beyond it are what some models never return from. */
export const HANGING_LEVEL = 1000;

type Fields = Readonly<Record<string, unknown>>;
/** What a graph makes of the means of its runs. */
export interface LevelOutputs {
  readonly probabilities: string;
  readonly unknown: string;
}
export type Build = (graph: GraphBuilder, mean: string, trend: string) => LevelOutputs;

const ONE_ROW = ['batch', 1, LENGTH] as const;

/**
 * A graph that tells a low level from a high one, by the logistic function of a
 * run's mean less 1; its unknown score is the mean.
 */
export function levelGraph(build: Build = level(), shape: readonly (number | string)[] = ONE_ROW): Uint8Array {
  const graph = new GraphBuilder('level');
  const trend = graph.input('trend', shape);
  const axes = shape.length === 2 ? [1n] : [1n, 2n];
  const mean = graph.add('ReduceMean', [trend], { attributes: { axes, keepdims: 0n } });
  const { probabilities, unknown } = build(graph, mean, trend);
  graph.output('probabilities', probabilities, ['batch', 2]);
  graph.output('unknown', unknown, ['batch']);
  return graph.encode('test');
}

/** Of the classes, and what else a test wants of the score; another `middle` is another version of the model. */
export function level(scoreOf: (graph: GraphBuilder, mean: string) => string = (_, mean) => mean, middle = 1): Build {
  return (graph, mean) => {
    const high = graph.add('Sigmoid', [graph.add('Sub', [mean, graph.scalar(middle)])]);
    const low = graph.add('Sub', [graph.scalar(1), high]);
    return { probabilities: columns(graph, [low, high]), unknown: scoreOf(graph, mean) };
  };
}

/** Vectors of a batch side by side. */
export function columns(graph: GraphBuilder, vectors: readonly string[]): string {
  const asColumns = vectors.map((vector) => graph.add('Unsqueeze', [vector, graph.integers(1)]));
  return graph.add('Concat', asColumns, { attributes: { axis: 1n } });
}

/** Adds 0 to the score, by a loop that never ends; where `above` is given, only with a mean beyond it in the batch. */
export function endless(above?: number): Build {
  return level((graph, mean) => {
    const greatest = graph.add('ReduceMax', [mean], { attributes: { keepdims: 0n } });
    const limit = graph.scalar(above ?? Number.NEGATIVE_INFINITY);
    return loop(graph, Number.MAX_SAFE_INTEGER, graph.add('Greater', [greatest, limit]), mean);
  });
}

/** Adds 0 to the score `turns` times, each of which costs some microseconds. */
export function slow(turns: number): Build {
  return level((graph, mean) =>
    loop(graph, turns, graph.add('Cast', [graph.integers(1)], { attributes: { to: BigInt(TensorType.bool) } }), mean),
  );
}

function loop(graph: GraphBuilder, turns: number, condition: string, start: string): string {
  const body = new GraphBuilder('body', graph);
  body.input('turn', [], TensorType.int64);
  const goesOn = body.input('goes_on', [], TensorType.bool);
  const score = body.input('score', ['batch']);
  body.output('still', goesOn, [], TensorType.bool);
  body.output('next', body.add('Add', [score, body.scalar(0)]), ['batch']);
  const trips = graph.constant(BigInt64Array.of(BigInt(turns)), []);
  const isOn = graph.add('Reshape', [condition, graph.constant(new BigInt64Array(0), [0])]);
  return graph.add('Loop', [trips, isOn, start], { attributes: { body } });
}

/** The manifest of the models here, with other fields where a test wants them. */
export function testManifest(bytes: Uint8Array, fields: Fields = {}): Fields {
  const ofClass = (label: string, en: string) => ({
    label,
    name: { en, ko: en },
    severity: 'normal',
    symbol: 'circle',
  });
  return {
    format: 1,
    name: 'level',
    version: '1',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    input: testInput(),
    outputs: { unknown: 'unknown' },
    classes: [ofClass('0', 'low'), ofClass('1', 'high')],
    thresholds: { unknown: 100 },
    data: { source: 'nothing', sha256: '0'.repeat(64), runs: 1 },
    metrics: { accuracy: 1 },
    training: { learner: 'none' },
    ...fields,
  };
}

/** The manifest's `input`. */
export function testInput(fields: Fields = {}): Fields {
  const alignment = { kind: 'sliding', hop: LENGTH };
  return { rows: ['mean'], length: LENGTH, pointsPerSecond: 200, unit: 'V', alignment, ...fields };
}

/** A model as the server holds it. */
export function testModel(bytes: Uint8Array, fields: Fields = {}): Model {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return { manifest: ModelManifest.parse(testManifest(bytes, fields)), bytes: shared };
}

/** Writes the folder of a model; returns its path. */
export function writeModel(folder: string, bytes: Uint8Array, fields: Fields = {}): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), bytes);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(testManifest(bytes, fields)));
  return folder;
}
