import { html } from 'lit';
import type { Live } from '../live.ts';
import type { Locale } from '../locale/locale.ts';

export interface AlarmPageParts {
  /** Of the address. */
  readonly query: string;
  readonly live: Live;
  readonly labelOf: (channel: string) => string;
  readonly locale: Locale;
}

/** The page of what alarms did, or of how they do. */
export function renderAlarmPage(
  { kind }: { kind: 'journal' | 'kpi' },
  { query, live, labelOf, locale }: AlarmPageParts,
) {
  return kind === 'journal'
    ? html`<fen-journal-page .query=${query} .alarms=${live.alarms} .labelOf=${labelOf} .life=${live.life} .locale=${locale}></fen-journal-page>`
    : html`<fen-kpi-page .query=${query} .alarms=${live.alarms} .labelOf=${labelOf} .locale=${locale}></fen-kpi-page>`;
}
