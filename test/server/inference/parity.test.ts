import { beforeEach, describe, expect, it } from 'vitest';
import { type ForeignRun, PARITY_KEPT, ParityDesk } from '../../../server/inference/parity.ts';
import type { Diagnosis } from '../../../server/trend/diagnosis.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const START_NS = 1_700_000_000_000_000_000n;

let inUse: string;
beforeEach(() => {
  inUse = '1';
});

describe('ParityDesk', () => {
  it('finds the same runs again, and says how far they are apart', () => {
    const desk = withRuns(3);

    expect(desk.compare('level', '1', [foreign(0), foreign(1, [0.25 + 4e-6, 0.75 - 4e-6])])).toEqual({
      compared: 2,
      different: 0,
      greatest: expect.closeTo(4e-6, 10),
    });
    expect(desk.compare('level', '1', [foreign(2, [0.2501, 0.7499]), foreign(0)])).toEqual({
      compared: 2,
      different: 1,
      greatest: expect.closeTo(1e-4, 10),
    });
    expect(desk.totals('level')).toMatchObject({
      runs: 3,
      different: 1,
      greatest: expect.closeTo(1e-4, 10),
    });
  });

  it('counts a run once, however often it comes, and as different where anybody says so', () => {
    const desk = withRuns(2);
    const wrong = foreign(0, [0.5, 0.5]);
    desk.compare('level', '1', [foreign(0), foreign(1)]);

    expect(desk.compare('level', '1', [foreign(0)])).toMatchObject({ compared: 1, different: 0 });
    expect(desk.totals('level')).toMatchObject({ runs: 2, different: 0 });
    for (const said of [wrong, wrong, foreign(0)]) desk.compare('level', '1', [said]);
    expect(desk.totals('level')).toMatchObject({ runs: 2, different: 1, greatest: 0.25 });
  });

  it('counts the run of another stream that begins with the same window', () => {
    const desk = withRuns(1);
    desk.compare('level', '1', [foreign(0)]);
    const later = { timeNs: START_NS + 3_600_000_000_000n };
    desk.keep(diagnosis(0, { ...later, stream: 'run-2' }));

    desk.compare('level', '1', [{ ...foreign(0), ...later }]);

    expect(desk.totals('level')).toMatchObject({ runs: 2, different: 0 });
  });

  it('takes a score beyond 1 by its magnitude, and misses no class and no score', () => {
    const desk = withRuns(2, 500);

    expect(desk.compare('level', '1', [{ ...foreign(0), unknownScore: 500.004 }]).different).toBe(0);
    expect(desk.compare('level', '1', [{ ...foreign(0), unknownScore: 1e308 }])).toMatchObject({ greatest: 1 });
    expect(desk.compare('level', '1', [{ ...foreign(0), unknownScore: 500.006 }]).different).toBe(1);
    expect(desk.compare('level', '1', [{ ...foreign(1), unknownScore: undefined }])).toMatchObject({ greatest: 1 });
    expect(desk.compare('level', '1', [{ ...foreign(1, [0.25]), unknownScore: 500 }])).toMatchObject({
      greatest: 0.75,
    });
  });

  it('says nothing of runs of another stream, channel, model or version', () => {
    const desk = withRuns(1);
    const none = { compared: 0, different: 0, greatest: 0 };

    expect(desk.compare('level', '2', [foreign(0)])).toEqual(none);
    expect(desk.compare('other', '1', [foreign(0)])).toEqual(none);
    expect(desk.compare('level', '1', [{ ...foreign(0), channel: 'view.b' }])).toEqual(none);
    expect(desk.compare('level', '1', [{ ...foreign(0), timeNs: START_NS + 5_000_000n }])).toEqual(none);
    expect(desk.compare('level', '1', [foreign(7)])).toEqual(none);
    expect(desk.totals('level')).toBeUndefined();
  });

  it('takes another class and no answer as different, whatever the figures', () => {
    const desk = withRuns(3);

    expect(desk.compare('level', '1', [{ ...foreign(0), label: '0' }])).toEqual({
      compared: 1,
      different: 1,
      greatest: 0,
    });
    expect(desk.compare('level', '1', [{ ...foreign(1), kind: 'unknown' }])).toMatchObject({
      different: 1,
      greatest: 0,
    });
    const { channel, first, timeNs } = foreign(2);
    const unanswered = { channel, first, timeNs, kind: 'unavailable', probabilities: [] } as const;
    expect(desk.compare('level', '1', [unanswered])).toEqual({ compared: 1, different: 1, greatest: 0 });
    expect(desk.totals('level')).toMatchObject({ runs: 3, different: 3, greatest: 0 });
  });

  it('keeps the answers of 200 runs a second for longer than a page needs to send them', () => {
    const desk = withRuns(0);
    for (let i = 0; i < 200 * 30; i++) desk.keep(diagnosis(i));

    expect(desk.compare('level', '1', [foreign(200 * 20)]).compared).toBe(1);
  });

  it('forgets the oldest', () => {
    const desk = withRuns(PARITY_KEPT + 1);

    expect(desk.compare('level', '1', [foreign(0)]).compared).toBe(0);
    expect(desk.compare('level', '1', [foreign(1), foreign(PARITY_KEPT)]).compared).toBe(2);
  });

  it('has an account of the version in use, which a page with the one before does not touch', () => {
    const desk = withRuns(1);
    desk.compare('level', '1', [foreign(0)]);
    inUse = '2';
    expect(desk.totals('level')).toBeUndefined();
    desk.keep(diagnosis(0, { version: '2' }));
    desk.compare('level', '2', [foreign(0)]);

    expect(desk.compare('level', '1', [foreign(0, [1, 0])])).toMatchObject({ compared: 1, different: 1 });
    expect(desk.totals('level')).toMatchObject({ runs: 1, different: 0 });
  });

  it('counts a run again once the version of before is used again, in an account that begins then', () => {
    const desk = withRuns(2);
    desk.compare('level', '1', [foreign(0), foreign(1, [1, 0])]);
    inUse = '2';
    desk.keep(diagnosis(0, { version: '2' }));
    desk.compare('level', '2', [foreign(0)]);
    inUse = '1';

    for (let i = 0; i < 2; i++) desk.compare('level', '1', [foreign(0), foreign(1, [1, 0])]);

    expect(desk.totals('level')).toMatchObject({ runs: 2, different: 1 });
  });

  it('keeps nothing of runs that no model has looked at', () => {
    const desk = withRuns(0);
    desk.keep(diagnosis(0, { outcome: { kind: 'incomplete', reason: '1 points are missing' } }));

    expect(desk.compare('level', '1', [foreign(0)]).compared).toBe(0);
  });
});

