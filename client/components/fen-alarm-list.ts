import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type AlarmActionKind, type AlarmReply, isUnacknowledged } from '../../server/wire/alarms.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { AlarmChoice } from './alarm-choice.ts';
import { AlarmOpenEvent, AlarmWishEvent, seenOf } from './alarm-events.ts';
import { type AlarmLine, alarmLines } from './alarm-groups.ts';
import { alarmKey } from './alarm-keys.ts';
import { lineId, renderAlarmLine } from './alarm-line.ts';
import { type AlarmListName, noneWords, renderListActions, renderListNote, renderListTop } from './alarm-list-top.ts';
import { type AlarmSpeech, matchingAlarms } from './alarm-speech.ts';
import { CalmOrder, HANDS } from './calm-order.ts';
import { styles } from './fen-alarm-list.styles.ts';
import { readablePace } from './readable-pace.ts';
import { rowsInView } from './rows-in-view.ts';

// Rendered above and below what is in view.
const SPARE = 4;

/**
 * The alarms, the most urgent first; in a flood by cause and channel. What is
 * done is done to what is selected, else to the line that has the keyboard, and
 * to all at once only where they are whole in view. Nothing moves while a hand
 * is on it. Fires `fen-alarm-wish` and `fen-alarm-open`.
 */
