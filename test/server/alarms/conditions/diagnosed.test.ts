import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../../server/alarms/conditions/condition.ts';
import { DiagnosedCondition } from '../../../../server/alarms/conditions/diagnosed.ts';
import type { Diagnosis, Outcome } from '../../../../server/trend/diagnosis.ts';

const ARC: Outcome = { kind: 'class', classIndex: 1, label: 'arc', probabilities: [0.1, 0.9], unknownScore: 0.2 };
const UNSURE: Outcome = { ...ARC, probabilities: [0.4, 0.6] };
const NORMAL: Outcome = { kind: 'class', classIndex: 0, label: 'normal', probabilities: [0.9, 0.1], unknownScore: 0.1 };
const UNKNOWN: Outcome = { ...ARC, kind: 'unknown', unknownScore: 0.97 };
const NOT_JUDGED: readonly Outcome[] = [
  { kind: 'incomplete', reason: 'a gap' },
  { kind: 'unavailable', reason: 'no model' },
  { kind: 'dropped' },
];
const IS_ARC = { kind: 'diagnosis' as const, labels: ['arc', 'flicker'], confidence: 0.8 };

describe('a diagnosed class', () => {
  it.each([
    ['one of the labels, surely enough', ARC, true],
    ['one of the labels, not surely enough', UNSURE, false],
    ['another class', NORMAL, false],
    ['none of the classes', UNKNOWN, false],
    ['a class without a probability', { ...ARC, probabilities: [] }, false],
  ] as const)('is looked for in %s', (_, outcome, isPresent) => {
    expect(new DiagnosedCondition(IS_ARC).take(runOf(0, outcome))).toBe(isPresent);
  });

  it('is present from exactly the confidence on', () => {
    const exact: Outcome = { ...ARC, probabilities: [0.2, 0.8] };

    expect(new DiagnosedCondition(IS_ARC).take(runOf(0, exact))).toBe(true);
  });

  it('tells the label, the confidence and where the first of the runs began', () => {
    const judge = new DiagnosedCondition({ ...IS_ARC, ofLast: { n: 2, m: 4 } });

    expect([NORMAL, ARC, NORMAL, ARC].map((outcome, i) => judge.take(runOf(i, outcome)))).toEqual([
      ...[undefined, undefined, undefined, true],
    ]);
    expect(judge.finding).toEqual({ value: 0.9, limit: 0.8, text: 'arc' });
    expect(judge.beganNs).toBe(1000n);
  });

  it('counts runs that nobody judged neither way', () => {
    const outcomes = fc.array(fc.constantFrom(ARC, NORMAL, UNSURE, UNKNOWN, ...NOT_JUDGED), { maxLength: 40 });
    fc.assert(
      fc.property(outcomes, (all) => {
        const rule = { ...IS_ARC, ofLast: { n: 2, m: 3 } };
        const judged = all.filter((outcome) => !NOT_JUDGED.includes(outcome));

        expect(endOf(new DiagnosedCondition(rule), all)).toBe(endOf(new DiagnosedCondition(rule), judged));
      }),
    );
  });
});

describe('an unknown diagnosis', () => {
  it('is a run that is none of the classes, with its score', () => {
    const judge = new DiagnosedCondition({ kind: 'unknown' });

    expect([NORMAL, ...NOT_JUDGED, UNKNOWN, ARC].map((outcome, i) => judge.take(runOf(i, outcome)))).toEqual([
      ...[false, undefined, undefined, undefined, true, false],
    ]);
    expect(judge.finding).toEqual({ value: 0.97 });
  });
});

function endOf(judge: DiagnosedCondition, outcomes: readonly Outcome[]): Verdict {
  let told: Verdict;
  for (const [i, outcome] of outcomes.entries()) told = judge.take(runOf(i, outcome)) ?? told;
  return told;
}

function runOf(index: number, outcome: Outcome): Diagnosis {
  return {
    ...{ channel: 'A', stream: 'run-1', first: index * 10, points: 10 },
    ...{ timeNs: BigInt(index) * 1000n, endNs: BigInt(index + 1) * 1000n },
    ...{ model: 'halpha', version: '1', outcome, latencyMs: 1 },
  };
}
