import type { Palette } from './palette.ts';
import type { SignPlace } from './sign-places.ts';
import { labelFont, labelPx } from './trend-option.ts';
import { ENVELOPE, TRACE, type TrendShape, type TrendShapeOption } from './trend-shapes.ts';

/** One of the lines that share a plot. */
export interface OverlaidLine {
  readonly shape: TrendShape;
  /** Stands at the beginning of the line, as colours are hard to tell apart. */
  readonly sign: string;
  readonly colour: string;
  /** Where its sign stands; undefined while the line has nothing. */
  readonly at: SignPlace | undefined;
}

// How much is seen of the envelope on top, and of those behind it.
const BAND = 0.4;
const VEIL = 0.12;
// What is clear about a sign, of its size.
const CLEAR = 0.15;

/**
 * The elements of lines in one plot, from the back to the front. Where values
 * are nearly equal one would hide the others, so only the raised one has a band
 * to speak of and the trace's full width; fine lines of the others lie between the two.
 */
export function overlay(lines: readonly OverlaidLine[], raised: number, palette: Palette): object[] {
  const top = lines[raised] ?? lines[0];
  const others = lines.filter((line) => line !== top);
  return [
    ...others.map((line) => drawn(ENVELOPE, line, VEIL)),
    drawn(ENVELOPE, top, BAND),
    ...others.map((line) => drawn(TRACE, { ...line, shape: { ...line.shape, tracePx: line.shape.devicePx } })),
    drawn(TRACE, top),
    ...signs(lines, palette),
  ];
}

function drawn(type: string, { shape, colour }: OverlaidLine, opacity = 1): object {
  const style = { fill: 'none', stroke: colour, lineWidth: shape.devicePx, opacity };
  return { type, silent: true, shape: { trend: shape } satisfies TrendShapeOption, style };
}

/** Which line is which, where it begins: what is newest stays clear. */
function signs(lines: readonly OverlaidLine[], palette: Palette): object[] {
  return lines.flatMap(({ at, sign, colour }) => {
    if (!at) return [];
    const style = {
      text: sign,
      fill: colour,
      backgroundColor: palette.ground,
      padding: CLEAR * labelPx(palette),
      font: labelFont(palette),
      align: 'center',
      verticalAlign: 'middle',
    };
    return [{ type: 'text', silent: true, x: at.x, y: at.y, style }];
  });
}
