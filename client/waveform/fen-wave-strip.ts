import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { COLUMN_LIMIT } from '../charts/trend-source.ts';
import { StoreController } from '../store/store-controller.ts';
import type { SampleRange } from './capture-pieces.ts';
import type { CaptureWave } from './capture-wave.ts';
import { ChartCanvas, canvasStyles, type Easel } from './chart-canvas.ts';
import { WaveViewEvent } from './wave-events.ts';
import { panView } from './wave-view.ts';

// The frame of a narrow view is drawn so wide, CSS pixels.
const LEAST_PX = 4;

/** All of a recording, and where in it the view is. A press or a drag moves the view there: `fen-wave-view`. */
@customElement('fen-wave-strip')
export class FenWaveStrip extends LitElement {
  static override styles = [
    canvasStyles,
    css`
      :host {
        background: var(--well);
      }
      canvas {
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) wave!: CaptureWave;
  @property({ attribute: false }) view!: SampleRange;

  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  constructor() {
    super();
    new StoreController(this, () => this.wave);
    new ChartCanvas(this, (easel) => this.paint(easel));
  }

  override render() {
    // By hand only: the chart beside it does all of this by keys.
    return html`<canvas aria-hidden="true" @pointerdown=${this.press} @pointermove=${this.move}></canvas>`;
  }

  private paint({ canvas, context, look }: Easel): void {
    const { clientWidth: width, clientHeight: height } = canvas;
    const { whole } = this.wave;
    const columns = Math.max(1, Math.min(COLUMN_LIMIT, Math.round(width * devicePixelRatio)));
    const picture = this.wave.picture({ ...whole, columns });
    if (picture?.kind === 'columns') {
      const [low, high] = [Math.min(...finite(picture.min)), Math.max(...finite(picture.max))];
      const y = (value: number) => height * (0.9 - 0.8 * (high > low ? (value - low) / (high - low) : 0.5));
      context.fillStyle = look.band;
      const step = width / columns;
      for (let c = 0; c < columns; c++) {
        if (picture.count[c] === 0) continue;
        context.fillRect(c * step, y(picture.max[c]) - 0.5, step, y(picture.min[c]) - y(picture.max[c]) + 1);
      }
    }
    const x = (index: number) => ((index - whole.from) / (whole.to - whole.from)) * width;
    const span = Math.max(LEAST_PX, x(this.view.to) - x(this.view.from));
    const left = Math.min(width - span, Math.max(0, (x(this.view.from) + x(this.view.to) - span) / 2));
    context.strokeStyle = look.ink;
    context.lineWidth = 2 * look.hairPx;
    context.strokeRect(left + look.hairPx, look.hairPx, span - 2 * look.hairPx, height - 2 * look.hairPx);
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.goTo(event.offsetX);
  }

  private move(event: PointerEvent): void {
    if (this.canvas.hasPointerCapture(event.pointerId)) this.goTo(event.offsetX);
  }

  private goTo(px: number): void {
    const { view, wave } = this;
    const { whole } = wave;
    const at = whole.from + (px / this.canvas.clientWidth) * (whole.to - whole.from);
    this.dispatchEvent(new WaveViewEvent(panView(view, whole, at - (view.from + view.to) / 2)));
  }
}

function finite(values: Float64Array): Float64Array {
  return values.filter(Number.isFinite);
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-wave-strip': FenWaveStrip;
  }
}
