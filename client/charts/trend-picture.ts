import { gapPlace, type Stretch } from './gap-place.ts';
import { type OverlaidLine, overlay } from './overlay.ts';
import type { SignPlace } from './sign-places.ts';
import type { TimeSpan } from './trend-columns.ts';
import { labelFont, labelPx, type TrendLook } from './trend-option.ts';
import { ENVELOPE, TRACE, type TrendShape, type TrendShapeOption } from './trend-shapes.ts';
import type { TrendSource } from './trend-source.ts';
import type { ValueRange } from './value-range.ts';

/** A further line in a plot, of the same unit. */
export interface FurtherLine {
  readonly source: TrendSource;
  /** Stands at the beginning of the line, as colours are hard to tell apart. */
  readonly sign: string;
}

/** What a plot shows. */
export interface TrendView extends TrendLook {
  readonly source: TrendSource | undefined;
  /** Of the source's own line, where there are others; empty where not. */
  readonly sign?: string | undefined;
  readonly further?: readonly FurtherLine[] | undefined;
  /** Which of the lines lies on top, the source's own being 0. */
  readonly raised?: number | undefined;
  /** Characters to leave room for beside the y-axis, so that plots above each other begin at one place. */
  readonly leastFigures?: number | undefined;
  /** A moment that is pointed at. */
  readonly cursorMs?: number | undefined;
  /** A part of the time that was chosen by hand. */
  readonly selected?: { readonly fromMs: number; readonly toMs: number } | undefined;
  readonly windowMs: number;
  /** The time moves on by itself. */
  readonly isLive?: boolean | undefined;
  /** Where values belong. */
  readonly normal: ValueRange | undefined;
  /** Stands in a gap. */
  readonly gapText: string;
  /** Stands where data made room for newer data. */
  readonly forgottenText: string;
}

/** What one frame draws; the shapes read it while echarts paints. */
export interface Picture {
  readonly view: TrendView;
  readonly span: TimeSpan;
  readonly shape: TrendShape;
  /** Of the further lines, in their order. */
  readonly furtherShapes?: readonly TrendShape[];
  /** Where the signs of all lines stand. */
  readonly signs?: readonly (SignPlace | undefined)[];
  /** From the top of the plot to its bottom. */
  readonly down: Stretch;
  /** What lies before made room for newer data. */
  readonly keptFromMs: number | undefined;
  /** Width of the longer text of a gap, CSS pixels. */
  readonly gapTextPx: number;
}

// A gap narrower than this many lines of text is left without words.
const GAP_LINES = 2;
// Empty ends are a gap only past this many rows: a row stands at its start.
const GAP_ROWS = 3;
// Of the edges of the normal band, in widths of the line.
const EDGE_DASH = 4;
// What was chosen is seen through the shade over it.
const SELECTED_OPACITY = 0.18;
// Space that a text keeps clear around it, of its size.
const CLEAR = 0.25;

// An element takes the place of the one that had its number before, and of that all that it does not say itself: a shape
// that comes after a text would stand where the text was turned to.
const UNMOVED = { x: 0, y: 0, rotation: 0 };

/** The elements of a picture, as echarts' option names them, from the back to the front. */
export function pictureElements(picture: Picture): object[] {
  const layers = [normalBand(picture), trends(picture), gapTexts(picture), selection(picture), cursor(picture)];
  return layers.flat().map((element) => ({ ...UNMOVED, ...element }));
}

function trends(picture: Picture): object[] {
  const { palette, further = [], raised = 0 } = picture.view;
  if (further.length > 0) return overlay(overlaidLines(picture), raised, palette);
  const shape: TrendShapeOption = { trend: picture.shape };
  // Silent shapes are drawn straight to the canvas; others keep a copy of their path to be hit by the pointer.
  const silent = true;
  const bars = (stroke: string) => ({ fill: 'none', stroke, lineWidth: picture.shape.devicePx });
  return [
    { type: ENVELOPE, silent, shape, style: bars(palette.band) },
    ...normalEdges(picture),
    { type: TRACE, silent, shape, style: bars(palette.trace) },
  ];
}

