import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateCondition } from '../../../../server/alarms/conditions/rate.ts';
import { Slope } from '../../../../server/alarms/conditions/slope.ts';
import type { TrendWindow } from '../../../../server/trend/trend-window.ts';
import { runs } from '../../../support/runs.ts';
import { seededRandom } from '../../../support/seeded-random.ts';
import { trendWindow } from '../../../support/trend-windows.ts';

const FAST = { kind: 'rate', above: 2, overSeconds: 1, deadband: 0.5 } as const; // windows of 5 ms

describe('a slope', () => {
  it('is that of the least-squares line through the points of the last seconds', () => {
    const point = fc.record({
      ms: fc.integer({ min: 1, max: 400 }),
      value: fc.integer({ min: -1000, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.array(point, { maxLength: 200 }), (startMs, steps) => {
        const slope = new Slope(3.2); // blocks of 0.1 s
        let ms = startMs;
        const points: Point[] = [];
        for (const step of steps) {
          ms += step.ms;
          points.push({ seconds: ms / 1000, value: step.value });
          const block = Math.floor(ms / 1000 / (3.2 / 32));
          const expected = plainSlope(points.filter(({ seconds }) => Math.floor(seconds / (3.2 / 32)) > block - 32));

          const found = slope.add(ms / 1000, step.value);

          if (Number.isNaN(expected)) expect(found).toBeNaN();
          else expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-3);
        }
      }),
      { numRuns: runs(100, 10_000) },
    );
  });

  it('knows of nothing that was before it was cleared', () => {
    const slope = new Slope(3.2);
    for (let i = 0; i < 100; i++) slope.add(i / 50, 1000 * i);
    slope.clear();

    expect(slope.add(2.01, 5)).toBeNaN();
    expect(slope.add(3.01, 6)).toBeCloseTo(1, 9);
  });

  it('gets over numbers beyond f64', () => {
    const slope = new Slope(1);
    for (let i = 0; i < 10; i++) slope.add(i / 100, i % 2 === 0 ? 1.7e308 : -1.7e308);

    const later = Array.from({ length: 300 }, (_, i) => slope.add(0.1 + i / 100, 3 * (0.1 + i / 100)));

    expect(later.at(-1)).toBeCloseTo(3, 9);
  });
});

describe('a rate of change', () => {
  it('is found when the mean has risen so fast for so long, and is over by the deadband', () => {
    const rate = new RateCondition(FAST);
    const steps = feed(rate, 0, 1200, (seconds) => (seconds < 2 ? 0 : seconds < 4 ? 3 * (seconds - 2) : 6));

    const up = steps.indexOf(true);
    const down = steps.indexOf(false, up);

    expect(steps.slice(0, 199)).toEqual(Array(199).fill(undefined));
    expect(steps[199]).toBe(false); // a second has been seen
    expect(up / 200).toBeGreaterThan(2.4);
    expect(up / 200).toBeLessThan(3);
    expect(down / 200).toBeGreaterThan(4.2);
    expect(down / 200).toBeLessThan(5.1);
    expect(rate.finding.limit).toBe(2);
  });

  it('tells the slope that it found, in the unit a second, and the window that showed it', () => {
    const rate = new RateCondition({ ...FAST, above: undefined, below: -2 });

    const steps = feed(rate, 0, 200, (seconds) => -7 * seconds);

    expect(steps.at(-1)).toBe(true);
    expect(rate.finding.value).toBeCloseTo(-7, 9);
    expect(rate.finding.limit).toBe(-2);
    expect(rate.beganNs).toBe(trendWindow({ index: 199 }).timeNs);
  });

  it('does not take noise for a slope, as the line between two windows would', () => {
    const random = seededRandom(5);
    const values = Array.from({ length: 4000 }, () => 4 * random());
    const steepest = Math.max(...values.slice(200).map((value, i) => value - values[i])); // over the same second

    const steps = feed(new RateCondition(FAST), 0, values.length, (seconds) => values[Math.round(seconds * 200)]);

    expect(steepest).toBeGreaterThan(3.5);
    expect(steps).not.toContain(true);
  });

  it('bridges a short hole, and begins anew after a long one and with another stream', () => {
    const level = (seconds: number) => (seconds < 5 ? 0 : 50);
    const short = new RateCondition(FAST);
    const long = new RateCondition(FAST);
    const other = new RateCondition(FAST);

    expect(feed(short, 0, 1000, level).concat(feed(short, 1006, 50, level))).toContain(true);
    expect(feed(long, 0, 1000, level).concat(feed(long, 1007, 500, level))).not.toContain(true);
    expect(feed(other, 0, 1000, level).concat(feed(other, 0, 500, () => 50, 'run-2'))).not.toContain(true);
  });

  it('stays as it was until it has seen enough of another stream', () => {
    const rate = new RateCondition(FAST);
    feed(rate, 0, 300, (seconds) => 9 * seconds);

    const steps = feed(rate, 0, 200, () => 0, 'run-2');

    expect(steps.slice(0, 199)).toEqual(Array(199).fill(undefined));
    expect(steps[199]).toBe(false);
  });

  it('does not look at a window twice, nor at the clock, nor at what was not measured', () => {
    const plain = new RateCondition(FAST);
    const odd = new RateCondition(FAST);
    for (let index = 0; index < 900; index++) {
      const window = windowOf(index, Math.sin(index / 99) * 5);
      const stepped = { ...window, timeNs: window.timeNs + (index > 400 ? 3_600_000_000_000n : 0n) };
      const expected = plain.take(window);

      expect(odd.take(stepped)).toBe(expected);
      expect(odd.take(stepped)).toBeUndefined();
      expect(odd.take({ ...windowOf(index + 1, 1e9), summary: { ...window.summary, count: 0 } })).toBeUndefined();
    }
  });

  it('is told of two windows where they are longer than it asks for', () => {
    const rate = new RateCondition(FAST);
    const window = (index: number, mean: number) => windowOf(index, mean, { size: 10, rateHz: 1 });

    expect(rate.take(window(0, 0))).toBeUndefined();
    expect(rate.take(window(1, 10))).toBe(false);
    expect(rate.take(window(2, 40))).toBe(true);
    expect(rate.finding.value).toBeCloseTo(3, 9);
  });
});

interface Point {
  readonly seconds: number;
  readonly value: number;
}

function plainSlope(points: readonly Point[]): number {
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [time, value] = [mean(({ seconds }) => seconds), mean((point) => point.value)];
  const products = mean((point) => (point.seconds - time) * (point.value - value));
  return products / mean(({ seconds }) => (seconds - time) ** 2);
}

function feed(rate: RateCondition, first: number, count: number, mean: (seconds: number) => number, stream = 'run-1') {
  return Array.from({ length: count }, (_, i) => rate.take(windowOf(first + i, mean((first + i) / 200), { stream })));
}

function windowOf(index: number, mean: number, more: Partial<TrendWindow> = {}): TrendWindow {
  const window = trendWindow({ index, ...more });
  return { ...window, summary: { ...window.summary, mean } };
}
