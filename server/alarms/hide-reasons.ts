import type { AlarmEntry, AlarmEvent } from '../wire/alarm-journal.ts';
import { HIDE_REASONS, type HideReason, type Hiding } from '../wire/alarms.ts';

/** How a reason to hide an alarm comes and goes. */
export interface HideRule {
  readonly begins: AlarmEvent;
  readonly ends: AlarmEvent;
  /** Whether it ends by itself, at a time. */
  readonly isTimed: boolean;
}

/**
 * The reasons to hide an alarm: an operator shelves it for a time, logic
 * suppresses it by design, and maintenance takes it out of service. They are
 * independent of each other and of the base state.
 */
// biome-ignore format: a table
export const HIDE_RULES: Readonly<Record<HideReason, HideRule>> = {
  'out-of-service':       { begins: 'out-of-service', ends: 'in-service', isTimed: false },
  'suppressed-by-design': { begins: 'suppress',       ends: 'unsuppress', isTimed: false },
  'shelved':              { begins: 'shelve',         ends: 'unshelve',   isTimed: true },
};

/** Whether the reason that `event` begins or ends is among those that hide an alarm. */
export function isHiddenBy(hidden: readonly Hiding[], event: AlarmEvent): boolean {
  return hidden.some(({ reason }) => HIDE_RULES[reason].begins === event || HIDE_RULES[reason].ends === event);
}

/** The reasons that hide an alarm after `event`, in the order of `HIDE_REASONS`. */
export function reasonsAfter(hidden: readonly Hiding[], event: AlarmEvent): HideReason[] {
  return HIDE_REASONS.filter((reason) => {
    const { begins, ends } = HIDE_RULES[reason];
    return event === begins || (event !== ends && hidden.some((hiding) => hiding.reason === reason));
  });
}

/**
 * What hides an alarm after `entry`. Of a reason whose beginning is not known,
 * because the journal was damaged there, a shelf ends with the entry, so that
 * nothing stays hidden for good.
 */
export function hidingsAfter(hidden: readonly Hiding[], entry: Omit<AlarmEntry, 'number'>): Hiding[] {
  return entry.hidden.map((reason) => {
    const { begins, isTimed } = HIDE_RULES[reason];
    const known = hidden.find((hiding) => hiding.reason === reason);
    if (entry.event !== begins) {
      return known ?? { reason, sinceMs: entry.atMs, ...(isTimed && { untilMs: entry.atMs }) };
    }
    const { atMs, untilMs, actor, comment } = entry;
    return {
      reason,
      sinceMs: atMs,
      ...(untilMs !== undefined && { untilMs }),
      ...(actor && { by: actor.name }),
      ...(comment !== undefined && { comment }),
    };
  });
}
