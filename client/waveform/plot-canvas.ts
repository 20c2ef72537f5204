import type { Palette } from '../charts/palette.ts';
import { textWidth } from '../charts/text-width.ts';
import { labelFont, labelPx } from '../charts/trend-option.ts';

/** Where the plot lies in its canvas, CSS pixels. */
export interface PlotBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A place on an axis and what stands at it. */
export interface PlotTick {
  readonly at: number;
  readonly text: string;
}

/** The plot in a canvas: figures of up to nine characters at its left, a unit above, ticks and their unit below. */
export function plotBox({ clientWidth, clientHeight }: HTMLCanvasElement, look: Palette): PlotBox {
  const em = look.fontPx;
  const left = Math.ceil(textWidth('−000.0000', labelFont(look)) + 0.7 * em);
  return {
    left,
    top: 1.9 * em,
    width: Math.max(1, clientWidth - left - em),
    height: Math.max(1, clientHeight - 4.9 * em),
  };
}

/** Fits a canvas to its place and clears it. Undefined where it has no room or no context. */
export function openCanvas(canvas: HTMLCanvasElement): CanvasRenderingContext2D | undefined {
  const { clientWidth, clientHeight } = canvas;
  const [width, height] = [Math.round(clientWidth * devicePixelRatio), Math.round(clientHeight * devicePixelRatio)];
  if (width === 0 || height === 0) return undefined;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d') ?? undefined;
  context?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context?.clearRect(0, 0, clientWidth, clientHeight);
  return context;
}

/** Lines across the plot at the ticks of its y-axis, ticks at the foot, and what is written at both. */
export function drawAxes(
  context: CanvasRenderingContext2D,
  box: PlotBox,
  look: Palette,
  {
    x,
    y,
    unitX,
    unitY,
  }: {
    readonly x: readonly PlotTick[];
    readonly y: readonly PlotTick[];
    readonly unitX: string;
    readonly unitY: string;
  },
): void {
  const em = look.fontPx;
  const foot = box.top + box.height;
  context.strokeStyle = look.line;
  context.fillStyle = look.label;
  context.lineWidth = look.hairPx;
  context.font = labelFont(look);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { at, text } of y) {
    line(context, [box.left, crisp(at)], [box.left + box.width, crisp(at)]);
    context.fillText(text, box.left - 0.5 * em, at);
  }
  line(context, [box.left, crisp(foot)], [box.left + box.width, crisp(foot)]);
  context.textBaseline = 'top';
  context.textAlign = 'center';
  for (const { at, text } of x) {
    line(context, [crisp(at), foot], [crisp(at), foot + 0.35 * em]);
    const most = box.left + box.width + em - context.measureText(text).width / 2; // the end of the canvas
    context.fillText(text, Math.min(at, most), foot + 0.6 * em);
  }
  context.textBaseline = 'bottom';
  context.textAlign = 'right';
  context.fillText(unitY, Math.max(box.left - 0.5 * em, context.measureText(unitY).width), box.top - 0.75 * em);
  context.textBaseline = 'top';
  context.fillText(unitX, box.left + box.width, foot + 0.6 * em + labelPx(look) * 1.35);
}

export function line(
  context: CanvasRenderingContext2D,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/** The middle of a pixel of the device, where a hairline is sharp. */
export function crisp(at: number): number {
  return (Math.floor(at * devicePixelRatio) + 0.5) / devicePixelRatio;
}
