import { type AlarmReply, isUnacknowledged } from '../../server/wire/alarms.ts';

/** One line of the list of alarms. */
export type AlarmLine = AlarmRow | AlarmGroup;

export interface AlarmRow {
  readonly kind: 'alarm';
  /** Its tag. */
  readonly key: string;
  readonly alarm: AlarmReply;
  readonly isFirstOut: boolean;
  /** Of an unfolded group. */
  readonly isInGroup: boolean;
}

/** Alarms of one definition or of one channel, behind one line. */
export interface AlarmGroup {
  readonly kind: 'group';
  readonly key: string;
  readonly by: 'cause' | 'channel';
  /** The most urgent first; at least three. */
  readonly alarms: readonly [AlarmReply, ...AlarmReply[]];
  readonly unacknowledged: number;
  readonly isOpen: boolean;
}

export interface Grouping {
  /** In a flood; else every alarm has its own line. */
  readonly isFlood: boolean;
  /** Tag of the alarm that came first in the flood: it has the first line, whatever is folded. */
  readonly firstOut: string | undefined;
  /** Keys of groups that are unfolded. */
  readonly open: ReadonlySet<string>;
}

// What fewer alarms have in common is told sooner by themselves.
const LEAST_GROUP = 3;

/**
 * The lines of a list of alarms, in the order of `alarms`. In a flood, those of
 * a definition or of a channel are one line, the larger group first choosing
 * its alarms, so that few lines tell of all; each stands where its first alarm would.
 */
export function alarmLines(alarms: readonly AlarmReply[], { isFlood, firstOut, open }: Grouping): AlarmLine[] {
  const row = (alarm: AlarmReply, isInGroup = false): AlarmRow => ({
    kind: 'alarm',
    key: alarm.tag,
    alarm,
    isFirstOut: alarm.tag === firstOut,
    isInGroup,
  });
  if (!isFlood) return alarms.map((alarm) => row(alarm));

  const first = alarms.filter(({ tag }) => tag === firstOut);
  const others = alarms.filter(({ tag }) => tag !== firstOut);
  const groupOf = assign(others);
  const members = groupBy(others, (alarm) => groupOf.get(alarm));
  const told = new Set<string>();
  const lines = others.flatMap((alarm): AlarmLine[] => {
    const key = groupOf.get(alarm);
    if (key === undefined) return [row(alarm)];
    if (told.has(key)) return [];
    told.add(key);
    const [head = alarm, ...rest] = members.get(key) ?? [];
    const isOpen = open.has(key);
    const group: AlarmGroup = {
      kind: 'group',
      key,
      by: key.startsWith('cause') ? 'cause' : 'channel',
      alarms: [head, ...rest],
      unacknowledged: [head, ...rest].filter(({ state }) => isUnacknowledged(state)).length,
      isOpen,
    };
    return [group, ...(isOpen ? group.alarms.map((member) => row(member, true)) : [])];
  });
  return [...first.map((alarm) => row(alarm)), ...lines];
}

/** Which group each alarm is in; left out where it stands alone. */
function assign(alarms: readonly AlarmReply[]): Map<AlarmReply, string> {
  const buckets = [
    ...groupBy(alarms, ({ definition }) => `cause ${definition}`),
    ...groupBy(alarms, ({ channel }) => (channel === undefined ? undefined : `channel ${channel}`)),
  ].toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const groupOf = new Map<AlarmReply, string>();
  for (const [key, all] of buckets) {
    const free = all.filter((alarm) => !groupOf.has(alarm));
    if (free.length >= LEAST_GROUP) for (const alarm of free) groupOf.set(alarm, key);
  }
  return groupOf;
}

/** What has no key is in no group. */
function groupBy(alarms: readonly AlarmReply[], keyOf: (alarm: AlarmReply) => string | undefined) {
  const groups = new Map<string, AlarmReply[]>();
  for (const alarm of alarms) {
    const key = keyOf(alarm);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(alarm);
    else groups.set(key, [alarm]);
  }
  return groups;
}
