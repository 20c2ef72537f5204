import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type AlarmReply, type HideReason, isPresent, isUnacknowledged } from '../../server/wire/alarms.ts';
import type { Channel } from '../../server/wire/events.ts';
import { ALARM_PAGE_TEXTS } from '../locale/alarm-page-texts.ts';
import type { AlarmPageTexts } from '../locale/en-alarm-page.ts';
import type { Locale } from '../locale/locale.ts';
import type { DeskAction } from '../store/alarm-desk.ts';
import type { ToldDefinition } from '../store/alarms.ts';
import { shared } from '../styles/shared.ts';
import { Aim } from './aim.ts';
import { AlarmCardEvent, type CardAct } from './alarm-card-event.ts';
import { type AlarmWords, alarmWords } from './alarm-words.ts';
import './fen-alarm-symbol.ts';
import { styles } from './fen-alarm-card.styles.ts';
import { findingWords } from './finding-words.ts';

/** What puts a hidden alarm among the others again. */
const BACK: Readonly<Partial<Record<HideReason, 'unshelve' | 'in-service'>>> = {
  shelved: 'unshelve',
  'out-of-service': 'in-service',
};

/** One alarm, with what can be done about it by thumb. Fires `fen-alarm-card`. */
@customElement('fen-alarm-card')
export class FenAlarmCard extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) alarm!: AlarmReply;
  /** Undefined where nothing was told of it. */
  @property({ attribute: false }) definition: ToldDefinition | undefined;
  /** Undefined where it is of the plant, or nothing is known of the channel. */
  @property({ attribute: false }) channel: Channel | undefined;
  /** What is under way about it. */
  @property({ attribute: false }) action: DeskAction | undefined;
  /** Server clock, whole seconds; undefined before it first spoke. */
  @property({ attribute: false }) nowMs: number | undefined;
  @property({ type: Boolean }) stale = false;
  /** Said in full. */
  @property({ type: Boolean }) open = false;
  /** It came first in the flood. */
  @property({ type: Boolean }) first = false;
  /** With its trend, whose script is there. */
  @property({ type: Boolean }) trend = false;
  /** It is here since a moment only: nothing can be done about it yet. */
  @property({ type: Boolean, reflect: true }) settling = false;
  @property({ attribute: false }) locale!: Locale;
  private readonly aim = new Aim();

  override render() {
    const { alarm, open, words, locale } = this;
    const { priority, state, hidden, raisedMs } = alarm;
    const isCalling = isUnacknowledged(state) && hidden.length === 0;
    const sinceMs = raisedMs === undefined || this.nowMs === undefined ? undefined : this.nowMs - raisedMs;
    return html`
      <article class="card ${priority} ${isCalling ? 'calling' : ''} ${this.stale ? 'stale' : ''}" @pointerdown=${() => this.aim.take(alarm)}>
        <h2>
          <button class="head" aria-expanded=${open} @click=${this.on('open')}>
            <fen-alarm-symbol .priority=${priority} .state=${state} ?quiet=${hidden.length > 0 || this.stale}></fen-alarm-symbol>
            <span class="unseen">${locale.text.alarmPriority[priority]}, ${locale.text.alarmState[state]}:</span>
            <span class="title">${words.title}</span>
            ${this.first ? html`<span class="first">${locale.text.firstOut}</span>` : nothing}
            <time>${sinceMs === undefined ? nothing : this.age(sinceMs)}</time>
          </button>
        </h2>
        <div class="said">
          <p>${this.renderWhere()}</p>
          ${open ? this.renderWords(words) : nothing}
        </div>
        ${this.trend ? html`<fen-alarm-trend .alarm=${alarm} .channel=${this.channel} .nowMs=${this.nowMs} .locale=${this.locale}></fen-alarm-trend>` : nothing}
        ${this.renderSide()}
      </article>
    `;
  }

  /** Where it is, what was found, and what has become of it. */
  private renderWhere() {
    const { alarm, text, locale } = this;
    const { state, acknowledged, raisedMs, hidden } = alarm;
    const parts = [findingWords(alarm, { definition: this.definition, unit: this.channel?.unit ?? '', locale })];
    if (this.open && raisedMs !== undefined) parts.push(locale.text.since(locale.timeOn(raisedMs, this.nowMs)));
    if (state === 'acknowledged' && acknowledged) {
      parts.push(text.acknowledgedBy(acknowledged.by, locale.timeOn(acknowledged.atMs, this.nowMs)));
    } else if (state !== 'unacknowledged') parts.push(locale.text.alarmState[state]);
    for (const { reason, untilMs, by, comment } of hidden) {
      parts.push(locale.text.hideReason[reason]);
      if (untilMs !== undefined) parts.push(locale.text.until(locale.timeOn(untilMs, this.nowMs)));
      if (by !== undefined) parts.push(text.by(by));
      if (comment !== undefined) parts.push(comment);
    }
    if (this.stale) parts.push(text.staleOne);
    return html`<b>${this.place}</b>${parts.filter((part) => part !== '').map((part) => html` · ${part}`)}`;
  }

  private renderWords({ cause, consequence, action, timeToRespondSeconds }: AlarmWords) {
    const { text, locale, alarm } = this;
    const { comment } = alarm;
    const within =
      timeToRespondSeconds === undefined || !isPresent(alarm.state)
        ? ''
        : ` (${text.within(locale.window(timeToRespondSeconds * 1000))})`;
    const lines: [string, string, string][] = [
      [locale.text.whatToDo, action === '' ? '' : action + within, 'do'],
      [locale.text.cause, cause, ''],
      [locale.text.consequence, consequence, ''],
    ];
    if (comment?.comment !== undefined) {
      lines.push([
        locale.text.actionName.comment,
        text.signed(comment.comment, comment.by, locale.timeOn(comment.atMs, this.nowMs)),
        '',
      ]);
    }
    const told = lines.filter(([, line]) => line !== '');
    if (told.length === 0) return nothing;
    return html`<dl>${told.map(([name, line, kind]) => html`<div><dt>${name}</dt><dd class=${kind}>${line}</dd></div>`)}</dl>`;
  }

  private renderSide() {
    const { action } = this;
    const acts = action === undefined || this.open ? this.renderActs(action !== undefined) : nothing;
    if (action === undefined && acts === nothing) return nothing;
    return html`<div class="side">${action === undefined ? nothing : this.renderProgress(action)}${acts}</div>`;
  }

  private renderProgress({ action, phase, why }: DeskAction) {
    const { text, locale } = this;
    if (phase === 'held') {
      return html`
        <p class="progress held" role="status">
          ${action.action === 'reset' ? text.held.reset : text.held.acknowledge}
          <button @click=${this.on('undo')}>${text.undo}</button>
        </p>
      `;
    }
    const words = phase === 'sending' ? text.sending : why === undefined ? text.queued : text.queuedWhy(why);
    return html`<p class="progress" role="status">${locale.text.actionName[action.action]}: ${words}</p>`;
  }

  private renderActs(isUnderWay: boolean) {
    const { alarm, text, open, locale } = this;
    const { state, hidden, channel, capture } = alarm;
    const buttons: unknown[] = [];
    const add = (act: CardAct, words: string, kind = '') =>
      buttons.push(html`<button class=${kind} @click=${this.on(act)}>${words}</button>`);
    const isShown = hidden.length === 0;
    const isCalling = isShown && isUnacknowledged(state);
    if (!isUnderWay) {
      if (isUnacknowledged(state)) add('acknowledge', locale.text.acknowledge, 'go');
      if (state === 'latched-acknowledged') add('reset', locale.text.resetLatch, 'go');
      const back = hidden[0] && BACK[hidden[0].reason];
      if (back !== undefined) add(back, locale.text.actionName[back]);
      if (isShown && (isCalling || open)) add('shelve', locale.text.actionName.shelve);
    }
    if (open && channel !== undefined) add('trend', this.trend ? text.hideTrend : locale.text.showTrend);
    if (open && capture !== undefined) {
      buttons.push(html`<a class="button" href="/captures/${encodeURIComponent(capture)}">${locale.text.showRaw}</a>`);
    }
    const isWanted = open || isCalling || state === 'latched-acknowledged' || !isShown;
    return buttons.length === 0 || !isWanted ? nothing : html`<div class="acts">${buttons}</div>`;
  }

  private get text(): AlarmPageTexts {
    return ALARM_PAGE_TEXTS[this.locale.language];
  }

  private get words(): AlarmWords {
    const { language } = this.locale;
    return alarmWords(this.alarm, this.definition, { language, label: this.channel?.label });
  }

  private get place(): string {
    return this.channel?.label ?? this.alarm.channel ?? this.locale.text.alarmOfPlant;
  }

  /** How long ago, in one unit where that is enough for a glance. */
  private age(ms: number): string {
    return ms < 60_000 ? this.locale.span(ms) : this.locale.window(Math.floor(ms / 60_000) * 60_000);
  }

  private on(act: CardAct) {
    return (event: MouseEvent) => {
      if (!this.settling) this.dispatchEvent(new AlarmCardEvent(act, this.aim.of(event, this.alarm)));
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-card': FenAlarmCard;
  }
}