function overlaidLines({ shape, furtherShapes = [], signs = [], view }: Picture): OverlaidLine[] {
  const { palette, sign = '', further = [] } = view;
  return [
    { shape, sign, colour: palette.trace, at: signs[0] },
    ...furtherShapes.map((each, i) => ({
      shape: each,
      sign: further[i]?.sign ?? '',
      colour: palette.further[i % palette.further.length],
      at: signs[i + 1],
    })),
  ];
}

function selection({ span, shape, down, view }: Picture): object[] {
  const { selected, palette } = view;
  if (!selected || selected.toMs < span.fromMs || selected.fromMs > span.toMs) return [];
  const xOf = (timeMs: number) =>
    shape.x + ((Math.min(span.toMs, Math.max(span.fromMs, timeMs)) - span.fromMs) / span.columnMs) * shape.stepX;
  const [x, right] = [xOf(selected.fromMs), xOf(selected.toMs)];
  return [
    {
      type: 'rect',
      silent: true,
      shape: { x, y: down.from, width: right - x, height: down.to - down.from },
      style: { fill: palette.ink, opacity: SELECTED_OPACITY, stroke: palette.ink, lineWidth: palette.hairPx },
    },
  ];
}

function cursor({ span, shape, down, view }: Picture): object[] {
  const { cursorMs, palette } = view;
  if (cursorMs === undefined || cursorMs < span.fromMs || cursorMs > span.toMs) return [];
  const x = shape.x + ((cursorMs - span.fromMs) / span.columnMs) * shape.stepX;
  return [
    {
      type: 'line',
      silent: true,
      shape: { x1: x, x2: x, y1: down.from, y2: down.to, subPixelOptimize: true },
      style: { stroke: palette.ink, lineWidth: palette.hairPx },
    },
  ];
}

function normalBand(picture: Picture): object[] {
  const band = bandStretch(picture);
  if (!band) return [];
  const { shape, span, view } = picture;
  const width = span.columns * shape.stepX;
  const place = { x: shape.x, y: band.from, width, height: band.to - band.from };
  return [{ type: 'rect', shape: place, style: { fill: view.palette.normal } }];
}

/** Above the envelope, which would hide them. */
function normalEdges(picture: Picture): object[] {
  const band = bandStretch(picture);
  if (!band) return [];
  const { shape, span, view } = picture;
  const { label, hairPx } = view.palette;
  const dash = EDGE_DASH * hairPx;
  return [band.to, band.from].map((y) => ({
    type: 'line',
    silent: true,
    shape: { x1: shape.x, x2: shape.x + span.columns * shape.stepX, y1: y, y2: y, subPixelOptimize: true },
    style: { stroke: label, lineWidth: hairPx, lineDash: [dash, dash] },
  }));
}

function bandStretch({ shape, view: { normal } }: Picture): Stretch | undefined {
  const y = (value: number) => shape.originY + value * shape.scaleY;
  return normal && { from: y(normal.high), to: y(normal.low) };
}

/** On a ground of their own: what they cannot avoid, as a line across the plot, does not strike them through. */
function gapTexts(picture: Picture): object[] {
  const { shape, span, down, keptFromMs, gapTextPx, view } = picture;
  const { palette, gapText, forgottenText, source } = view;
  if (gapTextPx === 0 || shape.columns.length === 0 || source?.isLoading) return [];
  const linePx = labelPx(palette);
  const rows = (GAP_ROWS * (source?.rowMs ?? 0)) / span.columnMs;
  const least = Math.max((GAP_LINES * linePx) / shape.stepX, rows);
  const kept = ((keptFromMs ?? -Infinity) - span.fromMs) / span.columnMs;
  const band = bandStretch(picture);
  return shape.columns.gaps(least).flatMap(({ from, to }) => {
    const across = { from: shape.x + from * shape.stepX, to: shape.x + to * shape.stepX };
    const { x, y, isUpright } = gapPlace({ across, down, band }, { width: gapTextPx, height: linePx });
    if (isUpright && gapTextPx > down.to - down.from) return [];
    return {
      type: 'text',
      silent: true,
      x,
      y,
      rotation: isUpright ? Math.PI / 2 : 0,
      style: {
        text: from < kept ? forgottenText : gapText,
        fill: palette.label,
        backgroundColor: palette.ground,
        padding: CLEAR * linePx,
        font: labelFont(palette),
        align: 'center',
        verticalAlign: 'middle',
      },
    };
  });
}
