import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { AlarmOpenEvent } from './alarm-events.ts';
import { type AlarmSpeech, beganMs, wordsOf } from './alarm-speech.ts';
import './fen-alarm-symbol.ts';
import type { LanePlane } from './lane-picture.ts';
import { readablePace } from './readable-pace.ts';

// As charts: data moves at most so often.
const FRAME_MS = 50;

/** Where the alarms of a channel began, over the axis of its trend: a sign each, and the way to its detail. Lies over what holds the trend. */
@customElement('fen-alarm-marks')
export class FenAlarmMarks extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        position: absolute;
        inset: auto 0 0;
        height: 0;
      }
      button {
        position: absolute;
        left: 0;
        bottom: calc(var(--text) * 2.2); /* on the axis, above its times */
        min-width: 0;
        min-height: 0;
        padding: 0;
        font-size: var(--text);
        background: none;
        border: 0;
        translate: -50%;
      }
      .away {
        visibility: hidden;
      }
    `,
  ];

  @property({ attribute: false }) channel = '';
  @property({ attribute: false }) speech!: AlarmSpeech;
  /** Where the time of the trend lies on the screen; undefined before its first drawing. */
  @property({ attribute: false }) plane!: () => LanePlane | undefined;
  @property({ attribute: false }) scheduler!: FrameScheduler;

  private stop: (() => void) | undefined;

  constructor() {
    super();
    new StoreController(this, () => this.speech.alarms, readablePace);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.();
    this.stop = undefined;
  }

  protected override firstUpdated(): void {
    this.start();
  }

  override render() {
    return html`${repeat(
      this.alarms,
      ({ tag }) => tag,
      (alarm) => this.renderMark(alarm),
    )}`;
  }

  private renderMark(alarm: AlarmReply) {
    const { text } = this.speech.locale;
    const words = `${text.alarmPriority[alarm.priority]}: ${wordsOf(alarm, this.speech).title}`;
    const timeMs = beganMs(alarm) ?? alarm.raisedMs;
    if (timeMs === undefined) return nothing;
    return html`
      <button class="away" data-ms=${timeMs} title=${words} aria-label=${words} @click=${() => this.dispatchEvent(new AlarmOpenEvent(alarm.tag))}>
        <fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state}></fen-alarm-symbol>
      </button>
    `;
  }

  private get alarms(): readonly AlarmReply[] {
    return this.speech.alarms.value.shown.filter(({ channel }) => channel === this.channel);
  }

  private start(): void {
    this.stop = this.scheduler.add({ intervalMs: FRAME_MS, draw: () => this.place() });
  }

  /** Moves each to its time; what lies outside the view is out of sight. */
  private place(): void {
    const marks = this.renderRoot.querySelectorAll('button');
    const plane = marks.length > 0 ? this.plane() : undefined;
    if (!plane) return;
    const left = plane.left - this.getBoundingClientRect().left;
    for (const mark of marks) {
      const timeMs = Number(mark.dataset.ms);
      mark.classList.toggle('away', timeMs < plane.fromMs || timeMs > plane.toMs);
      mark.style.left = `${left + ((timeMs - plane.fromMs) * plane.width) / (plane.toMs - plane.fromMs)}px`;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-marks': FenAlarmMarks;
  }
}
