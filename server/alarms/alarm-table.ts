import type { AlarmDefinition } from '../wire/alarm-definitions.ts';
import type { BaseState } from '../wire/alarms.ts';

/** What moves an alarm from one base state to another. */
export type BaseEvent = 'raise' | 'clear' | 'acknowledge' | 'reset';

/** What of a definition decides where a clear leads. */
export type ClearRules = Required<Pick<AlarmDefinition, 'latch' | 'autoAcknowledgeReturns'>>;

type Column = 'raise' | 'acknowledge' | 'reset' | 'clear' | 'clearLatching' | 'clearAcknowledging';

/**
 * Every base state and every event that moves an alarm out of it; an event
 * that is missing from a row does not apply there. A clear has three columns:
 * for alarms that latch, for those whose returns are acknowledged by
 * themselves, and for all others.
 *
 * Nothing leads from an acknowledged state to one that is not, but a raise.
 */
// biome-ignore format: a table
export const ALARM_TABLE = {
  'normal':                 { raise: 'unacknowledged' },
  'unacknowledged':         { acknowledge: 'acknowledged',
                              clear: 'rtn-unacknowledged', clearLatching: 'latched-unacknowledged', clearAcknowledging: 'normal' },
  'acknowledged':           { clear: 'normal', clearLatching: 'latched-acknowledged', clearAcknowledging: 'normal' },
  'rtn-unacknowledged':     { raise: 'unacknowledged', acknowledge: 'normal' },
  'latched-unacknowledged': { raise: 'unacknowledged', acknowledge: 'latched-acknowledged' },
  'latched-acknowledged':   { raise: 'unacknowledged', reset: 'normal' },
} as const satisfies Record<BaseState, Partial<Record<Column, BaseState>>>;

/** The base state after `event`, or undefined where the event does not apply. One that latches latches, whatever else it does. */
export function nextBaseState(state: BaseState, event: BaseEvent, rules: ClearRules): BaseState | undefined {
  const row: Partial<Record<Column, BaseState>> = ALARM_TABLE[state];
  return row[event === 'clear' ? clearColumn(rules) : event];
}

function clearColumn({ latch, autoAcknowledgeReturns }: ClearRules): Column {
  if (latch) return 'clearLatching';
  return autoAcknowledgeReturns ? 'clearAcknowledging' : 'clear';
}