@customElement('fen-alarm-list')
export class FenAlarmList extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) speech!: AlarmSpeech;
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

  private readonly order = new CalmOrder(() => performance.now());
  private readonly choice = new AlarmChoice();
  private readonly unfolded = new Set<string>();
  private lines: readonly AlarmLine[] = [];
  private waiting = 0;
  private isFlood = false;
  private rowPx = 0;
  private isChord = false;
  /** How far the line that has the keyboard has moved. */
  private movedPx = 0;
  private readonly onSize = new ResizeObserver(() => this.measure());

  constructor() {
    super();
    new StoreController(this, () => this.speech.alarms, readablePace);
    for (const kind of HANDS) this.addEventListener(kind, () => this.order.touch(), { passive: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.onSize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.onSize.disconnect();
  }

  override focus(): void {
    this.rows?.focus();
  }

  protected override willUpdate(): void {
    this.rowPx = Number.parseFloat(getComputedStyle(this).getPropertyValue('--alarm-row'));
    const { shown, hidden, flood } = this.speech.alarms.value;
    const now = this.list === 'current' ? shown : hidden[this.list];
    if (!this.order.isHeld) this.isFlood = flood !== undefined;
    const { alarms, waiting } = this.order.arrange(this.list, now, (tag) => this.speech.alarms.find(tag));
    this.waiting = waiting;
    const before = this.place;
    this.lines = alarmLines(matchingAlarms(alarms, this.filter, this.speech), {
      isFlood: this.isFlood && this.list === 'current',
      firstOut: flood?.firstOut,
      open: this.unfolded,
    });
    const isThere = new Set(this.choice.count > 0 ? now.map(({ tag }) => tag) : []);
    this.choice.keep((tag) => isThere.has(tag));
    this.movedPx = before < 0 || this.place < 0 ? 0 : (this.place - before) * this.rowPx;
  }

  protected override updated(changed: PropertyValues): void {
    const { rows, movedPx } = this;
    this.movedPx = 0;
    if (rows && movedPx !== 0 && this.shadowRoot?.activeElement === rows) rows.scrollTop += movedPx; // it stays under the reader's eye
    if (changed.size !== 1 || !changed.has('inView')) this.measure();
  }

  override render() {
    const { lines, rowPx, speech } = this;
    const { locale } = speech;
    const { value } = speech.alarms;
    const last = this.first + Math.ceil((this.rows?.clientHeight ?? innerHeight) / rowPx) + SPARE * 2;
    const at = this.place;
    const activeLine = lines[at];
    return html`
      ${renderListTop({ state: value, list: this.list, filter: this.filter, locale, onList: this.showList, onFilter: this.setFilter })}
      ${renderListNote({ state: value, isFlood: this.isFlood, waiting: this.waiting, locale, onShow: this.showWaiting })}
      <div
        class="rows"
        role="treegrid"
        tabindex="0"
        aria-label=${locale.text.alarms}
        aria-multiselectable="true"
        aria-rowcount=${Math.max(1, lines.length)}
        aria-activedescendant=${at >= this.first && at < last ? lineId(at) : nothing}
        @keydown=${this.press}
        @click=${this.take}
        @scroll=${this.measure}
      >
        ${lines.length === 0 ? html`<div class="empty" role="row"><span role="gridcell">${noneWords(this.list, this.filter, value, locale)}</span></div>` : nothing}
        <div class="space" role="presentation" .style=${`height: ${lines.length * rowPx}px`}>
          <div class="window" role="presentation" .style=${`transform: translateY(${this.first * rowPx}px)`}>
            ${repeat(
              lines.slice(this.first, last),
              ({ key }) => key,
              (line, i) =>
                renderAlarmLine(line, {
                  speech,
                  nowMs: this.nowMs,
                  isSelected: this.choice.has(line.key),
                  isActive: this.first + i === at,
                  isOpen: line.key === this.openTag,
                  index: this.first + i,
                }),
            )}
          </div>
        </div>
      </div>
      ${renderListActions({
        list: this.list,
        selected: this.choice.count,
        calling: this.calling.length,
        active: activeLine?.kind === 'alarm' ? activeLine.alarm : undefined,
        locale,
        onAcknowledge: this.acknowledge,
        onWish: this.wish,
        onClear: this.clear,
      })}
    `;
  }

  /** Which line has the keyboard; -1 where none has. */
  private get place(): number {
    const line = this.choice.activeLine(this.lines);
    return line ? this.lines.indexOf(line) : -1;
  }

  /** Those in view that are to be acknowledged, as they are seen. */
  private get calling(): readonly AlarmReply[] {
    return this.inView.filter(({ state, hidden }) => isUnacknowledged(state) && hidden.length === 0);
  }

  private readonly measure = (): void => {
    const { rows, rowPx } = this;
    if (!rows || !this.shadowRoot) return;
    this.first = Math.max(0, Math.floor(rows.scrollTop / rowPx) - SPARE);
    const keys = new Set(rowsInView(this.shadowRoot, rows.querySelectorAll<HTMLElement>('.line')));
    const inView = this.lines.flatMap((line) => (line.kind === 'alarm' && keys.has(line.key) ? [line.alarm] : []));
    const isSame = inView.length === this.inView.length && inView.every((alarm, i) => alarm === this.inView[i]);
    if (!isSame) this.inView = inView;
  };

  private readonly showList = (list: AlarmListName): void => {
    this.list = list;
    this.choice.clear();
    if (this.rows) this.rows.scrollTop = 0;
  };

  private readonly setFilter = (filter: string): void => {
    this.filter = filter;
  };

  private readonly showWaiting = (): void => {
    this.order.release();
    if (this.rows) this.rows.scrollTop = 0;
    this.requestUpdate();
  };

  private readonly clear = (): void => {
    this.choice.clear();
    this.requestUpdate();
  };

  /** What is selected, else all that is whole in view, now as when the button said how many. */
  private readonly acknowledge = (): void => {
    if (this.choice.count > 0) {
      this.wish('acknowledge');
      return;
    }
    const said = new Set(this.calling.map(({ tag }) => tag));
    this.measure();
    this.tell('acknowledge', this.calling.filter(({ tag }) => said.has(tag)).map(seenOf));
  };

  /** About what is selected, else about the line that has the keyboard. */
  private readonly wish = (action: AlarmActionKind): void => {
    const line = this.choice.activeLine(this.lines);
    const seen = this.choice.selected(new Map(this.inView.map((alarm) => [alarm.tag, alarm])));
    const targets = seen.length > 0 || line?.kind !== 'alarm' ? seen : [seenOf(line.alarm)];
    const isCalling = ({ tag }: { readonly tag: string }) =>
      isUnacknowledged(this.speech.alarms.find(tag)?.state ?? 'normal');
    this.tell(action, action === 'acknowledge' ? targets.filter(isCalling) : targets);
    if (action === 'acknowledge') this.clear();
  };

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
        if (line?.kind === 'group' && choice.count === 0)
          this.fold(line.key, false); // nothing is done to what nobody sees
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
    if (isFolded) this.unfolded.delete(key);
    else this.unfolded.add(key);
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
