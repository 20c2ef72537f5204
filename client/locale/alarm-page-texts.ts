import { type AlarmPageTexts, enAlarmPage } from './en-alarm-page.ts';
import { koAlarmPage } from './ko-alarm-page.ts';
import type { Language } from './texts.ts';

/** The table of words of the page with the alarms alone. */
export const ALARM_PAGE_TEXTS: Readonly<Record<Language, AlarmPageTexts>> = { en: enAlarmPage, ko: koAlarmPage };
