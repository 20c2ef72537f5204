import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { ALARM_PRIORITIES, type AlarmReply, isUnacknowledged } from '../../server/wire/alarms.ts';
import { MUTE_MS } from '../mute.ts';
import type { SoundState } from '../sound.ts';
import type { AlarmCount, AlarmState } from '../store/alarms.ts';
import { shared } from '../styles/shared.ts';
import { Aim, occurrenceKey, settlingOf } from './aim.ts';
import { AlarmOpenEvent, AlarmWishEvent } from './alarm-events.ts';
import { alarmLinks } from './alarm-links.ts';
import { type AlarmSpeech, alarmName, foundWords, wordsOf } from './alarm-speech.ts';
import { styles } from './fen-alarm-banner.styles.ts';
import './fen-alarm-symbol.ts';
import { ChoiceEvent } from './choice-event.ts';

/** The reader lets this page sound. */
export class SoundAllowEvent extends Event {
  constructor() {
    super('fen-sound-allow', { bubbles: true, composed: true });
  }
}

/**
 * The most urgent alarm in words, since when, and what to do; how many there
 * are of each priority; and whether they are heard. Of constant height.
 */
@customElement('fen-alarm-banner')
export class FenAlarmBanner extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) speech!: AlarmSpeech;
  /** Another object after every change, while the speech stays. */
  @property({ attribute: false }) alarms!: AlarmState;
  @property({ attribute: false }) sound: SoundState = 'on';
  /** How many came at once, a moment ago; 0 where so many did not. */
  @property({ attribute: false }) burst = 0;
  /** Nobody knows any more whether it is so: what is in the slot stands in its place. */
  @property({ type: Boolean, reflect: true }) stale = false;
  /** Nobody is called: nothing but the slot is here. */
  @property({ type: Boolean, reflect: true }) away = false;
  /** Server clock, whole seconds in ms since 1970 UTC. */
  @property({ attribute: false }) nowMs: number | undefined;
  /** When it is muted: until then, ms since 1970 UTC by this browser's clock. */
  @property({ attribute: false }) mutedUntilMs = 0;

  @query('.go') private readonly go!: HTMLElement | null;
  @query('.what') private readonly what!: HTMLElement | null;
  private hadFocus = false;
  private readonly aim = new Aim();
  private readonly settling = settlingOf(this);

  /** Comes to the button that acknowledges, else to the one that opens the detail. */
  override focus(): void {
    (this.go ?? this.what)?.focus();
  }

  protected override willUpdate(): void {
    this.hadFocus = this.go?.matches(':focus') === true;
    this.settling.draw(this.away || this.stale ? [] : this.alarms.shown.slice(0, 1).map(occurrenceKey));
  }

  protected override updated(): void {
    if (this.hadFocus && !this.go) this.what?.focus(); // it is acknowledged
  }

  override render() {
    return html`
      <slot></slot>
      ${this.away ? nothing : this.renderAll()}
    `;
  }

  private renderAll() {
    const { shown, counts } = this.alarms;
    return html`
      ${this.stale ? nothing : shown.length === 0 ? this.renderNone() : this.renderMost(shown[0])}
      <ul class="counts">${ALARM_PRIORITIES.map((priority) => this.renderCount(priority, counts[priority]))}</ul>
      <a class="button phone" href="/alarms" target="_self">${this.speech.locale.text.alarms}</a>
      <div class="sound">${this.renderSound()}</div>
    `;
  }

  private renderNone() {
    const { text } = this.speech.locale;
    return html`<p class="most none">${this.alarms.isKnown ? text.noAlarms : text.alarmsUnknown}</p>`;
  }

  private renderMost(alarm: AlarmReply) {
    const { speech } = this;
    const { text } = speech.locale;
    const { capture } = alarmLinks(alarm);
    const isCalling = isUnacknowledged(alarm.state);
    return html`
      <section class="most" aria-label=${text.mostUrgent} ?data-settling=${this.settling.isSettling} @pointerdown=${() => this.aim.take(alarm)} @keydown=${this.press}>
        <fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state}></fen-alarm-symbol>
        <div class="words">
          <button class="what" title=${text.alarmDetail} @click=${() => this.dispatchEvent(new AlarmOpenEvent(alarm.tag))}><bdi>${alarmName(alarm, speech)}</bdi></button>
          <p class="why">${this.whyWords(alarm)}</p>
        </div>
        ${
          isCalling
            ? html`<button class="go" @click=${(event: MouseEvent) => this.acknowledge(event, alarm)}>${text.acknowledge}</button>`
            : nothing
        }
        ${capture === undefined ? nothing : html`<a class="button" href=${capture}>${text.showRaw}</a>`}
      </section>
    `;
  }

  private acknowledge(event: MouseEvent, alarm: AlarmReply): void {
    if (this.settling.isSettling) return;
    this.dispatchEvent(new AlarmWishEvent('acknowledge', [this.aim.of(event, alarm)]));
  }

  private press({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): void {
    if (key === 'a' && !ctrlKey && !metaKey && !altKey) this.go?.click();
  }

  private whyWords(alarm: AlarmReply) {
    const { speech, burst, nowMs } = this;
    const { text } = speech.locale;
    const since = alarm.raisedMs === undefined ? '' : text.since(speech.locale.timeOn(alarm.raisedMs, nowMs));
    const state = alarm.state === 'unacknowledged' ? '' : text.alarmState[alarm.state];
    const parts = [foundWords(alarm, speech), state, since, wordsOf(alarm, speech).action].filter(
      (part) => part !== '',
    );
    return html`${burst > 0 && isUnacknowledged(alarm.state) ? html`<b>${text.burst(speech.locale.count(burst))}</b> · ` : nothing}<bdi>${parts.join(' · ')}</bdi>`;
  }

  private renderCount(priority: (typeof ALARM_PRIORITIES)[number], { all, unacknowledged }: AlarmCount) {
    const { locale } = this.speech;
    const said = locale.text.priorityCount(
      locale.text.alarmPriority[priority],
      locale.count(all),
      locale.count(unacknowledged),
    );
    return html`
      <li class=${all === 0 ? 'zero' : ''} title=${said}>
        <fen-alarm-symbol .priority=${priority} .state=${'acknowledged'} .quiet=${all === 0 || this.stale}></fen-alarm-symbol>
        <span aria-hidden="true">${locale.count(all)}</span><span class="unseen">${said}</span>
      </li>
    `;
  }

  private renderSound() {
    const { text } = this.speech.locale;
    switch (this.sound) {
      case 'none':
        return html`<span>${text.soundNone}</span>`;
      case 'off':
        return html`<b>${text.soundOff}</b> <button @click=${() => this.dispatchEvent(new SoundAllowEvent())}>${text.allowSound}</button>`;
      case 'muted':
        return html`<b>${text.soundMuted(this.speech.locale.timeOn(this.mutedUntilMs, this.nowMs))}</b> <span>${text.mutedUnless}</span> <button @click=${() => this.mute(0)}>${text.unmute}</button>`;
      case 'on':
        return html`${renderSpeaker()}<span>${text.soundOn}</span> <button @click=${() => this.mute(Date.now() + MUTE_MS)}>${text.mute}</button>`;
    }
  }

  private mute(untilMs: number): void {
    this.dispatchEvent(new ChoiceEvent('mutedUntilMs', untilMs));
  }
}

function renderSpeaker() {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 6h2.5L8 3v10L4.5 10H2zM10.5 5.5a3.5 3.5 0 0 1 0 5M12.5 3.5a6.4 6.4 0 0 1 0 9" /></svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-banner': FenAlarmBanner;
  }
  interface HTMLElementEventMap {
    'fen-sound-allow': SoundAllowEvent;
  }
}
