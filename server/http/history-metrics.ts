import { Counter, Gauge, type Registry } from 'prom-client';
import type { SystemReply } from '../wire/rest.ts';

type Figures = SystemReply['history'];
type Read = readonly [name: string, help: string, read: (figures: Figures) => number];

// biome-ignore format: a table
const GAUGES: readonly Read[] = [
  ['working', 'Whether windows can be written and read: 0 while commits fail, or where the directory cannot be used.', (h) => Number(h.state === 'working')],
  ['pending_windows', 'Windows that are not durable yet.', (h) => h.pendingRows],
  ['pending_bytes', 'Memory that they take.', (h) => h.pendingBytes],
  ['hole_windows', 'Windows that were given up and may still be sent again.', (h) => h.holeWindows],
  ['sealed_bytes', 'Sealed files on the disk, as of the last minute.', (h) => h.sealedBytes],
  ['open_bytes', 'Catalogue and segments on the disk, as of the last minute.', (h) => h.openBytes],
  ['damaged_files', 'Files that were damaged, ever.', (h) => h.damagedFiles],
  ['damaged_windows', 'Rows in them that are known to be gone.', (h) => h.damagedRows],
  ['damaged_uncounted_files', 'Those of them of which nobody can tell how many rows are gone.', (h) => h.damagedUncounted],
  ['quarantine_bytes', 'Damaged files that lie in the quarantine.', (h) => h.quarantine.bytes],
  ['quarantine_cases', 'Damages whose files lie there.', (h) => h.quarantine.cases],
  ['remembered_entries', 'Files and streams of the catalogue that are remembered for queries.', (h) => h.rememberedEntries],
  ['waiting_diagnoses', 'Diagnoses that are not durable yet.', (h) => h.diagnoses.waiting],
  ['diagnosis_bytes', 'Those of the sealed files that hold diagnoses, as of the last minute.', (h) => h.diagnoses.sealedBytes],
  ['clock_doubted', 'Whether nothing is removed for its age, because the clock of the server is not believed.', (h) => Number(h.clockDoubt !== undefined)],
  ['last_commit_timestamp_seconds', 'Newest commit, seconds since 1970 UTC; 0 before the first.', (h) => h.lastCommitMs / 1000],
  ['queries_running', 'Queries under way.', (h) => h.queries.running],
  ['queries_waiting', 'Queries that wait for their turn.', (h) => h.queries.waiting],
];

// biome-ignore format: a table
const TOTALS: readonly Read[] = [
  ['stored_windows', 'Windows that became durable.', (h) => h.storedRows],
  ['given_up_windows', 'Windows given up because they could not be written for too long.', (h) => h.givenUpRows],
  ['duplicate_windows', 'Windows that came again and were there already.', (h) => h.duplicateRows],
  ['stored_diagnoses', 'Diagnoses that became durable.', (h) => h.diagnoses.stored],
  ['given_up_diagnoses', 'Diagnoses given up because they could not be written for too long, or too many waited.', (h) => h.diagnoses.givenUp],
  ['duplicate_diagnoses', 'Diagnoses that came again and were there already.', (h) => h.diagnoses.duplicates],
  ['quarantine_removed', 'Damages whose files had to go from there for newer ones.', (h) => h.quarantine.removed],
  ['forgotten_entries', 'Files and streams of the catalogue that were forgotten for lack of room, and are read again.', (h) => h.forgottenEntries],
  ['commits', 'Commits that went through.', (h) => h.commits],
  ['failed_commits', 'Commits that did not, and were tried again.', (h) => h.failedCommits],
  ['queries_answered', 'Queries answered.', (h) => h.queries.answered],
  ['queries_refused', 'Queries refused because too many waited.', (h) => h.queries.refused],
  ['queries_late', 'Queries given up because they were not answered in time.', (h) => h.queries.late],
  ['queries_abandoned', 'Queries that nobody waited for any more.', (h) => h.queries.abandoned],
];

// biome-ignore format: a table
const LATENCIES: readonly (readonly [name: string, help: string, p50: (figures: Figures) => number, p99: (figures: Figures) => number])[] = [
  ['commit_seconds', 'How long the newest commits took.', (h) => h.commitP50Ms, (h) => h.commitP99Ms],
  ['query_seconds', 'The newest queries, from coming to answer.', (h) => h.queries.p50Ms, (h) => h.queries.p99Ms],
];

/** Adds the figures of the history to `registry`. */
export function addHistoryMetrics(registry: Registry, figures: Figures): void {
  const to = [registry];
  for (const [name, help, read] of GAUGES) {
    new Gauge({ name: `fenestra_history_${name}`, help, registers: to }).set(read(figures));
  }
  for (const [name, help, read] of TOTALS) {
    new Counter({ name: `fenestra_history_${name}_total`, help, registers: to }).inc(read(figures));
  }
  for (const [name, help, p50, p99] of LATENCIES) {
    const gauge = new Gauge({ name: `fenestra_history_${name}`, help, labelNames: ['quantile'], registers: to });
    gauge.set({ quantile: '0.5' }, p50(figures) / 1000);
    gauge.set({ quantile: '0.99' }, p99(figures) / 1000);
  }
}
