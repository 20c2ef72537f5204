import type { ActionRefusal, SeenAlarm } from '../wire/alarm-actions.ts';
import type { AlarmActor, AlarmEntry, AlarmEvent } from '../wire/alarm-journal.ts';
import {
  type AlarmActionKind,
  type AlarmFinding,
  type AlarmPriority,
  type AlarmReply,
  type AlarmSignature,
  isPresent,
  SHELVE_LIMIT_SECONDS,
} from '../wire/alarms.ts';
import { type ClearRules, nextBaseState } from './alarm-table.ts';
import { hidingsAfter, isHiddenBy, reasonsAfter } from './hide-reasons.ts';

/** An entry that the journal has yet to number. */
export type EntryDraft = Omit<AlarmEntry, 'number'>;

/** Which alarm it is, and what of its definition decides about its states. */
export interface AlarmIdentity extends Pick<AlarmReply, 'tag' | 'definition' | 'channel' | 'priority'>, ClearRules {}

/** What happens to an alarm by itself. Times are those of `AlarmEntry`, of the sample clock as numbers. */
export type AlarmChange = { readonly atMs: number } & (
  | {
      readonly event: 'raise';
      readonly atNs?: bigint | undefined;
      readonly beganNs?: bigint | undefined;
      readonly finding: AlarmFinding;
    }
  | { readonly event: 'clear'; readonly atNs?: bigint | undefined }
  /** `comment` is what the logic found; another one than before is told too. */
  | { readonly event: 'suppress'; readonly comment: string }
  | { readonly event: 'unsuppress' }
  /** The shelf that was to last until then is over. */
  | { readonly event: 'unshelve'; readonly untilMs: number }
  /** The recording of that occurrence; of an earlier one it is nobody's. */
  | { readonly event: 'capture'; readonly occurrence: number; readonly capture: string }
  | { readonly event: 'redefine'; readonly priority: AlarmPriority }
  | { readonly event: 'remove' }
);

/** What a person does about an alarm, and what of it they saw. */
export type PersonalAction = {
  /** Identifier of the action. */
  readonly id: string;
  readonly seen: Pick<SeenAlarm, 'occurrence' | 'version'>;
  readonly actor: AlarmActor;
  readonly atMs: number;
  readonly comment?: string | undefined;
} & (
  | { readonly action: Exclude<AlarmActionKind, 'shelve'> }
  /** An end that is later than `SHELVE_LIMIT_SECONDS` allows becomes that. */
  | { readonly action: 'shelve'; readonly untilMs: number }
);

/** An alarm of which nothing has ever happened. */
export function newAlarm(alarm: Pick<AlarmReply, 'tag' | 'definition' | 'channel' | 'priority'>): AlarmReply {
  const { tag, definition, channel, priority } = alarm;
  return known({ tag, definition, channel, priority, state: 'normal', hidden: [], occurrence: 0, version: 0 });
}

/** What `change` makes of the alarm; undefined where it changes nothing. */
export function decide(alarm: AlarmReply, rules: ClearRules, change: AlarmChange): EntryDraft | undefined {
  const { event, atMs } = change;
  switch (event) {
    case 'raise':
    case 'clear': {
      const state = nextBaseState(alarm.state, event, rules);
      if (state === undefined) return undefined;
      const { atNs } = change;
      const found = change.event === 'raise' && { beganNs: change.beganNs?.toString(), finding: change.finding };
      return draft(alarm, { event, atMs, state, atNs: atNs?.toString(), ...found });
    }
    case 'suppress': {
      const { comment } = change;
      const before = alarm.hidden.find(({ reason }) => reason === 'suppressed-by-design');
      return before?.comment === comment ? undefined : draft(alarm, { event, atMs, comment });
    }
    case 'unsuppress':
      return isHiddenBy(alarm.hidden, event) ? draft(alarm, { event, atMs }) : undefined;
    case 'unshelve': {
      const isOf = alarm.hidden.some(({ untilMs }) => untilMs === change.untilMs);
      return isOf ? draft(alarm, { event, atMs }) : undefined;
    }
    case 'capture':
      if (change.occurrence !== alarm.occurrence || change.capture === alarm.capture) return undefined;
      return draft(alarm, { event, atMs, capture: change.capture });
    case 'redefine':
      return change.priority === alarm.priority ? undefined : draft(alarm, { event, atMs, priority: change.priority });
    case 'remove':
      return alarm.version === 0 ? undefined : { ...draft(alarm, { event, atMs, state: 'normal' }), hidden: [] };
  }
}

