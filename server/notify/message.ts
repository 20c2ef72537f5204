import { createHash } from 'node:crypto';
import type { WholeDefinition } from '../wire/alarm-definitions.ts';
import type { AlarmEntry } from '../wire/alarm-journal.ts';
import { type AlarmReply, isPresent } from '../wire/alarms.ts';

/** What people read of an alarm, its channel filled in. */
export interface AlarmTexts {
  readonly title: string;
  readonly cause: string;
  readonly consequence: string;
  readonly action: string;
}

export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

type Definition = Pick<WholeDefinition, keyof AlarmTexts | 'timeToRespondSeconds'>;

/** One transition of an alarm as destinations are told of it, whole: what is read years later needs nothing else. */
export interface AlarmMessage
  extends Omit<AlarmEntry, 'number' | 'actor' | 'action'>,
    Pick<AlarmReply, 'raisedMs' | 'clearedMs'> {
  /** The channel's name for people; left out where it has none of its own. */
  readonly label?: string;
  /** Who did it. */
  readonly by?: string;
  /** Left out where nobody knows the definition any more; Korean where there is any. */
  readonly texts?: { readonly en: AlarmTexts; readonly ko?: AlarmTexts };
  readonly timeToRespondSeconds?: number;
}

export interface Transition {
  readonly entry: AlarmEntry;
  /** After it, or later. */
  readonly alarm: AlarmReply;
}

/** `definition` and `label` are left out where nobody knows them. Where it began and what was found are those of the occurrence. */
export function toMessage({ entry, alarm }: Transition, definition?: Definition, label?: string): AlarmMessage {
  const { number: _, actor, action: __, ...told } = entry;
  const { beganNs, finding, raisedMs, clearedMs } = alarm.occurrence === entry.occurrence ? alarm : entryTimes(entry);
  return known({
    ...told,
    ...known({ beganNs, finding, raisedMs, clearedMs: isPresent(entry.state) ? undefined : clearedMs }),
    label,
    by: actor?.name,
    texts: definition && fillTexts(definition, entry.channel, label),
    timeToRespondSeconds: definition?.timeToRespondSeconds,
  }) as AlarmMessage;
}

/** What stands, as the transition that came to it would tell of it. */
export function standing(alarm: AlarmReply): Transition {
  const { tag, definition, channel, priority, state, occurrence, version, raisedMs = 0, clearedMs = raisedMs } = alarm;
  const event = !isPresent(state) ? 'clear' : state === 'acknowledged' ? 'acknowledge' : 'raise';
  const hidden = alarm.hidden.map(({ reason }) => reason);
  const isAnnunciated = event === 'raise' && hidden.length === 0;
  const atMs = event === 'clear' ? clearedMs : raisedMs;
  const entry = { event, tag, definition, priority, state, hidden, occurrence, version, isAnnunciated, atMs } as const;
  return { entry: { number: 0, ...entry, ...(channel !== undefined && { channel }) }, alarm };
}

/** The same for the same transition, whenever it is sent. */
export function messageId({ tag, occurrence, version }: Pick<AlarmMessage, 'tag' | 'occurrence' | 'version'>): string {
  return `${tag}/${occurrence}/${version}`;
}

/** Of messages that go together, in letters and digits; the same for the same messages. */
export function togetherId(messages: readonly AlarmMessage[]): string {
  return createHash('sha256').update(messages.map(messageId).join('\n')).digest('hex').slice(0, 32);
}

/** Whether the alarm calls for people: its condition is there, and nothing hides it. */
export function isStanding({ state, hidden }: Pick<AlarmMessage, 'state' | 'hidden'>): boolean {
  return isPresent(state) && hidden.length === 0;
}

function entryTimes({ event, atMs, beganNs, finding }: AlarmEntry): Partial<AlarmReply> {
  return known({ beganNs, finding, ...(event === 'raise' ? { raisedMs: atMs } : { clearedMs: atMs }) });
}

function fillTexts(definition: Definition, channel: string | undefined, label: string | undefined) {
  const fill = (text: string) =>
    channel === undefined
      ? text
      : text.replace(/\{(channel|label)\}/g, (_, of) => (of === 'label' ? label : channel) ?? channel);
  const of = (language: Language): AlarmTexts => {
    const [title, cause, consequence, action] = (['title', 'cause', 'consequence', 'action'] as const).map((part) =>
      fill(definition[part][language] ?? definition[part].en),
    ) as [string, string, string, string];
    return { title, cause, consequence, action };
  };
  return { en: of('en'), ...(definition.title.ko !== undefined && { ko: of('ko') }) };
}

// Without what is undefined, so that it reads back from JSON as it was.
function known<T extends object>(object: T): { [K in keyof T]: T[K] } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
