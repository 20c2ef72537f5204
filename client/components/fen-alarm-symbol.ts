import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ALARM_PRIORITIES, type AlarmPriority, type BaseState } from '../../server/wire/alarms.ts';

/** In a box of 20; the baseline of its digit, and whether it is drawn smaller. */
const SHAPES: Readonly<Record<AlarmPriority, { readonly path: string; readonly digitY: number }>> = {
  critical: { path: 'M2 2h16v16h-16z', digitY: 14.2 },
  high: { path: 'M10 1.5L19 18H1z', digitY: 16.2 },
  medium: { path: 'M10 .8L19.2 10L10 19.2L.8 10z', digitY: 14.2 },
  low: { path: 'M10 1.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17z', digitY: 14.2 },
};

/**
 * How urgent an alarm is by shape, digit and colour, and its state: filled
 * while its condition is there, and blinking once a second until acknowledged;
 * an outline once it has returned, with a bar under it where it waits for a
 * reset. Named by the words beside it.
 */
@customElement('fen-alarm-symbol')
export class FenAlarmSymbol extends LitElement {
  static override styles = css`
    :host {
      flex: none;
      display: inline-block;
      width: 1.4em;
      height: 1.4em;
      line-height: 0;
    }
    svg {
      width: 100%;
      height: 100%;
      overflow: visible;
    }
    .critical {
      color: var(--critical);
    }
    .high {
      color: var(--high);
    }
    .medium {
      color: var(--medium);
    }
    .low {
      color: var(--low);
    }
    .quiet {
      color: var(--ink-3);
    }
    path {
      fill: currentColor;
      stroke: currentColor;
      stroke-width: 1.6;
      stroke-linejoin: round;
    }
    text {
      font: 750 12.5px var(--font);
      text-anchor: middle;
      fill: var(--on-alarm);
    }
    .returned path {
      fill: none;
    }
    .returned text {
      fill: currentColor;
    }
    .bar {
      stroke-width: 2.4;
    }
    .blinking {
      animation: blink 1s step-end infinite;
    }
    @keyframes blink {
      50% {
        opacity: 0.3;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .blinking {
        animation: none;
      }
    }
  `;

  @property({ attribute: false }) priority: AlarmPriority = 'low';
  @property({ attribute: false }) state: BaseState = 'unacknowledged';
  /** Nobody is called: hidden, none of its priority, or not of now. */
  @property({ type: Boolean }) quiet = false;

  /** All blink together, whenever they came. */
  protected override updated(): void {
    for (const animation of this.shadowRoot?.getAnimations() ?? []) animation.startTime = 0;
  }

  override render() {
    const { priority, state, quiet } = this;
    const { path, digitY } = SHAPES[priority];
    const isReturned = state === 'normal' || state.startsWith('rtn') || state.startsWith('latched');
    const isBlinking = state === 'unacknowledged' && !quiet;
    return html`
      <svg
        class="${quiet ? 'quiet' : priority} ${isReturned ? 'returned' : ''} ${isBlinking ? 'blinking' : ''}"
        viewBox="0 0 20 20"
        aria-hidden="true"
      >
        <path d=${path} />
        ${state.startsWith('latched') ? svg`<path class="bar" d="M2 23h16" />` : nothing}
        <text x="10" y=${digitY}>${ALARM_PRIORITIES.indexOf(priority) + 1}</text>
      </svg>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-symbol': FenAlarmSymbol;
  }
}
