import { html, nothing } from 'lit';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import { type AlarmSpeech, foundWords } from '../components/alarm-speech.ts';
import '../components/fen-alarm-symbol.ts';
import { captureHref } from '../components/route.ts';
import { JOURNAL_TEXTS } from '../locale/journal-texts.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { queryOf } from './address.ts';
import { alarmTitle, trendHref } from './journal-words.ts';

/** An entry of the journal as a row: what happened to which alarm, what was found, who did it. */
export function renderEntry(entry: AlarmEntry, speech: AlarmSpeech) {
  const { locale } = speech;
  const { tag, atMs, capture, atNs } = entry;
  const text = JOURNAL_TEXTS[locale.language];
  const sample = atNs === undefined ? '' : text.sampleTime(locale.exact(Number(BigInt(atNs) / 1_000_000n)));
  const trend = trendHref(entry);
  return html`
    <li>
      <time title=${sample}>${locale.exact(atMs)}<small> ${locale.zone(atMs)}</small></time>
      ${renderEvent(entry, speech)}
      <span class="alarm">
        <a href=${`/alarms/journal?${queryOf({ tag })}`}>${alarmTitle(entry, speech)}</a>
        <small>${toPlainText(tag)}</small>
      </span>
      <span class="finding">${toPlainText(foundWords(entry, speech))}</span>
      ${renderWho(entry, speech)}
      <span class="links">${trend === undefined ? nothing : html`<a href=${trend}>${text.trend}</a>`}${capture === undefined ? nothing : html`<a href=${captureHref(capture)}>${text.raw}</a>`}</span>
    </li>
  `;
}

function renderEvent({ event, state, priority, untilMs, isAnnunciated }: AlarmEntry, { locale }: AlarmSpeech) {
  const text = JOURNAL_TEXTS[locale.language];
  const more = [
    locale.text.alarmPriority[priority],
    locale.text.alarmState[state],
    ...(isAnnunciated ? [text.annunciated] : []),
  ];
  return html`
    <span class="event ${isAnnunciated ? 'annunciated' : ''}">
      <fen-alarm-symbol quiet .priority=${priority} .state=${state}></fen-alarm-symbol>
      <span>
        <b>${text.events[event]}</b>${untilMs === undefined ? nothing : html` <small>${text.until(locale.moment(untilMs))}</small>`}
        <span class="unseen">(${more.join(', ')})</span>
      </span>
    </span>
  `;
}

function renderWho({ actor, comment }: AlarmEntry, { locale }: AlarmSpeech) {
  const text = JOURNAL_TEXTS[locale.language];
  const who = actor && html`${toPlainText(actor.name)} <small>${text.from(toPlainText(actor.address))}</small>`;
  const said = comment === undefined ? nothing : html`<span class="comment">${toPlainText(comment)}</span>`;
  return html`<span class="who">${who ?? nothing}${said}</span>`;
}
