import { css, type LitElement, type ReactiveController } from 'lit';
import { type Palette, readPalette, watchTheme } from '../charts/palette.ts';
import { openCanvas } from './plot-canvas.ts';

/** A host that is filled by one canvas. */
export const canvasStyles = css`
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
    -webkit-touch-callout: none;
    user-select: none;
  }
  canvas:focus-visible {
    outline: calc(var(--hair) * 2) solid var(--focus);
    outline-offset: calc(var(--hair) * -2);
  }
`;

/** What a chart is painted on, and what with. */
export interface Easel {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly look: Palette;
}

/** Has the canvas of a chart painted once a frame where the chart, its size or the theme has changed. */
export class ChartCanvas implements ReactiveController {
  readonly #host: LitElement;
  readonly #paint: (easel: Easel) => void;
  readonly #onSize = new ResizeObserver(() => this.#schedule());
  #look: Palette | undefined;
  #frame: number | undefined;
  #stopWatching: (() => void) | undefined;

  constructor(host: LitElement, paint: (easel: Easel) => void) {
    this.#host = host;
    this.#paint = paint;
    host.addController(this);
  }

  hostConnected(): void {
    this.#onSize.observe(this.#host);
    this.#stopWatching = watchTheme(() => {
      this.#look = undefined;
      this.#schedule();
    });
  }

  hostUpdated(): void {
    this.#schedule();
  }

  hostDisconnected(): void {
    this.#onSize.disconnect();
    this.#stopWatching?.();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = this.#look = undefined;
  }

  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      const canvas = this.#host.renderRoot.querySelector('canvas');
      const context = canvas && openCanvas(canvas);
      if (!context) return;
      this.#look ??= readPalette(this.#host);
      this.#paint({ canvas, context, look: this.#look });
    });
  }
}
