import { html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Palette } from '../charts/palette.ts';
import { textWidth } from '../charts/text-width.ts';
import { labelFont } from '../charts/trend-option.ts';
import { ChartCanvas, canvasStyles, type Easel } from './chart-canvas.ts';
import { crisp, drawAxes, line, type PlotBox, plotBox } from './plot-canvas.ts';
import { fittingAxis, frequencyAxis, type SpanAxis } from './span-axis.ts';
import { type Peak, peakOf, type Spectrum } from './spectrum.ts';

// Amplitudes below the largest by more than this many powers of ten are left out.
const DECADES = 7;
const MOST_TICKS = 6;
// Of a place that is pointed at the largest amplitude is read within so many CSS pixels.
const NEAR_PX = 2;
// Of a key with Shift.
const FAST_PX = 20;

/** A place in a spectrum is pointed at, or none. */
export class SpectrumCursorEvent extends Event {
  /** The largest amplitude near there. */
  readonly peak: Peak | undefined;

  constructor(peak: Peak | undefined) {
    super('fen-spectrum-cursor', { bubbles: true, composed: true });
    this.peak = peak;
  }
}

/** Amplitude over frequency, the amplitude by powers of ten. Fires `fen-spectrum-cursor`. */
@customElement('fen-spectrum-chart')
export class FenSpectrumChart extends LitElement {
  static override styles = canvasStyles;

  /** Stays on the screen until the next one is there. */
  @property({ attribute: false }) spectrum?: Spectrum;
  @property({ attribute: false }) unit = '';
  @property({ attribute: false }) summary = '';
  @property({ attribute: false }) formatNumber: (value: number, digits: number) => string = (value, digits) =>
    value.toFixed(digits);
  /** Writes a power of ten of the unit. */
  @property({ attribute: false }) formatAmplitude: (value: number) => string = String;

  @state() private pointedPx?: number;

  private box?: PlotBox;

  constructor() {
    super();
    new ChartCanvas(this, (easel) => this.paint(easel));
  }

  override render() {
    return html`<canvas
      tabindex="0"
      role="application"
      aria-label=${this.summary}
      @pointermove=${(event: PointerEvent) => this.point(event.offsetX)}
      @pointerdown=${(event: PointerEvent) => this.point(event.offsetX)}
      @pointerleave=${() => this.point(undefined)}
      @keydown=${this.act}
    ></canvas>`;
  }

  private paint({ canvas, context, look }: Easel): void {
    const { spectrum } = this;
    if (!spectrum) return;
    const box = plotBox(canvas, look);
    this.box = box;
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

  private point(px: number | undefined): void {
    const { box, spectrum } = this;
    if (!box || !spectrum) return;
    const isInside = px !== undefined && px >= box.left && px <= box.left + box.width;
    this.pointedPx = isInside ? px : undefined;
    const each = (spectrum.amplitude.length - 1) / box.width;
    const near = isInside ? (px - box.left) * each : -1;
    const reach = Math.max(0.5, NEAR_PX * each);
    const peak = isInside ? peakOf(spectrum, Math.round(near - reach), Math.round(near + reach)) : undefined;
    this.dispatchEvent(new SpectrumCursorEvent(peak));
  }

  private act(event: KeyboardEvent): void {
    const { box, spectrum } = this;
    if (event.ctrlKey || event.metaKey || event.altKey || !box || !spectrum) return;
    const largest = (peakOf(spectrum)?.hz ?? 0) / (spectrum.stepHz * (spectrum.amplitude.length - 1));
    const from = this.pointedPx ?? box.left + box.width / 2;
    const step = event.shiftKey ? FAST_PX : 1;
    const places: Readonly<Record<string, number | undefined>> = {
      ArrowLeft: Math.max(box.left, from - step),
      ArrowRight: Math.min(box.left + box.width, from + step),
      Home: box.left + largest * box.width,
      Escape: undefined,
    };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.point(places[event.key]);
  }
}

/** The largest amplitude in each column; where columns are finer than the spectrum, that of its nearest entry. */
function peakColumns({ amplitude }: Spectrum, columns: number): Float64Array {
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
  { box, look, yOf }: { readonly box: PlotBox; readonly look: Palette; readonly yOf: (value: number) => number },
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
