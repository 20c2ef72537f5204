import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import { watchTheme } from '../charts/palette.ts';
import type { Locale } from '../locale/locale.ts';
import type { DiagnosisSource, DiagnosisSpan } from '../store/diagnosis-span.ts';
import { shared } from '../styles/shared.ts';
import { spanWords } from './diagnosis-verdict.ts';
import { runIn, spanAt } from './lane-hit.ts';
import { readLook, stretchOf } from './lane-look.ts';
import { drawLane, type LaneLook, type LanePlane } from './lane-picture.ts';
import { RunOpenEvent } from './run-open.ts';

// As charts: data moves at most so often.
const FRAME_MS = 50;
// So many of the newest stretches are told in words, and as seldom as this.
const TOLD = 50;
const TOLD_MS = 2000;
// Nothing narrower is asked of the history apart from what is beside it.
const COLUMN_PX = 3;
// What is meant may lie so far beside a mouse, or beside a finger.
const MOUSE_PX = 4;
const FINGER_PX = 20;

/**
 * The diagnoses of a channel under its trend, on the same time axis. A click,
 * or keys, say that somebody wants to see a run: it fires `fen-run-open`.
 */
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
      :host([bare]) {
        display: none;
      }
      canvas,
      ul {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      canvas.over {
        cursor: pointer;
      }
      /* Over the picture, for keys and for who listens; hands go through to the picture. */
      ul {
        overflow: hidden;
        pointer-events: none;
      }
      li {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
      .picked {
        position: absolute;
        top: 0;
        height: 100%;
        border: calc(var(--hair) * 2) solid var(--focus);
        pointer-events: none;
      }
      .sign {
        position: absolute;
        left: 0;
        bottom: 0;
        color: var(--ink-2);
      }
      @media (pointer: coarse) {
        :host {
          height: var(--target);
        }
      }
    `,
  ];

  @property({ attribute: false }) source!: DiagnosisSource;
  /** Where the time of the trend lies on the screen; undefined before its first drawing. */
  @property({ attribute: false }) plane!: () => LanePlane | undefined;
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) locale!: Locale;
  @property({ attribute: false }) channel = '';
  /** The letter that stands for it beside others; empty where it is alone. */
  @property({ attribute: false }) sign = '';
  /** What it is of, for who does not see it, where it is not alone. */
  @property({ attribute: false }) label = '';
  /** Nobody ever looked: there is nothing to see. */
  @property({ type: Boolean, reflect: true }) bare = false;

  @state() private picked: DiagnosisSpan | undefined;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  private look: LaneLook | undefined;
  private drawn = '';
  private shown: readonly DiagnosisSpan[] = [];
  private untold: readonly DiagnosisSpan[] | undefined;
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
    const { text } = this.locale;
    const name = this.label === '' ? text.diagnosesShown : `${text.diagnosesShown}: ${this.label}`;
    return html`
      <canvas aria-hidden="true" @click=${this.hit} @pointermove=${this.over}></canvas>
      ${this.sign === '' ? nothing : html`<b class="sign" aria-hidden="true">${this.sign}</b>`}
      ${
        this.told.length === 0
          ? html`<p class="unseen">${name}: ${text.nothingDiagnosed}</p>`
          : html`
              <ul
                role="listbox"
                tabindex="0"
                aria-label=${name}
                aria-activedescendant=${this.picked ? 'picked' : nothing}
                @keydown=${this.press}
                @blur=${() => this.pick(undefined)}
              >
                ${this.told.map((span) => this.renderTold(span))}
              </ul>
            `
      }
      ${this.renderPicked()}
    `;
  }

  private renderTold(span: DiagnosisSpan) {
    const isPicked = this.picked !== undefined && isOver(this.picked, span);
    return html`<li role="option" id=${isPicked ? 'picked' : nothing} aria-selected=${isPicked}>${spanWords(span, this.locale)}</li>`;
  }

  private renderPicked() {
    const plane = this.picked && this.planeHere();
    if (!this.picked || !plane) return nothing;
    const px = (ms: number) =>
      Math.min(plane.width, Math.max(0, ((ms - plane.fromMs) * plane.width) / (plane.toMs - plane.fromMs)));
    const [left, right] = [px(this.picked.fromMs), px(this.picked.toMs)];
    const width = Math.max(right - left, MOUSE_PX);
    return html`<div class="picked" .style=${`left: ${plane.left + left}px; width: ${width}px`}></div>`;
  }

  /** The newest of those shown. */
  private get told(): readonly DiagnosisSpan[] {
    return this.shown.slice(-TOLD);
  }

  private hit(event: PointerEvent): void {
    const met = this.met(event, event.pointerType === 'mouse' ? MOUSE_PX : FINGER_PX);
    if (met) this.open(met.span, met.timeMs);
  }

  private over(event: PointerEvent): void {
    const met = this.met(event, MOUSE_PX);
    this.canvas.classList.toggle('over', met !== undefined);
    this.canvas.title = met ? spanWords(met.span, this.locale) : '';
  }

  private met({ offsetX: x }: PointerEvent, slackPx: number) {
    const plane = this.planeHere();
    if (!plane) return undefined;
    const span = spanAt(this.spansIn(plane), plane, { x, slackPx });
    const timeMs = plane.fromMs + ((x - plane.left) * (plane.toMs - plane.fromMs)) / plane.width;
    return span && { span, timeMs };
  }

  private press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const told = this.told;
    const at = told.findIndex((span) => this.picked && isOver(this.picked, span));
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    const isOpened = (event.key === 'Enter' || event.key === ' ') && this.picked !== undefined;
    if (step === undefined && !isOpened) return;
    event.preventDefault();
    event.stopPropagation();
    if (isOpened && this.picked) this.open(this.picked, this.picked.toMs);
    else if (step !== undefined) {
      const next = at < 0 ? told.length - 1 : Math.min(told.length - 1, Math.max(0, at + step));
      this.pick(told[next]);
    }
  }

  private pick(span: DiagnosisSpan | undefined): void {
    this.picked = span;
  }

  private open(span: DiagnosisSpan, timeMs: number): void {
    this.dispatchEvent(new RunOpenEvent(this.channel, runIn(span, timeMs)));
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
    if (state === this.drawn) {
      if (this.untold) this.tell(this.untold, nowMs);
      return;
    }

    this.look ??= readLook(this);
    this.drawn = `${seen.join()} ${this.source.version} false`;
    this.frames++;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, clientWidth, clientHeight);
    const spans = this.spansIn(plane);
    const stretches = spans.map((span) => stretchOf(span, this.locale));
    drawLane(context, stretches, { plane, look: this.look, height: clientHeight });
    this.bare = !this.source.hasAny;
    this.tell(spans, nowMs);
  }

  /** The plane, from this element's left edge. */
  private planeHere(): LanePlane | undefined {
    const plane = this.plane();
    return plane && { ...plane, left: plane.left - this.getBoundingClientRect().left };
  }

  private spansIn({ fromMs, toMs, width }: LanePlane): readonly DiagnosisSpan[] {
    return this.source.spansIn({ fromMs, toMs, columnMs: ((toMs - fromMs) / width) * COLUMN_PX });
  }

  private tell(spans: readonly DiagnosisSpan[], nowMs: number): void {
    this.untold = spans;
    if (nowMs - this.toldMs < TOLD_MS) return;
    this.toldMs = nowMs;
    this.shown = spans;
    this.untold = undefined;
    this.requestUpdate();
  }
}

/** Whether a stretch holds what was picked before: live ones grow. */
function isOver(picked: DiagnosisSpan, { fromMs, toMs }: DiagnosisSpan): boolean {
  return fromMs <= picked.fromMs && picked.fromMs < toMs;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-diagnosis-lane': FenDiagnosisLane;
  }
}
