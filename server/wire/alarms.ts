// Alarms: what they are called, what state they are in, and what the hub says
// of them as JSON text among its other events. The words are those of ISA-18.2
// / IEC 62682.

/** The most urgent first; people read them as 1 … 4. */
export const ALARM_PRIORITIES = ['critical', 'high', 'medium', 'low'] as const;
export type AlarmPriority = (typeof ALARM_PRIORITIES)[number];

/**
 * What an alarm's condition and people have made of it:
 *
 *     state                    condition  acknowledged
 *     normal                   absent     –
 *     unacknowledged           present    no
 *     acknowledged             present    yes
 *     rtn-unacknowledged       absent     no
 *     latched-unacknowledged   absent     no            latches until reset
 *     latched-acknowledged     absent     yes           latches until reset
 */
export const BASE_STATES = [
  'normal',
  'unacknowledged',
  'acknowledged',
  'rtn-unacknowledged',
  'latched-unacknowledged',
  'latched-acknowledged',
] as const;
export type BaseState = (typeof BASE_STATES)[number];

export const ALARM_ACTIONS = [
  'acknowledge',
  'reset',
  'shelve',
  'unshelve',
  'out-of-service',
  'in-service',
  'comment',
] as const;
export type AlarmActionKind = (typeof ALARM_ACTIONS)[number];

/** Alarms in one action: what fits on a screen, many times over. */
export const ACTION_ALARMS = 1000;

/** The longest that an alarm may be shelved, s. */
export const SHELVE_LIMIT_SECONDS = 24 * 3600;

/** The durations that people choose from, s; besides, the end of the shift. */
export const SHELVE_SECONDS = [900, 3600, 14_400] as const;

/** Figures of the server itself. */
export const SYSTEM_FIGURES = {
  'disk-free': 'per cent of the volume that holds the storage',
  'disk-failing': '1 while the history or the journal cannot be written',
  'cpu-load': 'per cent of all cores, mean of ten seconds',
  'memory-used': 'per cent of the machine',
  'windows-dropped': 'windows a second',
  'model-failing': 'models that channels name and that are not used',
  'output-failing': 'alarm outputs that deliver nothing',
  'capture-failing': '1 while nothing can be recorded',
} as const;
export type SystemFigure = keyof typeof SYSTEM_FIGURES;

/** Why an alarm is not shown among the others; of several, the list that shows it is that of the first here. */
export const HIDE_REASONS = ['out-of-service', 'suppressed-by-design', 'shelved'] as const;
export type HideReason = (typeof HIDE_REASONS)[number];

/** One reason that hides an alarm, since when, and who said so. */
export interface Hiding {
  readonly reason: HideReason;
  /** Server clock, ms since 1970 UTC. */
  readonly sinceMs: number;
  /** When it ends by itself: of shelved ones only. */
  readonly untilMs?: number;
  /** Left out where the logic says so. */
  readonly by?: string;
  /** Why, in that person's words, or what the logic found: the tag of the parent alarm, or `channel off`. */
  readonly comment?: string;
}

/** What was found when the condition came to be present. */
export interface AlarmFinding {
  /** In the channel's unit, or in that of the condition's figure. */
  readonly value?: number;
  /** What it passed. */
  readonly limit?: number;
  /** What it came to where that is no number: the label of a class, the reason of a fault. */
  readonly text?: string;
}

/** What somebody did, and when by the server clock, ms since 1970 UTC. */
export interface AlarmSignature {
  readonly by: string;
  readonly atMs: number;
  readonly comment?: string;
}

/**
 * One alarm as it is. Its tag is that of its definition and, where that is of
 * channels, the channel: `light-high:plasma-3`.
 *
 * The occurrence rises when it comes to be `unacknowledged`, the version with
 * every change: by one, and far after a server that was killed, so that neither
 * is given twice. Who acts names what they saw.
 */
export interface AlarmReply {
  readonly tag: string;
  /** Identifier of its definition. */
  readonly definition: string;
  readonly channel?: string;
  readonly priority: AlarmPriority;
  readonly state: BaseState;
  /** In the order of `HIDE_REASONS`; empty where nothing hides it. */
  readonly hidden: readonly Hiding[];
  readonly occurrence: number;
  readonly version: number;
  /** Sample clock, ns since 1970 UTC, decimal: where the condition began, before any delay. Left out where no sample tells. */
  readonly beganNs?: string;
  /** Server clock, ms since 1970 UTC: when this occurrence was raised, and when its condition was last absent. */
  readonly raisedMs?: number;
  readonly clearedMs?: number;
  /** Left out before the first occurrence. */
  readonly finding?: AlarmFinding;
  readonly acknowledged?: AlarmSignature;
  /** The newest comment. */
  readonly comment?: AlarmSignature;
  /** Identifier of the recording that this occurrence took. */
  readonly capture?: string;
}

/**
 * Alarms that have changed, the most urgent first. A viewer is told of all
 * that are not simply `normal` after the welcome, in pieces: those are over
 * with `snapshot: 'last'`, and what none of them named is `normal`.
 */
export interface Alarms {
  readonly type: 'alarms';
  readonly snapshot?: 'more' | 'last';
  readonly alarms: readonly AlarmReply[];
}

/** A flood: more than ten annunciated in ten minutes, until they are fewer than five. Told after the snapshot and when it changes. */
export interface AlarmFlood {
  readonly type: 'alarm-flood';
  /** Server clock, ms since 1970 UTC; left out where there is none. */
  readonly sinceMs?: number;
  /** Tag of the alarm that was annunciated first in it: it is never folded away. */
  readonly firstOut?: string;
}

/** Alarms of one answer of `GET /api/alarms`; those beyond are asked for after the last of it. */
export const ALARMS_PAGE = 1000;

/**
 * `GET /api/alarms`: those that are not simply `normal`; with `all=true` all
 * that definitions make. The most urgent come first, those beyond `limit` are
 * left out; with `after` they go by tag instead, so that whoever reads page
 * after page meets each once, whatever changes meanwhile.
 */
export interface AlarmsReply {
  readonly alarms: readonly AlarmReply[];
  /** Of all pages. */
  readonly total: number;
  /** `after` of the next page; left out on the last, and where the most urgent come first. */
  readonly next?: string;
  readonly flood: Omit<AlarmFlood, 'type'>;
}

/** Tag of the alarm that a definition makes of a channel, or of the plant. */
export function alarmTag(definition: string, channel?: string): string {
  return channel === undefined ? definition : `${definition}:${channel}`;
}

/** Whether the condition is there. */
export function isPresent(state: BaseState): boolean {
  return state === 'unacknowledged' || state === 'acknowledged';
}

/** Whether somebody is still to acknowledge it. */
export function isUnacknowledged(state: BaseState): boolean {
  return state === 'unacknowledged' || state === 'rtn-unacknowledged' || state === 'latched-unacknowledged';
}
