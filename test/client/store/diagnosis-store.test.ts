import { beforeEach, describe, expect, it } from 'vitest';
import type { DiagnosisSpan } from '../../../client/store/diagnosis-span.ts';
import { DiagnosisStore, SPANS_KEPT } from '../../../client/store/diagnosis-store.ts';
import type { DiagnosisOutcome, ToldDiagnosis } from '../../../server/wire/diagnoses.ts';
import { classOutcome, diagnosisModel, HOP, RUN_POINTS, runDiagnosis } from '../../support/run-diagnoses.ts';

const POINT_MS = 5;
const HOP_MS = HOP * POINT_MS;
const RUN_MS = RUN_POINTS * POINT_MS;
const INCOMPLETE: DiagnosisOutcome = { kind: 'incomplete', reason: '3 points are missing' };

let store: DiagnosisStore;

beforeEach(() => {
  store = new DiagnosisStore();
  store.setModel(diagnosisModel());
});

describe('the newest diagnosis', () => {
  it('has the name of its class, its time and since when it holds', () => {
    store.add(told(0));

    expect(store.value.newest).toMatchObject({
      ofClass: { name: { ko: '정상' }, symbol: 'circle' },
      isUnsure: false,
      sinceMs: 0,
      toMs: RUN_MS,
    });
  });

  it('is unsure below what its version of the model is believed', () => {
    store.add(told(0, classOutcome(1, 0.49)));
    expect(store.value.newest?.isUnsure).toBe(true);

    store.add(told(1, classOutcome(1, 0.51)));
    expect(store.value.newest?.isUnsure).toBe(false);
  });

  it('has a label and no name where the model has no such class', () => {
    const { about } = diagnosisModel();
    store.setModel(diagnosisModel({ about: { ...about!, version: '2', classes: about!.classes.slice(0, 1) } }));
    store.add(told(0, classOutcome(1)));

    expect(store.value.newest).toMatchObject({ outcome: { label: '1' }, ofClass: undefined });
  });

  it('is not there in another life of the server, and stays where the view stands still', () => {
    store.add(told(0));
    store.freeze();
    store.add(told(1, classOutcome(1)));
    expect(store.value.newest?.outcome).toMatchObject({ label: '0' });
    store.goLive();
    expect(store.value.newest?.outcome).toMatchObject({ label: '1' });

    store.restart();
    expect(store.value.newest).toBeUndefined();
    expect(spans()).toHaveLength(2);
  });
});

describe('spans', () => {
  it('begin with all of a first run, go on with what each adds, and are one where runs come to the same', () => {
    store.add(told(0));
    store.add(told(1));
    store.add(told(2, classOutcome(1), { since: RUN_MS + HOP_MS }));

    expect(spans()).toMatchObject([
      { kind: 'class', label: '0', fromMs: 0, toMs: RUN_MS + HOP_MS },
      { kind: 'class', label: '1', fromMs: RUN_MS + HOP_MS, toMs: RUN_MS + 2 * HOP_MS },
    ]);
  });

  it('reach back as far as the server says that all was the same, for who comes late', () => {
    store.add(told(1000, classOutcome(0), { since: 7 * HOP_MS }));

    expect(spans()).toMatchObject([{ fromMs: 7 * HOP_MS, toMs: RUN_MS + 1000 * HOP_MS }]);
  });

  it('leave empty what nothing was heard of', () => {
    store.add(told(0));
    store.add(told(5, INCOMPLETE, { since: RUN_MS + 4 * HOP_MS }));

    expect(spans()).toMatchObject([
      { kind: 'class', toMs: RUN_MS },
      { kind: 'incomplete', fromMs: RUN_MS + 4 * HOP_MS, toMs: RUN_MS + 5 * HOP_MS },
    ]);
  });

  it('leave empty what nobody looked at, and what lies between ignitions', () => {
    const { hop: _, ...byIgnition } = diagnosisModel().about!;
    store.setModel(diagnosisModel({ about: byIgnition }));
    store.add(told(0));
    store.add(told(20, classOutcome(0), { since: 0 }));
    store.add(told(40, { kind: 'dropped' }));

    expect(spans()).toMatchObject([
      { fromMs: 0, toMs: RUN_MS },
      { fromMs: 20 * HOP_MS, toMs: 20 * HOP_MS + RUN_MS },
    ]);
  });

  it('are not doubled by what was told before, and begin anew where the clock was set back', () => {
    store.add(told(5));
    store.add(told(5));
    expect(spans()).toHaveLength(1);

    store.add(told(0, classOutcome(1)));
    expect(spans()).toMatchObject([{ label: '1', fromMs: 0, toMs: RUN_MS }]);
  });

  it('are bounded, and those of a range are found', () => {
    const turns = SPANS_KEPT + 10;
    for (let turn = 0; turn < turns; turn++) {
      store.add(told(turn, classOutcome(turn % 2 === 0 ? 0 : 1), { since: RUN_MS + (turn - 1) * HOP_MS }));
    }

    expect(spans()).toHaveLength(SPANS_KEPT);
    const endMs = RUN_MS + (turns - 1) * HOP_MS;
    expect(store.spansIn({ fromMs: endMs - 2 * HOP_MS, toMs: endMs })).toHaveLength(2);
    expect(store.spansIn({ fromMs: endMs, toMs: endMs + HOP_MS })).toEqual([]);
  });

  it('stand still with the view', () => {
    store.add(told(0));
    store.freeze();
    store.add(told(1));

    expect(spans()).toMatchObject([{ toMs: RUN_MS }]);
  });
});

function spans(): readonly DiagnosisSpan[] {
  return store.spansIn({ fromMs: -Infinity, toMs: Infinity });
}

/** Run `turn`; since when it has come to the same, ms, which is its own beginning when left out. */
function told(turn: number, outcome?: DiagnosisOutcome, { since }: { since?: number } = {}): ToldDiagnosis {
  const run = runDiagnosis('PMT-1', turn, outcome);
  return { ...run, sinceNs: since === undefined ? run.fromNs : String(since * 1e6) };
}
