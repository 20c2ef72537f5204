import { type AlarmActTexts, enAlarmActs } from './en-alarm-acts.ts';
import { koAlarmActs } from './ko-alarm-acts.ts';
import type { Language } from './texts.ts';

/** The table of words of what people do about alarms. */
export const ALARM_ACT_TEXTS: Readonly<Record<Language, AlarmActTexts>> = { en: enAlarmActs, ko: koAlarmActs };
