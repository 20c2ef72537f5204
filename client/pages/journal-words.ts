import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import type { KpiAlarm } from '../../server/wire/alarm-kpi.ts';
import { type AlarmSpeech, wordsOf } from '../components/alarm-speech.ts';
import { channelPath } from '../components/route.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { writeTimeView } from '../store/time-view.ts';
import { queryOf } from './address.ts';

/** Of a trend, before and after a moment. */
const AROUND_MS = 30_000;

/** What an alarm is called in the viewer's language; its tag where nobody told of its definition. */
export function alarmTitle(alarm: Pick<KpiAlarm, 'tag' | 'definition' | 'channel'>, speech: AlarmSpeech): string {
  return toPlainText(wordsOf(alarm, speech).title) || toPlainText(alarm.tag);
}

/** The trend around an entry, by the sample clock where it tells. */
export function trendHref({ channel, beganNs, atNs, atMs }: AlarmEntry): string | undefined {
  if (channel === undefined) return undefined;
  const ns = beganNs ?? atNs;
  const timeMs = ns === undefined ? atMs : Number(BigInt(ns) / 1_000_000n);
  const view = { kind: 'past', fromMs: timeMs - AROUND_MS, toMs: timeMs + AROUND_MS } as const;
  return `${channelPath(channel)}?${queryOf({ ...writeTimeView(view) })}`;
}
