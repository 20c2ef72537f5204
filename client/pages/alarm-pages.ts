import { html } from 'lit';
import type { AlarmSpeech } from '../components/alarm-speech.ts';
import type { Live } from '../live.ts';
import type { Locale } from '../locale/locale.ts';

export interface AlarmPageParts {
  /** Of the address. */
  readonly query: string;
  readonly live: Live;
  readonly speech: AlarmSpeech;
  readonly locale: Locale;
}

/** The page of what alarms did, or of how they do. */
export function renderAlarmPage(
  { kind }: { kind: 'journal' | 'kpi' },
  { query, live, speech, locale }: AlarmPageParts,
) {
  return kind === 'journal'
    ? html`<fen-journal-page .query=${query} .speech=${speech} .life=${live.life} .locale=${locale}></fen-journal-page>`
    : html`<fen-kpi-page .query=${query} .speech=${speech} .locale=${locale}></fen-kpi-page>`;
}
