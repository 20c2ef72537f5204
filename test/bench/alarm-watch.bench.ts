import { describe, expect, it } from 'vitest';
import { AlarmWatch } from '../../server/alarms/alarm-watch.ts';
import { createCondition } from '../../server/alarms/conditions/create-condition.ts';
import { Bus } from '../../server/base/bus.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';
import type { AlarmCondition } from '../../server/wire/alarm-definitions.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { trendWindow } from '../support/trend-windows.ts';

const CHANNELS = 256;
const WINDOWS = 200; // a second of each channel
const ROUNDS = 15;
const SHARE = 0.25; // of the event loop, at most
const NO_DELAY = { onDelaySeconds: 0, offDelaySeconds: 0 };

// What stands watch on every channel. None of them finds anything.
const CONDITIONS: readonly AlarmCondition[] = [
  { kind: 'limit', figure: 'max', above: 100, deadband: 1 },
  { kind: 'limit', figure: 'mean', below: -100, deadband: 1, ofLast: { n: 5, m: 20 } },
  { kind: 'limit', figure: 'deviation', above: 100, deadband: 1 },
  { kind: 'band', low: -100, high: 100, deadband: 1 },
  { kind: 'clipped', samples: 100, ofLast: { n: 3, m: 10 } },
  { kind: 'rate', above: 1000, overSeconds: 10, deadband: 0 },
  { kind: 'stale' },
];

describe('watching for alarms', () => {
  it.each([
    ['every kind', CONDITIONS],
    ...CONDITIONS.map((condition) => [`${condition.kind} alone`, [condition]] as const),
  ] as const)('takes a small part of the event loop: %s', (name, conditions) => {
    const windows = secondOfWindows();
    const plain = new Bus<TrendWindow>(fail);
    const watched = new Bus<TrendWindow>(fail);
    let [seen, steps] = [0, 0];
    const watches = new Map(
      Array.from({ length: CHANNELS }, (_, i) => [
        `plasma-${i}`,
        conditions.map((condition) => new AlarmWatch(createCondition(condition, {}), NO_DELAY)),
      ]),
    );
    plain.subscribe(({ summary }) => {
      seen += summary.count;
    });
    watched.subscribe((window) => {
      for (const watch of watches.get(window.channel) ?? []) {
        if (watch.takeWindow(window) !== undefined) steps++;
      }
    });

    let [bus, watching, bytes] = [Infinity, Infinity, Infinity];
    for (let round = 0; round < ROUNDS; round++) {
      const second = windows.map((window) => ({ ...window, index: window.index + round * WINDOWS }));
      bus = Math.min(bus, timed(second, plain));
      const before = process.memoryUsage().heapUsed;
      watching = Math.min(watching, timed(second, watched));
      const grown = process.memoryUsage().heapUsed - before;
      if (grown >= 0 && round > 2) bytes = Math.min(bytes, grown / second.length);
    }

    const count = CHANNELS * WINDOWS;
    const nsEach = ((watching - bus) * 1e6) / (count * conditions.length);
    console.log(
      `${name}: ${CHANNELS} channels x ${WINDOWS} windows/s x ${conditions.length} watches in ${watching.toFixed(1)} ms, ` +
        `the bus alone in ${bus.toFixed(1)} ms (x${(watching / bus).toFixed(1)}): ${nsEach.toFixed(0)} ns a watch, ` +
        `${((1e3 * count * conditions.length) / watching / 1e6).toFixed(1)} million windows x watches a second, ${bytes.toFixed(1)} bytes a window`,
    );
    expect(seen).toBeGreaterThan(0);
    expect(steps).toBe(CHANNELS * conditions.length); // that nothing is there is told once
    expect(bytes / conditions.length).toBeLessThan(24); // a number that V8 boxes, and no object
    expect(watching / 1000).toBeLessThan(SHARE);
  });
});

function secondOfWindows(): TrendWindow[] {
  const random = seededRandom(1);
  return Array.from({ length: CHANNELS * WINDOWS }, (_, i) => {
    const index = Math.floor(i / CHANNELS);
    const mean = random();
    const summary = { count: 50_000, min: mean - 1, max: mean + 1, mean, m2: 50_000, clipped: 0, nonfinite: 0 };
    return trendWindow({ channel: `plasma-${i % CHANNELS}`, index, summary });
  });
}

function timed(windows: readonly TrendWindow[], bus: Bus<TrendWindow>): number {
  const start = performance.now();
  for (const window of windows) bus.publish(window);
  return performance.now() - start;
}

function fail(error: unknown): never {
  throw error;
}
