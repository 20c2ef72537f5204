import { createHash } from 'node:crypto';
import { type AlarmPriority, isPresent } from '../wire/alarms.ts';
import type { PushNotice } from '../wire/push.ts';
import { byUrgency, headline, titleOf } from './mail-text.ts';
import { type AlarmMessage, isStanding, type Language } from './message.ts';
import type { PushRequest } from './push-request.ts';
import { changesIncident } from './told-events.ts';

/** More that call at once are one notice. */
export const BURST_ALARMS = 3;
const TITLE_LENGTH = 120;
/** With all else of a notice within the 3993 bytes that fit a push, in Korean too. */
const BODY_LENGTH = 300;
const TOPIC_LENGTH = 32;

/** How long a phone that is away gets it late, s: of less urgent ones nobody wants to hear the next morning. */
const TTL_S: Readonly<Record<AlarmPriority, number>> = {
  critical: 24 * 3600,
  high: 12 * 3600,
  medium: 4 * 3600,
  low: 3600,
};
const URGENCY = { critical: 'high', high: 'high', medium: 'normal', low: 'low' } as const;

/** What many at once are called. */
const BURST_WORDS = {
  en: (count: number) => `${count} alarms at once`,
  ko: (count: number) => `알람 ${count}건 동시 발생`,
} as const;
const QUIET_WORDS = {
  en: {
    taken: 'Acknowledged',
    hidden: 'Hidden',
    over: 'Over',
    burst: 'Alarms that came at once',
    by: (who: string) => `by ${who}`,
  },
  ko: { taken: '확인됨', hidden: '숨김', over: '해제', burst: '동시에 발생한 알람', by: (who: string) => `${who} 님` },
} as const;

/** A notice for all browsers of a service. */
export interface Notice extends Pick<PushRequest, 'ttlS' | 'urgency' | 'topic'> {
  readonly inWords: (language: Language) => PushNotice;
}

/** Whether the alarm calls for somebody who may be away. */
export function isCalling(message: AlarmMessage): boolean {
  return message.isAnnunciated && isStanding(message);
}

/** Whether a phone that was called is to be quiet again. */
export function endsCall(message: AlarmMessage): boolean {
  return changesIncident(message) && message.event !== 'redefine' && !isCalling(message);
}

/** Notice of one alarm. It takes the place of what was told of it before. */
export function noticeOf(message: AlarmMessage): Notice {
  const { tag, occurrence, version, priority } = message;
  return {
    ttlS: TTL_S[priority],
    urgency: URGENCY[priority],
    topic: topicOf(tag),
    inWords: (language) => ({
      ...{ tag, occurrence, version, isCalling: isCalling(message) },
      ...wordsOf(message, language),
      link: `/alarms#${encodeURIComponent(tag)}`,
    }),
  };
}

/** Notice of many that call at once: how many do by now, and the most urgent of `messages`. */
export function burstOf(messages: readonly AlarmMessage[], count: number): Notice {
  const [first] = [...messages].sort(byUrgency) as [AlarmMessage];
  return {
    ttlS: TTL_S[first.priority],
    urgency: URGENCY[first.priority],
    topic: topicOf(''),
    inWords: (language) => ({
      ...BURST,
      isCalling: true,
      title: BURST_WORDS[language](count),
      body: headline(first, language).slice(0, BODY_LENGTH),
    }),
  };
}

/** All of those that came at once are taken, over or hidden. */
export function burstOver(): Notice {
  return {
    ttlS: TTL_S.low,
    urgency: URGENCY.low,
    topic: topicOf(''),
    inWords: (language) => {
      const { over, burst } = QUIET_WORDS[language];
      return { ...BURST, isCalling: false, title: `${over}: ${burst}`, body: '' };
    },
  };
}

const BURST = { tag: '', occurrence: 0, version: 0, link: '/alarms' } as const;

/** Whether it is of so long ago that nobody is to hear of it now. */
export function isLate({ priority, atMs }: AlarmMessage, nowMs: number): boolean {
  return nowMs - atMs > TTL_S[priority] * 1000;
}

function wordsOf(message: AlarmMessage, language: Language): Pick<PushNotice, 'title' | 'body'> {
  const { texts, state, hidden, by } = message;
  if (isCalling(message)) {
    const { action = '' } = texts?.[language] ?? texts?.en ?? {};
    return { title: headline(message, language).slice(0, TITLE_LENGTH), body: action.slice(0, BODY_LENGTH) };
  }
  const words = QUIET_WORDS[language];
  const what = hidden.length > 0 ? words.hidden : isPresent(state) ? words.taken : words.over;
  const title = `${what}: ${titleOf(message, language)}`;
  return { title: title.slice(0, TITLE_LENGTH), body: by === undefined ? '' : words.by(by) };
}

function topicOf(tag: string): string {
  return createHash('sha256').update(tag).digest('base64url').slice(0, TOPIC_LENGTH);
}
