import { describe, expect, it } from 'vitest';
import { Locale } from '../../../client/locale/locale.ts';
import {
  classesNote,
  factFigures,
  inferenceFigures,
  madeFigures,
  omissionWords,
  scoresOf,
  stateWords,
} from '../../../client/pages/model-words.ts';
import { ModelManifest } from '../../../server/model/manifest.ts';
import type { ModelReply } from '../../../server/wire/models.ts';
import { reportBeforeSurely, testReport } from '../../support/model-folders.ts';
import { noModels } from '../../support/no-models.ts';
import { levelGraph, testInput, testManifest } from '../../support/test-models.ts';

const en = new Locale('en', 'Asia/Seoul');
const manifest = ModelManifest.parse(testManifest(levelGraph()));
const MODEL: ModelReply = { name: 'level', state: 'ready', cuts: 0, channels: [], folders: [], version: '1' };

describe('what is known of a model', () => {
  it('is told in words with its units and its time at the site', () => {
    const facts = Object.fromEntries(factFigures(MODEL, manifest, testReport(), ['Etch 1', 'Etch 2'], en));

    expect(facts).toMatchObject({
      Version: '1',
      Channels: 'Etch\u00a01, Etch\u00a02',
      Trained: '2026-11-21 19:00 GMT+9',
      'Trained on': '1 runs of nothing',
      'Tested on': '20 runs kept out of it',
      'Looks\u00a0at': '20 points, 0.10 s: mean',
      'A run begins': 'every 20 points',
    });
    expect(facts['The one before']).toBeUndefined();
  });

  it('names the light at which a run begins', () => {
    const alignment = { kind: 'ignition', threshold: 0.05, hysteresis: 0.01 };
    const ignited = ModelManifest.parse(testManifest(levelGraph(), { input: testInput({ alignment }) }));

    const facts = Object.fromEntries(factFigures(MODEL, ignited, undefined, [], en));

    expect(facts['A run begins']!.replace('\u202f', ' ')).toBe('where the light passes 0.05 V');
    expect(facts.Trained).toBeUndefined();
    expect(facts.Channels).toBe('none');
  });

  it('names the learner, and the head of one that has any', () => {
    const training = { learner: 'rocket', features: 84, head: 'ridge' };
    const rocket = ModelManifest.parse(testManifest(levelGraph(), { training }));
    const learnerOf = (learner: string, of?: ModelManifest) =>
      Object.fromEntries(factFigures({ ...MODEL, learner }, of, undefined, [], en)).Learner;

    expect(learnerOf('rocket', rocket)).toBe('MiniRocket, ridge head');
    expect(learnerOf('svm')).toBe('support vector machine');
    expect(learnerOf('PyTorch\u202e 2', manifest)).toBe('PyTorch 2');
  });

  it('shows nothing of a reason that cannot be seen', () => {
    const reason = 'graph:\n bad\u202e';

    expect(stateWords({ ...MODEL, state: 'unfit', reason }, en)).toBe(
      'It failed a check, so its channels get no diagnosis: graph: bad.',
    );
    expect(stateWords(MODEL, en)).toBe('');
    expect(stateWords({ ...MODEL, cuts: 1, reason: 'late' }, en)).toContain('cut off once: late');
  });
});

describe('the figures of a report', () => {
  it('say what could not be compared', () => {
    const { comparison } = testReport();
    const omitted = [
      { learner: 'svm', because: 'too-many-runs', found: 12_000, limit: 10_000 },
      { learner: 'rocket', because: 'too-few-points', found: 8, limit: 9 },
    ] as const;

    expect(omissionWords(testReport({ comparison: { ...comparison, omitted: [...omitted] } }), en)).toBe(
      ' Not compared: support vector machine (12,000 runs, at most 10,000), MiniRocket (8 points a run, at least 9).',
    );
    expect(omissionWords(testReport(), en)).toBe('');
  });

  it('say from what confidence on a class is told surely, or that the report does not say', () => {
    expect(classesNote(testReport(), en).replace('\u202f', ' ')).toContain('with a confidence of 50 % or more.');
    expect(classesNote(reportBeforeSurely(), en)).toContain('does not say how much of the recall is told surely');
  });

  it('come with what they would be of a model that knows nothing', () => {
    const scores = scoresOf(testReport(), en);

    expect(scores.map(({ written }) => written.replace('\u202f', ' '))).toEqual([
      '90.0 %',
      '0.850',
      '0.280',
      '5.8 %',
      '64.0 %',
    ]);
    expect(scores[0]!.why).toContain('18 of 20 runs');
    // Always class 0: a precision of 15/20 and a recall of 1, F1 6/7, and 0 for the other class.
    expect(scores[1]!.why).toContain('gives 0.43');
    expect(scores[2]!.why).toContain(`gives ${Math.log(2).toFixed(2)}`);
  });

  it('leave out how strangers are told where that could not be measured', () => {
    const { unknown } = testReport();

    expect(scoresOf(testReport({ unknown: { ...unknown, candidates: [] } }), en)).toHaveLength(4);
  });

  it('tell how far trainer and runtime are apart', () => {
    const made = Object.fromEntries(
      madeFigures(manifest, testReport(), en).map(([name, of]) => [name, of.replaceAll('\u202f', ' ')]),
    );

    expect(made).toMatchObject({
      'Trainer and runtime agree': 'on 20 of 20 runs within 10⁻⁵',
      'Largest difference': '2.0 × 10⁻⁷',
      'Hash of the data': 'd'.repeat(64),
      fenestra: '0.1.0',
      Took: '4 s',
    });
  });
});

describe('how diagnosis does', () => {
  it('has no times before the first batch', async () => {
    const { inference } = await noModels().list();
    const of = (batches: number) =>
      Object.fromEntries(
        inferenceFigures({ ...inference, batches }, 1, en).map(([name, words]) => [
          name,
          words.replaceAll('\u202f', ' '),
        ]),
      );

    expect(of(0)).toMatchObject({ 'A batch takes': '–', 'From sample to answer': '–' });
    expect(of(1)).toMatchObject({ 'A batch takes': '10 ms, 1 in 100: 50 ms', 'Cut off for taking too long': '1' });
  });
});
