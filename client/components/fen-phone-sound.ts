import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { AlarmCalls } from '../alarm-calls.ts';
import type { AlarmsLive } from '../alarms-live.ts';
import type { Locale } from '../locale/locale.ts';
import { MUTE_MS } from '../mute.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { ChoiceEvent } from './choice-event.ts';
import { promptPace, readablePace } from './readable-pace.ts';

const HANDS = ['pointerdown', 'keydown'];

/** Sounds by priority until alarms are acknowledged, mutes it, and says when it is not heard. */
@customElement('fen-phone-sound')
export class FenPhoneSound extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: calc(var(--unit) * 4);
        min-height: 48px;
        padding: 0 calc(var(--unit) * 1.5);
        font-size: 14px;
        color: var(--ink-2);
      }
      button {
        flex: none;
        min-height: 48px;
        margin-inline-start: auto;
        padding: 0;
        color: inherit;
        background: none;
        border: none;
        text-decoration: underline;
      }
    `,
  ];

  @property({ attribute: false }) live!: AlarmsLive;
  @property({ attribute: false }) locale!: Locale;
  /** As `Choices`. */
  @property({ attribute: false }) mutedUntilMs = 0;

  private readonly calls = new AlarmCalls();
  private readonly onHand = () => this.calls.sound.allow();

  constructor() {
    super();
    new StoreController(this, () => this.live.alarms, promptPace);
    new StoreController(this, () => this.live.life, readablePace);
    new StoreController(this, () => this.calls.sound);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const hand of HANDS) addEventListener(hand, this.onHand, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const hand of HANDS) removeEventListener(hand, this.onHand, { capture: true });
    this.calls.sound.close();
  }

  protected override willUpdate(): void {
    const { alarms, life } = this.live;
    const { isSilent, serverMs } = life.value;
    const { mutedUntilMs } = this;
    const { endsMute } = this.calls.look({ alarms: alarms.value, isSilent, serverMs, mutedUntilMs });
    if (endsMute) this.mute(0);
  }

  override render() {
    const { text } = this.locale;
    switch (this.calls.sound.value) {
      case 'on':
        return html`<span>${text.soundOn}</span><button @click=${() => this.mute(Date.now() + MUTE_MS)}>${text.mute}</button>`;
      case 'muted':
        return html`
          <span role="status"><b>${text.soundMuted(this.locale.timeOn(this.mutedUntilMs, Date.now()))}</b> ${text.mutedUnless}</span>
          <button @click=${() => this.mute(0)}>${text.unmute}</button>
        `;
      case 'off': // any hand on the page turns it on
        return html`<b role="status">${text.soundOff}</b><button @click=${this.onHand}>${text.allowSound}</button>`;
      case 'none':
        return html`<b role="status">${text.soundNone}</b>`;
    }
  }

  private mute(untilMs: number): void {
    this.mutedUntilMs = untilMs;
    this.dispatchEvent(new ChoiceEvent('mutedUntilMs', untilMs));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-phone-sound': FenPhoneSound;
  }
}
