import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ALARM_PRIORITIES, type AlarmReply, isUnacknowledged } from '../../server/wire/alarms.ts';
import type { SoundState } from '../sound.ts';
import type { AlarmCount } from '../store/alarms.ts';
import { shared } from '../styles/shared.ts';
import { AlarmOpenEvent, AlarmWishEvent, seenOf } from './alarm-events.ts';
import { alarmLinks } from './alarm-links.ts';
import { type AlarmSpeech, alarmName, foundWords, wordsOf } from './alarm-speech.ts';
import './fen-alarm-symbol.ts';
import { ChoiceEvent } from './fen-settings.ts';

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
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 2) calc(var(--unit) * 4);
        min-width: 0;
        min-height: var(--alarm-banner);
        padding: 0 var(--gutter);
        background: var(--panel);
        border-bottom: var(--hair) solid var(--line);
      }
      :host([away]) {
        display: block;
        min-height: 0;
        padding: 0;
        border: 0;
      }
      ::slotted(*) {
        position: absolute;
      }
      :host([stale]) ::slotted(*) {
        position: static;
        flex: 1;
      }
      .most {
        flex: 1;
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 4);
        min-width: 0;
      }
      .most fen-alarm-symbol {
        font-size: 1.2em;
      }
      .words {
        flex: 0 1 auto;
        min-width: 0;
        line-height: 1.3;
      }
      .words > * {
        display: block;
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
      }
      .what {
        max-width: 100%;
        min-height: 0;
        padding: 0;
        font-size: var(--text-title);
        text-align: left;
        background: none;
        border: 0;
      }
      .why {
        color: var(--ink-2);
      }
      .none {
        color: var(--ink-2);
      }
      .most > :is(button, .button) {
        flex: none;
        display: var(--tile-button);
      }
      .counts {
        flex: none;
        display: flex;
        gap: calc(var(--unit) * 3.5);
      }
      .counts li {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 1.5);
        min-width: 2.6em;
        font-size: var(--text-clock);
        font-weight: var(--weight-strong);
      }
      .phone {
        display: none;
      }
      .zero {
        color: var(--ink-3);
      }
      .zero fen-alarm-symbol {
        opacity: 0.5;
      }
      .sound {
        flex: none;
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 2);
        min-width: 7em;
        justify-content: flex-end;
        color: var(--ink-2);
      }
      .sound b {
        color: var(--ink);
      }
      svg {
        flex: none;
        width: 1.2em;
        height: 1.2em;
        fill: none;
        stroke: currentColor;
        stroke-width: 1.6;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
      @media (max-width: 1199px) {
        .sound span {
          display: none;
        }
        .sound {
          min-width: 0;
        }
      }
      @media (max-width: 699px) {
        :host {
          flex-wrap: wrap;
          gap: calc(var(--unit) * 1.5);
          padding: calc(var(--unit) * 1.5) var(--gutter);
        }
        .most {
          flex: 1 1 60%;
          gap: calc(var(--unit) * 3);
        }
        .phone {
          order: 1;
        }
        .counts {
          order: 2;
          flex: 1 1 0;
          gap: calc(var(--unit) * 1.5);
        }
        .counts li {
          min-width: 0;
        }
        .sound {
          order: 3;
          font-size: var(--text-small);
        }
        .sound button {
          padding: 0 calc(var(--unit) * 2);
        }
        .words {
          flex: 1;
        }
        .why,
        .most > a.button {
          display: none;
        }
        .phone {
          display: inline-flex;
        }
      }
    `,
  ];

  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) sound: SoundState = 'on';
  /** How many came at once, a moment ago; 0 where so many did not. */
  @property({ attribute: false }) burst = 0;
  /** Nobody knows any more whether it is so: what is in the slot stands in its place. */
  @property({ type: Boolean, reflect: true }) stale = false;
  /** Nobody is called: nothing but the slot is here. */
  @property({ type: Boolean, reflect: true }) away = false;
  /** Server clock, whole seconds in ms since 1970 UTC. */
  @property({ attribute: false }) nowMs: number | undefined;

  override render() {
    return html`
      <slot></slot>
      ${this.away ? nothing : this.renderAll()}
    `;
  }

  private renderAll() {
    const { shown, counts } = this.speech.alarms.value;
    return html`
      ${this.stale ? nothing : shown.length === 0 ? this.renderNone() : this.renderMost(shown[0])}
      <ul class="counts">${ALARM_PRIORITIES.map((priority) => this.renderCount(priority, counts[priority]))}</ul>
      <a class="button phone" href="/alarms" target="_self">${this.speech.locale.text.alarms}</a>
      <div class="sound">${this.renderSound()}</div>
    `;
  }

  private renderNone() {
    const { text } = this.speech.locale;
    return html`<p class="most none">${this.speech.alarms.value.isKnown ? text.noAlarms : text.alarmsUnknown}</p>`;
  }

  private renderMost(alarm: AlarmReply) {
    const { speech } = this;
    const { text } = speech.locale;
    const { capture } = alarmLinks(alarm);
    const isCalling = isUnacknowledged(alarm.state);
    return html`
      <section class="most" aria-label=${text.mostUrgent}>
        <fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state}></fen-alarm-symbol>
        <div class="words">
          <button class="what" title=${text.alarmDetail} @click=${() => this.dispatchEvent(new AlarmOpenEvent(alarm.tag))}><bdi>${alarmName(alarm, speech)}</bdi></button>
          <p class="why">${this.whyWords(alarm)}</p>
        </div>
        ${
          isCalling
            ? html`<button class="go" @click=${() => this.dispatchEvent(new AlarmWishEvent('acknowledge', [seenOf(alarm)]))}>${text.acknowledge}</button>`
            : nothing
        }
        ${capture === undefined ? nothing : html`<a class="button" href=${capture}>${text.showRaw}</a>`}
      </section>
    `;
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
        return html`<b>${text.soundMuted}</b> <button @click=${() => this.mute(false)}>${text.unmute}</button>`;
      case 'on':
        return html`${renderSpeaker()}<span>${text.soundOn}</span> <button @click=${() => this.mute(true)}>${text.mute}</button>`;
    }
  }

  private mute(isMuted: boolean): void {
    this.dispatchEvent(new ChoiceEvent('isMuted', isMuted));
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
