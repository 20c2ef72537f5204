import { describe, expect, it } from 'vitest';
import { remarkOf, spanName, spanWords, verdictOf } from '../../../client/components/diagnosis-verdict.ts';
import { Locale } from '../../../client/locale/locale.ts';
import type { ChannelState } from '../../../client/store/channel-store.ts';
import { DiagnosisStore } from '../../../client/store/diagnosis-store.ts';
import type { DiagnosisModel, DiagnosisOutcome } from '../../../server/wire/diagnoses.ts';
import { classOutcome, diagnosisModel, RUN_POINTS, runDiagnosis } from '../../support/run-diagnoses.ts';

const DAY_MS = 86_400_000;
const END_MS = RUN_POINTS * 5;
const en = new Locale('en', 'UTC');
const ko = new Locale('ko', 'UTC');

describe('what is said of a diagnosis', () => {
  it('is the class in the reader’s language, how sure and how long', () => {
    expect(judge({ outcome: classOutcome(1, 0.97) })).toMatchObject({
      name: 'Micro-arcing',
      severity: 'critical',
      confidence: 0.97,
      holds: 'for 4\u202fs',
      isStale: false,
    });
    expect(judge({ outcome: classOutcome(0) }, ko)).toMatchObject({ name: '정상', holds: '4초째' });
  });

  it('is quiet for what is normal, unknown or incomplete, loud for what is grave, and a suspicion where that is unsure', () => {
    const outcomes: readonly DiagnosisOutcome[] = [
      classOutcome(0),
      classOutcome(1, 0.4),
      { ...(classOutcome(1) as Extract<DiagnosisOutcome, { kind: 'class' }>), kind: 'unknown' },
      { kind: 'incomplete', reason: '3 points are missing' },
      { kind: 'unavailable', reason: 'the probabilities are NaN' },
      { kind: 'dropped' },
      classOutcome(1),
      classOutcome(0, 0.4),
    ];
    expect(outcomes.map((outcome) => remarkOf(judge({ outcome })))).toEqual([
      undefined,
      'suspicion',
      undefined,
      undefined,
      undefined,
      undefined,
      'fault',
      undefined,
    ]);
    expect(judge({ outcome: classOutcome(1, 0.4) })).toMatchObject({ severity: 'critical', isUnsure: true });
    expect(judge({ outcome: outcomes[3] }).reason).toBe('3 points are missing');
  });

  it('does not look current when the channel is stale, or no run has come for long though samples have', () => {
    const outcome = classOutcome(1);
    expect(judge({ outcome, view: { isStale: true } }).isStale).toBe(true);
    expect(judge({ outcome, view: { reading: { timeMs: END_MS + 2900 } as ChannelState['reading'] } }).isStale).toBe(
      false,
    );
    const late = judge({ outcome, view: { reading: { timeMs: END_MS + 3100 } as ChannelState['reading'] } });
    expect([late.isStale, remarkOf(late)]).toEqual([true, undefined]);
  });

  it('is when the run was, where runs begin by an ignition, however long ago', () => {
    const { hop: _, ...about } = diagnosisModel().about!;
    const verdict = judge({
      outcome: classOutcome(1),
      model: diagnosisModel({ about }),
      view: { reading: { timeMs: END_MS + 60_000 } as ChannelState['reading'] },
    });
    expect(verdict).toMatchObject({ holds: 'run of 00:00:04', isStale: false });
  });

  it('is of its day where that is not the channel’s, and not grave any more once another stream has begun', () => {
    const { hop: _, ...about } = diagnosisModel().about!;
    const at = (timeMs: number, streamMs: number) =>
      judge({
        outcome: classOutcome(1),
        model: diagnosisModel({ about }),
        view: {
          reading: { timeMs } as ChannelState['reading'],
          pulse: { streamNs: String(streamMs * 1e6) } as ChannelState['pulse'],
        },
      });

    expect(at(7 * DAY_MS, 0)).toMatchObject({ holds: 'run of Jan 1, 00:00:04', isStale: false });
    expect(at(365 * DAY_MS + 60_000, 0).holds).toBe('run of Jan 1, 00:00:04');
    expect(remarkOf(at(60_000, 0))).toBe('fault');
    expect(remarkOf(at(60_000, 50_000))).toBeUndefined();
    expect(at(7 * DAY_MS, 6 * DAY_MS)).toMatchObject({ holds: 'run of Jan 1, 00:00:04', isStale: true });
  });

  it('is that nobody looks, with the reason, where the model was put away or is for other channels', () => {
    const put = diagnosisModel({ state: 'quarantined', reason: 'it was cut off' });
    expect(judge({ outcome: classOutcome(1), model: put })).toMatchObject({
      kind: 'unavailable',
      reason: 'The model was put aside: it was cut off',
    });
    expect(judge({ model: diagnosisModel({ state: 'stopped', reason: 'its thread has ended' }) }, ko)).toMatchObject({
      kind: 'unavailable',
      reason: ko.text.modelStopped,
    });
    expect(judge({ view: { channel: channel({ unit: 'mV' }) } }).reason).toBe(
      'The model is for V; this channel is in mV.',
    );
    expect(judge({ view: { channel: channel({ window: 100_000 }) } }).reason).toContain('this channel has 100');
    expect(judge({ view: { channel: channel({ unit: '' }) } }).kind).toBe('none');
  });

  it('is the class where the channel’s rate is as near to the model’s as its runs are cut', () => {
    const outcome = classOutcome(1);
    const ofRate = (rateHz: number) => judge({ outcome, view: { channel: channel({ rateHz }) } });

    expect(ofRate(10_000_000 * 1.0005).kind).toBe('class');
    expect(ofRate(10_000_000 * 1.002)).toMatchObject({
      kind: 'unavailable',
      reason: 'The model is for 200 points a second; this channel has 200.4.',
    });
  });

  it('says in the language of the page what an incomplete run lacks', () => {
    const lack = { missing: 17, flagged: 4, empty: 0, isEnded: true };
    const outcome = { kind: 'incomplete', reason: '17 points are missing, …', lack } as const;

    expect(judge({ outcome }).reason).toBe('17 points missing, 4 points flagged, the stream ended');
    expect(judge({ outcome }, ko).reason).toBe('17점 누락, 4점 이상 표시, 스트림 종료');
    expect(judge({ outcome: { kind: 'incomplete', reason: 'of an older server' } }, ko).reason).toBe(
      'of an older server',
    );
  });

  it('says in the language of the page why no model could look at a run', () => {
    const reason = 'a probability is NaN; expected 0 to 1';
    const fault = { code: 'PROBABILITY_RANGE', found: 'NaN' } as const;

    expect(judge({ outcome: { kind: 'unavailable', reason, fault } }, ko).reason).toBe(
      '모델이 답하지 못했습니다: 확률이 NaN입니다(0~1이어야 함)',
    );
    expect(judge({ outcome: { kind: 'unavailable', reason: 'free text' } }, ko).reason).toBe(
      '모델이 답하지 못했습니다: free text',
    );
    expect(judge({ model: diagnosisModel({ state: 'quarantined', reason, fault }) }, ko).reason).toBe(
      '모델이 격리되었습니다: 확률이 NaN입니다(0~1이어야 함)',
    );
  });

  it('is that a run is awaited before the first, while its model loads too', () => {
    expect(judge({}).kind).toBe('none');
    expect(judge({ model: { name: 'plasma', state: 'loading' } }).kind).toBe('none');
  });

  it('is the label where the model has no name for the class', () => {
    const outcome = { ...(classOutcome(1) as Extract<DiagnosisOutcome, { kind: 'class' }>), label: '9' };
    expect(judge({ outcome }).name).toBe('Class 9');
    const span = { kind: 'class', label: '9', ofClass: undefined, isUnsure: true, fromMs: 0, toMs: 1 } as const;
    expect(spanName(span, en)).toBe('Class 9 (unsure)');
    expect(spanName({ ...span, isUnsure: false, isMixed: true }, en)).toBe('Class 9 (unsure in part)');
  });

  it('is of many runs all that they came to, and never nothing of what was seldom', () => {
    const [normal, arcing] = diagnosisModel().about!.classes;
    const part = (ofClass: typeof normal, share: number) =>
      ({ kind: 'class', label: ofClass!.label, ofClass, isUnsure: false, share }) as const;
    const parts = [part(arcing, 0.0001), part(normal, 0.9999)];
    const span = { ...parts[0]!, fromMs: 0, toMs: 3_600_000, parts };

    expect(spanWords(span, en)).toMatch(/^Jan 1.* to Jan 1.*: Micro-arcing < 1\u202f%, Normal 100\u202f%$/);
  });
});

interface Case {
  readonly outcome?: DiagnosisOutcome | undefined;
  readonly model?: DiagnosisModel;
  readonly view?: Partial<ChannelState>;
}

function judge({ outcome, model = diagnosisModel(), view = {} }: Case, locale = en) {
  const store = new DiagnosisStore();
  store.setModel(model);
  if (outcome) {
    const run = runDiagnosis('PMT-1', 0, outcome);
    store.add({ ...run, sinceNs: run.fromNs });
  }
  const state = { channel: channel({}), isStale: false, reading: undefined, ...view } as ChannelState;
  return verdictOf(store.value, state, locale);
}

function channel(fields: Partial<ChannelState['channel']>): ChannelState['channel'] {
  return { name: 'PMT-1', unit: 'V', rateHz: 10_000_000, window: 50_000, ...fields } as ChannelState['channel'];
}
