import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import '../charts/fen-trend-chart.ts';
import type { PlotLoader } from '../charts/fen-trend-chart.ts';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import type { Locale } from '../locale/locale.ts';
import type { LookingBack } from '../store/looking-back.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { readablePace } from './readable-pace.ts';

// So that it can be seen and taken hold of, however short the view is.
const LEAST_PX = 8;
// The ends of a shorter history than this are told to the second.
const MINUTES_MS = 3_600_000;

/** The whole history, small, with the part that is shown marked. Drag the mark, or click beside it. */
@customElement('fen-overview-strip')
export class FenOverviewStrip extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template: minmax(0, 1fr) auto / 1fr auto 1fr;
        gap: 0 calc(var(--unit) * 2);
        min-width: 0;
        font-size: var(--text-small);
        color: var(--ink-2);
      }
      .strip {
        grid-column: 1 / -1;
        position: relative;
        display: grid;
        min-height: max(40px, var(--target));
        background: var(--well);
        border-radius: var(--radius);
        touch-action: pan-y;
        cursor: pointer;
        overflow: hidden;
      }
      fen-trend-chart {
        pointer-events: none;
      }
      .mark {
        position: absolute;
        inset: 0 auto 0 0;
        min-width: ${LEAST_PX}px;
        border: calc(var(--hair) * 2) solid var(--ink);
        border-radius: var(--radius);
        background: color-mix(in srgb, var(--ink) 10%, transparent);
        cursor: grab;
      }
      .mark:focus-visible {
        outline-offset: calc(var(--hair) * -4);
      }
      .mark:active {
        cursor: grabbing;
      }
      p:last-child {
        text-align: right;
      }
    `,
  ];

  @property({ attribute: false }) looking!: LookingBack;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) plots!: PlotLoader;
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) locale!: Locale;
  /** Changes with where the history begins and ends, and with every second of the present. */
  @property({ attribute: false }) reach = '';

  @query('.strip') private readonly strip!: HTMLElement;
  /** Of the view's start from the pointer, ms, while the mark is dragged. */
  private grip: number | undefined;

  constructor() {
    super();
    new StoreController(this, () => this.looking, readablePace);
  }

  override render() {
    const { locale, looking } = this;
    const { text } = locale;
    const { lastMs } = looking.extent;
    const { range, overviewMs } = looking;
    const fromMs = (lastMs ?? 0) - overviewMs;
    const share = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / overviewMs));
    const [from, to] = range ? [share(range.fromMs), share(range.toMs)] : [0, 1];
    const end = (ms: number) => locale.exact(ms).slice(0, overviewMs < MINUTES_MS ? 19 : 16);
    const words = range ? `${locale.exact(range.fromMs).slice(0, 19)} … ${locale.exact(range.toMs).slice(0, 19)}` : '';
    return html`
      <div class="strip" @pointerdown=${this.press} @pointermove=${this.drag} @pointerup=${this.release} @pointercancel=${this.release}>
        <fen-trend-chart
          compact
          .scheduler=${this.scheduler}
          .plots=${this.plots}
          .source=${looking.overview}
          .windowMs=${overviewMs}
          .missingText=${''}
          .summary=${`${text.overview}: ${this.label}`}
        ></fen-trend-chart>
        <div
          class="mark"
          role="slider"
          tabindex="0"
          aria-label=${text.overviewHint}
          aria-valuemin="0"
          aria-valuemax="100"
          aria-valuenow=${Math.round(to * 100)}
          aria-valuetext=${words}
          .style=${`left: min(${from * 100}%, 100% - ${LEAST_PX}px); width: ${(to - from) * 100}%`}
          @keydown=${this.pressKey}
        ></div>
      </div>
      <p>${lastMs === undefined ? '' : end(fromMs)}</p>
      <p>${text.overview}</p>
      <p>${lastMs === undefined ? '' : end(lastMs)}</p>
    `;
  }

  private press(event: PointerEvent): void {
    const { range } = this.looking;
    if (event.button !== 0 || !range) return;
    this.strip.setPointerCapture(event.pointerId);
    const atMs = this.timeAt(event.clientX);
    const isOnMark = atMs >= range.fromMs && atMs <= range.toMs;
    this.grip = isOnMark ? range.fromMs - atMs : (range.fromMs - range.toMs) / 2;
    if (!isOnMark) this.looking.moveTo(atMs + this.grip);
  }

  private drag(event: PointerEvent): void {
    if (this.grip !== undefined) this.looking.moveTo(this.timeAt(event.clientX) + this.grip);
  }

  private release(): void {
    this.grip = undefined;
  }

  private timeAt(clientX: number): number {
    const { left, width } = this.strip.getBoundingClientRect();
    const { overviewMs, extent } = this.looking;
    return (extent.lastMs ?? 0) - overviewMs + ((clientX - left) / width) * overviewMs;
  }

  private pressKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    switch (event.key) {
      case 'ArrowLeft':
        this.looking.panStep('earlier');
        break;
      case 'ArrowRight':
        this.looking.panStep('later');
        break;
      case 'Home':
        this.looking.goToFirst();
        break;
      case 'End':
        this.looking.goLive();
        break;
      default:
        return;
    }
    event.preventDefault();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-overview-strip': FenOverviewStrip;
  }
}
