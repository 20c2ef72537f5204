import { describe, expect, it } from 'vitest';
import { SignPlaces, type SignRoom, spread } from '../../../client/charts/sign-places.ts';
import { TrendColumns } from '../../../client/charts/trend-columns.ts';
import { type Cell, columnsOf } from '../../support/pixel-columns.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const DOWN = { from: 0, to: 300 };
const APART = 10;
const FRAME_MS = 50;

describe('signs of lines in one plot', () => {
  it('stand still while similar lines move under noise', () => {
    const random = seededRandom(1);
    const levels = Array.from({ length: 7 }, () => 150);
    const frames = run(1200, () => levels.map((level) => level + 24 * (random() - 0.5)));

    expect(changes(frames)).toEqual({ order: 0, height: 0 });
  });

  it('keep their order while two lines cross by less than a sign', () => {
    const frames = run(400, (frame) => [150, frame < 40 ? 145 : 155]);

    expect(changes(frames).order).toBe(0);
  });

  it('follow a line that lasts in another place, once, and after a while', () => {
    const random = seededRandom(2);
    const noise = () => 10 * (random() - 0.5);
    const frames = run(400, (frame) => [100 + noise(), 150 + noise(), (frame < 100 ? 200 : 60) + noise()]);

    expect(changes(frames.slice(0, 120))).toEqual({ order: 0, height: 0 });
    expect(changes(frames).order).toBe(1);
    expect(order(frames.at(-1)!)).toBe('1 0 2');
    expect(Math.abs(heightOf(frames.at(-1)!, 2) - (300 - 60))).toBeLessThan(APART);
  });

  it('are not moved by a line that leaves its place for a moment', () => {
    const frames = run(400, (frame) => [100, frame > 100 && frame < 130 ? 250 : 150]);

    expect(changes(frames)).toEqual({ order: 0, height: 0 });
  });

  it('follow at once what a hand moves, and another axis', () => {
    const places = new SignPlaces();
    const take = (values: number[], room: Partial<SignRoom>, scaleY = -1) =>
      places.take(
        values.map((value) => shape(value, scaleY)),
        { ...roomAt(0), ...room },
      );

    take([100, 150], {});
    expect(order(take([150, 100], { isLive: false }))).toBe('0 1');
    expect(order(take([100, 150], { columnMs: 2 }))).toBe('1 0');
    expect(heightOf(take([100, 150], { columnMs: 2 }, -2), 0)).toBe(100);
  });

  it('stand where their lines begin, at the edge as long as that is near, and nowhere where there is none', () => {
    const columns = (empty: number) => [...Array<Cell>(empty).fill(undefined), ...Array<Cell>(60).fill([50, 50])];
    const shapes = [columns(0), columns(4), columns(40), []].map((cells) => ({ ...shape(0), columns: filled(cells) }));

    const places = new SignPlaces().take(shapes, roomAt(0));

    expect(places.map((place) => place?.x)).toEqual([5, 5, 45, undefined]);
  });
});

describe('signs of equal height', () => {
  it.each([
    ['far apart', [20, 80], [20, 80]],
    ['the same', [50, 50, 50], [40, 50, 60]],
    ['the same and in the way', [50, 50, 57], [42.333, 52.333, 62.333]],
    ['at the top', [2, 2], [5, 15]],
    ['at the bottom, the lower first', [99, 98], [95, 85]],
    ['none', [], []],
  ])('%s', (_name, heights, places) => {
    const order = [...heights.keys()].sort((a, b) => heights[a] - heights[b]);
    const spreadOut = spread(heights, APART, { from: 0, to: 100 }, order);

    expect(spreadOut.map((place) => Number(place.toFixed(3)))).toEqual(places);
  });

  it('keep the order they are given', () => {
    expect(spread([52, 48], APART, DOWN, [0, 1])).toEqual([45, 55]);
  });
});

type Frame = ReturnType<SignPlaces['take']>;

function run(frames: number, values: (frame: number) => number[]): Frame[] {
  const places = new SignPlaces();
  return Array.from({ length: frames }, (_, frame) =>
    places.take(
      values(frame).map((value) => shape(value)),
      roomAt(frame * FRAME_MS),
    ),
  );
}

function roomAt(nowMs: number): SignRoom {
  return { apart: APART, down: DOWN, columnMs: 1, nowMs, isLive: true };
}

function changes(frames: readonly Frame[]) {
  const count = (of: (frame: Frame) => string) => frames.filter((frame, i) => i > 0 && of(frame) !== of(frames[i - 1]));
  return {
    order: count(order).length,
    height: count((frame) => frame.map((place) => place?.y).join(' ')).length,
  };
}

function order(frame: Frame): string {
  return [...frame.keys()].sort((a, b) => heightOf(frame, a) - heightOf(frame, b)).join(' ');
}

function heightOf(frame: Frame, line: number): number {
  return frame[line]!.y;
}

function shape(value: number, scaleY = -1) {
  const columns = filled(Array<Cell>(100).fill([value, value]));
  return { columns, x: 0, stepX: 1, originY: 300, scaleY, tracePx: 1, devicePx: 1 };
}

function filled(cells: readonly Cell[]): TrendColumns {
  const columns = new TrendColumns();
  columns.copy(columnsOf([...cells]));
  return columns;
}
