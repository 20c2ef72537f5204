import { describe, expect, it } from 'vitest';
import { enModels } from '../../../client/locale/en-models.ts';
import { Locale } from '../../../client/locale/locale.ts';
import { classMix, type MixWish } from '../../../client/pages/class-mix.ts';
import { mixWords } from '../../../client/pages/mix-words.ts';
import { ModelManifest } from '../../../server/model/manifest.ts';
import type { DiagnosisMixReply } from '../../../server/wire/diagnosis-history.ts';
import { testReport } from '../../support/model-folders.ts';
import { LENGTH, levelGraph, testManifest } from '../../support/test-models.ts';

type Count = DiagnosisMixReply['counts'][number];

const { drift } = enModels;
const locale = new Locale('en', 'UTC');
const HOP = 5;
const MANIFEST = ModelManifest.parse(testManifest(levelGraph()));
const SLIDING = ModelManifest.parse({
  ...MANIFEST,
  input: { ...MANIFEST.input, alignment: { kind: 'sliding', hop: HOP } },
});
const WISH: MixWish = { version: '1', channel: undefined, manifest: SLIDING, report: testReport() };
// 1,400 runs of its test, and never wrong.
const SURE = testReport({
  test: {
    ...testReport().test,
    confusion: [
      [1050, 0],
      [0, 350],
    ],
    classes: testReport().test.classes.map((of, i) => ({ ...of, support: [1050, 350][i] as number })),
  },
});

describe('the mix of classes', () => {
  it('expects what the model would call runs of the mix that it was trained on', () => {
    const mix = classMix(reply(classes(720, 180)), WISH);

    expect(mix.rows.map(({ share }) => share)).toEqual([0.8, 0.2]);
    expect(mix.rows.map(({ trained }) => trained)).toEqual([0.75, 0.25]);
    // 0.75 × 14/15 + 0.25 × 1/5 are called the first.
    expect(mix.rows.map(({ expected }) => expected)).toEqual([expect.closeTo(0.75), expect.closeTo(0.25)]);
  });

  it('counts no run of another model, though its version has the same name', () => {
    const { counts } = reply(classes(720, 180));
    const others = counts.map((one) => ({ ...one, model: 'other' }));
    const mix = classMix({ fromMs: 0, toMs: 1, counts: [...counts, ...others] }, WISH);

    expect([mix.named, mix.others]).toEqual([900, 0]);
  });

  it('gives the total variation distance and a bound of its noise, which knows how much runs overlap', () => {
    const mix = classMix(reply(classes(300, 600)), WISH);

    // Worked out with NumPy from the formula.
    expect(mix.apart).toBe((900 * HOP) / LENGTH);
    expect(mix.distance?.value).toBeCloseTo(0.41666667, 7);
    expect(mix.distance?.noise).toBeCloseTo(0.40223713, 7);
    expect(classMix(reply(classes(300, 600)), { ...WISH, manifest: MANIFEST }).distance?.noise).toBeLessThan(0.4);
  });

  it.each([
    ['few runs that are all of one class', 0, 40, 'unsure'],
    ['few runs as in training', 30, 10, 'unsure'],
    ['many runs as in training', 7500, 2500, 'alike'],
    ['many runs a little off', 7000, 3000, 'alike'],
    ['many runs off by more than noise explains', 5000, 5000, 'drift'],
    ['runs off by more than a tenth, but within the noise', 300, 200, 'unsure'],
    ['runs off by more than the noise, but not by a tenth more', 6000, 4000, 'beyond-chance'],
  ])('of %s says what can be said', (_name, low, high, verdict) => {
    expect(classMix(reply(classes(low, high)), { ...WISH, report: SURE }).distance?.verdict).toBe(verdict);
  });

  it('calls a mix no drift in more than one of twenty draws, however few the runs', () => {
    let beyond = 0;
    const draws = 400;
    let state = 1;
    const next = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    for (let draw = 0; draw < draws; draw++) {
      const high = Array.from({ length: 30 }, next).filter((at) => at < 0.25).length;
      const { distance } = classMix(reply(classes(30 - high, high)), { ...WISH, manifest: MANIFEST, report: SURE });
      if (distance !== undefined && distance.value > distance.noise) beyond++;
    }
    expect(beyond / draws).toBeLessThan(0.05);
  });

  it('counts only the runs of the version and of the channel that are asked for, and says how many others there are', () => {
    const counts = [...classes(10, 2), count('class', 7, { label: '0', version: '2' })];
    const other = count('class', 5, { label: '1', channel: 'b' });

    const all = classMix(reply([...counts, other]), WISH);
    const one = classMix(reply([...counts, other]), { ...WISH, channel: 'a' });

    expect([all.named, all.others]).toEqual([17, 7]);
    expect([one.named, one.others]).toEqual([12, 7]);
  });

  it('compares unknown runs with what was promised, as far as either is known', () => {
    const of = (unknown: number, named: number) =>
      classMix(reply([...classes(named, 0), count('unknown', unknown, { label: '0' })]), { ...WISH, report: SURE })
        .unknown;

    expect(of(2, 10)).toMatchObject({ promised: 0.012, isMore: false }); // 2 of 12, of which 3 lie apart
    expect(of(15, 985)).toMatchObject({ share: 0.015, isMore: false });
    expect(of(100, 900)).toMatchObject({ share: 0.1, isMore: true });
    const {
      outputs: { probabilities },
      ...rest
    } = SLIDING;
    const mute = { ...rest, outputs: { probabilities } };
    expect(classMix(reply(classes(5, 5)), { ...WISH, manifest: mute }).unknown).toBeUndefined();
  });

  it('gives incomplete and unanswered runs as shares of all', () => {
    const mix = classMix(
      reply([...classes(90, 0), count('incomplete', 5), count('unavailable', 3), count('dropped', 2)]),
      WISH,
    );

    expect([mix.incomplete, mix.unanswered, mix.named, mix.runs]).toEqual([0.05, 0.05, 90, 100]);
  });

  it('shows what there is without a report, and says nothing of a distance', () => {
    const mix = classMix(reply([...classes(3, 1), count('unknown', 1, { label: '0' })]), {
      ...WISH,
      report: undefined,
    });

    expect(mix.distance).toBeUndefined();
    expect(mix.unknown).toEqual({ share: 0.2, promised: undefined, isMore: false });
    expect(mix.rows.map(({ share, expected }) => [share, expected])).toEqual([
      [0.75, undefined],
      [0.25, undefined],
    ]);
  });
});

