import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PLASMA_CLASSES } from '../../models/training/classes.ts';
import type { RunsMeta } from '../../models/training/datasets/runs-meta.ts';
import { ModelReport } from '../../server/inference/model-report.ts';
import { Random } from '../../server/ingest/simulator/random.ts';
import { ModelManifest } from '../../server/model/manifest.ts';
import { OnnxSession } from '../../server/model/onnx-session.ts';
import { COMMAND, runCommand } from '../support/command.ts';
import { Folder } from '../support/folder.ts';

const LENGTH = 40;
const folder = new Folder();
const META: RunsMeta = {
  format: 1,
  input: {
    name: 'trend',
    layout: 'rows',
    rows: ['mean'],
    length: LENGTH,
    pointsPerSecond: 200,
    unit: 'V',
    alignment: { kind: 'ignition', threshold: 0.2, hysteresis: 0.1, before: 0, rearmPoints: 1 },
  },
  classes: [...PLASMA_CLASSES],
  runs: 240,
  source: { kind: 'plasma', seed: 'a', rateHz: 10_000_000, version: '0.1.0' },
};
const options = ['--length', String(LENGTH), '--features', '84', '--unit', 'V'];

describe('fenestra train plasma', () => {
  it('writes a model folder from a table, which the runtime runs and which says what it is worth', async () => {
    const table = folder.write('runs.csv', tableOf(drawRuns(240, 'a')));
    folder.write('runs.csv.json', JSON.stringify(META));

    const { stdout, stderr, status } = await train(table, 'arcs');

    expect(stderr).toContain('comparing');
    expect(stdout).toContain('written to arcs');
    expect(status).toBe(0);
    expect(readdirSync(folder.path()).sort()).toEqual(['arcs', 'runs.csv', 'runs.csv.json']);
    const manifest = ModelManifest.parse(readJson('arcs/manifest.json'));
    expect(manifest).toMatchObject({
      name: 'arcs',
      sha256: sha256(readFileSync(folder.path('arcs/model.onnx'))),
      input: {
        rows: ['mean'],
        length: LENGTH,
        unit: 'V',
        alignment: META.input.alignment,
      },
      data: { source: 'runs.csv', sha256: sha256(readFileSync(table)), runs: 192 },
      training: { live: true },
    });
    expect(manifest.classes.map(({ name }) => name.en)).toEqual(['normal', 'flicker', 'drift']);
    const report = ModelReport.parse(readJson('arcs/report.json'));
    expect(report.test.macroF1).toBeGreaterThan(0.9);
    expect(report.test.confusion.flat().reduce((sum, count) => sum + count)).toBe(48);
    expect(report.comparison.candidates.length).toBeGreaterThan(10);
    expect(report.learningCurve.length).toBe(5);
    const { candidates, score } = report.unknown;
    expect(candidates.map(({ classes }) => classes.length)).toEqual([3, 3, 3]);
    expect(candidates.find((one) => one.score === score)!.auroc).toBe(
      Math.max(...candidates.map(({ auroc }) => auroc)),
    );
    expect(report.parity).toMatchObject({ runs: 48, exceptions: [] });
    expect(readFileSync(folder.path('arcs/report.md'), 'utf8')).toContain(report.data.train.sha256);
    expect(readFileSync(folder.path('arcs/card.md'), 'utf8')).toMatch(
      /\| 2 \| flicker \| 깜박임 \| medium \|[\s\S]*generated, not measured/,
    );

    const checked = await runCommand(['models', 'check', 'arcs'], folder.path());
    expect(checked.stdout).toContain(`arcs ${manifest.version} is fit`);

    const strange = Array.from({ length: LENGTH }, (_, i) => (i % 2 === 0 ? 5 : -5));
    const { probabilities, unknown } = await diagnose('arcs', [...drawRuns(30, 'b'), { label: 0, points: strange }]);
    const said = Array.from({ length: 30 }, (_, run) => argmax(probabilities.subarray(3 * run, 3 * run + 3)));
    expect(said.filter((label, run) => label === run % 3).length).toBeGreaterThan(26);
    const { unknown: threshold } = manifest.thresholds;
    expect(unknown.subarray(0, 30).filter((score) => score > threshold!).length).toBeLessThan(4);
    expect(unknown[30]).toBeGreaterThan(threshold!);
  });

  it('makes the same model of the same runs and seed, and replaces a folder only where it is told to', async () => {
    const table = folder.write('runs.csv', tableOf(drawRuns(60, 'a')));
    const rocket = ['--learner', 'rocket', '--folds', '2'];
    await train(table, 'one', ...rocket);
    const bytes = readFileSync(folder.path('one/model.onnx'));

    const same = await train(table, 'two', ...rocket);
    const again = await train(table, 'one', ...rocket);
    const forced = await train(table, 'one', '--learner', 'nearest', '--force');

    expect(same.status).toBe(0);
    expect(readFileSync(folder.path('two/model.onnx')).equals(bytes)).toBe(true);
    expect(readJson('two/manifest.json')).toMatchObject({ version: sha256(bytes).slice(0, 12) });
    expect(again).toMatchObject({ status: 1, stderr: 'fenestra: one is there already; --force replaces it\n' });
    expect(forced.status).toBe(0);
    expect(sha256(readFileSync(folder.path('one/model.onnx')))).not.toBe(sha256(bytes));
  });

  it('scores at chance where the labels are shuffled', async () => {
    const runs = drawRuns(480, 'a');
    const random = new Random('shuffle');
    const table = folder.write('runs.csv', tableOf(runs.map((run) => ({ ...run, label: random.whole(0, 2) }))));

    await train(table, 'chance', '--learner', 'logistic', 'nearest');

    const { test, unknown, comparison } = ModelReport.parse(readJson('chance/report.json'));
    expect(test.macroF1).toBeLessThan(0.43); // a third, and two standard deviations of a share of 96 runs
    expect(test.logLoss).toBeCloseTo(Math.log(3), 1); // neither more than nothing known, nor sure of it
    const found = comparison.candidates.map(({ macroF1 }) => macroF1);
    expect(Math.max(...found)).toBeLessThan(0.45);
    expect(found.reduce((sum, one) => sum + one) / found.length).toBeLessThan(0.38);
    for (const { auroc } of unknown.candidates) expect(Math.abs(auroc - 0.5)).toBeLessThan(0.1);
  });

  it('weighs classes that are rare and hard to tell, and says by how much', async () => {
    const random = new Random('noise');
    const hard = drawRuns(1200, 'a').map(({ label, points }) => {
      return { label, points: points.map((point) => point + 1.5 * random.normal()) };
    });
    const rare = hard.filter(({ label }, run) => label === 0 || run % 10 < 2);
    const table = folder.write('runs.csv', tableOf(rare));

    await train(table, 'rare', '--learner', 'logistic', '--folds', '3');

    const { classes } = ModelManifest.parse(readJson('rare/manifest.json'));
    const { decision, test } = ModelReport.parse(readJson('rare/report.json'));
    expect(decision.exponent).toBeGreaterThan(0);
    expect(classes.map(({ weight }) => weight)).toEqual(decision.classes.map(({ weight }) => weight));
    expect(classes[0]!.weight).toBe(1);
    expect(Math.min(classes[1]!.weight, classes[2]!.weight)).toBeGreaterThan(1.2);
    expect(test.macroF1).toBeGreaterThan(test.unweighted.macroF1);
    expect(readFileSync(folder.path('rare/card.md'), 'utf8')).toContain('greatest product of probability and weight');
  });

  it('tests with a set of its own, and takes the classes of the UCR archive as they are', async () => {
    const toUcr = (runs: readonly Run[]) =>
      runs.map(({ label, points }) => [label + 10, ...points].join('\t')).join('\n');
    const data = folder.write('X_TRAIN.tsv', toUcr(drawRuns(90, 'a')));
    const test = folder.write('X_TEST.tsv', toUcr(drawRuns(30, 'b')));

    const { status } = await train(data, 'ucr', '--test', test, '--learner', 'logistic');

    expect(status).toBe(0);
    const report = ModelReport.parse(readJson('ucr/report.json'));
    expect(report.data.test).toMatchObject({ kind: 'file', source: 'X_TEST.tsv', runs: 30 });
    expect(report.data.classes.map(({ label }) => label)).toEqual(['10', '11', '12']);
    expect(new Set(report.comparison.candidates.map(({ learner }) => learner))).toEqual(new Set(['logistic']));
  });

  it('says which learner it leaves out, and why', async () => {
    const short = drawRuns(90, 'a').map(({ label, points }) => [label, ...points.slice(0, 8)].join('\t'));
    const data = folder.write('short.tsv', short.join('\n'));

    const { stdout, stderr, status } = await train(data, 'short', '--learner', 'rocket', 'nearest', '--folds', '2');

    expect(status).toBe(0);
    expect(stderr).toContain('candidates on 72 runs, without MiniRocket (8 points a run, at least 9)\n');
    expect(stdout).toContain('\nnot compared: MiniRocket (8 points a run, at least 9)\n');
    const { comparison } = ModelReport.parse(readJson('short/report.json'));
    expect(comparison.omitted).toEqual([{ learner: 'rocket', because: 'too-few-points', found: 8, limit: 9 }]);
    expect(stdout).toMatch(/^best of \d+: nearest neighbours \(k \d+\), /);
  });

  it.each<[string, readonly string[], string]>([
    ['an unknown class', ['7.csv', 'x'], 'the class "7" is not known, expected one of 0, 1, 2, 3, 4, 5, 6'],
    [
      'a class of too few runs for what training parts them into, whatever the folds',
      ['few.csv', 'x', '--folds', '2'],
      'the class 2 has 4 runs, expected 6 at least: 1 to test with and 5 to train with, one for each part of a split',
    ],
    ['a folder that is no name', ['few.csv', 'X_1'], 'X_1 is no name of a model: it must be 1 to 40 of a-z 0-9 -'],
    ['half an alignment', ['few.csv', 'x', '--alignment', 'ignition'], '--alignment ignition: '],
    [
      'an option of another alignment',
      ['few.csv', 'x', '--hop', '5', '--alignment', 'mark'],
      'Unrecognized key: "hop"',
    ],
    [
      'a test set of another length',
      ['ok.csv', 'x', '--test', 'test.tsv'],
      'test.tsv has runs of 1 × 2 points, expected 1 × 40 as in ok.csv',
    ],
    [
      'a class of the test set that was not trained',
      ['ok.csv', 'x', '--test', '7.csv'],
      'the class "7" is not known, expected one of 0, 2, 3',
    ],
  ])('refuses %s and writes nothing', async (_name, [data, output, ...more], message) => {
    const runs = drawRuns(30, 'a');
    folder.write('ok.csv', tableOf(runs));
    folder.write('7.csv', tableOf([{ ...runs[0]!, label: 7 }], [7]));
    folder.write('few.csv', tableOf(runs.filter(({ label }, run) => label !== 1 || run < 12)));
    folder.write('test.tsv', '2\t1\t1\n');

    const { stderr, status } = await train(data!, output!, ...more);

    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(1);
    expect(existsSync(folder.path(output))).toBe(false);
  });

  it('ends at once when a person stops it, and leaves nothing behind', async () => {
    folder.write('runs.csv', tableOf(drawRuns(3000, 'a')));
    const child = spawn(process.execPath, [COMMAND, 'train', 'plasma', 'runs.csv', '-o', 'stopped', ...options], {
      cwd: folder.path(),
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await new Promise<void>((resolve) =>
      child.stderr.on('data', (text: Buffer) => text.includes('comparing') && resolve()),
    );

    child.kill('SIGINT');

    expect(await ended).toBe(130);
    expect(readdirSync(folder.path())).toEqual(['runs.csv']);
  });
});

interface Run {
  readonly label: number;
  readonly points: readonly number[];
}

/** Runs of three kinds in turn: level, flickering and drifting, with noise. */
function drawRuns(count: number, seed: string): Run[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, run) => {
    const label = run % 3;
    const level = random.between(0.9, 1.1);
    const phase = random.between(0, 6);
    const points = Array.from({ length: LENGTH }, (_, i) => {
      const shape = [0, 0.3 * Math.sin(i + phase), (0.6 * i) / LENGTH][label]!;
      return Math.fround(level + shape + 0.05 * random.normal());
    });
    return { label, points };
  });
}

/** Labels 0, 2 and 3 of the plasma classes. */
function tableOf(runs: readonly Run[], labels: readonly number[] = [0, 2, 3]): string {
  const heading = [...Array.from({ length: LENGTH }, (_, i) => i), 'target'].join();
  return [heading, ...runs.map(({ label, points }) => [...points, labels[label] ?? label].join())].join('\n');
}

function train(data: string, output: string, ...more: readonly string[]) {
  return runCommand(['train', 'plasma', data, '-o', output, ...options, ...more], folder.path());
}

async function diagnose(name: string, runs: readonly Run[]) {
  const session = await OnnxSession.open(readFileSync(folder.path(`${name}/model.onnx`)));
  const data = Float32Array.from(runs.flatMap(({ points }) => points));
  const { probabilities, unknown } = await session.run({ trend: { data, shape: [runs.length, 1, LENGTH] } });
  await session.close();
  return { probabilities: probabilities!.data, unknown: unknown!.data };
}

function argmax(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(folder.path(name), 'utf8'));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
