import type { Stretch } from './gap-place.ts';
import type { Palette } from './palette.ts';
import { labelFont, labelPx } from './trend-option.ts';
import { ENVELOPE, TRACE, type TrendShape, type TrendShapeOption } from './trend-shapes.ts';

/** One of the lines that share a plot. */
export interface OverlaidLine {
  readonly shape: TrendShape;
  /** Stands at the beginning of the line, as colours are hard to tell apart. */
  readonly sign: string;
  readonly colour: string;
}

// How much is seen of the envelope on top, and of those behind it.
const BAND = 0.4;
const VEIL = 0.12;
// A sign's height with what is clear about it, and the width it takes, of its size.
const SIGN_EM = 1.4;
const CLEAR = 0.15;

/**
 * The elements of lines in one plot, from the back to the front. Where values
 * are nearly equal one would hide the others, so only the raised one has a band
 * to speak of and the trace's full width; fine lines of the others lie between the two.
 */
export function overlay(lines: readonly OverlaidLine[], raised: number, down: Stretch, palette: Palette): object[] {
  const top = lines[raised] ?? lines[0];
  const others = lines.filter((line) => line !== top);
  return [
    ...others.map((line) => drawn(ENVELOPE, line, VEIL)),
    drawn(ENVELOPE, top, BAND),
    ...others.map((line) => drawn(TRACE, { ...line, shape: { ...line.shape, tracePx: line.shape.devicePx } })),
    drawn(TRACE, top),
    ...signs(lines, down, palette),
  ];
}

function drawn(type: string, { shape, colour }: OverlaidLine, opacity = 1): object {
  const style = { fill: 'none', stroke: colour, lineWidth: shape.devicePx, opacity };
  return { type, silent: true, shape: { trend: shape } satisfies TrendShapeOption, style };
}

/** Which line is which, where it begins: what is newest stays clear. */
function signs(lines: readonly OverlaidLine[], down: Stretch, palette: Palette): object[] {
  const sizePx = labelPx(palette);
  const begun = lines.flatMap((line) => {
    const start = beginning(line.shape, SIGN_EM * sizePx);
    return start ? [{ line, ...start }] : [];
  });
  const places = spread(
    begun.map(({ y }) => y),
    SIGN_EM * sizePx,
    down,
  );
  return begun.map(({ line, x }, i) => {
    const style = {
      text: line.sign,
      fill: line.colour,
      backgroundColor: palette.ground,
      padding: CLEAR * sizePx,
      font: labelFont(palette),
      align: 'center',
      verticalAlign: 'middle',
    };
    return { type: 'text', silent: true, x: x + (SIGN_EM / 2) * sizePx, y: places[i], style };
  });
}

/** Where a line begins, and how high it is over the first `widthPx`; undefined where it has nothing. */
function beginning({ columns, x, stepX, originY, scaleY }: TrendShape, widthPx: number) {
  const { length, count, mean } = columns;
  const first = count.subarray(0, length).findIndex((each) => each > 0);
  if (first < 0) return undefined;
  let sum = 0;
  let filled = 0;
  for (let c = first; c < Math.min(length, first + widthPx / stepX); c++) {
    if (!(count[c] > 0)) continue;
    sum += mean[c];
    filled++;
  }
  return { x: x + first * stepX, y: originY + (sum / filled) * scaleY };
}

/** The heights, moved as little as it takes for none to be nearer to another than `apart`, within a stretch. */
export function spread(heights: readonly number[], apart: number, { from, to }: Stretch): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]);
  // Less what stands above each, they only have to rise: where they do not, they meet in their middle.
  const met: { sum: number; count: number }[] = [];
  order.forEach((line, place) => {
    let group = { sum: heights[line] - place * apart, count: 1 };
    for (let above = met.at(-1); above && above.sum * group.count > group.sum * above.count; above = met.at(-1)) {
      met.pop();
      group = { sum: above.sum + group.sum, count: above.count + group.count };
    }
    met.push(group);
  });
  const least = from + apart / 2;
  const most = Math.max(least, to - apart / 2 - (heights.length - 1) * apart);
  const risen = met.flatMap(({ sum, count }) =>
    Array<number>(count).fill(Math.min(most, Math.max(least, sum / count))),
  );
  const places = [...heights];
  order.forEach((line, place) => {
    places[line] = risen[place] + place * apart;
  });
  return places;
}
