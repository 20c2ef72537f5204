import type { HistoryThread } from './history-thread.ts';
import type { Threads } from './threads.ts';
import type { SystemReply } from './wire/rest.ts';

// What the history and the recordings say of themselves, for /api/system and /healthz.

export function historyFigures(history: HistoryThread): SystemReply['history'] {
  const { problem: _, tidyProblem: __, readProblem: ___, ...figures } = history.status();
  const problem = historyFailures(history).join('; ');
  return { ...figures, ...(problem !== '' && { problem }), queries: history.queries() };
}

export function historyProblems(history: HistoryThread): string[] {
  const { holeWindows } = history.status();
  const problems = historyFailures(history);
  if (holeWindows > 0) problems.push(`${holeWindows} windows are missing from the history and are to be sent again`);
  return problems;
}

export function captureProblems({ ingest, recording, keptPast }: Omit<Threads, 'history'>): string[] {
  const problems = keptPast.problem === undefined ? [] : [keptPast.problem];
  const { problem } = recording.status();
  // Without the list nobody knows what of the history recordings refer to, and retention waits for it.
  const stands = keptPast.isListed
    ? 'nothing is recorded'
    : 'nothing is recorded, nor is anything of the history removed';
  if (problem !== undefined) problems.push(`${stands}, until a restart: ${problem}`);
  if (ingest.recording().lacksRoom)
    problems.push(
      'nothing but what people ask for is recorded: their recordings leave no room, see capture.keep_bytes',
    );
  return problems;
}

export function historyFailures(history: HistoryThread): string[] {
  const { problem, tidyProblem, readProblem } = history.status();
  const failures = problem === undefined ? [] : [problem];
  if (tidyProblem !== undefined) failures.push(`the history cannot be tidied: ${tidyProblem}`);
  if (readProblem !== undefined) failures.push(`the history cannot be read: ${readProblem}`);
  return failures;
}
