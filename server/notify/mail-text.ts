import { ALARM_PRIORITIES } from '../wire/alarms.ts';
import { pageOf } from './alertmanager.ts';
import { type AlarmMessage, isStanding, type Language, messageId } from './message.ts';

export interface MailTextOptions {
  readonly site: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly languages: readonly Language[];
  /** Where people reach the server; empty for no links. */
  readonly externalUrl: string;
}

const SUBJECT_LENGTH = 150;

const WORDS = {
  en: {
    priorities: { critical: 'CRITICAL', high: 'HIGH', medium: 'MEDIUM', low: 'LOW' },
    ...{ over: 'over', more: (count: number) => `and ${count} more`, began: 'since', at: 'at' },
    ...{
      value: 'value',
      limit: 'limit',
      cause: 'Cause',
      consequence: 'Consequence',
      action: 'What to do',
      respond: 'Within',
    },
    minutes: (seconds: number) => `${Math.ceil(seconds / 60)} min`,
  },
  ko: {
    priorities: { critical: '위급', high: '높음', medium: '중간', low: '낮음' },
    ...{ over: '해제', more: (count: number) => `외 ${count}건`, began: '발생', at: '시각' },
    ...{ value: '값', limit: '한계', cause: '원인', consequence: '영향', action: '조치', respond: '대응 시간' },
    minutes: (seconds: number) => `${Math.ceil(seconds / 60)}분`,
  },
} as const;

/** One line: the most urgent alarm of those that stand, or else of those that are over. */
export function subjectOf(
  messages: readonly AlarmMessage[],
  { site, languages: [language = 'en'] }: MailTextOptions,
): string {
  const words = WORDS[language];
  const [first] = [...messages].sort(byUrgency) as [AlarmMessage];
  const more = new Set(messages.map(({ tag }) => tag)).size - 1;
  const line = [`[${site}]`, headline(first, language), ...(more > 0 ? [words.more(more)] : [])].join(' ');
  return oneLine(line).slice(0, SUBJECT_LENGTH);
}

/** One line: its priority, or that it is over, and what it is. */
export function headline(message: AlarmMessage, language: Language): string {
  const words = WORDS[language];
  return `${isStanding(message) ? words.priorities[message.priority] : words.over}: ${titleOf(message, language)}`;
}

/** Each transition in each of the languages, in order. */
export function mailText(messages: readonly AlarmMessage[], options: MailTextOptions): string {
  return messages
    .map((message) => {
      const link = pageOf(options.externalUrl, message.channel);
      const told = options.languages.map((language) => tell(message, language, options).join('\n'));
      return [...told, ...(link === '' ? [] : [link]), messageId(message)].join('\n\n');
    })
    .join('\n\n----------------------------------------\n\n');
}

function tell(message: AlarmMessage, language: Language, { timeZone }: MailTextOptions): string[] {
  const words = WORDS[language];
  const { texts, atMs, raisedMs = atMs, finding, timeToRespondSeconds } = message;
  const text = texts?.[language] ?? texts?.en;
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long', timeZone });
  if (!isStanding(message)) return [headline(message, language), `${words.at}: ${moment.format(atMs)}`];
  return [
    headline(message, language),
    `${words.began}: ${moment.format(raisedMs)}`,
    ...(finding?.value === undefined ? [] : [`${words.value}: ${finding.value}`]),
    ...(finding?.limit === undefined ? [] : [`${words.limit}: ${finding.limit}`]),
    ...(finding?.text === undefined ? [] : [oneLine(finding.text)]),
    ...(text === undefined
      ? []
      : [
          `${words.cause}: ${text.cause}`,
          `${words.consequence}: ${text.consequence}`,
          `${words.action}: ${text.action}`,
        ]),
    ...(timeToRespondSeconds === undefined ? [] : [`${words.respond}: ${words.minutes(timeToRespondSeconds)}`]),
  ];
}

/** One line: what it is, and where. */
export function titleOf({ texts, tag, channel, label }: AlarmMessage, language: Language): string {
  const title = (texts?.[language] ?? texts?.en)?.title;
  if (title === undefined) return tag;
  return oneLine(channel === undefined ? title : `${title}, ${label ?? channel}`);
}

export function byUrgency(a: AlarmMessage, b: AlarmMessage): number {
  const rank = ({ priority }: AlarmMessage) => ALARM_PRIORITIES.indexOf(priority);
  return Number(isStanding(b)) - Number(isStanding(a)) || rank(a) - rank(b) || b.atMs - a.atMs;
}

/** Without line breaks and other control characters: it becomes a header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
