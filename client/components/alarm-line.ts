import { html, nothing } from 'lit';
import { type AlarmReply, isPresent, isUnacknowledged } from '../../server/wire/alarms.ts';
import type { DeskAction, RefusedAction } from '../store/alarm-desk.ts';
import type { AlarmGroup, AlarmLine, AlarmRow } from './alarm-groups.ts';
import { isCalling } from './alarm-list-top.ts';
import { type AlarmSpeech, alarmName, alarmPlace, foundWords, wordsOf } from './alarm-speech.ts';
import './fen-alarm-symbol.ts';

export interface LineLook {
  readonly speech: AlarmSpeech;
  /** Server clock, ms since 1970 UTC. */
  readonly nowMs: number | undefined;
  readonly isSelected: boolean;
  /** The keyboard acts on it. */
  readonly isActive: boolean;
  /** Its detail is shown. */
  readonly isOpen: boolean;
  /** Its place among all lines, from 0. */
  readonly index: number;
  /** What is under way about it. */
  readonly action: DeskAction | undefined;
  /** What was not done about it, until that is read. */
  readonly refused: RefusedAction | undefined;
}

/** What the line is found by in the document. */
export function lineId(index: number): string {
  return `line-${index}`;
}

/** One line of the list of alarms, as a row of a tree grid. Its parts carry `data-part`, for whoever takes the clicks. */
export function renderAlarmLine(line: AlarmLine, look: LineLook) {
  return line.kind === 'group' ? renderGroup(line, look) : renderRow(line, look);
}

function renderRow({ alarm, key, isFirstOut, isInGroup }: AlarmRow, look: LineLook) {
  const { speech, isSelected, isActive, isOpen, index, nowMs } = look;
  const { alarms, locale } = speech;
  const { text } = locale;
  const isOver = alarm.state === 'normal' && alarm.hidden.length === 0;
  const calls = isCalling(alarm);
  const found = foundWords(alarm, speech);
  const classes = { 'in-group': isInGroup, selected: isSelected, active: isActive, open: isOpen, over: isOver, calls };
  return html`
    <div role="row" class="line ${names(classes)}" id=${lineId(index)} data-key=${key} aria-level=${isInGroup ? 2 : 1} aria-rowindex=${index + 1} aria-selected=${isSelected}>
      <span role="gridcell">
        <input type="checkbox" tabindex="-1" data-part="select" aria-label=${text.selectAlarm(alarmName(alarm, speech))} .checked=${isSelected} />
      </span>
      <span role="gridcell">
        <fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state} .quiet=${isOver || alarm.hidden.length > 0 || alarms.isStale(key)}></fen-alarm-symbol>
        <span class="unseen">${text.alarmPriority[alarm.priority]}</span>
      </span>
      <div role="gridcell" class="words">
        <p class="title">${isFirstOut ? html`<span class="first" title=${text.firstOutHint}>${text.firstOut}</span>` : nothing}<bdi>${wordsOf(alarm, speech).title}</bdi></p>
        <p class="place"><bdi>${alarmPlace(alarm, speech)}</bdi>${found === '' ? nothing : html` · <bdi>${found}</bdi>`}</p>
      </div>
      <div role="gridcell" class="age">
        <p>${alarm.raisedMs === undefined || nowMs === undefined ? '' : locale.span(nowMs - alarm.raisedMs)}</p>
        <p>${deskWords(look) ?? stateWords(alarm, look)}</p>
      </div>
    </div>
  `;
}

/** What becomes of what was done about it; undefined where nothing is to be said of that. */
function deskWords({ action, refused, speech: { locale } }: LineLook) {
  const { text } = locale;
  if (action) {
    const words = action.phase === 'sending' && action.why === undefined ? text.actionSending : text.actionWaits;
    return html`<b title=${action.why ?? nothing}>${text.actionName[action.action.action]}: ${words}</b>`;
  }
  return refused && html`<b>${text.actionName[refused.action.action]}: ${text.actionNotDone}</b>`;
}

function renderGroup({ key, by, alarms, unacknowledged, isOpen }: AlarmGroup, look: LineLook) {
  const { speech, isActive, index } = look;
  const { locale } = speech;
  const [first] = alarms;
  const title = by === 'cause' ? wordsOf(first, speech).title : alarmPlace(first, speech);
  const others = new Set(
    alarms.map((alarm) => (by === 'cause' ? alarmPlace(alarm, speech) : wordsOf(alarm, speech).title)),
  );
  const classes = { active: isActive, calls: unacknowledged > 0 };
  return html`
    <div role="row" class="line group ${names(classes)}" id=${lineId(index)} data-key=${key} aria-level="1" aria-rowindex=${index + 1} aria-expanded=${isOpen}>
      <span role="gridcell" class="fold" aria-hidden="true">${isOpen ? '▾' : '▸'}</span>
      <span role="gridcell"><fen-alarm-symbol .priority=${first.priority} .state=${first.state}></fen-alarm-symbol></span>
      <div role="gridcell" class="words">
        <p class="title"><bdi>${title}</bdi></p>
        <p class="place"><bdi>${[...others].slice(0, SAID).join(', ')}</bdi>${others.size > SAID ? ' …' : ''}</p>
      </div>
      <div role="gridcell" class="age">
        <p>${locale.count(alarms.length)}</p>
        <p>${unacknowledged === 0 ? '' : locale.text.unacknowledgedCount(locale.count(unacknowledged))}</p>
      </div>
    </div>
  `;
}

// Of what a group is made of, in words.
const SAID = 4;

/** What is to be said beside its age; what is hidden, until when. */
function stateWords(alarm: AlarmReply, { speech: { locale }, nowMs }: LineLook): string {
  const { text } = locale;
  const [hiding] = alarm.hidden;
  if (hiding) {
    const reason = text.hideReason[hiding.reason];
    return hiding.untilMs === undefined ? reason : text.hiddenUntil(reason, locale.timeOn(hiding.untilMs, nowMs));
  }
  if (alarm.state === 'normal') return text.nowNormal;
  return isPresent(alarm.state) && isUnacknowledged(alarm.state) ? '' : text.alarmState[alarm.state];
}

function names(classes: Readonly<Record<string, boolean>>): string {
  return Object.keys(classes)
    .filter((name) => classes[name])
    .join(' ');
}
