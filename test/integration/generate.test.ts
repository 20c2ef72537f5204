import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../models/training/datasets/read-dataset.ts';
import { RunsMeta } from '../../models/training/datasets/runs-meta.ts';
import { generateRuns } from '../../models/training/plasma/generate-runs.ts';
import { plasmaInput } from '../../models/training/plasma/input.ts';
import { RunGenerator } from '../../models/training/plasma/run-generator.ts';
import { createNoiseTables } from '../../server/ingest/simulator/shot-noise.ts';
import { COMMAND, runCommand } from '../support/command.ts';
import { Folder } from '../support/folder.ts';
import { loadKernels } from '../support/kernels.ts';

const BUILD = new URL('../../build/', import.meta.url);
const folder = new Folder();

describe('fenestra generate', () => {
  it('writes the layout that training reads, to the bit, and beside it what the runs are', async () => {
    const { status, stderr } = await generate('--runs', '6', '--seed', 'a', '--rows', '3', '--alignment', 'mark');

    const input = plasmaInput('mark', 3);
    const generator = new RunGenerator({
      module: await loadKernels(),
      seed: 'a',
      rateHz: 10_000_000,
      input,
      noise: createNoiseTables('a'),
    });
    const runs = Array.from({ length: 6 }, (_, number) => generator.generate(number));
    const dataset = await readDataset(folder.path('runs.csv'), {
      length: input.length,
      classes: ['0', '1', '2', '3', '4', '5', '6'],
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(dataset).toMatchObject({ runs: 6, rows: 3, length: 972 });
    expect([...dataset.labels]).toEqual(runs.map(({ scenario }) => Number(scenario.plasmaClass.label)));
    for (const [number, { values }] of runs.entries()) {
      expect(dataset.values.slice(number * values.length, (number + 1) * values.length)).toEqual(values);
    }
    expect(RunsMeta.parse(JSON.parse(readFileSync(folder.path('runs.csv.json'), 'utf8')))).toMatchObject({
      input,
      runs: 6,
      source: { kind: 'plasma', seed: 'a', rateHz: 10_000_000 },
      classes: [{ label: '0', name: { en: 'normal' } }, {}, {}, {}, {}, {}, { label: '6' }],
    });
    expect(readdirSync(folder.path()).sort()).toEqual(['runs.csv', 'runs.csv.json']);
  });

  it('writes the same on any number of threads', async () => {
    const lines = await Promise.all([1, 3].map(lineList));

    expect(lines[0]).toHaveLength(14);
    expect(lines[1]).toEqual(lines[0]);
  });

  it('leaves nothing behind where a person stops it', async () => {
    const child = spawn(process.execPath, [COMMAND, 'generate', 'plasma', '--runs', '9999', '-o', 'runs.csv'], {
      cwd: folder.path(),
      stdio: 'ignore',
    });
    while (!existsSync(folder.path('runs.csv.partial'))) await new Promise((resolve) => setTimeout(resolve, 10));

    child.kill('SIGINT');
    const [status] = await once(child, 'exit');

    expect([status, readdirSync(folder.path())]).toEqual([130, []]);
  });

  it.each([
    ['no such kind', ['steam', '-o', 'x.csv'], /'steam' is invalid/],
    ['no runs', ['plasma', '--runs', '0', '-o', 'x.csv'], /must be a whole number from 1 to/],
    ['an odd rate', ['plasma', '--rate', '1001000', '-o', 'x.csv'], /must be a multiple of 4000/],
    ['two rows', ['plasma', '--rows', '2', '-o', 'x.csv'], /must be 1 or 3/],
    ['another ending', ['plasma', '-o', 'x.txt'], /output x\.txt, expected a name ending in \.csv/],
    ['a folder that is not there', ['plasma', '-o', 'a/x.csv'], /cannot write a\/x\.csv: ENOENT/],
  ])('refuses %s', async (_name, args, message) => {
    const { status, stderr } = await runCommand(['generate', ...args], folder.path());

    expect([status, readdirSync(folder.path())]).toEqual([1, []]);
    expect(stderr).toMatch(message);
  });
});

function generate(...args: string[]) {
  return runCommand(['generate', 'plasma', '-o', 'runs.csv', ...args], folder.path());
}

async function lineList(threads: number): Promise<string[]> {
  const blocks = generateRuns({
    seed: 'b',
    rateHz: 1_000_000,
    rows: 1,
    alignment: 'sliding',
    runs: 14,
    threads,
    worker: new URL('program/generate-worker.js', BUILD),
    wasm: new URL('assembly/kernels.wasm', BUILD),
  });
  let text = '';
  for await (const block of blocks) text += block.text;
  return text.trimEnd().split('\n');
}
