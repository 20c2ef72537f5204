import { html, nothing } from 'lit';
import { ALARM_PRIORITIES, type AlarmReply } from '../../server/wire/alarms.ts';
import type { AlarmsLife } from '../alarms-live.ts';
import '../components/fen-alarm-symbol.ts';
import { wholeWords } from '../components/alarm-refusal.ts';
import { ALARM_ACT_TEXTS } from '../locale/alarm-act-texts.ts';
import type { AlarmPageTexts } from '../locale/en-alarm-page.ts';
import type { Locale } from '../locale/locale.ts';
import type { RefusedAction } from '../store/alarm-desk.ts';
import type { AlarmState } from '../store/alarms.ts';

/** Words of the page, and how figures are written. */
export interface PageWords {
  readonly text: AlarmPageTexts;
  readonly locale: Locale;
}

/** Of refusals to single alarms so many are told one by one. */
const TOLD_ONE_BY_ONE = 5;

/** The proof of life: how old the newest word of the server is. */
export function renderLife({ isSilent, silentMs, delayMs, serverMs }: AlarmsLife, { text, locale }: PageWords) {
  const life = isSilent
    ? html`<b>${text.silentFor(locale.span(silentMs))}</b>`
    : delayMs === undefined
      ? locale.text.connecting
      : html`${locale.text.live} <b>${locale.delay(delayMs)}</b>`;
  return html`
    <div class="life ${isSilent ? 'silent' : ''}" role="group" aria-label=${locale.text.proofOfLife}>
      <span><i class="dot"></i>${life}</span><b>${locale.time(serverMs)}</b>
    </div>
  `;
}

/** What is graver than any alarm: nothing on the page is of now. Its region stays, so that what appears in it is read out once. */
export function renderGrave({ isSilent, isOtherVersion, serverMs, silentMs }: AlarmsLife, { text, locale }: PageWords) {
  const isGrave = isSilent || isOtherVersion;
  const why = isOtherVersion
    ? text.otherVersionWhy
    : serverMs === undefined
      ? text.neverHeardWhy
      : text.silentWhy(locale.time(lastWordMs(serverMs, silentMs)));
  return html`
    <div role="alert" class=${isGrave ? 'alert' : ''}>
      ${isGrave ? html`<div class="grave"><h2>${isOtherVersion ? locale.text.otherVersionTitle : locale.text.silentTitle}</h2><p>${why}</p></div>` : nothing}
    </div>
  `;
}

/** The clock of a silent server stands this long after its last word. */
const SILENCE_SHOWN_MS = 3000;

/** When the server last spoke, by its clock as it is shown. */
export function lastWordMs(serverMs: number, silentMs: number): number {
  return serverMs - Math.min(silentMs, SILENCE_SHOWN_MS);
}

export function renderCounts({ counts }: AlarmState, { text, locale }: PageWords) {
  return html`
    <ul class="counts" aria-label=${text.counts}>
      ${ALARM_PRIORITIES.map((priority) => {
        const { all, unacknowledged } = counts[priority];
        const said = locale.text.priorityCount(
          locale.text.alarmPriority[priority],
          locale.count(all),
          locale.count(unacknowledged),
        );
        return html`
          <li class=${all === 0 ? 'zero' : ''}>
            <fen-alarm-symbol .priority=${priority} .state=${'acknowledged'} ?quiet=${all === 0}></fen-alarm-symbol>
            <span aria-hidden="true">${locale.count(all)}</span><span class="unseen">${said}</span>
          </li>
        `;
      })}
    </ul>
  `;
}

/** What a flood is told by: since when, how many, and which came first. */
export function renderFlood(
  { flood, shown }: AlarmState,
  nameOf: (alarm: Pick<AlarmReply, 'tag'>) => string,
  { text, locale, nowMs }: PageWords & { nowMs: number | undefined },
) {
  if (flood?.sinceMs === undefined) return nothing;
  return html`
    <section class="flood">
      <b>${text.flood(locale.timeOn(flood.sinceMs, nowMs), locale.count(shown.length))}</b>
      ${flood.firstOut === undefined ? nothing : html`<p>${text.firstWas(nameOf({ tag: flood.firstOut }))}</p>`}
    </section>
  `;
}

/** Whether everything that was done here has left. */
export function renderFoot(waiting: number, { text, locale }: PageWords): string {
  return waiting === 0 ? text.allSent : text.waiting(locale.count(waiting));
}

/** An action that was not done, or not to all, until the reader says that they have read it. */
export function renderRefused(
  { action, results, whole }: RefusedAction,
  nameOf: (alarm: Pick<AlarmReply, 'tag'>) => string,
  { text, locale, dismiss }: PageWords & { dismiss: (id: string) => void },
) {
  const more = results.length - TOLD_ONE_BY_ONE;
  const acts = ALARM_ACT_TEXTS[locale.language];
  return html`
    <section class="refused">
      <b>${text.notDone}: ${locale.text.actionName[action.action]}</b>
      ${whole === undefined ? nothing : html`<p>${action.alarms.slice(0, TOLD_ONE_BY_ONE).map(nameOf).join(', ')}</p><p>${wholeWords(whole, acts)}</p>`}
      ${results.slice(0, TOLD_ONE_BY_ONE).map(
        ({ tag, refusal, alarm }) => html`
          <p><b>${nameOf({ tag })}</b>: ${refusal === undefined ? nothing : acts.refusal[refusal]} ${alarm === undefined ? nothing : text.now(locale.text.alarmState[alarm.state])}</p>
        `,
      )}
      ${more > 0 ? html`<p>${text.others(locale.count(more))}</p>` : nothing}
      <button @click=${() => dismiss(action.id)}>${text.gotIt}</button>
    </section>
  `;
}