/** What a person's action makes of the alarm, or why it is not done. */
export function decideAction(alarm: AlarmReply, rules: ClearRules, action: PersonalAction): EntryDraft | ActionRefusal {
  const { action: event, id, seen, actor, atMs, comment } = action;
  if (seen.occurrence > alarm.occurrence || seen.version > alarm.version) return 'ALARM_UNSEEN';
  if (seen.occurrence < alarm.occurrence) return 'ALARM_NEWER';
  const signed = { event, atMs, actor, comment, action: id };
  switch (event) {
    case 'acknowledge':
    case 'reset': {
      const state = nextBaseState(alarm.state, event, rules);
      if (state !== undefined) return draft(alarm, { ...signed, state });
      return isDone(alarm, event) ? 'ALARM_UNCHANGED' : 'ALARM_STATE';
    }
    case 'shelve': // once more is until then
      return draft(alarm, { ...signed, untilMs: Math.min(action.untilMs, atMs + SHELVE_LIMIT_SECONDS * 1000) });
    case 'out-of-service':
      return isHiddenBy(alarm.hidden, event) ? 'ALARM_UNCHANGED' : draft(alarm, signed);
    case 'unshelve':
    case 'in-service':
      return isHiddenBy(alarm.hidden, event) ? draft(alarm, signed) : 'ALARM_UNCHANGED';
    case 'comment':
      return draft(alarm, signed);
  }
}

/**
 * The alarm after `entry`, whether that has just been decided or is read from
 * the journal; undefined stands for an alarm of which nothing is known.
 */
export function fold(alarm: AlarmReply | undefined, entry: EntryDraft): AlarmReply {
  const { event, tag, definition, channel, priority, state, occurrence, version, atMs } = entry;
  const isNew = occurrence > (alarm?.occurrence ?? 0);
  const isRaise = event === 'raise';
  return known({
    tag,
    definition,
    channel,
    priority,
    state,
    hidden: hidingsAfter(alarm?.hidden ?? [], entry),
    occurrence,
    version,
    beganNs: isRaise ? entry.beganNs : alarm?.beganNs,
    raisedMs: isNew ? atMs : alarm?.raisedMs,
    clearedMs: event === 'clear' ? atMs : isNew ? undefined : alarm?.clearedMs,
    finding: isRaise ? entry.finding : alarm?.finding,
    acknowledged: event === 'acknowledge' ? signatureOf(entry) : isNew ? undefined : alarm?.acknowledged,
    comment: entry.comment === undefined ? alarm?.comment : (signatureOf(entry) ?? alarm?.comment),
    capture: event === 'capture' ? entry.capture : isRaise ? undefined : alarm?.capture,
  });
}

interface Move extends Partial<Omit<EntryDraft, 'event' | 'atMs'>> {
  readonly event: AlarmEvent;
  readonly atMs: number;
}

/** The next entry of the alarm. Where it ends what hid it last, and the condition is there, people are to notice. */
function draft(alarm: AlarmReply, { event, atMs, priority, state = alarm.state, ...rest }: Move): EntryDraft {
  const { tag, definition, channel } = alarm;
  const hidden = reasonsAfter(alarm.hidden, event);
  const isShownAgain = alarm.hidden.length > 0 && hidden.length === 0 && isPresent(state);
  const isNew = event === 'raise' || isShownAgain;
  return known({
    event,
    tag,
    definition,
    channel,
    priority: priority ?? alarm.priority,
    state: isShownAgain ? 'unacknowledged' : state,
    hidden,
    occurrence: alarm.occurrence + (isNew ? 1 : 0),
    version: alarm.version + 1,
    isAnnunciated: isNew && hidden.length === 0,
    atMs,
    ...rest,
  });
}

/** Whether the alarm is so already, because somebody was quicker. */
function isDone({ state, acknowledged }: AlarmReply, event: 'acknowledge' | 'reset'): boolean {
  if (event === 'reset') return state === 'normal';
  return acknowledged !== undefined;
}

function signatureOf({ actor, atMs, comment }: EntryDraft): AlarmSignature | undefined {
  return actor && known({ by: actor.name, atMs, comment });
}

/** Without what is undefined, as JSON has it. */
function known<T extends object>(value: T): T {
  const found: Partial<T> = {};
  for (const key in value) if (value[key] !== undefined) found[key] = value[key];
  return found as T;
}
