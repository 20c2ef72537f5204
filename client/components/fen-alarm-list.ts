import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { AlarmActionKind, AlarmReply } from '../../server/wire/alarms.ts';
import type { AlarmDesk } from '../store/alarm-desk.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { settlingOf, sightOf } from './aim.ts';
import { AlarmChoice } from './alarm-choice.ts';
import { AlarmOpenEvent, AlarmWishEvent, seenOf } from './alarm-events.ts';
import type { AlarmLine } from './alarm-groups.ts';
import { alarmKey } from './alarm-keys.ts';
import {
  type AlarmListName,
  isCalling,
  isFitting,
  noneWords,
  renderListActions,
  renderListNote,
  renderListTop,
} from './alarm-list-top.ts';
import { renderAlarmRows } from './alarm-rows.ts';
import type { AlarmSpeech } from './alarm-speech.ts';
import { HANDS } from './calm-order.ts';
import { styles } from './fen-alarm-list.styles.ts';
import { ListedAlarms } from './listed-alarms.ts';
import { readablePace } from './readable-pace.ts';
import { rowsInView } from './rows-in-view.ts';

// Rendered above and below what is in view.
const SPARE = 4;

/**
 * The alarms, the most urgent first; in a flood by cause and channel. What is
 * done is done to what is selected, else to the line that has the keyboard, and
 * to all at once only where they are whole in view, and never to what came a
 * moment ago. Nothing moves while a hand is on it. Fires `fen-alarm-wish` and
 * `fen-alarm-open`.
 */
