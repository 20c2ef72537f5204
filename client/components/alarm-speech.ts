import { type AlarmReply, type AlarmSignature, isPresent } from '../../server/wire/alarms.ts';
import type { Locale } from '../locale/locale.ts';
import type { AlarmStore, ToldDefinition } from '../store/alarms.ts';
import { type AlarmWords, alarmWords } from './alarm-words.ts';
import { findingWords } from './finding-words.ts';

/** What it takes to put an alarm into words. */
export interface AlarmSpeech {
  readonly alarms: AlarmStore;
  /** What a channel is called. */
  readonly labelOf: (channel: string) => string;
  /** Of its values; empty where nothing is known of it. */
  readonly unitOf: (channel: string) => string;
  readonly locale: Locale;
}

/** What tells what an alarm is called. */
type NamedAlarm = Pick<AlarmReply, 'tag' | 'definition' | 'channel'>;

/** What its definition says, with the channel by its label. */
export function wordsOf(alarm: NamedAlarm, { alarms, labelOf, locale: { language } }: AlarmSpeech): AlarmWords {
  const label = alarm.channel === undefined ? undefined : labelOf(alarm.channel);
  return alarmWords(alarm, alarms.definition(alarm.definition), { language, label });
}

/** Where it is: its channel, or the plant itself. */
export function alarmPlace({ channel }: AlarmReply, { labelOf, locale }: AlarmSpeech): string {
  return channel === undefined ? locale.text.alarmOfPlant : labelOf(channel);
}

/** Place and title, as it is called out. */
export function alarmName(alarm: AlarmReply, speech: AlarmSpeech): string {
  return `${alarmPlace(alarm, speech)}: ${wordsOf(alarm, speech).title}`;
}

/** Those in whose name or tag the reader's words are. */
export function matchingAlarms(
  alarms: readonly AlarmReply[],
  filter: string,
  speech: AlarmSpeech,
): readonly AlarmReply[] {
  const sought = filter.trim().toLocaleLowerCase();
  if (sought === '') return alarms;
  return alarms.filter((alarm) => `${alarmName(alarm, speech)} ${alarm.tag}`.toLocaleLowerCase().includes(sought));
}

/** What was found, in the unit of the condition; empty where nothing was told. */
export function foundWords(
  alarm: NamedAlarm & Pick<AlarmReply, 'finding'>,
  { alarms, unitOf, locale }: AlarmSpeech,
): string {
  const unit = alarm.channel === undefined ? '' : unitOf(alarm.channel);
  return findingWords(alarm, { definition: alarms.definition(alarm.definition), unit, locale });
}

/** Who and when, and with which words. */
export function signatureWords({ by, atMs }: AlarmSignature, nowMs: number | undefined, locale: Locale): string {
  return locale.text.signed(by, locale.timeOn(atMs, nowMs));
}

/** Where its condition began by the sample clock, ms since 1970 UTC. */
export function beganMs({ beganNs }: Pick<AlarmReply, 'beganNs'>): number | undefined {
  return beganNs === undefined ? undefined : Number(BigInt(beganNs) / 1000n) / 1000;
}

/** How much of the time to respond is gone, 1 at its end; undefined once nobody need respond. */
export function respondShare(
  alarm: Pick<AlarmReply, 'state' | 'raisedMs'>,
  definition: ToldDefinition | undefined,
  nowMs: number | undefined,
): number | undefined {
  if (!isPresent(alarm.state) || alarm.raisedMs === undefined || !definition || nowMs === undefined) return undefined;
  return Math.max(0, nowMs - alarm.raisedMs) / (definition.timeToRespondSeconds * 1000);
}
