import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ModelReport } from '../../server/inference/model-report.ts';
import { runCommand } from '../support/command.ts';
import { Folder } from '../support/folder.ts';
import { generatedRuns } from '../support/generated-runs.ts';
import { endedChildrenCpuMs } from '../support/process-cpu.ts';
import { MICRO_ARC, meansOf, type RowsFigures, rocketFigures } from '../support/rows-figures.ts';

// What minima and maxima are worth beside means: the same runs, parted the same way. And what a whole training takes.

const IS_FULL = process.env.FENESTRA_BENCH === 'full';
const RUNS = 1000;
const RATE_HZ = 10_000_000;
const FEATURES = 2_700;
const MINUTE_MS = 60_000;
/** On two cores. */
const MOST_MINUTES = 20;

const folder = new Folder();

it.skipIf(IS_FULL)(`tells ${RUNS} runs better by three rows than by their means`, async () => {
  const runs = await generatedRuns({ runs: RUNS, seed: '1', rateHz: RATE_HZ });
  const spec = { kind: 'rocket', features: FEATURES, pooling: 'ppv', head: { kind: 'ridge' } } as const;

  const three = await rocketFigures(runs, spec);
  const one = await rocketFigures(meansOf(runs), spec);

  console.log(`${RUNS} runs, MiniRocket: three rows ${inWords(three)}; means alone ${inWords(one)}`);
  judge(three, one);
});

describe.runIf(IS_FULL)('the default grid on 7,000 runs of 972 points', () => {
  it(`is compared in ${MOST_MINUTES} minutes of two cores, and tells them better by three rows than by their means`, {
    timeout: 120 * MINUTE_MS,
  }, async () => {
    const three = await trainOn(3);
    const one = await trainOn(1);

    judge(three, one);
  });
});

/** Generates runs and trains on them as `npm run models` does. */
async function trainOn(rows: 1 | 3): Promise<RowsFigures> {
  const table = `runs-${rows}.csv`;
  const generated = await runCommand(['generate', 'plasma', '--rows', String(rows), '-o', table], folder.path());
  const [startMs, startCpuMs] = [performance.now(), endedChildrenCpuMs()];
  const trained = await runCommand(['train', 'plasma', table, '-o', `rows-${rows}`], folder.path());
  const minutes = (performance.now() - startMs) / MINUTE_MS;
  const cpuMinutes = (endedChildrenCpuMs() - startCpuMs) / MINUTE_MS;

  expect([generated.status, trained.status], trained.stderr).toEqual([0, 0]);
  const { test } = ModelReport.parse(JSON.parse(readFileSync(folder.path(`rows-${rows}/report.json`), 'utf8')));
  const found = { macroF1: test.macroF1, microArcF1: test.classes.find(({ label }) => label === MICRO_ARC)!.f1 };
  const [best] = trained.stdout.split('\n');
  console.log(
    `${rows} × 972: ${minutes.toFixed(1)} min, ${cpuMinutes.toFixed(1)} min of a core; ${best}; test ${inWords(found)}`,
  );
  expect(minutes).toBeLessThan(MOST_MINUTES);
  return found;
}

function judge(three: RowsFigures, one: RowsFigures): void {
  expect(three.microArcF1).toBeGreaterThan(one.microArcF1);
  expect(three.macroF1).toBeGreaterThan(one.macroF1);
}

function inWords({ macroF1, microArcF1 }: RowsFigures): string {
  return `macro-F1 ${macroF1.toFixed(3)}, micro-arcs ${microArcF1.toFixed(3)}`;
}
