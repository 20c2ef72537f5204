import { html, nothing } from 'lit';
import {
  type AlarmActionKind,
  type AlarmReply,
  HIDE_REASONS,
  type HideReason,
  isUnacknowledged,
} from '../../server/wire/alarms.ts';
import type { Locale } from '../locale/locale.ts';
import type { AlarmState } from '../store/alarms.ts';

/** Those that nothing hides, or those that something does. */
export type AlarmListName = 'current' | HideReason;

export interface TopLook {
  readonly state: AlarmState;
  readonly list: AlarmListName;
  readonly filter: string;
  readonly locale: Locale;
  readonly onList: (list: AlarmListName) => void;
  readonly onFilter: (filter: string) => void;
}

/** Which list is shown, how many are in each, and what they are filtered by. */
export function renderListTop({ state: { shown, hidden }, list, filter, locale, onList, onFilter }: TopLook) {
  const { text } = locale;
  const lists: readonly (readonly [AlarmListName, string, number])[] = [
    ['current', text.currentAlarms, shown.length],
    ...HIDE_REASONS.toReversed().map((reason) => [reason, text.hideReason[reason], hidden[reason].length] as const),
  ];
  return html`
    <div class="top">
      <div class="lists" role="group" aria-label=${text.alarmLists}>
        ${lists.map(
          ([name, label, count]) => html`
            <button aria-pressed=${name === list} @click=${() => onList(name)}>${label} <b>${locale.count(count)}</b></button>
          `,
        )}
      </div>
      <input
        type="search"
        placeholder=${text.filterAlarms}
        aria-label=${text.filterAlarms}
        maxlength="80"
        .value=${filter}
        @input=${(event: Event) => onFilter((event.target as HTMLInputElement).value)}
      />
    </div>
  `;
}

export interface NoteLook {
  readonly state: AlarmState;
  /** The list is shown as in a flood. */
  readonly isFlood: boolean;
  /** Alarms that came while nothing was to move. */
  readonly waiting: number;
  readonly locale: Locale;
  readonly onShow: () => void;
}

/** What is to be said of the list, in one line of constant height: nothing below it moves. */
export function renderListNote({ state: { isStale, flood, leftOut }, isFlood, waiting, locale, onShow }: NoteLook) {
  const { text } = locale;
  const parts = [
    isStale ? text.alarmsOld : '',
    isFlood && flood ? text.floodSaid(locale.time(flood.sinceMs)) : '',
    leftOut > 0 ? text.alarmsLeftOut(locale.count(leftOut)) : '',
  ].filter((part) => part !== '');
  return html`
    <div class="note">
      <span>${parts.join(' · ') || text.urgentFirst}</span>
      ${
        waiting > 0
          ? html`<span><b>${text.waitingAlarms(locale.count(waiting))}</b> <button @click=${onShow}>${text.showWaiting}</button></span>`
          : nothing
      }
    </div>
  `;
}

/** Why a list has no line. */
export function noneWords(list: AlarmListName, filter: string, { isKnown }: AlarmState, { text }: Locale): string {
  if (!isKnown) return text.alarmsUnknown;
  if (filter !== '') return text.noneMatch;
  return list === 'current' ? text.noAlarms : text.noneInList;
}

export interface ActionsLook {
  readonly list: AlarmListName;
  /** How many are selected. */
  readonly selected: number;
  /** How many are whole in view and to be acknowledged. */
  readonly calling: number;
  /** What an action would be about where none is selected: the alarm whose line has the keyboard. */
  readonly active: AlarmReply | undefined;
  readonly locale: Locale;
  readonly onAcknowledge: () => void;
  readonly onWish: (action: AlarmActionKind) => void;
  readonly onClear: () => void;
}

/** What can be done about the alarms of a list. */
export function renderListActions({ list, selected, calling, active, locale, ...on }: ActionsLook) {
  const { text } = locale;
  const isAny = selected > 0 || calling > 0;
  const words =
    selected > 0 ? text.acknowledgeSelected(locale.count(selected)) : text.acknowledgeVisible(locale.count(calling));
  return html`
    <div class="acts" role="toolbar" aria-label=${text.whatToDo}>
      ${list === 'current' ? html`<button class="go" ?disabled=${!isAny} @click=${on.onAcknowledge}>${isAny ? words : text.nothingToAcknowledge}</button>` : nothing}
      ${LIST_ACTIONS[list]
        .filter((action) => action !== 'reset' || isFitting(action, active))
        .map(
          (action) =>
            html`<button ?disabled=${selected === 0 && !active} @click=${() => on.onWish(action)}>${actionWords(action, locale)}</button>`,
        )}
      ${selected > 0 ? html`<button @click=${on.onClear}>${text.clearSelection}</button>` : nothing}
    </div>
  `;
}

/** What can be done in each list, besides to acknowledge. */
const LIST_ACTIONS: Readonly<Record<AlarmListName, readonly AlarmActionKind[]>> = {
  current: ['shelve', 'comment', 'reset'],
  shelved: ['unshelve', 'comment'],
  'suppressed-by-design': ['comment'],
  'out-of-service': ['in-service', 'comment'],
};

/** Whether it is to be acknowledged, and nothing hides it. */
export function isCalling({ state, hidden }: AlarmReply): boolean {
  return isUnacknowledged(state) && hidden.length === 0;
}

/** Whether there is anything for it to do about an alarm; one that is not told of is simply normal. */
export function isFitting(action: AlarmActionKind, alarm: Pick<AlarmReply, 'state' | 'hidden'> | undefined): boolean {
  const { state, hidden } = alarm ?? { state: 'normal', hidden: [] };
  const isHidden = (by: HideReason) => hidden.some(({ reason }) => reason === by);
  switch (action) {
    case 'acknowledge':
      return isUnacknowledged(state);
    case 'reset':
      return state === 'latched-acknowledged';
    case 'shelve':
    case 'unshelve':
      return isHidden('shelved') === (action === 'unshelve');
    case 'out-of-service':
    case 'in-service':
      return isHidden('out-of-service') === (action === 'in-service');
    case 'comment':
      return true;
  }
}

/** What stands on the button of an action. */
export function actionWords(action: AlarmActionKind, { text }: Locale): string {
  switch (action) {
    case 'acknowledge':
      return text.acknowledge;
    case 'reset':
      return text.resetLatch;
    case 'shelve':
      return text.shelve;
    case 'unshelve':
      return text.unshelve;
    case 'out-of-service':
      return text.outOfService;
    case 'in-service':
      return text.inService;
    case 'comment':
      return text.addComment;
  }
}
