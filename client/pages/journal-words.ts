import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import type { KpiAlarm } from '../../server/wire/alarm-kpi.ts';
import { alarmWords } from '../components/alarm-words.ts';
import { channelPath } from '../components/route.ts';
import { JOURNAL_TEXTS } from '../locale/journal-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { AlarmStore } from '../store/alarms.ts';
import { writeTimeView } from '../store/time-view.ts';
import { queryOf } from './address.ts';

/** Of a trend, before and after a moment. */
const AROUND_MS = 30_000;

/** What is known of alarms and channels on this page. */
export interface Names {
  readonly alarms: AlarmStore;
  readonly labelOf: (channel: string) => string;
  readonly locale: Locale;
}

/** What an alarm is called in the viewer's language; its tag where nobody told of its definition. */
export function alarmTitle(
  { tag, definition, channel }: Pick<KpiAlarm, 'tag' | 'definition' | 'channel'>,
  names: Names,
): string {
  const { alarms, labelOf, locale } = names;
  const label = channel === undefined ? undefined : labelOf(channel);
  const { title } = alarmWords({ tag, ...(channel !== undefined && { channel }) }, alarms.definition(definition), {
    language: locale.language,
    label,
  });
  return toPlainText(title) || toPlainText(tag);
}

/** What was found, and what it passed. */
export function findingWords({ finding }: AlarmEntry, locale: Locale): string {
  if (finding === undefined) return '';
  const { value, limit, text } = finding;
  const written = value === undefined ? '' : figure(value);
  const passed = limit === undefined ? '' : JOURNAL_TEXTS[locale.language].limit(figure(limit));
  return [toPlainText(text ?? ''), written, passed].filter((part) => part !== '').join(', ');
}

/** The trend around an entry, by the sample clock where it tells. */
export function trendHref({ channel, beganNs, atNs, atMs }: AlarmEntry): string | undefined {
  if (channel === undefined) return undefined;
  const ns = beganNs ?? atNs;
  const timeMs = ns === undefined ? atMs : Number(BigInt(ns) / 1_000_000n);
  const view = { kind: 'past', fromMs: timeMs - AROUND_MS, toMs: timeMs + AROUND_MS } as const;
  return `${channelPath(channel)}?${queryOf({ ...writeTimeView(view) })}`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(5))).replace('-', '\u2212');
}
