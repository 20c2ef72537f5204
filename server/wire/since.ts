import type { RunDiagnosis, ToldDiagnosis } from './diagnoses.ts';

/**
 * Since when the channel has come to the same: what a run adds to the one
 * before begins where that ended. Where one run follows the other, a stretch
 * that none has covered, or a clock that was set back, begins anew.
 */
export function sinceNs(run: RunDiagnosis, before: ToldDiagnosis | undefined, isSliding: boolean): string {
  if (before === undefined) return run.fromNs;
  const [from, beforeFrom, beforeTo] = [run.fromNs, before.fromNs, before.toNs].map(BigInt);
  const isJoined = from >= beforeFrom && (!isSliding || from <= beforeTo);
  if (!isJoined) return run.fromNs;
  if (isSame(run, before)) return before.sinceNs;
  return String(from < beforeTo ? beforeTo : from);
}

/**
 * Of the first run at one place, held against what was told last at the other,
 * which may be ahead of it or behind.
 */
export function sinceElsewhere(run: RunDiagnosis, told: ToldDiagnosis | undefined, isSliding: boolean): string {
  if (told === undefined || !isSame(run, told)) return run.fromNs;
  return sinceNs(run, { ...told, fromNs: told.sinceNs }, isSliding);
}

function isSame(a: RunDiagnosis, b: RunDiagnosis): boolean {
  if (a.outcome.kind !== b.outcome.kind || a.model !== b.model || a.version !== b.version) return false;
  return a.outcome.kind !== 'class' || b.outcome.kind !== 'class' || a.outcome.label === b.outcome.label;
}
