import type { AlarmEntry, AlarmEvent } from '../../server/wire/alarm-journal.ts';
import { type AlarmPriority, alarmTag, type BaseState } from '../../server/wire/alarms.ts';
import { seededRandom } from './seeded-random.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PRIORITIES: Readonly<Record<string, AlarmPriority>> = {
  arcing: 'critical',
  'light-high': 'high',
  'stale-data': 'medium',
  disk: 'low',
};
const PEOPLE = ['M. Lee', 'J. Kim', '박서연'];

interface Step {
  readonly atMs: number;
  readonly event: AlarmEvent;
  readonly definition: string;
  readonly channel: string | undefined;
  readonly comment?: string;
}

/**
 * What alarms did in so many hours up to a time, the same for a seed: a quiet
 * plant, one alarm that chatters, one that stands for two days, a flood an hour
 * before the end, and people who answer it.
 */
export function shiftEntries(channels: readonly string[], endMs: number, hours: number): AlarmEntry[] {
  const random = seededRandom(11);
  const steps: Step[] = [];
  const pair = (definition: string, channel: string | undefined, atMs: number, lastsMs: number, ackMs?: number) => {
    const alarm = { definition, channel };
    steps.push({ ...alarm, atMs, event: 'raise' });
    if (ackMs !== undefined) steps.push({ ...alarm, atMs: atMs + ackMs, event: 'acknowledge' });
    if (atMs + lastsMs < endMs) steps.push({ ...alarm, atMs: atMs + lastsMs, event: 'clear' });
  };
  const beginMs = endMs - hours * HOUR_MS;
  pair('disk', undefined, beginMs - 48 * HOUR_MS, 100 * HOUR_MS, 5 * MINUTE_MS);
  const definitions = ['light-high', 'stale-data', 'light-high', 'stale-data', 'arcing'];
  for (let atMs = beginMs; atMs < endMs - 2 * HOUR_MS; atMs += random() * 12 * MINUTE_MS) {
    const definition = definitions[Math.floor(random() ** 2 * definitions.length)]!;
    const channel = channels[Math.floor(random() ** 2 * channels.length)];
    const isSeen = random() < 0.7;
    pair(definition, channel, atMs, (0.3 + 6 * random()) * MINUTE_MS, isSeen ? random() * 8 * MINUTE_MS : undefined);
  }
  const chatterMs = endMs - 2.6 * HOUR_MS;
  for (let i = 0; i < 14; i++) pair('light-high', channels[1], chatterMs + i * 13_000, 6000);
  const floodMs = endMs - 1.1 * HOUR_MS;
  for (let i = 0; i < 46; i++) {
    const definition = ['stale-data', 'light-high', 'arcing'][Math.floor(i / channels.length) % 3]!;
    pair(
      definition,
      channels[i % channels.length],
      floodMs + i * 9000,
      (4 + 9 * random()) * MINUTE_MS,
      (2 + 14 * random()) * MINUTE_MS,
    );
  }
  const comment = 'Cleaned the window; <b>see</b> the shift book';
  steps.push({
    atMs: endMs - 20 * MINUTE_MS,
    event: 'comment',
    definition: 'light-high',
    channel: channels[1],
    comment,
  });
  steps.push({
    atMs: endMs - 12 * MINUTE_MS,
    event: 'shelve',
    definition: 'stale-data',
    channel: channels[0],
    comment: '장치 교체 중',
  });
  pair('arcing', channels[2], endMs - 2 * MINUTE_MS, HOUR_MS);
  return fold(
    steps.sort((a, b) => a.atMs - b.atMs),
    random,
  );
}

/** The entries of what can happen; what cannot, is left out. */
function fold(steps: readonly Step[], random: () => number): AlarmEntry[] {
  const alarms = new Map<string, { state: BaseState; occurrence: number; version: number }>();
  const entries: AlarmEntry[] = [];
  for (const { atMs, event, definition, channel, comment } of steps) {
    const tag = alarmTag(definition, channel);
    const alarm = alarms.get(tag) ?? { state: 'normal', occurrence: 0, version: 0 };
    const next = after(alarm.state, event);
    if (next === undefined) continue;
    const isRaise = event === 'raise';
    alarms.set(tag, { state: next, occurrence: alarm.occurrence + Number(isRaise), version: alarm.version + 1 });
    const ns = `${Math.floor(atMs) - 1200}000123`;
    const isPerson = ['acknowledge', 'comment', 'shelve'].includes(event);
    entries.push({
      ...{ number: entries.length + 1, event, tag, definition, ...(channel !== undefined && { channel }) },
      ...{ priority: PRIORITIES[definition]!, state: next, hidden: event === 'shelve' ? ['shelved'] : [] },
      ...{ occurrence: alarms.get(tag)!.occurrence, version: alarms.get(tag)!.version },
      ...{ isAnnunciated: isRaise, atMs: Math.floor(atMs), ...(channel !== undefined && !isPerson && { atNs: ns }) },
      ...(isRaise && channel !== undefined && { beganNs: ns, finding: findingOf(definition, random()) }),
      ...(isPerson && { actor: { name: PEOPLE[entries.length % PEOPLE.length]!, address: '10.0.3.17' } }),
      ...(event === 'shelve' && { untilMs: Math.floor(atMs) + HOUR_MS }),
      ...(comment !== undefined && { comment }),
    });
  }
  return entries;
}

function after(state: BaseState, event: AlarmEvent): BaseState | undefined {
  const isPresent = state === 'unacknowledged' || state === 'acknowledged';
  if (event === 'comment' || event === 'shelve') return state;
  if (event === 'raise') return isPresent ? undefined : 'unacknowledged';
  if (event === 'clear') return !isPresent ? undefined : state === 'acknowledged' ? 'normal' : 'rtn-unacknowledged';
  if (state === 'unacknowledged') return 'acknowledged';
  return state === 'rtn-unacknowledged' ? 'normal' : undefined;
}

function findingOf(definition: string, part: number): AlarmEntry['finding'] {
  if (definition === 'arcing') return { value: 0.9 + part / 10, limit: 0.9, text: 'arc' };
  return definition === 'light-high'
    ? { value: 0.1185 + part / 200, limit: 0.1185 }
    : { value: 3 + 4 * part, limit: 3 };
}
