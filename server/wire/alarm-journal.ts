// The journal of alarms: every transition there was, in order. What is kept on
// the disk, published in the server, and answered by `GET /api/alarms/journal`
// is the same.

import type { AlarmFinding, AlarmPriority, BaseState, HideReason } from './alarms.ts';

/** What moves an alarm. */
export const ALARM_EVENTS = [
  /** The condition is present, after its delay; */
  'raise',
  /** is absent, after its delay. */
  'clear',
  'acknowledge',
  'reset',
  'shelve',
  /** By hand, or because its time is over. */
  'unshelve',
  'suppress',
  'unsuppress',
  'out-of-service',
  'in-service',
  'comment',
  /** Its recording is there. */
  'capture',
  /** Its definition is another one, is gone, or its channel is of no definition any more. */
  'redefine',
  'remove',
] as const;
export type AlarmEvent = (typeof ALARM_EVENTS)[number];

/** Who did it, and from where. */
export interface AlarmActor {
  readonly name: string;
  /** Network address. */
  readonly address: string;
}

/** One transition of one alarm: with the entries before it, all that is known of it. */
export interface AlarmEntry {
  /** Rises from entry to entry. One that is missing is of an action that was refused because it could not be written, or of an entry that is lost. */
  readonly number: number;
  readonly event: AlarmEvent;
  readonly tag: string;
  readonly definition: string;
  readonly channel?: string;
  readonly priority: AlarmPriority;
  /** After it. */
  readonly state: BaseState;
  /** In the order of `HIDE_REASONS`, after it. */
  readonly hidden: readonly HideReason[];
  readonly occurrence: number;
  readonly version: number;
  /** Whether people were to notice: it came to be `unacknowledged` with nothing that hides it. */
  readonly isAnnunciated: boolean;
  /** Server clock, ms since 1970 UTC. */
  readonly atMs: number;
  /** Sample clock, ns since 1970 UTC, decimal: of the sample that shows it; left out where none does. */
  readonly atNs?: string;
  /** Of a `raise`: where the condition began, as `atNs`, and what was found. */
  readonly beganNs?: string;
  readonly finding?: AlarmFinding;
  /** Left out where nobody did it. */
  readonly actor?: AlarmActor;
  readonly comment?: string;
  /** Of a `shelve`: when it ends. */
  readonly untilMs?: number;
  /** Of a `capture`: its identifier. */
  readonly capture?: string;
  /** Of an action: its identifier, so that one that is told twice is done once. */
  readonly action?: string;
}
