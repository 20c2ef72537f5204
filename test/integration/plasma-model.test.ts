import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readModelFolder } from '../../server/inference/model-folder.ts';
import { ANOMALY_KINDS, type AnomalyKind } from '../../server/ingest/simulator/anomaly.ts';
import type { Truth } from '../../server/ingest/simulator/plasma-light.ts';
import { createNoiseTables } from '../../server/ingest/simulator/shot-noise.ts';
import { toOutcome } from '../../server/model/outcome.ts';
import { RunnableModel } from '../../server/model/runnable-model.ts';
import { BATCH_RUNS } from '../../server/model/time-limits.ts';
import { loadKernels } from '../support/kernels.ts';
import { type SimulatedRun, simulatedRuns } from '../support/simulated-runs.ts';

const SHIPPED = fileURLToPath(new URL('../../models/plasma', import.meta.url));
/** A 25th of the samples, which only the extremes notice. */
const RATE_HZ = 400_000;
const ANOMALIES_PER_MINUTE = 4;
/** Some channels for a while, and many only while their plasma lights. */
const LONG = { channels: 5, seconds: 240 };
const SHORT = { channels: 40, seconds: 10 };
const FALSE_ALARM_LIMIT = 0.01;
const UNKNOWN_LIMIT = 0.03;
/**
 * How much of what one sees is called by its name at least: the share of the runs in which it is seen, and of the anomalies in
 * at least one of their runs. A jump is seen in a run by either edge, a drop-out is three to nine points.
 */
const LEAST_NAMED: Readonly<Record<AnomalyKind, { readonly runs: number; readonly anomalies: number }>> = {
  'micro-arc': { runs: 0.9, anomalies: 0.9 },
  flicker: { runs: 0.7, anomalies: 0.8 },
  drift: { runs: 0.75, anomalies: 0.9 },
  'drop-out': { runs: 0.2, anomalies: 0.5 },
  'late-ignition': { runs: 0.9, anomalies: 0.9 },
  'mode-jump': { runs: 0.15, anomalies: 0.6 },
};

interface Diagnosed extends SimulatedRun {
  /** The place of the class that it is called; undefined where it is called unknown. */
  readonly called: number | undefined;
}

let diagnosed: readonly Diagnosed[];

beforeAll(async () => {
  const { model, findings } = await readModelFolder(SHIPPED);
  if (model === undefined) throw new Error(JSON.stringify(findings));
  const module = await loadKernels();
  const noise = createNoiseTables('replay');
  const { input } = model.manifest;
  const plant = { module, input, rateHz: RATE_HZ, anomaliesPerMinute: ANOMALIES_PER_MINUTE, noise };
  const runs = [LONG, SHORT].flatMap(({ channels, seconds }) =>
    Array.from({ length: channels }, (_, i) => simulatedRuns({ ...plant, seconds, seed: `replay/${seconds}/${i}` })),
  );
  diagnosed = await diagnose(await RunnableModel.open(model), runs.flat());
});

describe('the model of plasma runs, on the simulated plant', () => {
  it('raises no alarm while nothing is wrong, whether the plasma burns, lights or goes out', () => {
    const calm = diagnosed.filter(({ touching }) => touching.length === 0);
    const alarms = calm.filter(({ called }) => called !== undefined && called > 0);

    expect(calm.length).toBeGreaterThan(1000);
    expect(alarms.length / calm.length).toBeLessThanOrEqual(FALSE_ALARM_LIMIT);
    const unknown = calm.filter(({ called }) => called === undefined);
    expect(unknown.length / calm.length).toBeLessThanOrEqual(UNKNOWN_LIMIT);
  });

  it.each(ANOMALY_KINDS)('calls what one sees by its name: %s', (kind) => {
    const seen = diagnosed.filter((run) => run.seen.length > 0 && run.seen.every((truth) => truth.kind === kind));
    const named = seen.filter(({ called }) => called === ANOMALY_KINDS.indexOf(kind) + 1);

    expect(anomaliesIn(seen)).toBeGreaterThanOrEqual(5);
    expect(named.length / seen.length).toBeGreaterThanOrEqual(LEAST_NAMED[kind].runs);
    expect(anomaliesIn(named) / anomaliesIn(seen)).toBeGreaterThanOrEqual(LEAST_NAMED[kind].anomalies);
  });
});

async function diagnose(model: RunnableModel, runs: readonly SimulatedRun[]): Promise<Diagnosed[]> {
  const diagnosed: Diagnosed[] = [];
  for (let at = 0; at < runs.length; at += BATCH_RUNS) {
    const batch = runs.slice(at, at + BATCH_RUNS);
    const outputs = await model.run(Float32Array.from(batch.flatMap(({ values }) => [...values])));
    for (const [i, run] of batch.entries()) {
      const outcome = toOutcome(model.manifest, outputs, i);
      if (outcome.kind === 'unavailable') throw new Error(outcome.reason);
      diagnosed.push({ ...run, called: outcome.kind === 'class' ? outcome.classIndex : undefined });
    }
  }
  return diagnosed;
}

function anomaliesIn(runs: readonly Diagnosed[]): number {
  return new Set(runs.flatMap<Truth>(({ seen }) => seen)).size;
}