function withRuns(count: number, unknownScore = 0.5): ParityDesk {
  const desk = new ParityDesk({ clock: new FakeClock(), versionOf: () => inUse });
  const outcome = { kind: 'class', classIndex: 1, label: '1', probabilities: [0.25, 0.75], unknownScore } as const;
  for (let i = 0; i < count; i++) desk.keep(diagnosis(i, { outcome }));
  return desk;
}

function diagnosis(first: number, fields: Partial<Diagnosis> = {}): Diagnosis {
  return {
    channel: 'view.a',
    stream: 'run-1',
    first,
    points: 20,
    timeNs: START_NS + BigInt(first) * 5_000_000n,
    endNs: START_NS + BigInt(first + 20) * 5_000_000n,
    model: 'level',
    version: '1',
    outcome: { kind: 'class', classIndex: 1, label: '1', probabilities: [0.25, 0.75], unknownScore: 0.5 },
    latencyMs: 1,
    ...fields,
  };
}

function foreign(first: number, probabilities: readonly number[] = [0.25, 0.75]): ForeignRun {
  const timeNs = START_NS + BigInt(first) * 5_000_000n + 3n; // a browser reckons it from the block's
  return { channel: 'view.a', first, timeNs, kind: 'class', label: '1', probabilities, unknownScore: 0.5 };
}
