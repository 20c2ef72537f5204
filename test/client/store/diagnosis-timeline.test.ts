import { describe, expect, it } from 'vitest';
import { ChannelPast, type PastQuery } from '../../../client/store/channel-past.ts';
import { Diagnoses } from '../../../client/store/diagnoses.ts';
import { cutOut } from '../../../client/store/diagnosis-span.ts';
import { DiagnosisTimeline } from '../../../client/store/diagnosis-timeline.ts';
import { PastDiagnoses } from '../../../client/store/past-diagnoses.ts';
import type { DiagnosisOutcome } from '../../../server/wire/diagnoses.ts';
import { DIAGNOSIS_COLUMNS, type DiagnosesReply } from '../../../server/wire/diagnosis-history.ts';
import { channel } from '../../support/fake-hub.ts';
import { FakeTimers } from '../../support/fake-timers.ts';
import { classOutcome, diagnosisModel, runDiagnosis } from '../../support/run-diagnoses.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const NAME = 'etch.1';
const kind = (outcome: 'class' | 'unknown' | 'incomplete', label?: string) => ({
  ...{ model: 'plasma', version: '1', outcome },
  ...(label !== undefined && { label, classIndex: Number(label) }),
});
const KINDS = [kind('class', '0'), kind('class', '1'), kind('incomplete'), kind('unknown', '0')];

describe('the diagnoses of a channel', () => {
  it('are asked of the history up to what was heard, which then goes on without a seam', async () => {
    const { line, hear, asked, answer, at } = start({ nowMs: 100_000 });
    hear({ sinceMs: 80_000, toMs: 100_000 });
    line.spansIn(at(0, 100_000));

    await answer({ form: 'spans', spans: [span(1, 50_000, 60_000), span(0, 60_000, 99_000)] });

    expect(asked).toMatchObject([{ channel: NAME, fromMs: 0, toMs: 100_000 }]); // with what lies beside it
    expect(line.spansIn(at(0, 100_000))).toMatchObject([
      { label: '1', ofClass: { severity: 'critical' }, fromMs: 50_000, toMs: 60_000 },
      { label: '0', fromMs: 60_000, toMs: 80_000 },
      { label: '0', fromMs: 80_000, toMs: 100_000 },
    ]);
    expect(asked).toHaveLength(1);
  });

  it('are asked for once, though the present goes on, by a page that heard of none', async () => {
    const test = start({ nowMs: 100_000 });
    const { line, asked, answer, at } = test;
    line.spansIn(at(0, 100_000));
    await answer({ form: 'spans', spans: [span(0, 50_000, 60_000)] });

    for (let second = 1; second <= 60; second++) {
      test.nowMs = 100_000 + second * 1000;
      line.spansIn(at(second * 1000, test.nowMs));
      await answer({ form: 'spans', spans: [] });
    }

    expect(asked).toHaveLength(1);
  });

  it('leave empty what nobody knows of, and ask for what was missed while the line was lost', async () => {
    const test = start({ nowMs: 100_000 });
    const { line, diagnoses, hear, asked, answer, at } = test;
    hear({ sinceMs: 0, toMs: 60_000 });
    diagnoses.interrupt();
    test.nowMs = 130_000;
    hear({ sinceMs: 120_000, toMs: 130_000 });
    expect(line.spansIn(at(0, 130_000))).toMatchObject([
      { fromMs: 0, toMs: 60_000 },
      { fromMs: 120_000, toMs: 130_000 },
    ]);

    await answer({ form: 'spans', spans: [span(0, 0, 62_000), span(2, 70_000, 90_000)] });

    expect(asked[0]).toMatchObject({ fromMs: 0 });
    expect(line.spansIn(at(0, 130_000))).toMatchObject([
      { kind: 'class', fromMs: 0, toMs: 62_000 },
      { kind: 'incomplete', fromMs: 70_000, toMs: 90_000 },
      { kind: 'class', fromMs: 120_000, toMs: 130_000 },
    ]);
  });

  it('keep a class that is grave in sight however seldom it was, else what was most frequent', async () => {
    const { line, answer, at } = start({ nowMs: 1e9 });
    line.spansIn(at(0, 1e9));

    await answer({
      form: 'buckets',
      stepMs: 1e6,
      buckets: [
        { fromMs: 0, figures: [figures(0, 9990), figures(1, 1), figures(3, 9)] },
        { fromMs: 5e6, figures: [figures(3, 10), figures(0, 90)] },
        { fromMs: 6e6, figures: [figures(0, 3), figures(1, 1, 0.4)] },
      ],
    });

    expect(line.spansIn(at(0, 1e9))).toMatchObject([
      {
        label: '1',
        isUnsure: false,
        fromMs: 0,
        toMs: 1e6,
        parts: [{ share: 0.0001 }, { share: 0.999 }, { kind: 'unknown' }],
      },
      { kind: 'class', label: '0', fromMs: 5e6, toMs: 6e6, parts: [{ share: 0.9 }, { kind: 'unknown', share: 0.1 }] },
      { label: '1', isUnsure: true, parts: [{ label: '1' }, { label: '0', share: 0.75 }] },
    ]);
  });

  it('are not all sure where one of them was', async () => {
    const { line, answer, at } = start({ nowMs: 100_000 });
    line.spansIn(at(0, 100_000));

    const of = (fromMs: number, lowest: number, highest: number) => ({
      ...span(1, fromMs, fromMs + 10_000),
      ...{ lowest, highest },
    });
    await answer({ form: 'spans', spans: [of(10_000, 0.3, 0.6), of(20_000, 0.3, 0.4), of(30_000, 0.5, 0.6)] });

    expect(line.spansIn(at(0, 100_000))).toMatchObject([
      { isUnsure: false, isMixed: true },
      { isUnsure: true, isMixed: false },
      { isUnsure: false, isMixed: false },
    ]);
  });

  it('are known where no model looks any more', async () => {
    const { line, answer, at } = start({ nowMs: 100_000, hasModel: false });
    line.spansIn(at(0, 100_000));
    expect(line.hasAny).toBe(false);

    await answer({ form: 'spans', spans: [span(1, 10_000, 20_000)] });

    expect(line.spansIn(at(0, 100_000))).toMatchObject([{ label: '1', ofClass: undefined }]);
    expect(line.hasAny).toBe(true);
  });
});

