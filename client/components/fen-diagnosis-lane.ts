import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import { watchTheme } from '../charts/palette.ts';
import type { Locale } from '../locale/locale.ts';
import type { DiagnosisSource, DiagnosisSpan } from '../store/diagnosis-store.ts';
import { shared } from '../styles/shared.ts';
import { spanName, spanSign } from './diagnosis-verdict.ts';
import { drawLane, type LaneLook, type LanePlane, type LaneStretch } from './lane-picture.ts';

// As charts: data moves at most so often.
const FRAME_MS = 50;
// So many of the newest stretches are told in words, and as seldom as this.
const TOLD = 20;
const TOLD_MS = 2000;

/** The diagnoses of a channel under its trend, on the same time axis. */
@customElement('fen-diagnosis-lane')
export class FenDiagnosisLane extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        position: relative;
        height: 2em;
        min-width: 0;
        font-size: var(--text-small);
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
    `,
  ];

  @property({ attribute: false }) source!: DiagnosisSource;
  /** Where the time of the trend lies on the screen; undefined before its first drawing. */
  @property({ attribute: false }) plane!: () => LanePlane | undefined;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) locale!: Locale;

  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  private look: LaneLook | undefined;
  private drawn = '';
  private shown: readonly DiagnosisSpan[] = [];
  private toldMs = -Infinity;
  private frames = 0;
  private stopDrawing: (() => void) | undefined;
  private stopWatching: (() => void) | undefined;

  /** Drawings since it was made: nothing is drawn that has not changed. */
  get drawings(): number {
    return this.frames;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopWatching = watchTheme(() => {
      this.look = undefined;
    });
    if (this.hasUpdated) this.startDrawing();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopWatching?.();
    this.stopDrawing?.();
    this.stopDrawing = undefined;
  }

  protected override firstUpdated(): void {
    this.startDrawing();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('source') || changed.has('locale')) this.drawn = '';
  }

  override render() {
    const { locale } = this;
    const { text } = locale;
    const told = this.shown.slice(-TOLD);
    return html`
      <canvas aria-hidden="true"></canvas>
      <div class="unseen">
        <h2>${text.diagnosesShown}</h2>
        ${
          told.length === 0
            ? html`<p>${text.nothingDiagnosed}</p>`
            : html`
                <ul>
                  ${told.map(
                    (span) => html`
                      <li>${text.diagnosisSpan(locale.time(span.fromMs), locale.time(span.toMs))}: ${spanName(span, locale)}</li>
                    `,
                  )}
                </ul>
              `
        }
      </div>
    `;
  }

  private startDrawing(): void {
    this.stopDrawing = this.scheduler.add({ intervalMs: FRAME_MS, draw: (nowMs) => this.draw(nowMs) });
  }

  private draw(nowMs: number): void {
    const plane = this.planeHere();
    const context = this.canvas.getContext('2d');
    if (!plane || !context) return;
    const { clientWidth, clientHeight } = this;
    const ratio = devicePixelRatio;
    const seen = [plane.fromMs, plane.toMs, plane.left, plane.width, clientWidth, clientHeight, ratio];
    const state = `${seen.join()} ${this.source.version} ${this.look === undefined}`;
    if (state === this.drawn) return;

    this.look ??= readLook(this);
    this.drawn = `${seen.join()} ${this.source.version} false`;
    this.frames++;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, clientWidth, clientHeight);
    const spans = this.source.spansIn(plane.fromMs, plane.toMs);
    const stretches = spans.map((span) => stretchOf(span, this.locale));
    drawLane(context, stretches, { plane, look: this.look, height: clientHeight });
    this.tell(spans, nowMs);
  }

  /** The plane, from this element's left edge. */
  private planeHere(): LanePlane | undefined {
    const plane = this.plane();
    return plane && { ...plane, left: plane.left - this.getBoundingClientRect().left };
  }

  private tell(spans: readonly DiagnosisSpan[], nowMs: number): void {
    if (nowMs - this.toldMs < TOLD_MS) return;
    this.toldMs = nowMs;
    this.shown = spans;
    this.requestUpdate();
  }
}

function stretchOf(span: DiagnosisSpan, locale: Locale): LaneStretch {
  const { kind, fromMs, toMs, ofClass, isUnsure } = span;
  const severity = kind === 'class' && !isUnsure ? (ofClass?.severity ?? 'normal') : undefined;
  return { kind, fromMs, toMs, severity, name: spanName(span, locale), sign: spanSign(span) };
}

function readLook(element: Element): LaneLook {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const fontPx = Number.parseFloat(style.fontSize);
  return {
    severities: {
      normal: token('--band'),
      low: token('--low'),
      medium: token('--medium'),
      high: token('--high'),
      critical: token('--critical'),
    },
    ink: token('--ink'),
    quiet: token('--ink-3'),
    line: token('--line'),
    font: `${fontPx}px ${style.fontFamily}`,
    fontPx,
    hairPx: Number.parseFloat(token('--hair')) || 1,
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-diagnosis-lane': FenDiagnosisLane;
  }
}