describe('the words of the mix', () => {
  const words = (counts: readonly Count[]) => mixWords(classMix(reply(counts), { ...WISH, report: SURE }), locale);

  it('are calm while all is well, and plain where it is not', () => {
    expect(words(classes(7500, 2500))).toEqual([{ words: drift.verdicts.alike, isPlain: false }]);
    expect(words(classes(0, 40))).toEqual([{ words: drift.verdicts.unsure, isPlain: false }]);
    expect(words(classes(0, 9000))).toEqual([{ words: drift.verdicts.drift, isPlain: true }]);
    expect(words([...classes(7500, 2500), count('unknown', 2000, { label: '0' })])).toEqual([
      { words: drift.verdicts.alike, isPlain: false },
      { words: drift.moreUnknown, isPlain: true },
    ]);
  });

  it('say so where there is no run of the version', () => {
    expect(words([count('class', 7, { label: '0', version: '2' })])).toEqual([
      { words: drift.noRuns, isPlain: false },
      { words: drift.others('7'), isPlain: false },
    ]);
  });
});

function classes(low: number, high: number): Count[] {
  return [count('class', low, { label: '0' }), count('class', high, { label: '1' })];
}

function count(outcome: Count['outcome'], runs: number, fields: Partial<Count> = {}): Count {
  return { channel: 'a', model: 'level', version: '1', outcome, count: runs, ...fields };
}

function reply(counts: readonly Count[]): DiagnosisMixReply {
  return { fromMs: 0, toMs: 1, counts };
}
