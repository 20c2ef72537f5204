import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { onnx } from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import type { GraphBuilder } from '../../../models/training/onnx/graph.ts';
import { TensorType } from '../../../models/training/onnx/graph.ts';
import { checkModel } from '../../../server/inference/check-model.ts';
import { unfitness } from '../../../server/inference/finding.ts';
import { Folder } from '../../support/folder.ts';
import {
  type Build,
  columns,
  endless,
  LENGTH,
  level,
  levelGraph,
  MODEL_WORKER,
  slow,
  testInput,
  testManifest,
  writeModel,
} from '../../support/test-models.ts';
import { hasTool } from '../../support/tools.ts';

const NO_NUMBER = (graph: GraphBuilder, mean: string) =>
  graph.add('Log', [graph.add('Sub', [graph.add('Mul', [mean, graph.scalar(0)]), graph.scalar(1)])]);

const folder = new Folder();

// Each loads the runtime in a thread, which takes its time on a busy machine.
describe('checkModel', { timeout: 120_000 }, () => {
  it('finds nothing wrong with a model that is right', async () => {
    const { findings, model } = await check(levelGraph());

    expect(unfitness(findings)).toBe('');
    expect(findings.map(({ check: name }) => name)).toEqual([
      ...[
        'files',
        'manifest',
        'sha256',
        'card',
        'report',
        'examples',
        'graph',
        'input',
        'outputs',
        'outputs',
        'runs',
        'time',
        'time',
        'runs',
      ],
    ]);
    expect(model?.manifest.name).toBe('level');
  });

  it('notes of one that was made for recorded runs that it is not for live ones', async () => {
    const { findings, model } = await check(levelGraph(), { training: { learner: 'rocket', live: false } });

    expect(findings.filter(({ isNote }) => isNote).map(({ check: name }) => name)).toEqual([
      ...['live', 'card', 'report', 'examples'],
    ]);
    expect(model).toBeDefined();
  });

  it('takes one whose input is flat, as scikit-learn writes it, and three rows', async () => {
    const input = testInput({ layout: 'flat', rows: ['min', 'max', 'mean'] });

    const { findings } = await check(levelGraph(level(), ['batch', 3 * LENGTH]), { input });

    expect(unfitness(findings)).toBe('');
  });

  it('takes one whose batch has no name, as other exporters write it', async () => {
    const graph = onnx.ModelProto.decode(levelGraph());
    for (const { type } of [...graph.graph!.input!, ...graph.graph!.output!]) type!.tensorType!.shape!.dim![0] = {};

    const { findings } = await check(onnx.ModelProto.encode(graph).finish());

    expect(unfitness(findings)).toBe('');
  });

  it.each<[string, Build, string]>([
    ['says NaN', level(NO_NUMBER), 'runs: a run of zeros: the unknown score is NaN'],
    [
      'has probabilities that do not add up',
      (graph, mean) => ({ probabilities: columns(graph, [half(graph, mean), mean]), unknown: mean }),
      'runs: a run of zeros: the probabilities add up to 0.500000; expected 1',
    ],
    [
      'has probabilities beyond 1',
      (graph, mean) => {
        const more = graph.add('Add', [mean, graph.scalar(2)]);
        return { probabilities: columns(graph, [more, graph.add('Sub', [graph.scalar(1), more])]), unknown: mean };
      },
      'runs: a run of zeros: a probability is 2; expected 0 to 1',
    ],
    [
      'is another one each time',
      level((graph, mean) => graph.add('Add', [mean, graph.add('RandomNormalLike', [mean])])),
      'two calls give different figures; expected the same',
    ],
    [
      'looks at the other runs of a batch',
      level((graph, mean) => {
        const all = graph.add('ReduceMax', [mean], { attributes: { keepdims: 0n } });
        return graph.add('Sub', [mean, all]);
      }),
      'expected at most 0.0001',
    ],
    [
      'has outputs of another shape than it says',
      level((graph, mean) => graph.add('ReduceMax', [mean], { attributes: { keepdims: 1n } })),
      'outputs: unknown has shape [1]; expected [batch], with batches of any size',
    ],
    [
      'takes more memory than there is',
      level((graph, mean) => {
        const large = graph.add('Expand', [
          graph.add('Unsqueeze', [mean, graph.integers(1)]),
          graph.integers(1, 1 << 29),
        ]);
        return graph.add('ReduceMax', [large], { attributes: { axes: [1n], keepdims: 0n } });
      }),
      'runs: a run of zeros: ',
    ],
    ['never returns', endless(), 'runs: a run of zeros did not return within 2000 ms and was cut off'],
  ])('refuses a model that %s', async (_name, build, expected) => {
    const { findings, model } = await check(levelGraph(build));

    expect(unfitness(findings)).toContain(expected);
    expect(model).toBeUndefined();
  });

  it('refuses a model that is too slow', async () => {
    const { findings } = await check(levelGraph(slow(250_000)));

    expect(unfitness(findings)).toMatch(/time: a run alone takes \d+\.\d ms; expected at most 100 ms/);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another length', { input: testInput({ length: 30 }) }, 'trend has shape [any, 1, 20]; expected [batch, 1, 30]'],
    ['other rows', { input: testInput({ rows: ['min', 'mean'] }) }, 'expected [batch, 2, 20]'],
    ['another layout', { input: testInput({ layout: 'flat' }) }, 'trend has shape [any, 1, 20]; expected [batch, 20]'],
    ['another input', { input: testInput({ name: 'x' }) }, "input: the graph's inputs are trend; expected one, x"],
    [
      'another output',
      { outputs: { probabilities: 'p', unknown: 'unknown' } },
      "outputs: the graph's outputs are probabilities, unknown; expected p among them",
    ],
    [
      'more classes',
      { classes: ['a', 'b', 'c'].map(testClass) },
      'outputs: probabilities has shape [any, 2]; expected [batch, 3]',
    ],
    [
      'a fault as its first class',
      { classes: [{ ...testClass('0'), severity: 'high' }, testClass('1')] },
      'manifest: classes.0.severity: found "high"; must be normal: the first class is what is normal',
    ],
    ['another hash', { sha256: 'f'.repeat(64) }, `sha256: model.onnx has`],
  ])('refuses a model whose manifest has %s', async (_name, fields, expected) => {
    const { findings } = await check(levelGraph(), fields);

    expect(unfitness(findings)).toContain(expected);
  });

  it('refuses a graph whose batches have a fixed size, and one whose input is not f32', async () => {
    const fixed = await check(levelGraph(level(), [1, 1, LENGTH]));
    const words = await check(
      mutated((graph) => {
        graph.input![0]!.type!.tensorType!.elemType = TensorType.double;
        graph.node!.unshift({
          opType: 'Cast',
          input: ['trend'],
          output: ['f'],
          attribute: [{ name: 'to', type: 2, i: 1 }],
        });
        graph.node![1]!.input![0] = 'f';
      }),
    );

    expect(unfitness(fixed.findings)).toContain(
      'trend has shape [1, 1, 20]; expected [batch, 1, 20], with batches of any',
    );
    expect(unfitness(words.findings)).toBe('input: trend is float64; expected float32');
  });

  it('refuses a graph whose tensors lie in another file', async () => {
    const bytes = mutated((graph) => {
      Object.assign(graph.initializer![0]!, {
        rawData: new Uint8Array(0),
        dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
        externalData: [
          { key: 'location', value: 'manifest.json' },
          { key: 'length', value: '4' },
        ],
      });
    });

    const { findings } = await check(bytes);

    expect(unfitness(findings)).toMatch(/^graph: .*external/i);
  });

  it('refuses every graph that was cut short or changed, or says that it still fits, and lives', async () => {
    const bytes = levelGraph();
    const worse = [
      ...[1, 0.3, 0.6, 0.9].map((part) => bytes.slice(0, Math.ceil(part * bytes.length) - 1)),
      ...[10, 60, 150, 250].map((at) => bytes.map((byte, i) => (i === at ? byte ^ 0xff : byte))),
    ];

    const ends = await Promise.all(worse.map((changed, i) => check(changed, {}, `changed-${i}`)));

    for (const { findings } of ends.slice(0, 4)) expect(unfitness(findings)).toMatch(/^(graph|input|outputs|runs): /);
    for (const { findings, model } of ends) expect(model === undefined).toBe(unfitness(findings) !== '');
  });

  it.each<[string, (path: string) => void, string]>([
    ['nothing', () => undefined, 'files: .*manifest.json cannot be read: ENOENT'],
    [
      'an empty model',
      (path) => writeFileSync(`${writeModel(path, levelGraph())}/model.onnx`, ''),
      'model.onnx is empty',
    ],
    ['a folder as its model', (path) => mkdirSync(`${path}/model.onnx`, { recursive: true }), 'model.onnx is no file'],
    [
      'a manifest that is no JSON',
      (path) => writeFileSync(`${writeModel(path, levelGraph())}/manifest.json`, '{"format": 1,'),
      'manifest: manifest.json is no JSON: ',
    ],
  ])('refuses a folder that holds %s', async (_name, make, expected) => {
    mkdirSync(folder.path('model'));
    make(folder.path('model'));

    const { findings } = await checkModel(folder.path('model'), MODEL_WORKER);

    expect(unfitness(findings)).toMatch(new RegExp(expected));
  });

  it.skipIf(!hasTool('mkfifo'))('does not wait for a pipe in the place of a model', async () => {
    const path = writeModel(folder.path('model'), levelGraph());
    execFileSync('sh', ['-c', `rm ${path}/model.onnx && mkfifo ${path}/model.onnx`]);

    const { findings } = await checkModel(path, MODEL_WORKER);

    expect(unfitness(findings)).toContain('model.onnx is no file');
  });

  it.each<[string, Record<string, unknown>]>([
    ['classes.0.name.en', { classes: [{ ...testClass('0'), name: { en: 'a\u001b[2J', ko: 'a' } }, testClass('1')] }],
    ['classes.0.label', { classes: [testClass('\u009b'), testClass('1')] }],
    ['input.unit', { input: testInput({ unit: '\u202eV' }) }],
    ['data.source', { data: { source: 'a\nb', sha256: '0'.repeat(64), runs: 1 } }],
    ['training.learner', { training: { learner: 'a\u0007' } }],
    ['metrics.a b', { metrics: { 'a\u001bb': 1 } }],
    ['a [31m', { 'a\u001b[31m': 1 }],
  ])('refuses control characters in a manifest, and does not pass them on: %s', async (field, fields) => {
    const { findings } = await check(levelGraph(), fields);

    const messages = findings.filter(({ isFit }) => !isFit).map(({ message }) => message);
    expect(messages[0]).toContain(`${field}: found `);
    for (const message of messages) expect(message).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('names every field of a manifest that is wrong, with what was found', async () => {
    const bytes = levelGraph();
    const { format: _, ...rest } = testManifest(bytes, { version: 'a b', input: testInput({ length: '20', hop: 3 }) });
    writeModel(folder.path('model'), bytes);
    folder.write('model/manifest.json', JSON.stringify(rest));

    const { findings } = await checkModel(folder.path('model'), MODEL_WORKER);

    const lines = findings.filter(({ isFit }) => !isFit).map(({ message }) => message);
    expect(lines).toEqual([
      expect.stringMatching(/^format: found nothing; /),
      expect.stringMatching(/^version: found "a b"; must be 1 to 40 of/),
      expect.stringMatching(/^input.length: found "20"; .*expected number/),
      'input.hop: found 3; there is no such field',
    ]);
  });
});

function check(bytes: Uint8Array, fields: Record<string, unknown> = {}, name = 'model') {
  return checkModel(writeModel(folder.path(name), bytes, fields), MODEL_WORKER);
}

function testClass(label: string) {
  return { label, name: { en: label, ko: label }, severity: 'normal', symbol: 'circle' };
}

function half(graph: GraphBuilder, mean: string): string {
  return graph.add('Add', [graph.add('Mul', [mean, graph.scalar(0)]), graph.scalar(0.5)]);
}

function mutated(change: (graph: onnx.IGraphProto) => void): Uint8Array {
  const model = onnx.ModelProto.decode(levelGraph());
  change(model.graph!);
  return Uint8Array.from(onnx.ModelProto.encode(model).finish());
}
