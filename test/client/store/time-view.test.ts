import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MOST_SPAN_MS,
  panView,
  rangeOf,
  readTimeView,
  spanOf,
  type TimeView,
  viewOf,
  writeTimeView,
  zoomView,
} from '../../../client/store/time-view.ts';

const NOW_MS = 1_795_000_000_000;
const DAY_MS = 86_400_000;
const extent = { firstMs: NOW_MS - 30 * DAY_MS, nowMs: NOW_MS, lastMs: NOW_MS };
const live: TimeView = { kind: 'live', spanMs: 3_600_000 };

const view: fc.Arbitrary<TimeView> = fc.oneof(
  fc.integer({ min: 100, max: 400 * DAY_MS }).map((spanMs): TimeView => ({ kind: 'live', spanMs })),
  fc
    .tuple(fc.integer({ min: NOW_MS - 30 * DAY_MS, max: NOW_MS }), fc.integer({ min: 100, max: 20 * DAY_MS }))
    .map(([toMs, spanMs]): TimeView => viewOf({ fromMs: toMs - spanMs, toMs }, extent)),
);

describe('time view', () => {
  it('never reaches beyond the present, and always shows some of what there is', () => {
    const step = fc.oneof(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
      }),
      fc.record({ byMs: fc.integer({ min: -60 * DAY_MS, max: 60 * DAY_MS }) }),
    );
    fc.assert(
      fc.property(view, fc.array(step, { maxLength: 10 }), (first, steps) => {
        const last = steps.reduce<TimeView>(
          (held, by) => ('byMs' in by ? panView(held, extent, by.byMs) : zoomView(held, extent, by)),
          first,
        );

        const { fromMs, toMs } = rangeOf(last, NOW_MS);
        expect(toMs).toBeLessThanOrEqual(NOW_MS + 1);
        expect(toMs).toBeGreaterThan(extent.firstMs);
        expect(toMs - fromMs).toBeGreaterThanOrEqual(99.9);
        expect(toMs - fromMs).toBeLessThanOrEqual(MOST_SPAN_MS + 1);
      }),
    );
  });

  it('keeps what is under the pointer there while zooming', () => {
    const past: TimeView = { kind: 'past', fromMs: NOW_MS - 10 * DAY_MS, toMs: NOW_MS - 9 * DAY_MS };

    const { fromMs, toMs } = rangeOf(zoomView(past, extent, { at: 0.25, factor: 0.1 }), NOW_MS);

    expect(fromMs + 0.25 * (toMs - fromMs)).toBeCloseTo(NOW_MS - 9.75 * DAY_MS, 3);
    expect(toMs - fromMs).toBeCloseTo(0.1 * DAY_MS, 3);
  });

  it('leaves the present with the smallest step back, and returns to it at the end', () => {
    const back = panView(live, extent, -1);
    expect(back.kind).toBe('past');

    expect(panView(back, extent, 10)).toEqual(live);
  });

  it('follows the present where more lies ahead of it, until it is moved there', () => {
    const ahead = { ...extent, lastMs: NOW_MS + 5 * DAY_MS };
    const beyond = { fromMs: NOW_MS + DAY_MS, toMs: NOW_MS + 2 * DAY_MS };

    expect(viewOf(beyond, ahead)).toEqual({ kind: 'past', ...beyond });
    expect(viewOf({ fromMs: NOW_MS - DAY_MS, toMs: NOW_MS + 9 * DAY_MS }, ahead)).toMatchObject({
      kind: 'past',
      toMs: ahead.lastMs,
    });
    expect(viewOf({ fromMs: NOW_MS - DAY_MS, toMs: NOW_MS }, ahead).kind).toBe('live');
    expect(zoomView(live, ahead, { at: 0.5, factor: 4 })).toEqual({ kind: 'live', spanMs: 4 * 3_600_000 });
    expect(panView(live, ahead, 360_000)).toMatchObject({ kind: 'past', toMs: NOW_MS + 360_000 });
  });

  it('comes back from its address', () => {
    fc.assert(
      fc.property(view, (shown) => {
        const written = new URLSearchParams(
          Object.entries(writeTimeView(shown)).filter((entry): entry is [string, string] => entry[1] !== undefined),
        );

        const read = readTimeView(String(written))!;

        expect(read.kind).toBe(shown.kind);
        expect(Math.abs(spanOf(read) - spanOf(shown))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    ['', undefined],
    ['span=8h', { kind: 'live', spanMs: 8 * 3_600_000 }],
    ['span=8', undefined],
    ['span=1e9d', undefined],
    ['from=0&to=60000', { kind: 'past', fromMs: 0, toMs: 60_000 }],
    ['from=60000&to=0', undefined],
    ['from=1970-01-01&to=1970-01-02', { kind: 'past', fromMs: 0, toMs: DAY_MS }],
    ['from=1970-01-01T00:00&to=1970-01-01T01:00Z', { kind: 'past', fromMs: 0, toMs: 3_600_000 }],
    ['from=NaN&to=Infinity', undefined],
  ])('reads %s', (query, expected) => {
    expect(readTimeView(query)).toEqual(expected);
  });
});
