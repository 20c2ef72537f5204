import type { Locale } from '../locale/locale.ts';
import { RefusedError } from '../net/request.ts';

/** Why the past is not all there, in a sentence; empty where it is. */
export function describeHistoryProblem(problem: unknown, { text }: Locale): string {
  if (problem === undefined) return '';
  if (!(problem instanceof RefusedError)) return text.historyUnreachable;
  if (problem.code === 'HISTORY_BUSY' || problem.code === 'RATE_LIMITED') return text.historyBusy;
  return text.historyFailed(problem.message);
}
