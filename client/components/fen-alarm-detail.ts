import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { ALARM_ACTIONS, type AlarmActionKind, type AlarmReply } from '../../server/wire/alarms.ts';
import { shared } from '../styles/shared.ts';
import { Aim, occurrenceKey, settlingOf } from './aim.ts';
import { AlarmOpenEvent, AlarmWishEvent } from './alarm-events.ts';
import { alarmLinks } from './alarm-links.ts';
import { actionWords, isFitting } from './alarm-list-top.ts';
import {
  type AlarmSpeech,
  alarmPlace,
  beganMs,
  foundWords,
  respondShare,
  signatureWords,
  wordsOf,
} from './alarm-speech.ts';
import './fen-alarm-symbol.ts';

/** All there is to know of one alarm, what to do, and the ways to its trend, its diagnosis and its raw waveform. */
@customElement('fen-alarm-detail')
export class FenAlarmDetail extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        background: var(--panel);
        border-radius: var(--radius);
      }
      header {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 2.5);
        padding: calc(var(--unit) * 2) calc(var(--unit) * 2) calc(var(--unit) * 2) calc(var(--unit) * 3);
        border-bottom: var(--hair) solid var(--line);
      }
      h2 {
        flex: 1;
        min-width: 0;
        line-height: 1.2;
      }
      h2 small {
        display: block;
        font-size: var(--text-small);
        font-weight: var(--weight);
        color: var(--ink-2);
      }
      .all {
        min-height: 0;
        overflow: auto;
        padding: calc(var(--unit) * 2) calc(var(--unit) * 3) calc(var(--unit) * 3);
      }
      .action {
        font-weight: var(--weight-strong);
      }
      .quiet {
        color: var(--ink-2);
      }
      .respond {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 2);
        margin: calc(var(--unit) * 1.5) 0;
        font-size: var(--text-small);
      }
      .bar {
        flex: 1;
        height: calc(var(--unit) * 1.5);
        background: var(--well);
        border-radius: var(--radius);
        overflow: hidden;
      }
      .bar i {
        display: block;
        height: 100%;
        background: var(--ink-2);
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: calc(var(--unit) * 1.5);
        margin: calc(var(--unit) * 2) 0;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--unit) calc(var(--unit) * 4);
        font-size: var(--text-small);
      }
      dt {
        color: var(--ink-2);
      }
      section {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        gap: calc(var(--unit) * 1.5);
        padding: calc(var(--unit) * 2) calc(var(--unit) * 3);
        border-top: var(--hair) solid var(--line);
      }
      footer button {
        padding: 0 calc(var(--unit) * 2.5);
        font-size: var(--text-small);
      }
      .close {
        border-color: transparent;
      }
    `,
  ];

  @property({ attribute: false }) alarm!: AlarmReply;
  @property({ attribute: false }) speech!: AlarmSpeech;
  /** Server clock, whole seconds in ms since 1970 UTC. */
  @property({ attribute: false }) nowMs: number | undefined;

  @query('.close') private readonly close!: HTMLElement;
  private hadFocus = false;
  private readonly aim = new Aim();
  private readonly settling = settlingOf(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.settling.begin();
  }

  protected override willUpdate(): void {
    this.settling.draw([[occurrenceKey(this.alarm), ...this.offered].join(' ')]);
    this.hadFocus = this.shadowRoot?.activeElement !== null;
  }

  protected override updated(): void {
    if (this.hadFocus && this.shadowRoot?.activeElement === null) this.close.focus(); // what it was on is done
  }

  override render() {
    const { alarm, speech } = this;
    const { text } = speech.locale;
    const words = wordsOf(alarm, speech);
    const { trend, diagnosis, capture } = alarmLinks(alarm);
    return html`
      <section aria-label=${text.alarmDetail} ?data-settling=${this.settling.isSettling} @keydown=${this.leaveByKey} @pointerdown=${() => this.aim.take(alarm)}>
        <header>
          <fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state} .quiet=${alarm.hidden.length > 0}></fen-alarm-symbol>
          <h2><bdi>${words.title}</bdi><small><bdi>${alarmPlace(alarm, speech)}</bdi> · ${text.alarmState[alarm.state]}</small></h2>
          ${this.offered.filter(isFirst).map((action) => this.renderWish(action, 'go'))}
          <button class="close" aria-label=${text.close} @click=${() => this.leave()}><span aria-hidden="true">✕</span></button>
        </header>
        <div class="all" tabindex="0" role="group" aria-label=${text.alarmDetail}>
          ${words.action === '' ? nothing : html`<p class="action"><bdi>${words.action}</bdi></p>`}
          ${this.renderRespond()}
          <p class="ways">
            ${capture === undefined ? nothing : html`<a class="button" href=${capture}>${text.showRaw}</a>`}
            ${trend === undefined ? nothing : html`<a class="button" href=${trend}>${text.showTrend}</a>`}
            ${diagnosis === undefined ? nothing : html`<a class="button" href=${diagnosis}>${text.showDiagnosis}</a>`}
          </p>
          <dl>${this.facts().map(([what, said]) => (said === '' ? nothing : html`<dt>${what}</dt><dd><bdi>${said}</bdi></dd>`))}</dl>
        </div>
        <footer>${this.offered.filter((action) => !isFirst(action)).map((action) => this.renderWish(action, ''))}</footer>
      </section>
    `;
  }

  /** What can be done about it. */
  private get offered(): readonly AlarmActionKind[] {
    return ALARM_ACTIONS.filter((action) => isFitting(action, this.alarm));
  }

  private renderWish(action: AlarmActionKind, look: 'go' | '') {
    const wish = (event: MouseEvent) => {
      if (this.settling.isSettling) return;
      this.dispatchEvent(new AlarmWishEvent(action, [this.aim.of(event, this.alarm)]));
    };
    return html`<button class=${look} @click=${wish}>${actionWords(action, this.speech.locale)}</button>`;
  }

  /** How much of the time to respond is gone. */
  private renderRespond() {
    const { alarm } = this;
    const { alarms, locale } = this.speech;
    const definition = alarms.definition(alarm.definition);
    const share = respondShare(alarm, definition, this.nowMs);
    if (share === undefined || !definition) return nothing;
    const wholeMs = definition.timeToRespondSeconds * 1000;
    const whole = locale.window(wholeMs);
    const leftMs = wholeMs * (1 - share);
    const { text } = locale;
    const said =
      leftMs >= 0 ? text.respondLeft(locale.span(leftMs), whole) : text.respondOver(locale.span(-leftMs), whole);
    return html`
      <div class="respond">
        <span class="quiet">${text.timeToRespond}</span>
        <span class="bar" aria-hidden="true"><i .style=${`width: ${Math.min(100, share * 100)}%`}></i></span>
        ${leftMs >= 0 ? html`<span>${said}</span>` : html`<b>${said}</b>`}
      </div>
    `;
  }

  private facts(): readonly (readonly [string, string])[] {
    const { alarm, speech, nowMs } = this;
    const { locale } = speech;
    const { text } = locale;
    const { acknowledged, comment } = alarm;
    const words = wordsOf(alarm, speech);
    const bothTimes = (ms: number | undefined) =>
      ms === undefined ? '' : `${locale.exact(ms)} ${locale.zone(ms)} · ${locale.exactUtc(ms)} UTC`;
    return [
      [text.found, foundWords(alarm, speech)],
      [text.cause, words.cause],
      [text.consequence, words.consequence],
      [text.priorityWord, text.alarmPriority[alarm.priority]],
      [text.began, bothTimes(beganMs(alarm))],
      [text.raised, bothTimes(alarm.raisedMs)],
      [text.cleared, bothTimes(alarm.clearedMs)],
      [text.acknowledgedBy, acknowledged ? signatureWords(acknowledged, nowMs, locale) : ''],
      [text.commentBy, comment ? `${comment.comment ?? ''} (${signatureWords(comment, nowMs, locale)})` : ''],
      ...alarm.hidden.map(({ reason, sinceMs, untilMs, by, comment: why }): readonly [string, string] => [
        text.hideReason[reason],
        [
          why ?? '',
          by === undefined
            ? text.since(locale.timeOn(sinceMs, nowMs))
            : signatureWords({ by, atMs: sinceMs }, nowMs, locale),
          untilMs === undefined ? '' : text.until(locale.timeOn(untilMs, nowMs)),
        ]
          .filter((part) => part !== '')
          .join(' · '),
      ]),
    ];
  }

  private leaveByKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.leave();
  }

  private leave(): void {
    this.dispatchEvent(new AlarmOpenEvent(undefined));
  }
}

/** What stands above all else. */
function isFirst(action: AlarmActionKind): boolean {
  return action === 'acknowledge' || action === 'reset';
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-detail': FenAlarmDetail;
  }
}
