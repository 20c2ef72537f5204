import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MissingCondition } from '../../../../server/alarms/conditions/missing.ts';
import { StaleCondition } from '../../../../server/alarms/conditions/stale.ts';
import { SystemCondition } from '../../../../server/alarms/conditions/system.ts';
import type { LedgerEntry } from '../../../../server/trend/ledger.ts';
import { EPOCH_NS, trendWindow } from '../../../support/trend-windows.ts';

describe('stale data', () => {
  it('is a channel that was never heard of for three seconds', () => {
    const stale = new StaleCondition({ kind: 'stale' });

    expect([50_000, 51_000, 53_000, 53_001].map((nowMs) => stale.tick(nowMs))).toEqual([
      ...[undefined, undefined, undefined, true],
    ]);
    expect([stale.finding, stale.beganNs]).toEqual([{ value: 3.001, limit: 3 }, undefined]);
  });

  it('is silence since the last window, whatever was in that, and over with the next', () => {
    const stale = new StaleCondition({ kind: 'stale', seconds: 0.5 });
    stale.tick(0);

    expect(stale.take(trendWindow({ index: 9, flags: 4 }))).toBe(false);
    expect([400, 900, 901].map((nowMs) => stale.tick(nowMs))).toEqual([undefined, undefined, true]);
    expect(stale.finding).toEqual({ value: 0.501, limit: 0.5 });
    expect(stale.beganNs).toBe(EPOCH_NS + 50_000_000n); // where window 9 ends
    expect(stale.take(trendWindow({ index: 10 }))).toBe(false);
    expect(stale.tick(950)).toBeUndefined();
  });

  it('is three windows where those are longer than three seconds', () => {
    const stale = new StaleCondition({ kind: 'stale' });
    stale.take(trendWindow({ index: 0, size: 20, rateHz: 10 }));
    stale.tick(0);

    expect([3001, 6000, 6001].map((nowMs) => stale.tick(nowMs))).toEqual([undefined, undefined, true]);
  });

  it('is never found while windows come between ticks', () => {
    const stale = new StaleCondition({ kind: 'stale', seconds: 1 });
    for (let i = 0; i < 100; i++) {
      stale.take(trendWindow({ index: i }));

      expect(stale.tick(i * 5000)).toBeUndefined(); // ticks that come late
    }
  });
});

describe('missing samples', () => {
  const RULE = { kind: 'missing', samples: 100, overSeconds: 64 } as const; // a part is a second

  it('is their number within the time, to a part of it', () => {
    const steps = fc.array(fc.record({ seconds: fc.integer({ min: 0, max: 90 }), more: fc.nat(70) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, fc.nat(1000), (all, before) => {
        const missing = new MissingCondition(RULE);
        const history: { seconds: number; more: number }[] = [];
        let [seconds, total] = [777, before];
        missing.take(entryOf(total), seconds * 1000);
        for (const step of all) {
          seconds += step.seconds;
          total += step.more;
          history.push({ seconds, more: step.more });
          const count = history.filter((past) => past.seconds > seconds - 64).reduce((sum, { more }) => sum + more, 0);
          const nothing = seconds - 777 >= 64 ? false : undefined;

          expect(missing.take(entryOf(total), seconds * 1000)).toBe(count >= 100 ? true : nothing);
          expect(missing.finding).toEqual({ value: count, limit: 100 });
        }
      }),
    );
  });

  it('tells where the newest of them are missing', () => {
    const missing = new MissingCondition(RULE);
    missing.take(entryOf(5), 0);

    expect(missing.beganNs).toBeUndefined();
    expect(missing.take(entryOf(105), 1000)).toBe(true);
    expect(missing.beganNs).toBe(1_700_000_000_105_000_000n);
    missing.take(entryOf(105, 9), 2000);
    expect(missing.beganNs).toBe(1_700_000_000_105_000_000n);
  });
});

describe('a figure of the server', () => {
  it('passes its limit and comes back by the deadband; no number is no news', () => {
    const system = new SystemCondition({ kind: 'system', figure: 'disk-free', below: 10, deadband: 5 });

    expect([50, 10, NaN, 9, NaN, 14, 15].map((value) => system.take(value))).toEqual([
      ...[false, false, false, true, true, true, false],
    ]);
    expect(system.figure).toBe('disk-free');
  });

  it('tells the value that passed it last, as JSON can', () => {
    const system = new SystemCondition({ kind: 'system', figure: 'cpu-load', above: 90, deadband: 5 });
    system.take(Infinity);

    expect(system.finding).toEqual({ value: Number.MAX_VALUE, limit: 90 });
  });
});

function entryOf(missing: number, at = missing): LedgerEntry {
  const gap = { stream: 'run-1', from: 0, to: 1, timeMs: 1_700_000_000_000 + at };
  return {
    ...{ channel: 'A', stream: 'run-1', live: true, received: 0, reduced: 0, pending: 0, expected: missing, missing },
    ...{ gaps: 0, duplicate: 0, late: 0, discardedBytes: 0, offBy: 0, clipped: 0, nonfinite: 0, windows: 0 },
    ...{ deviceLost: 0, sequenceJumps: 0, reanchored: 0, stepsRefused: 0, connections: 1, streams: 1 },
    ...{ gapRanges: [gap], clockSteps: [] },
  };
}
