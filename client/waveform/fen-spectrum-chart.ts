import { css, html, LitElement } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { watchTheme } from '../charts/palette.ts';
import { textWidth } from '../charts/text-width.ts';
import { labelFont } from '../charts/trend-option.ts';
import { crisp, drawAxes, line, openCanvas, type PlotBox, type PlotLook, readLook } from './plot-canvas.ts';
import { fittingAxis, frequencyAxis, type SpanAxis } from './span-axis.ts';
import type { Spectrum } from './spectrum.ts';

// Amplitudes below the largest by more than this many powers of ten are left out.
const DECADES = 7;
const MOST_TICKS = 6;

/** A place in a spectrum is pointed at, or none. */
export class SpectrumCursorEvent extends Event {
  /** Frequency of the largest amplitude near the pointer. */
  readonly peak: { readonly hz: number; readonly amplitude: number } | undefined;

  constructor(peak: SpectrumCursorEvent['peak']) {
    super('fen-spectrum-cursor', { bubbles: true, composed: true });
    this.peak = peak;
  }
}

/** Amplitude over frequency, the amplitude by powers of ten. Fires `fen-spectrum-cursor`. */
@customElement('fen-spectrum-chart')
export class FenSpectrumChart extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      min-height: 0;
      contain: strict;
    }
    canvas {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      touch-action: pan-y;
      cursor: crosshair;
    }
  `;

  /** Stays on the screen until the next one is there. */
  @property({ attribute: false }) spectrum?: Spectrum;
  @property({ attribute: false }) unit = '';
  @property({ attribute: false }) summary = '';
  @property({ attribute: false }) formatNumber: (value: number, digits: number) => string = (value, digits) =>
    value.toFixed(digits);
  /** Writes a power of ten of the unit. */
  @property({ attribute: false }) formatAmplitude: (value: number) => string = String;

  @state() private pointedPx?: number;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  private look?: PlotLook;
  private frame?: number;
  private stopWatching?: () => void;
  private readonly onSize = new ResizeObserver(() => this.schedule());

  override connectedCallback(): void {
    super.connectedCallback();
    this.onSize.observe(this);
    this.stopWatching = watchTheme(() => {
      this.look = undefined;
      this.schedule();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.onSize.disconnect();
    this.stopWatching?.();
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
  }

  protected override updated(): void {
    this.schedule();
  }

  override render() {
    return html`<canvas role="img" aria-label=${this.summary} @pointermove=${this.point} @pointerdown=${this.point} @pointerleave=${this.leave}></canvas>`;
  }

  private schedule(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (this.isConnected) this.paint();
    });
  }

  private paint(): void {
    const context = openCanvas(this.canvas);
    const { spectrum } = this;
    if (!context || !spectrum) return;
    this.look ??= readLook(this);
    const { look, box } = this;
    const columns = peakColumns(spectrum, Math.max(1, Math.round(box.width * devicePixelRatio)));
    const top = Math.ceil(log10(Math.max(0, ...columns) || 1) + 0.05);
    const smallest = columns.reduce((least, value) => (value > 0 && value < least ? value : least), Infinity);
    const bottom = Math.max(top - DECADES, Math.min(top - 2, Math.floor(log10(smallest))));
    const yOf = (value: number) => box.top + ((top - log10(value)) / (top - bottom)) * box.height;
    const highHz = spectrum.stepHz * (spectrum.amplitude.length - 1);
    const written = (hz: number, { times, digits }: SpanAxis) => this.formatNumber(hz * times, digits);
    const axis = fittingAxis((most) => frequencyAxis({ low: 0, high: highHz }, most), {
      widthPx: box.width,
      widthOf: (hz, axis) => textWidth(written(hz, axis), labelFont(look)),
    });
    const every = Math.ceil((top - bottom) / Math.min(MOST_TICKS, Math.max(1, box.height / (2 * look.fontPx))));
    const decades = Array.from({ length: Math.floor((top - bottom) / every) + 1 }, (_, i) => 10 ** (top - i * every));
    drawAxes(context, box, look, {
      x: axis.ticks.map((hz) => ({
        at: box.left + (hz / highHz) * box.width,
        text: written(hz, axis),
      })),
      y: decades.map((value) => ({ at: yOf(value), text: this.formatAmplitude(value) })),
      unitX: axis.unit,
      unitY: this.unit,
    });
    paintPeaks(context, columns, { box, look, yOf });
    if (this.pointedPx === undefined) return;
    context.strokeStyle = look.ink;
    context.lineWidth = look.hairPx;
    line(context, [crisp(this.pointedPx), box.top], [crisp(this.pointedPx), box.top + box.height]);
  }

  private get box(): PlotBox {
    const look = this.look ?? readLook(this);
    const em = look.fontPx;
    const left = Math.ceil(textWidth('−000.0000', labelFont(look)) + 0.7 * em); // as the chart above it
    return {
      left,
      top: 1.6 * em,
      width: Math.max(1, this.canvas.clientWidth - left - em),
      height: Math.max(1, this.canvas.clientHeight - 4.6 * em),
    };
  }

  private point({ offsetX }: PointerEvent): void {
    const { box, spectrum } = this;
    const isInside = offsetX >= box.left && offsetX <= box.left + box.width;
    this.pointedPx = isInside ? offsetX : undefined;
    if (!spectrum || !isInside) return void this.dispatchEvent(new SpectrumCursorEvent(undefined));
    const each = (spectrum.amplitude.length - 1) / box.width;
    const near = (offsetX - box.left) * each;
    let best = Math.min(spectrum.amplitude.length - 1, Math.max(1, Math.round(near)));
    const end = Math.min(spectrum.amplitude.length - 1, near + 2 * each);
    for (let k = Math.max(1, Math.floor(near - 2 * each)); k <= end; k++) {
      if (spectrum.amplitude[k] > spectrum.amplitude[best]) best = k;
    }
    const peak = { hz: best * spectrum.stepHz, amplitude: spectrum.amplitude[best] };
    this.dispatchEvent(new SpectrumCursorEvent(peak));
  }

  private leave(): void {
    this.pointedPx = undefined;
    this.dispatchEvent(new SpectrumCursorEvent(undefined));
  }
}

/** The largest amplitude in each column; where columns are finer than the spectrum, that of its nearest entry. */
export function peakColumns({ amplitude }: Spectrum, columns: number): Float64Array {
  const each = (amplitude.length - 1) / columns;
  return Float64Array.from({ length: columns }, (_, c) => {
    const from = Math.max(1, Math.round(c * each));
    let peak = amplitude[Math.min(from, amplitude.length - 1)];
    for (let k = from + 1; k < (c + 1) * each; k++) if (amplitude[k] > peak) peak = amplitude[k];
    return peak;
  });
}

function paintPeaks(
  context: CanvasRenderingContext2D,
  columns: Float64Array,
  { box, look, yOf }: { readonly box: PlotBox; readonly look: PlotLook; readonly yOf: (value: number) => number },
): void {
  const foot = box.top + box.height;
  const step = box.width / columns.length;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.strokeStyle = look.trace;
  context.lineWidth = look.tracePx;
  context.lineJoin = 'round';
  context.beginPath();
  for (const [c, value] of columns.entries()) {
    context.lineTo(box.left + (c + 0.5) * step, value > 0 ? yOf(value) : foot);
  }
  context.stroke();
  context.restore();
}

function log10(value: number): number {
  return Math.log10(value);
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-spectrum-chart': FenSpectrumChart;
  }
  interface HTMLElementEventMap {
    'fen-spectrum-cursor': SpectrumCursorEvent;
  }
}
