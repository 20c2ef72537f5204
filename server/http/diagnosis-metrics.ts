import { Counter, Gauge, type Registry } from 'prom-client';
import type { DiagnosisReply } from '../wire/rest.ts';

type Read = readonly [name: string, help: string, read: (figures: DiagnosisReply) => number];

// biome-ignore format: a table
const GAUGES: readonly Read[] = [
  ['waiting_runs', 'Runs that wait to be looked at.', (d) => d.waiting],
  ['threads_ready', 'Threads with all models open: two, but none where no channel names a model.', (d) => Number(d.threads.isActive) + Number(d.threads.hasSpare)],
];

// biome-ignore format: a table
const TOTALS: readonly Read[] = [
  ['batches', 'Batches of runs that models looked at.', (d) => d.batches],
  ['threads_started', 'Threads started.', (d) => d.threads.started],
  ['threads_cut', 'Threads ended because a batch was over its time box, or broke the runtime.', (d) => d.threads.cut],
];

// biome-ignore format: a table
const QUANTILES: readonly (readonly [name: string, help: string, read: (figures: DiagnosisReply) => DiagnosisReply['batchMs']])[] = [
  ['batch_seconds', 'Time of a batch in the thread that ran it, of the newest.', (d) => d.batchMs],
  ['latency_seconds', 'Last sample of a run read to its diagnosis, of the newest.', (d) => d.latencyMs],
];

/** Adds what is known of models and of the runs that they looked at. */
export function addDiagnosisMetrics(registry: Registry, figures: DiagnosisReply): void {
  const to = [registry];
  for (const [name, help, read] of GAUGES) {
    new Gauge({ name: `fenestra_diagnosis_${name}`, help, registers: to }).set(read(figures));
  }
  for (const [name, help, read] of TOTALS) {
    new Counter({ name: `fenestra_diagnosis_${name}_total`, help, registers: to }).inc(read(figures));
  }
  for (const [name, help, read] of QUANTILES) {
    const gauge = new Gauge({ name: `fenestra_diagnosis_${name}`, help, labelNames: ['quantile'], registers: to });
    gauge.set({ quantile: '0.5' }, read(figures).p50 / 1000);
    gauge.set({ quantile: '0.99' }, read(figures).p99 / 1000);
  }
  const runs = new Counter({
    name: 'fenestra_diagnosis_runs_total',
    help: 'Runs by what they came to; dropped ones waited for too long.',
    labelNames: ['outcome'],
    registers: to,
  });
  for (const [outcome, count] of Object.entries(figures.outcomes)) runs.inc({ outcome }, count);
  const models = new Gauge({
    name: 'fenestra_diagnosis_model_ready',
    help: 'Whether a model that channels ask for is used.',
    labelNames: ['model'],
    registers: to,
  });
  for (const { name, state } of figures.models) models.set({ model: name }, Number(state === 'ready'));
  const compared = new Counter({
    name: 'fenestra_diagnosis_parity_runs_total',
    help: 'Runs of the version in use that pages had looked at too, each counted once.',
    labelNames: ['model'],
    registers: to,
  });
  const different = new Counter({
    name: 'fenestra_diagnosis_parity_different_runs_total',
    help: 'Those of which a page said something else, or differs by more than 1e-5.',
    labelNames: ['model'],
    registers: to,
  });
  const greatest = new Gauge({
    name: 'fenestra_diagnosis_parity_greatest_difference',
    help: 'Largest difference between what a page and the server said of a run, of the version in use.',
    labelNames: ['model'],
    registers: to,
  });
  for (const { name, parity } of figures.models) {
    if (parity === undefined) continue;
    compared.inc({ model: name }, parity.runs);
    different.inc({ model: name }, parity.different);
    greatest.set({ model: name }, parity.greatest);
  }
}