@customElement('fen-alarm-list')
export class FenAlarmList extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) speech!: AlarmSpeech;
  /** What is under way about them, and what was refused. */
  @property({ attribute: false }) desk!: AlarmDesk;
  /** Server clock, whole seconds in ms since 1970 UTC. */
  @property({ attribute: false }) nowMs: number | undefined;
  /** Whose detail is shown. */
  @property({ attribute: false }) openTag: string | undefined;

  @state() private list: AlarmListName = 'current';
  @state() private filter = '';
  /** The first line that is rendered. */
  @state() private first = 0;
  @state() private inView: readonly AlarmReply[] = [];
  @query('.rows') private readonly rows!: HTMLElement | null;
  @query('.acts') private readonly acts!: HTMLElement;

  private readonly listed = new ListedAlarms();
  private readonly choice = new AlarmChoice();
  /** Of what is rendered. */
  private readonly sight = sightOf(this);
  /** Of the buttons. */
  private readonly settling = settlingOf(this);
  private rowPx = 0;
  private isChord = false;
  /** How far the line that has the keyboard has moved. */
  private movedPx = 0;
  private readonly onSize = new ResizeObserver(() => this.measure());

  constructor() {
    super();
    new StoreController(this, () => this.speech.alarms, readablePace);
    new StoreController(this, () => this.desk, readablePace);
    for (const kind of HANDS) this.addEventListener(kind, () => this.listed.order.touch(), { passive: true });
    this.addController({
      hostConnected: () => this.onSize.observe(this),
      hostDisconnected: () => this.onSize.disconnect(),
    });
  }

  /** The keyboard comes to where it was, else to the first line. */
  override focus(): void {
    if (this.place < 0) this.choice.move(this.lines, 0);
    this.rows?.focus();
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    this.rowPx = Number.parseFloat(getComputedStyle(this).getPropertyValue('--alarm-row'));
    const before = this.place;
    const isThere = this.listed.update(this.list, this.filter, this.speech);
    this.choice.keep((tag) => isThere.has(tag));
    this.movedPx = before < 0 || this.place < 0 ? 0 : (this.place - before) * this.rowPx;
  }

  protected override updated(changed: PropertyValues): void {
    const { rows, movedPx } = this;
    this.movedPx = 0;
    if (rows && movedPx !== 0 && this.shadowRoot?.activeElement === rows) rows.scrollTop += movedPx; // it stays under the reader's eye
    if (changed.size !== 1 || !changed.has('inView')) this.measure();
    this.sight.draw(this.listed.alarmsOf(this.lines.slice(this.first, this.end)));
    const buttons = [...this.acts.querySelectorAll('button')];
    this.settling.draw(buttons.map(({ offsetLeft, offsetTop }) => `${offsetLeft} ${offsetTop}`));
    this.acts.toggleAttribute('data-settling', this.settling.isSettling);
  }

  override render() {
    const { lines, speech, desk } = this;
    const { isFlood, waiting } = this.listed;
    const { locale } = speech;
    const { value } = speech.alarms;
    const at = this.place;
    const activeLine = lines[at];
    return html`
      ${renderListTop({ state: value, list: this.list, filter: this.filter, locale, onList: this.showList, onFilter: (filter) => (this.filter = filter) })}
      ${renderListNote({ state: value, isFlood, waiting, locale, onShow: this.showWaiting })}
      ${renderAlarmRows({
        lines,
        rendered: [this.first, this.end],
        at,
        rowPx: this.rowPx,
        label: locale.text.alarms,
        none: noneWords(this.list, this.filter, value, locale),
        lookOf: ({ key }) => ({
          speech,
          nowMs: this.nowMs,
          isSelected: this.choice.has(key),
          isOpen: key === this.openTag,
          action: desk.of(key),
          refused: desk.refusalOf(key),
        }),
        onKey: this.press,
        onClick: this.take,
        onScroll: this.measure,
      })}
      ${renderListActions({
        list: this.list,
        selected: this.choice.count,
        calling: this.calling.length,
        active: activeLine?.kind === 'alarm' ? activeLine.alarm : undefined,
        locale,
        onAcknowledge: this.acknowledge,
        onWish: (action) => this.settling.isSettling || this.wish(action),
        onClear: this.clear,
      })}
    `;
  }

  private get lines(): readonly AlarmLine[] {
    return this.listed.lines;
  }

  /** The line after those that are rendered. */
  private get end(): number {
    return this.first + Math.ceil((this.rows?.clientHeight ?? innerHeight) / this.rowPx) + SPARE * 2;
  }

  /** Which line has the keyboard; -1 where none has. */
  private get place(): number {
    const line = this.choice.activeLine(this.lines);
    return line ? this.lines.indexOf(line) : -1;
  }

  /** Those in view that have been seen and are to be acknowledged. */
  private get calling(): readonly AlarmReply[] {
    return this.inView.filter((alarm) => isCalling(alarm) && this.sight.has(alarm));
  }

  private readonly measure = (): void => {
    const { rows, rowPx } = this;
    if (!rows || !this.shadowRoot) return;
    this.first = Math.max(0, Math.floor(rows.scrollTop / rowPx) - SPARE);
    const keys = new Set(rowsInView(this.shadowRoot, rows.querySelectorAll<HTMLElement>('.line')));
    const inView = this.listed.alarmsOf(this.lines.filter(({ key }) => keys.has(key)));
    const isSame = inView.length === this.inView.length && inView.every((alarm, i) => alarm === this.inView[i]);
    if (!isSame) this.inView = inView;
  };

  private readonly showList = (list: AlarmListName): void => {
    this.list = list;
    this.choice.clear();
    if (this.rows) this.rows.scrollTop = 0;
  };

  private readonly showWaiting = (): void => {
    this.listed.order.release();
    if (this.rows) this.rows.scrollTop = 0;
    this.requestUpdate();
  };

  private readonly clear = (): void => {
    this.choice.clear();
    this.requestUpdate();
  };

  /** What is selected, else all that is whole in view, now as when the button said how many. */
  private readonly acknowledge = (): void => {
    if (this.settling.isSettling) return;
    if (this.choice.count > 0) {
      this.wish('acknowledge');
      return;
    }
    const said = new Set(this.calling.map(({ tag }) => tag));
    this.measure();
    this.tell('acknowledge', this.calling.filter(({ tag }) => said.has(tag)).map(seenOf));
  };

  /** About those of what is selected for which there is anything to do, else about the line that has the keyboard. */
  private wish(action: AlarmActionKind): void {
    const line = this.choice.activeLine(this.lines);
    const selected = this.choice.selected(this.inView.filter((alarm) => this.sight.has(alarm)));
    const isSeen = selected.length === 0 && line?.kind === 'alarm' && this.sight.has(line.alarm);
    const targets = isSeen ? [seenOf(line.alarm)] : selected;
    this.tell(
      action,
      targets.filter(({ tag }) => isFitting(action, this.speech.alarms.find(tag))),
    );
    if (action === 'acknowledge') this.clear();
  }

  private tell(action: AlarmActionKind, alarms: readonly ReturnType<typeof seenOf>[]): void {
    if (alarms.length > 0) this.dispatchEvent(new AlarmWishEvent(action, alarms));
  }

  private readonly press = (event: KeyboardEvent): void => {
    const { lines, choice, rowPx } = this;
    const key = alarmKey(event, Math.max(1, Math.floor((this.rows?.clientHeight ?? 0) / rowPx) - 1));
    const isChord = this.isChord; // a page is gone to by two keys
    this.isChord = event.key === 'g';
    if (!key || isChord) return;
    const line = choice.activeLine(lines);
    switch (key.kind) {
      case 'move':
        choice.move(lines, key.by);
        if (key.isSelecting && choice.active !== undefined) choice.selectTo(lines, choice.active);
        this.reveal();
        break;
      case 'select':
        if (line?.kind === 'alarm') key.isRange ? choice.selectTo(lines, line.key) : choice.toggle(line.alarm);
        break;
      case 'open':
        this.open(line);
        break;
      case 'fold':
      case 'unfold':
        if (line?.kind === 'group') this.fold(line.key, key.kind === 'fold');
        break;
      case 'act':
        // Nothing is done to what nobody sees.
        if (line?.kind === 'group' && choice.count === 0) this.fold(line.key, false);
        else this.wish(key.action);
        break;
      case 'leave':
        if (choice.count > 0) choice.clear();
        else this.dispatchEvent(new AlarmOpenEvent(undefined));
    }
    event.preventDefault();
    this.requestUpdate();
  };

  private readonly take = (event: MouseEvent): void => {
    const part = event.target as HTMLElement;
    const key = part.closest<HTMLElement>('[data-key]')?.dataset.key;
    const line = this.lines.find((each) => each.key === key);
    if (!line) return;
    this.choice.activate(line.key);
    if (event.shiftKey) this.choice.selectTo(this.lines, line.key);
    else if (line.kind === 'alarm' && (part.dataset.part === 'select' || event.ctrlKey || event.metaKey))
      this.choice.toggle(line.alarm);
    else this.open(line);
    this.rows?.focus({ preventScroll: true });
    this.requestUpdate();
  };

  private open(line: AlarmLine | undefined): void {
    if (line?.kind === 'alarm') this.dispatchEvent(new AlarmOpenEvent(line.key));
    else if (line) this.fold(line.key, line.isOpen);
  }

  private fold(key: string, isFolded: boolean): void {
    this.listed.fold(key, isFolded);
    this.requestUpdate();
  }

  /** Scrolls to the line that has the keyboard. */
  private reveal(): void {
    const { rows, rowPx, place } = this;
    if (!rows || place < 0) return;
    const top = place * rowPx;
    rows.scrollTop = Math.min(top, Math.max(rows.scrollTop, top + rowPx - rows.clientHeight));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-list': FenAlarmList;
  }
}
