import type { DiagnosisKindReply, RunDiagnosisReply } from '../../server/wire/diagnosis-history.ts';
import type { WantedRun } from '../components/run-open.ts';
import { CaptureClient } from '../net/captures.ts';
import { fetchDiagnoses, fetchDiagnosis, fetchHistory } from '../net/history.ts';
import { ModelClient } from '../net/models.ts';
import { browserFetch, RefusedError } from '../net/request.ts';
import { ringSeconds } from '../net/ring-seconds.ts';
import { gravity } from '../store/diagnosis-span.ts';
import type { RunSources } from '../store/opened-run.ts';
import { type FindModel, toLook } from '../store/past-diagnoses.ts';
import type { SamplesSources } from '../store/run-samples.ts';
import { seekGravest, seekRun } from '../store/seek-run.ts';

// A diagnosis is told a moment before the history has it.
const TRIES = 6;
const PAUSE_MS = 300;

/** Where a run and what it is held against come from: the server. */
export function runSources(): RunSources {
  const models = new ModelClient(browserFetch);
  return {
    diagnosis: fetchSoon,
    rows: fetchHistory,
    manifest: (model, signal) => models.manifest(model, signal).catch(unlessUnknown),
    examples: (model, signal) => models.examples(model, signal).catch(unlessUnknown),
  };
}

export function samplesSources(): SamplesSources {
  const captures = new CaptureClient(browserFetch);
  return {
    list: (query) => captures.list(query),
    record: (request) => captures.record(request),
    settled: async (id) => {
      for (;;) {
        const capture = await captures.one(id);
        if (capture.state !== 'recording') return capture;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
    ringSeconds: (channel) => ringSeconds(browserFetch, channel),
  };
}

/** A moment of the run that somebody wants; undefined where there is none any more. Rejects as `requestJson`. */
export async function momentOf(channel: string, wanted: WantedRun, find: FindModel): Promise<number | undefined> {
  if (wanted.kind === 'at') return wanted.timeMs;
  const { fromMs, toMs } = wanted;
  return seekGravest(fetchDiagnoses, { channel, fromMs, toMs }, (kind, figures) =>
    gravity(toLook(kind, figures, find)),
  );
}

/** A moment of the nearest run before or after one that came to something else; undefined where there is none. Rejects as `requestJson`. */
export function neighbourRun(
  { channel, timeMs, endMs, outcome, label }: RunDiagnosisReply,
  { to, firstMs, lastMs }: { readonly to: 'earlier' | 'later'; readonly firstMs: number; readonly lastMs: number },
): Promise<number | undefined> {
  const isWanted = (kind: DiagnosisKindReply) =>
    kind.outcome !== 'dropped' &&
    kind.outcome !== 'unavailable' &&
    (kind.outcome !== outcome || (outcome === 'class' && kind.label !== label));
  const range = to === 'later' ? { fromMs: endMs, toMs: lastMs } : { fromMs: firstMs, toMs: timeMs };
  if (range.toMs <= range.fromMs) return Promise.resolve(undefined);
  return seekRun(fetchDiagnoses, { channel, ...range, from: to === 'later' ? 'begin' : 'end', isWanted });
}

async function fetchSoon(channel: string, timeMs: number, signal: AbortSignal): Promise<RunDiagnosisReply> {
  for (let left = TRIES; ; left--) {
    try {
      return await fetchDiagnosis(channel, timeMs, signal);
    } catch (error) {
      if (left === 0 || !isUnknown(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    signal.throwIfAborted();
  }
}

export function isUnknown(error: unknown): boolean {
  return error instanceof RefusedError && error.status === 404;
}

function unlessUnknown(error: unknown): undefined {
  if (isUnknown(error)) return undefined;
  throw error;
}
