import type { AlarmReply } from '../server/wire/alarms.ts';

/** Nobody is left without sound for longer than a shift. */
export const MUTE_MS = 8 * 3_600_000;

/** Whether what was muted until then still is. Times in ms since 1970 UTC by a clock that may be set. */
export function isMutedUntil(untilMs: number, nowMs: number): boolean {
  return nowMs < untilMs && untilMs <= nowMs + MUTE_MS;
}

export interface MuteLook {
  readonly untilMs: number;
  readonly nowMs: number;
  /** The server's clock; undefined before it first spoke. */
  readonly serverMs: number | undefined;
  /** The page has just begun: what is new to it may have been there when sound was muted. */
  readonly isFirst: boolean;
}

/** Whether one of those that are new to the page ends what was muted: a critical or high one that came since. */
export function endsMute(fresh: readonly AlarmReply[], { untilMs, nowMs, serverMs, isFirst }: MuteLook): boolean {
  const mutedForMs = nowMs - (untilMs - MUTE_MS);
  return fresh.some(({ priority, raisedMs }) => {
    if (priority !== 'critical' && priority !== 'high') return false;
    const isOlder = serverMs !== undefined && raisedMs !== undefined && serverMs - raisedMs >= mutedForMs;
    return !isFirst || !isOlder;
  });
}
