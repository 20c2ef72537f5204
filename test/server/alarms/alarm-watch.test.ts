import { describe, expect, it } from 'vitest';
import { AlarmWatch, type WatchStep } from '../../../server/alarms/alarm-watch.ts';
import { createCondition } from '../../../server/alarms/conditions/create-condition.ts';
import type { TrendWindow } from '../../../server/trend/trend-window.ts';
import type { WholeDefinition } from '../../../server/wire/alarm-definitions.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { EPOCH_NS, trendWindow } from '../../support/trend-windows.ts';

const ABOVE_5 = { kind: 'limit', figure: 'max', above: 5, deadband: 1 } as const;

describe('a watch', () => {
  it('raises and clears at once where there is no delay', () => {
    const watch = watchOf(ABOVE_5);

    expect(feed(watch, [4, 6, 7, 4.5, 4])).toEqual([
      { event: 'clear', atNs: timeOf(0) }, // it cannot know that nothing stood before
      { event: 'raise', atNs: timeOf(1), beganNs: timeOf(1), finding: { value: 6, limit: 5 } },
      { event: 'clear', atNs: timeOf(4) },
    ]);
  });

  it('tells that it began before the delay is over, and what was found there with the raise', () => {
    const watch = watchOf(ABOVE_5, { onDelaySeconds: 0.01 });
    const found = { beganNs: timeOf(1), finding: { value: 6, limit: 5 } };

    expect(feed(watch, [4, 6, 7, 8]).slice(1)).toEqual([
      { event: 'began', ...found },
      { event: 'raise', atNs: timeOf(3), ...found },
    ]);
  });

  it('tells that it ended before it had lasted', () => {
    const watch = watchOf(ABOVE_5, { onDelaySeconds: 0.01 });

    expect(feed(watch, [4, 6, 4, 6]).map(({ event }) => event)).toEqual(['clear', 'began', 'ended', 'began']);
  });

  it('clears what began first thing and was over at once', () => {
    const watch = watchOf(ABOVE_5, { onDelaySeconds: 0.01 });

    expect(feed(watch, [6, 4]).map(({ event }) => event)).toEqual(['began', 'clear']);
  });

  it('stays raised while it is over for less than the off-delay', () => {
    const watch = watchOf(ABOVE_5, { offDelaySeconds: 0.01 });

    const steps = feed(watch, [6, 4, 4, 6, 4, 4, 4]);

    expect(steps.map(({ event }) => event)).toEqual(['raise', 'clear']);
    expect(steps[1]).toEqual({ event: 'clear', atNs: timeOf(6) });
  });

  it('says nothing in the deadband after a start, be it raised or not', () => {
    expect(feed(watchOf(ABOVE_5), [4.5, 4.7, 5])).toEqual([]);
  });

  it('raises without a sample time where data stopped before the delay was over', () => {
    const watch = watchOf(ABOVE_5, { onDelaySeconds: 4 });
    feed(watch, [4, 6]);
    const ticks = Array.from({ length: 50 }, (_, i) => watch.tick(1000 + 100 * i));

    expect(ticks.findIndex((step) => step !== undefined)).toBe(40);
    expect(ticks[40]).toEqual({
      ...{ event: 'raise', atNs: undefined },
      ...{ beganNs: timeOf(1), finding: { value: 6, limit: 5 } },
    });
  });

  it('goes on with the next stream of its channel', () => {
    const watch = watchOf({ ...ABOVE_5, ofLast: { n: 3, m: 4 } });
    feed(watch, [6, 6]);

    const step = watch.takeWindow(windowOf(2, 6, { stream: 'run-2', index: 0 }));

    expect(step).toMatchObject({ event: 'raise', beganNs: timeOf(0) });
  });

  it('gives the same steps byte for byte where it is fed with the same windows, whatever ticks between them', () => {
    const random = seededRandom(7);
    const values = Array.from({ length: 20_000 }, (_, i) => 4.5 + 1.4 * Math.sin(i / 300) + random());
    const make = () => watchOf({ ...ABOVE_5, ofLast: { n: 3, m: 5 } }, { onDelaySeconds: 0.05, offDelaySeconds: 0.1 });

    const once = feed(make(), values);
    const again = feed(make(), values, 1);
    const late = feed(make(), values, 499);

    expect(once.filter(({ event }) => event === 'raise').length).toBeGreaterThan(9);
    expect(written(again)).toBe(written(once));
    expect(written(late)).toBe(written(once));
  });

  it('takes nothing that its condition is not of', () => {
    const watch = watchOf({ kind: 'system', figure: 'cpu-load', above: 90, deadband: 0 });

    expect([watch.input, watch.figure]).toEqual(['figure', 'cpu-load']);
    expect(watch.takeWindow(windowOf(0, 99))).toBeUndefined();
    expect(watch.takeFigure(99, 0)).toEqual({
      ...{ event: 'raise', atNs: undefined },
      ...{ beganNs: undefined, finding: { value: 99, limit: 90 } },
    });
  });
});

type Delays = Partial<Pick<WholeDefinition, 'onDelaySeconds' | 'offDelaySeconds'>>;

function watchOf(condition: WholeDefinition['condition'], delays: Delays = {}): AlarmWatch {
  return new AlarmWatch(createCondition(condition, {}), { onDelaySeconds: 0, offDelaySeconds: 0, ...delays });
}

/** Feeds windows of 5 ms with these maxima. Where `tickMs` is given there are two ticks after each, so far apart. */
function feed(watch: AlarmWatch, values: readonly number[], tickMs?: number): WatchStep[] {
  return values.flatMap((max, index) => {
    const steps = [watch.takeWindow(windowOf(index, max))];
    if (tickMs !== undefined) steps.push(watch.tick(2 * index * tickMs), watch.tick((2 * index + 1) * tickMs));
    return steps.filter((step) => step !== undefined);
  });
}

function windowOf(at: number, max: number, more: { stream?: string; index?: number } = {}): TrendWindow {
  const window = trendWindow({ index: at });
  return { ...window, summary: { ...window.summary, max }, ...more };
}

function timeOf(index: number): bigint {
  return EPOCH_NS + BigInt(index) * 5_000_000n;
}

function written(steps: readonly WatchStep[]): string {
  return JSON.stringify(steps, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
}
