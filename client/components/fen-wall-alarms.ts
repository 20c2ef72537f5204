import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { ALARM_PRIORITIES, type AlarmPriority, type AlarmReply } from '../../server/wire/alarms.ts';
import { WALL_TEXTS } from '../locale/wall-texts.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { type AlarmGroup, type AlarmLine, alarmLines } from './alarm-groups.ts';
import { type AlarmSpeech, alarmName, alarmPlace, foundWords, wordsOf } from './alarm-speech.ts';
import './fen-alarm-symbol.ts';
import { styles } from './fen-wall-alarms.styles.ts';

const NONE: ReadonlySet<string> = new Set();
// Of a group, as many as a line has room for on any screen.
const SAID = 12;

/** How many alarms there are of each priority, and the most urgent of them: as many as can be read across a room, in a flood by cause and channel. */
@customElement('fen-wall-alarms')
export class FenWallAlarms extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) speech!: AlarmSpeech;
  /** Server clock, whole seconds in ms since 1970 UTC. */
  @property({ attribute: false }) nowMs: number | undefined;

  /** Of the list, and of its first line with the gap below it, CSS pixels. */
  @state() private room = { height: 0, tall: 1, gap: 0, row: 1 };
  /** Lines at the end that turned out to have no room. */
  @state() private beyond = 0;
  @query('ol') private readonly list!: HTMLElement | null;
  private readonly onSize = new ResizeObserver(() => this.measure());

  constructor() {
    super();
    new StoreController(this, () => this.speech.alarms);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.onSize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.onSize.disconnect();
  }

  protected override updated(): void {
    this.measure();
  }

  override render() {
    const { speech, nowMs } = this;
    const { locale } = speech;
    const text = WALL_TEXTS[locale.language];
    const { shown, counts, flood, isKnown } = speech.alarms.value;
    const isFlood = flood?.sinceMs !== undefined;
    const lines = alarmLines(shown, { isFlood, firstOut: flood?.firstOut, open: NONE });
    const fitting = this.fitting(lines);
    const isRoomy =
      fitting.length === lines.length && lines.length * (this.room.tall + this.room.gap) <= this.room.height;
    const inSight = fitting.slice(0, fitting.length - this.beyond);
    const rest = shown.length - inSight.reduce((sum, line) => sum + alarmsOf(line).length, 0);
    return html`
      <ul class="counts">${ALARM_PRIORITIES.map((priority) => this.renderCount(priority, counts[priority]))}</ul>
      <div>${isFlood ? html`<p class="flood">${locale.text.floodSaid(locale.timeOn(flood.sinceMs, nowMs))}</p>` : nothing}</div>
      ${
        shown.length === 0
          ? html`<p class="none">${isKnown ? locale.text.noAlarms : locale.text.alarmsUnknown}</p>`
          : html`<ol>${fitting.map((line, i) => this.renderLine(line, isRoomy || i === 0))}</ol>`
      }
      <p class="more">${rest > 0 ? text.more(locale.count(rest)) : nothing}</p>
    `;
  }

  private renderCount(priority: AlarmPriority, { all, unacknowledged }: { all: number; unacknowledged: number }) {
    const { locale, alarms } = this.speech;
    const text = WALL_TEXTS[locale.language];
    const isQuiet = all === 0 || alarms.value.isStale;
    return html`
      <li class=${all === 0 ? 'zero' : ''}>
        <fen-alarm-symbol .priority=${priority} .state=${'acknowledged'} .quiet=${isQuiet}></fen-alarm-symbol>
        <b>${locale.count(all)}</b>
        <small>${locale.text.alarmPriority[priority]}${unacknowledged > 0 ? ` · ${text.unacknowledged(locale.count(unacknowledged))}` : ''}</small>
      </li>
    `;
  }

  private renderLine(line: AlarmLine, isTall: boolean) {
    const { speech, nowMs } = this;
    const { locale, alarms } = speech;
    const [alarm] = alarmsOf(line);
    const isGroup = line.kind === 'group';
    const { title, below } = isGroup ? groupWords(line, speech) : rowWords(alarm, speech);
    return html`
      <li class=${isGroup ? 'tall group' : isTall ? 'tall' : ''}>
        <fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state} .quiet=${alarms.isStale(alarm.tag)}></fen-alarm-symbol>
        ${!isGroup && line.isFirstOut ? html`<span class="mark">${locale.text.firstOut}</span>` : nothing}
        <div class="words">
          <p class="what"><span class="unseen">${locale.text.alarmPriority[alarm.priority]} </span><bdi>${title}</bdi></p>
          ${isTall || isGroup ? html`<p class="do"><bdi>${below}</bdi></p>` : nothing}
        </div>
        ${
          isGroup
            ? html`<span class="count">${locale.count(line.alarms.length)}</span>`
            : html`
              <span class="found"><bdi>${foundWords(alarm, speech)}</bdi></span>
              <time>${alarm.raisedMs === undefined || nowMs === undefined ? nothing : locale.span(nowMs - alarm.raisedMs)}</time>
            `
        }
      </li>
    `;
  }

  /** As many lines as there is room for; one at least. The first and groups say more, and are higher. */
  private fitting(lines: readonly AlarmLine[]): readonly AlarmLine[] {
    const { height, tall, gap, row } = this.room;
    let left = height;
    const count = lines.findIndex((line, i) => {
      left -= (i === 0 || line.kind === 'group' ? tall : row) + (i === 0 ? 0 : gap);
      return left < 0 && i > 0;
    });
    return count < 0 ? lines : lines.slice(0, count);
  }

  private measure(): void {
    const { list } = this;
    if (!list?.firstElementChild) return;
    const style = getComputedStyle(list);
    const room = {
      height: list.clientHeight,
      tall: list.firstElementChild.getBoundingClientRect().height,
      gap: Number.parseFloat(style.rowGap) || 0,
      row: Number.parseFloat(style.getPropertyValue('--alarm-row')),
    };
    if (JSON.stringify(room) !== JSON.stringify(this.room)) this.room = room;
    const lines = [...list.children] as HTMLElement[];
    this.beyond = lines.filter(({ offsetLeft }) => offsetLeft > lines[0].offsetLeft).length;
  }
}

/** What an alarm is, and what to do. */
function rowWords(alarm: AlarmReply, speech: AlarmSpeech) {
  const state = alarm.state === 'unacknowledged' ? '' : speech.locale.text.alarmState[alarm.state];
  const below = [state, wordsOf(alarm, speech).action].filter((part) => part !== '').join(' · ');
  return { title: alarmName(alarm, speech), below };
}

/** What those of a group have in common, and what tells them apart. */
function groupWords({ by, alarms }: AlarmGroup, speech: AlarmSpeech) {
  const titleOf = (alarm: AlarmReply) => wordsOf(alarm, speech).title;
  const placeOf = (alarm: AlarmReply) => alarmPlace(alarm, speech);
  const [common, apart] = by === 'cause' ? [titleOf, placeOf] : [placeOf, titleOf];
  return { title: common(alarms[0]), below: [...new Set(alarms.slice(0, SAID).map(apart))].join(', ') };
}

function alarmsOf(line: AlarmLine): readonly [AlarmReply, ...AlarmReply[]] {
  return line.kind === 'group' ? line.alarms : [line.alarm];
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-wall-alarms': FenWallAlarms;
  }
}
