import type { Stretch } from './gap-place.ts';
import type { TrendShape } from './trend-shapes.ts';

/** Where the sign of a line stands, by its middle. */
export interface SignPlace {
  readonly x: number;
  readonly y: number;
}

/** What signs are placed by. */
export interface SignRoom {
  /** Room that a sign takes across and down. */
  readonly apart: number;
  readonly down: Stretch;
  /** Of a pixel column: another one is another view. */
  readonly columnMs: number;
  readonly nowMs: number;
  /** The time moves on by itself, and with it what the lines begin with. */
  readonly isLive: boolean;
}

interface Held extends Omit<SignRoom, 'isLive'> {
  /** What the lines begin with, smoothed over time; undefined of one that has not begun. */
  readonly levels: readonly (number | undefined)[];
  /** From top to bottom. */
  readonly order: readonly number[];
  readonly heights: readonly number[];
  readonly originY: number;
  readonly scaleY: number;
  readonly crossedSinceMs: number | undefined;
  readonly strayedSinceMs: number | undefined;
}

// What lines begin with is smoothed over about this time.
const SMOOTH_MS = 2000;
// Signs move where their lines have lain clearly elsewhere for so long.
const SETTLE_MS = 2000;
// So far from its line, of its own height, a sign has strayed.
const STRAY = 0.5;

/**
 * Places the signs of the lines in one plot: where each begins, and none over
 * another. While time runs they keep order and height, until two lines have
 * lain in the other order by more than a sign, or one away from its sign, for a while.
 */
export class SignPlaces {
  #held: Held | undefined;

  /** Of each line, in their order; undefined where it has nothing. */
  take(shapes: readonly TrendShape[], { isLive, ...room }: SignRoom): (SignPlace | undefined)[] {
    const { apart, down, columnMs, nowMs } = room;
    const begun = shapes.map((shape) => beginning(shape, apart));
    const held = isLive && this.#held?.columnMs === columnMs ? this.#held : undefined;
    const gain = held ? 1 - Math.exp(-Math.max(0, nowMs - held.nowMs) / SMOOTH_MS) : 1;
    const levels = begun.map((each, i) => {
      const before = held?.levels[i];
      return each && before !== undefined ? before + gain * (each.value - before) : each?.value;
    });
    const { originY = 0, scaleY = 1 } = shapes[0] ?? {};
    const placesOf = (values: readonly (number | undefined)[]) =>
      values.map((value) => originY + (value ?? 0) * scaleY);
    const places = placesOf(levels);
    const placesNow = placesOf(begun.map((each) => each?.value));
    const isSame = held?.levels.every((level, i) => (level === undefined) === (levels[i] === undefined)) ?? false;
    const known = isSame ? held : undefined;

    // Both now and on average: what was away for a moment is back before it counts.
    const lasts = (is: (places: readonly number[]) => boolean) => known !== undefined && is(places) && is(placesNow);
    const since = (is: boolean, sinceMs: number | undefined) => (is ? (sinceMs ?? nowMs) : undefined);
    const isCrossed = lasts((of) => areCrossed(known?.order ?? [], of, apart));
    const crossedSinceMs = since(isCrossed, known?.crossedSinceMs);
    const hasCrossed = crossedSinceMs !== undefined && nowMs - crossedSinceMs >= SETTLE_MS;
    const order = known && !hasCrossed ? known.order : sorted(places, levels);
    const hasStray = lasts((of) => areAway(spread(of, apart, down, order), known?.heights ?? [], STRAY * apart));
    const strayedSinceMs = since(hasStray, known?.strayedSinceMs);
    const hasStrayed = strayedSinceMs !== undefined && nowMs - strayedSinceMs >= SETTLE_MS;
    const isSamePlot = known?.originY === originY && known.scaleY === scaleY && known.apart === apart;
    const isSameDown = known?.down.from === down.from && known.down.to === down.to;
    const stays = known && isSamePlot && isSameDown && !hasCrossed && !hasStrayed;
    const heights = stays ? known.heights : spread(places, apart, down, order).map(Math.round);

    this.#held = {
      ...room,
      levels,
      order,
      heights,
      originY,
      scaleY,
      crossedSinceMs: hasCrossed ? undefined : crossedSinceMs,
      strayedSinceMs: stays ? strayedSinceMs : undefined,
    };
    return begun.map((each, i) => each && { x: each.x + apart / 2, y: heights[i] });
  }
}

function sorted(places: readonly number[], levels: readonly (number | undefined)[]): number[] {
  const begun = [...places.keys()].filter((i) => levels[i] !== undefined);
  return begun.sort((a, b) => places[a] - places[b]);
}

/** Whether one lies higher than another above it, by more than `apart`. */
function areCrossed(order: readonly number[], places: readonly number[], apart: number): boolean {
  let lowest = -Infinity;
  return order.some((line) => {
    lowest = Math.max(lowest, places[line]);
    return places[line] < lowest - apart;
  });
}

/** Whether any is further than `far` from where it is held. */
function areAway(places: readonly number[], held: readonly number[], far: number): boolean {
  return places.some((place, line) => Math.abs(place - held[line]) > far);
}

/** Where a line begins, and its mean over the first `widthPx`; undefined where it has nothing. */
function beginning({ columns, x, stepX }: TrendShape, widthPx: number) {
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
  // Where rows are longer than columns, the first ones are empty now and then.
  const isAtEdge = first * stepX < widthPx;
  return { x: isAtEdge ? x : x + first * stepX, value: sum / filled };
}

/** The heights, moved as little as it takes for all to be `apart` in their order, from the top, within a stretch. */
export function spread(
  heights: readonly number[],
  apart: number,
  { from, to }: Stretch,
  order: readonly number[],
): number[] {
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
  const most = Math.max(least, to - apart / 2 - (order.length - 1) * apart);
  const risen = met.flatMap(({ sum, count }) =>
    Array<number>(count).fill(Math.min(most, Math.max(least, sum / count))),
  );
  const places = [...heights];
  order.forEach((line, place) => {
    places[line] = risen[place] + place * apart;
  });
  return places;
}
