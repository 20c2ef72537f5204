import { html, nothing } from 'lit';
import { HIDE_REASONS } from '../../server/wire/alarms.ts';
import type { AlarmsLive } from '../alarms-live.ts';
import { lastWordMs, type PageWords } from './alarms-page-parts.ts';

export interface QuietLook extends PageWords {
  /** Server clock in whole seconds. */
  readonly nowMs: number | undefined;
  /** Since when no alarm is shown. */
  readonly sinceMs: number | undefined;
}

/** The page while no alarm is shown: that this is so, since when, and what makes it worth believing. */
export function renderQuiet(
  { alarms, channels, heard, life }: AlarmsLive,
  { text, locale, nowMs, sinceMs }: QuietLook,
) {
  const { isKnown, isStale, hidden } = alarms.value;
  if (!isKnown) return html`<section class="none"><h2>${locale.text.alarmsUnknown}</h2></section>`;
  const { isSilent, silentMs, serverMs } = life.value;
  const isOld = isSilent || isStale;
  const known = channels.value.size;
  const hiding = HIDE_REASONS.filter((reason) => hidden[reason].length > 0);
  const facts = [
    [
      text.facts.channels,
      heard.value === undefined ? undefined : text.facts.of(locale.count(heard.value), locale.count(known)),
    ],
    [text.facts.server, serverMs === undefined ? undefined : locale.time(lastWordMs(serverMs, silentMs))],
    [
      text.hiddenLists,
      hiding.map((reason) => `${locale.text.hideReason[reason]} ${locale.count(hidden[reason].length)}`).join(' · ') ||
        text.facts.none,
    ],
  ] as const;
  return html`
    <section class="none">
      <h2>${isOld ? text.noneThen : locale.text.noAlarms}</h2>
      ${
        sinceMs === undefined || nowMs === undefined || isOld
          ? html`<p>${isOld ? nothing : text.quiet}</p>`
          : html`<p>${text.quietSince(locale.timeOn(sinceMs, nowMs), locale.span(nowMs - sinceMs))}</p>`
      }
      <dl>
        ${facts.map(([name, fact]) => (fact === undefined ? nothing : html`<div><dt>${name}</dt><dd>${fact}</dd></div>`))}
      </dl>
    </section>
  `;
}