describe('cutting stretches out', () => {
  it('leaves each moment that no stretch has, once', () => {
    const random = seededRandom(3);
    const stretches = () => {
      let at = 0;
      return Array.from({ length: Math.floor(random() * 8) }, () => {
        const fromMs = at + Math.floor(random() * 6);
        at = fromMs + 1 + Math.floor(random() * 6);
        return { fromMs, toMs: at };
      });
    };
    for (let round = 0; round < 500; round++) {
      const [spans, taken] = [stretches(), stretches()];

      const left = cutOut(spans, taken);

      const holds = (all: typeof spans, ms: number) => all.filter((one) => one.fromMs <= ms && ms < one.toMs).length;
      for (let ms = 0; ms < 100; ms++) {
        expect(holds(left, ms)).toBe(holds(taken, ms) === 0 ? holds(spans, ms) : 0);
      }
      expect(left.every(({ fromMs, toMs }) => fromMs < toMs)).toBe(true);
    }
  });
});

function span(kind: number, fromMs: number, toMs: number) {
  return { kind, count: 10, lowest: 0.9, highest: 0.99, fromMs, toMs };
}

function figures(kind: number, count: number, highest = 0.9) {
  return { kind, count, lowest: highest, highest };
}

type Content =
  | Pick<Extract<DiagnosesReply, { form: 'spans' }>, 'form' | 'spans'>
  | Pick<Extract<DiagnosesReply, { form: 'buckets' }>, 'form' | 'stepMs' | 'buckets'>;

function start({ nowMs, hasModel = true }: { nowMs: number; hasModel?: boolean }) {
  const timers = new FakeTimers();
  const diagnoses = new Diagnoses();
  if (hasModel) {
    diagnoses.setModels([diagnosisModel()]);
    diagnoses.setChannels([{ ...channel(NAME), model: 'plasma' }]);
  }
  const asked: PastQuery[] = [];
  let resolve: ((reply: DiagnosesReply) => void) | undefined;
  const past = new ChannelPast(NAME, {
    ask: (query, need) =>
      new Promise<DiagnosesReply>((done) => {
        asked.push(query);
        resolve = done;
      }).then((reply) => new PastDiagnoses(reply, need)),
    mostRows: DIAGNOSIS_COLUMNS,
    after: (delayMs, run) => timers.after(delayMs, run),
  });
  const line = new DiagnosisTimeline({
    ...{ name: NAME, diagnoses, past },
    firstMs: () => 0,
    nowMs: () => test.nowMs,
    aheadMs: () => undefined,
    stepped: () => 0,
  });
  const test = {
    ...{ nowMs, line, diagnoses, asked },
    at: (fromMs: number, toMs: number) => ({ fromMs, toMs, columnMs: (toMs - fromMs) / 400 }),
    hear({ sinceMs, toMs, outcome = classOutcome(0) }: { sinceMs: number; toMs: number; outcome?: DiagnosisOutcome }) {
      const times = { fromNs: String((toMs - 4860) * 1e6), toNs: String(toMs * 1e6), sinceNs: String(sinceMs * 1e6) };
      diagnoses.add([{ ...runDiagnosis(NAME, 0, outcome), ...times }]);
    },
    /** Lets the view rest, and answers what was asked for, if anything was. */
    async answer(content: Content) {
      timers.advance(1000);
      resolve?.({ channel: NAME, fromMs: 0, toMs: 0, kinds: KINDS, ...content });
      resolve = undefined;
      await new Promise((done) => setTimeout(done, 0));
      timers.advance(1000);
    },
  };
  return test;
}
