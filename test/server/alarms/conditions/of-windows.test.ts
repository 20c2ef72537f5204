import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition, ConditionChannel, Verdict } from '../../../../server/alarms/conditions/condition.ts';
import { createCondition } from '../../../../server/alarms/conditions/create-condition.ts';
import type { Summary } from '../../../../server/trend/summary.ts';
import { type TrendWindow, WindowFlag } from '../../../../server/trend/trend-window.ts';
import type { AlarmCondition } from '../../../../server/wire/alarm-definitions.ts';
import { runs } from '../../../support/runs.ts';
import { EPOCH_NS, trendWindow } from '../../../support/trend-windows.ts';

const SUMMARY: Summary = { count: 100, min: -1, max: 1, mean: 0, m2: 0, clipped: 0, nonfinite: 0 };
const LIMIT = { kind: 'limit', deadband: 0 } as const;
const BAND = { kind: 'band', deadband: 0 } as const;

describe('a condition of windows', () => {
  // biome-ignore format: a table
  it.each<[string, AlarmCondition, Partial<Summary>, boolean, object?]>([
    ['a maximum above its limit',        { ...LIMIT, figure: 'max', above: 5 },         { max: 5.1 },         true,  { value: 5.1, limit: 5 }],
    ['a maximum at its limit',           { ...LIMIT, figure: 'max', above: 5 },         { max: 5 },           false],
    ['a minimum below its limit',        { ...LIMIT, figure: 'min', below: -5 },        { min: -5.1 },        true,  { value: -5.1, limit: -5 }],
    ['a minimum at its limit',           { ...LIMIT, figure: 'min', below: -5 },        { min: -5 },          false],
    ['a mean above its limit',           { ...LIMIT, figure: 'mean', above: 0.5 },      { mean: 0.6 },        true,  { value: 0.6, limit: 0.5 }],
    ['a mean below its limit',           { ...LIMIT, figure: 'mean', below: 0.5 },      { mean: 0.4 },        true,  { value: 0.4, limit: 0.5 }],
    ['a deviation above its limit',      { ...LIMIT, figure: 'deviation', above: 1.9 }, { m2: 400 },          true,  { value: 2, limit: 1.9 }],
    ['a deviation at its limit',         { ...LIMIT, figure: 'deviation', above: 2 },   { m2: 400 },          false],
    ['a deviation beyond f64',           { ...LIMIT, figure: 'deviation', above: 2 },   { m2: Infinity },     true,  { value: Number.MAX_VALUE, limit: 2 }],
    ['a mean above the band',            { ...BAND, low: -2, high: 2 },                 { mean: 3 },          true,  { value: 3, limit: 2 }],
    ['a mean below the band',            { ...BAND, low: -2, high: 2 },                 { mean: -3 },         true,  { value: -3, limit: -2 }],
    ['a mean in the band',               { ...BAND, low: -2, high: 2 },                 { mean: 2 },          false],
    ['a mean above the channel\'s band', BAND,                                          { mean: 11 },         true,  { value: 11, limit: 10 }],
    ['a mean in the channel\'s band',    BAND,                                          { mean: 9 },          false],
    ['a band with one end',              { ...BAND, low: -2 },                          { mean: 99 },         false],
    ['enough clipped samples',           { kind: 'clipped', samples: 7 },               { clipped: 7 },       true,  { value: 7, limit: 7 }],
    ['too few clipped samples',          { kind: 'clipped', samples: 7 },               { clipped: 6 },       false],
  ])('finds %s', (_, condition, figures, isPresent, finding) => {
    const judge = judgeOf(condition, { normal: [0, 10] });

    expect(judge.take(windowOf(3, figures))).toBe(isPresent);
    if (finding) expect([judge.finding, judge.beganNs]).toEqual([finding, EPOCH_NS + 15_000_000n]);
  });

  it('is never outside a band that nobody gave', () => {
    expect(judgeOf(BAND).take(windowOf(0, { mean: 1e300 }))).toBe(false);
  });

  it('is not judged by what was not measured, and by what arrived where samples are missing', () => {
    const judge = judgeOf({ ...LIMIT, figure: 'max', above: 5 });
    const empty = { count: 0, min: Infinity, max: -Infinity };

    expect(judge.take(windowOf(0, empty))).toBeUndefined();
    expect(judge.take(windowOf(1, { max: 9 }, { flags: WindowFlag.Invalid }))).toBeUndefined();
    expect(judge.take(windowOf(2, { max: 9 }, { flags: WindowFlag.Gap | WindowFlag.OverRange }))).toBe(true);
    expect(judge.take(windowOf(3, empty))).toBeUndefined();
    expect(judge.take(windowOf(4, { max: 5 }, { flags: WindowFlag.TimeUncalibrated }))).toBe(false);
  });

  it('counts a partial window that came whole once', () => {
    const judge = judgeOf({ ...LIMIT, figure: 'max', above: 5, ofLast: { n: 2, m: 3 } });

    expect(judge.take(windowOf(0, { max: 9 }, { flags: WindowFlag.Partial }))).toBeUndefined();
    expect(judge.take(windowOf(0, { max: 9 }))).toBeUndefined();
    expect(judge.take(windowOf(1, { max: 9 }))).toBe(true);
  });

  it('says what a look at all windows says, with deadband and n of m', () => {
    const shape = fc.record({
      max: fc.integer({ min: 0, max: 9 }),
      kind: fc.constantFrom('', '', '', 'empty', 'invalid'),
    });
    const rule = fc.constantFrom({ n: 1, m: 1 }, { n: 2, m: 3 }, { n: 3, m: 3 }, { n: 1, m: 4 });
    fc.assert(
      fc.property(rule, fc.array(shape, { maxLength: 50 }), (ofLast, shapes) => {
        const judge = judgeOf({ ...LIMIT, figure: 'max', above: 6, deadband: 2, ofLast });
        const windows = shapes.map(({ max, kind }, i) =>
          windowOf(i, { max, count: kind === 'empty' ? 0 : 9 }, { flags: kind === 'invalid' ? WindowFlag.Invalid : 0 }),
        );

        let told: Verdict;
        for (const [i, window] of windows.entries()) {
          told = judge.take(window) ?? told;
          expect(told).toBe(lookBack(windows.slice(0, i + 1), ofLast));
        }
      }),
      { numRuns: runs(500, 50_000) },
    );
  });
});

/** What the windows so far come to for a maximum above 6 that must come back to 4. */
function lookBack(windows: readonly TrendWindow[], { n, m }: { n: number; m: number }): Verdict {
  const values = windows
    .filter(({ summary, flags }) => summary.count > 0 && flags === 0)
    .map(({ summary }) => summary.max);
  const held = values.flatMap((_, i) => {
    const decisive = values.slice(0, i + 1).findLast((each) => each > 6 || each <= 4);
    return decisive === undefined ? [] : [decisive > 6];
  });
  const verdicts = held.map((_, i) => {
    const last = held.slice(Math.max(0, i + 1 - m), i + 1);
    const unseen = m - last.length;
    const count = last.filter(Boolean).length;
    if (count >= n) return true;
    return count + unseen < n ? false : undefined;
  });
  return verdicts.findLast((each) => each !== undefined);
}

function judgeOf(condition: AlarmCondition, channel: ConditionChannel = {}) {
  return createCondition(condition, channel) as Extract<Condition, { input: 'window' }>;
}

function windowOf(index: number, figures: Partial<Summary>, more: Partial<TrendWindow> = {}): TrendWindow {
  return trendWindow({ index, ...more, summary: { ...SUMMARY, ...figures } });
}
