import type { Palette } from '../charts/palette.ts';
import { labelFont, labelPx } from '../charts/trend-option.ts';
import type { ValueAxis } from '../charts/value-axis.ts';
import type { ValueRange } from '../charts/value-range.ts';
import type { SampleRange } from './capture-pieces.ts';
import type { FlaggedRange } from './device-flags.ts';
import { crisp, drawAxes, line, type PlotBox, type PlotTick } from './plot-canvas.ts';
import type { WaveColumns, WavePicture, WaveSamples } from './wave-source.ts';

/** What stands at a place of the stream, across the plot. */
export interface WaveMark {
  readonly at: number;
  readonly kind: 'trigger' | 'marker' | 'cursor';
  /** Written at its head. */
  readonly text: string;
}

/** Everything on one picture of a recording. */
export interface WaveScene {
  readonly box: PlotBox;
  readonly view: SampleRange;
  readonly range: ValueRange;
  readonly look: Palette;
  readonly picture: WavePicture | undefined;
  readonly times: readonly PlotTick[];
  readonly timeUnit: string;
  readonly values: ValueAxis;
  readonly unit: string;
  readonly marks: readonly WaveMark[];
  /** From one marker to the other. */
  readonly selection: SampleRange | undefined;
  readonly gaps: readonly SampleRange[];
  readonly gapText: string;
  /** What the device said of samples in the view. */
  readonly flags: readonly FlaggedRange[];
  readonly formatFlags: (flags: number) => string;
}

// Samples so far apart, CSS pixels, have a dot each.
const DOT_APART = 5;
const DOT_RADII = 1.9;
// Strokes of a gap's hatching stand so far apart, em.
const HATCH_EM = 0.6;
// So high is the bar on the time axis over samples that the device said something of, em.
const FLAG_EM = 0.4;

/** Draws a picture of a recording, from the back to the front. */
export function paintWave(context: CanvasRenderingContext2D, scene: WaveScene): void {
  const { box, look, values, times, timeUnit, unit } = scene;
  const y = values.ticks.map((value) => ({ at: yOf(scene, value), text: values.figure(value) }));
  drawAxes(context, box, look, { x: times, y, unitX: timeUnit, unitY: unit });
  context.save();
  context.beginPath();
  const beyond = DOT_RADII * look.tracePx; // the first sample lies on the edge
  context.rect(box.left - beyond, box.top, box.width + 2 * beyond, box.height);
  context.clip();
  if (scene.selection) shade(context, scene, scene.selection);
  for (const gap of scene.gaps) paintGap(context, scene, gap);
  if (scene.picture?.kind === 'columns') paintColumns(context, scene, scene.picture);
  if (scene.picture?.kind === 'samples') paintSamples(context, scene, scene.picture);
  for (const flagged of scene.flags) paintFlagged(context, scene, flagged);
  context.restore();
  for (const mark of scene.marks) paintMark(context, scene, mark);
}

/** Where a place of the stream lies, CSS pixels. */
export function xOf({ box, view }: Pick<WaveScene, 'box' | 'view'>, index: number): number {
  return box.left + ((index - view.from) / (view.to - view.from)) * box.width;
}

function yOf({ box, range }: Pick<WaveScene, 'box' | 'range'>, value: number): number {
  return box.top + ((range.high - value) / (range.high - range.low)) * box.height;
}

/** A quiet fill from the minimum to the maximum of each column, and a line along both ends, so that a spike is seen. */
function paintColumns(context: CanvasRenderingContext2D, scene: WaveScene, columns: WaveColumns): void {
  const { box, look } = scene;
  const { length, min, max, count } = columns;
  const step = box.width / length;
  context.fillStyle = look.band;
  for (let c = 0; c < length; c++) {
    if (count[c] === 0) continue;
    const top = yOf(scene, max[c]);
    context.fillRect(box.left + c * step, top, step, yOf(scene, min[c]) - top);
  }
  context.strokeStyle = look.trace;
  context.lineWidth = Math.max(look.hairPx, 1 / devicePixelRatio);
  context.lineJoin = 'round';
  context.beginPath();
  traceEnds(context, scene, columns, max);
  traceEnds(context, scene, columns, min);
  context.stroke();
}

/** A line through the middles of columns, not across a gap. */
function traceEnds(
  context: CanvasRenderingContext2D,
  scene: WaveScene,
  { length, count, broken }: WaveColumns,
  ends: Float64Array,
): void {
  const step = scene.box.width / length;
  for (let c = 0; c < length; c++) {
    if (count[c] === 0) continue;
    const x = scene.box.left + (c + 0.5) * step;
    const y = yOf(scene, ends[c]);
    const isJoined = c > 0 && count[c - 1] > 0 && broken[c - 1] === 0;
    if (isJoined) context.lineTo(x, y);
    else {
      context.moveTo(x - step / 2, y);
      context.lineTo(x, y);
    }
  }
}

