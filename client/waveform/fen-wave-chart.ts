import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { textWidth } from '../charts/text-width.ts';
import { labelFont } from '../charts/trend-option.ts';
import { COLUMN_LIMIT } from '../charts/trend-source.ts';
import { valueAxis } from '../charts/value-axis.ts';
import { nextRange, type ValueRange } from '../charts/value-range.ts';
import { StoreController } from '../store/store-controller.ts';
import { gapsIn, type SampleRange } from './capture-pieces.ts';
import type { CaptureWave } from './capture-wave.ts';
import { ChartCanvas, canvasStyles, type Easel } from './chart-canvas.ts';
import type { FlaggedRange } from './device-flags.ts';
import { type PlotBox, plotBox } from './plot-canvas.ts';
import { fittingAxis, type SpanAxis, timeAxis } from './span-axis.ts';
import { type Markers, markedRange, WaveCursorEvent, WaveMarkersEvent, WaveViewEvent } from './wave-events.ts';
import { WaveInput } from './wave-input.ts';
import { paintWave, type WaveMark, xOf } from './wave-painter.ts';
import type { WavePicture } from './wave-source.ts';
import { panView, zoomView } from './wave-view.ts';

const VALUE_STEPS = 7;
// A range of values is given up for one that fits where less than this share of it is used.
const USED = 0.5;
const KEY_ZOOM = 1.5;
const KEY_PAN = 0.2;

/**
 * The picture of a recording, from all of it to single samples. Fires
 * `fen-wave-view`, `fen-wave-cursor` and `fen-wave-markers`; whoever holds the
 * chart gives what they say back to it.
 */
@customElement('fen-wave-chart')
export class FenWaveChart extends LitElement {
  static override styles = canvasStyles;

  @property({ attribute: false }) wave!: CaptureWave;
  @property({ attribute: false }) view!: SampleRange;
  @property({ attribute: false }) markers: Markers = {};
  /** Sample of the stream under the pointer, with fractions. */
  @property({ attribute: false }) cursor?: number;
  @property({ attribute: false }) unit = '';
  @property({ attribute: false }) gapText = '';
  @property({ attribute: false }) triggerText = '';
  /** What the device said of samples, and in words. */
  @property({ attribute: false }) flags: readonly FlaggedRange[] = [];
  @property({ attribute: false }) formatFlags: (flags: number) => string = String;
  /** What the picture shows, for those who do not see it. */
  @property({ attribute: false }) summary = '';
  @property({ attribute: false }) formatNumber: (value: number, digits: number) => string = (value, digits) =>
    value.toFixed(digits);

  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  private input?: WaveInput;
  private range?: ValueRange;
  private picture?: WavePicture;
  private box: PlotBox = { left: 0, top: 0, width: 1, height: 1 };
  private grabbed?: 'a' | 'b';

  constructor() {
    super();
    new StoreController(this, () => this.wave);
    new ChartCanvas(this, (easel) => this.paint(easel));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate(); // hands are followed from the next update on
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.input?.close();
    this.input = undefined;
  }

  /** What was drawn last. */
  get drawn(): WavePicture | undefined {
    return this.picture;
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.input ??= new WaveInput(this.canvas, {
      zoom: (times, at) => this.show(zoomView(this.view, this.wave.whole, times, this.indexAt(at))),
      pan: (by) => this.show(panView(this.view, this.wave.whole, by * this.samplesPerPx)),
      point: (at) => this.dispatchEvent(new WaveCursorEvent(at === undefined ? undefined : this.indexAt(at))),
      grab: (at, reach) => this.grab(at, reach),
      drag: (at) => this.grabbed && this.mark({ ...this.markers, [this.grabbed]: Math.round(this.indexAt(at)) }),
      select: (from, to) => this.select(Math.round(this.indexAt(from)), Math.round(this.indexAt(to))),
      whole: () => this.show(this.wave.whole),
    });
    if (changed.has('wave')) this.range = this.picture = undefined;
  }

  override render() {
    // A picture that keys move: `application` hands them to it.
    return html`<canvas tabindex="0" role="application" aria-label=${this.summary} @keydown=${this.act}></canvas>`;
  }

  private paint({ canvas, context, look }: Easel): void {
    const { view, wave } = this;
    const box = plotBox(canvas, look);
    this.box = box;
    const columns = Math.max(1, Math.min(COLUMN_LIMIT, Math.round(box.width * devicePixelRatio)));
    const asked = { ...view, columns };
    wave.want(asked);
    this.picture = wave.picture(asked);
    this.range = fittingRange(this.range, this.picture);
    const { triggerSample, rateHz, segments } = wave.capture;
    const secondsOf = (index: number) => (index - triggerSample) / rateHz;
    const shown = { low: secondsOf(view.from), high: secondsOf(view.to) };
    const written = (seconds: number, { times, digits }: SpanAxis) => this.formatNumber(seconds * times, digits);
    const axis = fittingAxis((most) => timeAxis(shown, most), {
      widthPx: box.width,
      widthOf: (seconds, axis) => textWidth(written(seconds, axis), labelFont(look)),
    });
    paintWave(context, {
      box,
      view,
      look,
      picture: this.picture,
      range: this.range,
      times: axis.ticks.map((seconds) => ({
        at: xOf({ box, view }, seconds * rateHz + triggerSample),
        text: written(seconds, axis),
      })),
      timeUnit: axis.unit,
      values: valueAxis(this.range, Math.max(1, Math.min(VALUE_STEPS, Math.floor(box.height / (2.5 * look.fontPx))))),
      unit: this.unit,
      marks: this.marks,
      selection: markedRange(this.markers),
      gaps: gapsIn(segments, view),
      gapText: this.gapText,
      flags: this.flags.filter(({ from, to }) => from < view.to && to > view.from),
      formatFlags: this.formatFlags,
    });
  }

