import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../server/alarms/conditions/condition.ts';
import { OfLast, type OfLastRule } from '../../../server/alarms/of-last.ts';
import { runs } from '../../support/runs.ts';

describe('n of the last m', () => {
  it('says what a look at the whole history says', () => {
    const rule = fc
      .integer({ min: 1, max: 9 })
      .chain((m) => fc.record({ n: fc.integer({ min: 1, max: m }), m: fc.constant(m) }));
    // A part of them come again: at the same time, held or not.
    const point = fc.record({ isHeld: fc.boolean(), isAgain: fc.boolean() });
    fc.assert(
      fc.property(rule, fc.array(point, { maxLength: 40 }), (each, points) => {
        const ofLast = new OfLast(each);
        const history: Point[] = [];
        for (const [i, { isHeld, isAgain }] of points.entries()) {
          const timeNs = isAgain ? (history.at(-1)?.timeNs ?? 0n) : BigInt(10 * (i + 1));
          if (timeNs === history.at(-1)?.timeNs) history.pop();
          history.push({ isHeld, timeNs });

          expect(ofLast.put(isHeld, timeNs)).toBe(judge(each, history));
          expect(ofLast.beganNs).toBe(history.slice(-each.m).find((before) => before.isHeld)?.timeNs);
        }
      }),
      { numRuns: runs(1000, 100_000) },
    );
  });

  it('is one of one where no rule is given', () => {
    const ofLast = new OfLast();

    expect([ofLast.put(true, 1n), ofLast.put(false, 2n), ofLast.put(true, 3n)]).toEqual([true, false, true]);
  });
});

interface Point {
  readonly isHeld: boolean;
  readonly timeNs: bigint;
}

/** What all ways to fill up what has not been seen agree on. */
function judge({ n, m }: OfLastRule, history: readonly Point[]): Verdict {
  const last = history.slice(-m).map(({ isHeld }) => isHeld);
  const unseen = m - last.length;
  const held = last.filter(Boolean).length;
  const verdicts = new Set(Array.from({ length: unseen + 1 }, (_, more) => held + more >= n));
  return verdicts.size === 1 ? verdicts.has(true) : undefined;
}