function paintSamples(
  context: CanvasRenderingContext2D,
  scene: WaveScene,
  { length, index, value }: WaveSamples,
): void {
  const { look, box, view } = scene;
  context.strokeStyle = context.fillStyle = look.trace;
  context.lineWidth = look.tracePx;
  context.lineJoin = 'round';
  context.beginPath();
  let isDrawing = false;
  for (let i = 0; i < length; i++) {
    const isThere = Number.isFinite(value[i]);
    const isJoined = isDrawing && isThere && index[i] === index[i - 1] + 1;
    if (isJoined) context.lineTo(xOf(scene, index[i]), yOf(scene, value[i]));
    else if (isThere) context.moveTo(xOf(scene, index[i]), yOf(scene, value[i]));
    isDrawing = isThere;
  }
  context.stroke();
  if (box.width / (view.to - view.from) < DOT_APART) return;
  context.beginPath();
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(value[i])) continue;
    const [x, y] = [xOf(scene, index[i]), yOf(scene, value[i])];
    context.moveTo(x, y);
    context.arc(x, y, DOT_RADII * look.tracePx, 0, 2 * Math.PI);
  }
  context.fill();
}

function shade(context: CanvasRenderingContext2D, scene: WaveScene, { from, to }: SampleRange): void {
  const { box, look } = scene;
  const left = xOf(scene, from);
  context.fillStyle = look.normal;
  context.fillRect(left, box.top, xOf(scene, to - 1) - left, box.height); // the markers stand on samples
}

/** Hatched, at least a pixel wide however short it is, and named where there is room. */
function paintGap(context: CanvasRenderingContext2D, scene: WaveScene, gap: SampleRange): void {
  const { box, look, gapText } = scene;
  // A gap begins after its last sample and ends before the next one.
  const left = Math.max(box.left, xOf(scene, gap.from - 1));
  const right = Math.min(box.left + box.width, Math.max(xOf(scene, gap.to), left + look.hairPx));
  context.save();
  context.beginPath();
  context.rect(left, box.top, right - left, box.height);
  context.clip();
  context.strokeStyle = look.label;
  context.globalAlpha = 0.35;
  context.lineWidth = look.hairPx;
  const step = HATCH_EM * look.fontPx;
  const first = Math.floor((left - box.height) / step) * step;
  for (let x = first; x < right; x += step) line(context, [x, box.top + box.height], [x + box.height, box.top]);
  context.globalAlpha = 1;
  context.font = labelFont(look);
  const width = context.measureText(gapText).width + labelPx(look);
  if (right - left > width) {
    const [x, y] = [(left + right) / 2, box.top + box.height / 2];
    context.fillStyle = look.ground;
    context.fillRect(x - width / 2, y - labelPx(look), width, 2 * labelPx(look));
    context.fillStyle = look.label;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(gapText, x, y);
  }
  context.restore();
}

/** A bar on the time axis, at least two hairs wide however short it is, and what was said above it where there is room. */
function paintFlagged(context: CanvasRenderingContext2D, scene: WaveScene, { from, to, flags }: FlaggedRange): void {
  const { box, look } = scene;
  const left = Math.max(box.left, xOf(scene, from));
  const right = Math.min(box.left + box.width, Math.max(xOf(scene, to), left + 2 * look.hairPx));
  const top = box.top + box.height - FLAG_EM * look.fontPx;
  context.fillStyle = look.label;
  context.fillRect(left, top, right - left, FLAG_EM * look.fontPx);
  context.font = labelFont(look);
  const text = scene.formatFlags(flags);
  const width = context.measureText(text).width + labelPx(look);
  if (right - left < width) return;
  context.fillStyle = look.ground;
  context.fillRect(left, top - 1.4 * labelPx(look), width, 1.4 * labelPx(look));
  context.fillStyle = look.label;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, left + labelPx(look) / 2, top - 0.7 * labelPx(look));
}

function paintMark(context: CanvasRenderingContext2D, scene: WaveScene, { at, kind, text }: WaveMark): void {
  const { box, look } = scene;
  const x = xOf(scene, at);
  if (x < box.left - 0.5 || x > box.left + box.width + 0.5) return;
  const dash = 4 * look.hairPx;
  context.strokeStyle = kind === 'trigger' ? look.label : look.ink;
  context.lineWidth = look.hairPx;
  context.setLineDash(kind === 'marker' ? [] : kind === 'trigger' ? [dash, dash] : [look.hairPx, dash / 2]);
  line(context, [crisp(x), box.top], [crisp(x), box.top + box.height]);
  context.setLineDash([]);
  if (text === '') return;
  context.font = `${kind === 'marker' ? '600 ' : ''}${labelFont(look)}`;
  const width = context.measureText(text).width + 0.8 * look.fontPx;
  const height = labelPx(look) * 1.4;
  const left = Math.min(Math.max(box.left, x - width / 2), box.left + box.width - width);
  const isUnder = (other: WaveMark) =>
    other.kind === 'marker' && Math.abs(xOf(scene, other.at) - left - width / 2) < width / 2 + height;
  if (kind === 'trigger' && scene.marks.some(isUnder)) return; // half a word says nothing
  context.fillStyle = kind === 'marker' ? look.ink : look.ground;
  context.fillRect(left, box.top - height, width, height);
  context.fillStyle = kind === 'marker' ? look.ground : look.label;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, left + width / 2, box.top - height / 2);
}