  private get marks(): WaveMark[] {
    const { a, b } = this.markers;
    return [
      { at: this.wave.capture.triggerSample, kind: 'trigger' as const, text: this.triggerText },
      ...(a === undefined ? [] : [{ at: a, kind: 'marker' as const, text: 'A' }]),
      ...(b === undefined ? [] : [{ at: b, kind: 'marker' as const, text: 'B' }]),
      ...(this.cursor === undefined ? [] : [{ at: this.cursor, kind: 'cursor' as const, text: '' }]),
    ];
  }

  private get samplesPerPx(): number {
    return (this.view.to - this.view.from) / this.box.width;
  }

  private indexAt(px: number): number {
    return this.view.from + (px - this.box.left) * this.samplesPerPx;
  }

  /** Holds it at once: the next thing a hand does is seen from there. */
  private show(view: SampleRange): void {
    this.view = view;
    this.dispatchEvent(new WaveViewEvent(view));
  }

  private mark(markers: Markers): void {
    this.dispatchEvent(new WaveMarkersEvent(markers));
  }

  private select(from: number, to: number): void {
    this.mark(from === to ? { a: from } : { a: from, b: to });
  }

  /** Takes the marker that is nearest, within reach. */
  private grab(at: number, reach: number): boolean {
    const apart = (index = Infinity) => Math.abs(index - this.indexAt(at)) / this.samplesPerPx;
    const [a, b] = [apart(this.markers.a), apart(this.markers.b)];
    this.grabbed = Math.min(a, b) > reach ? undefined : a <= b ? 'a' : 'b';
    return this.grabbed !== undefined;
  }

  private act(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { view, wave } = this;
    const span = view.to - view.from;
    const at = this.cursor ?? (view.from + view.to) / 2;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => (event.shiftKey ? this.show(panView(view, wave.whole, -KEY_PAN * span)) : this.step(-1)),
      ArrowRight: () => (event.shiftKey ? this.show(panView(view, wave.whole, KEY_PAN * span)) : this.step(1)),
      PageUp: () => this.show(panView(view, wave.whole, -span)),
      PageDown: () => this.show(panView(view, wave.whole, span)),
      '+': () => this.show(zoomView(view, wave.whole, 1 / KEY_ZOOM, at)),
      '=': () => this.show(zoomView(view, wave.whole, 1 / KEY_ZOOM, at)),
      '-': () => this.show(zoomView(view, wave.whole, KEY_ZOOM, at)),
      Home: () => this.show(wave.whole),
      a: () => this.mark({ ...this.markers, a: Math.round(at) }),
      b: () => this.mark({ ...this.markers, b: Math.round(at) }),
      Escape: () => this.mark({}),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Moves the cursor by a pixel, or by a sample where those are wider, and the view with it at its ends. */
  private step(by: 1 | -1): void {
    const { view, wave } = this;
    const from = this.cursor ?? (view.from + view.to) / 2;
    const to = Math.min(
      Math.max(Math.round(from) + by * Math.max(1, Math.round(this.samplesPerPx)), wave.whole.from),
      wave.whole.to - 1,
    );
    this.dispatchEvent(new WaveCursorEvent(to));
    if (to < view.from) this.show(panView(view, wave.whole, to - view.from));
    if (to > view.to) this.show(panView(view, wave.whole, to - view.to));
  }
}

function fittingRange(held: ValueRange | undefined, picture: WavePicture | undefined): ValueRange {
  const needed = picture && extentOf(picture);
  if (!needed) return held ?? { low: 0, high: 1 };
  const fitting = nextRange(undefined, needed, 0);
  const isHeld = held && needed.low >= held.low && needed.high <= held.high;
  return isHeld && fitting.high - fitting.low >= USED * (held.high - held.low) ? held : fitting;
}

function extentOf(picture: WavePicture): ValueRange | undefined {
  const [lows, highs] = picture.kind === 'columns' ? [picture.min, picture.max] : [picture.value, picture.value];
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < picture.length; i++) {
    if (lows[i] < low) low = lows[i]; // false for NaN
    if (highs[i] > high) high = highs[i];
  }
  return low <= high ? { low, high } : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-wave-chart': FenWaveChart;
  }
}
