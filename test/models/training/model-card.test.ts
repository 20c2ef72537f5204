import { describe, expect, it } from 'vitest';
import { modelCards } from '../../../models/training/model-card.ts';
import { ModelManifest } from '../../../server/model/manifest.ts';
import { testReport } from '../../support/model-folders.ts';
import { levelGraph, testInput, testManifest } from '../../support/test-models.ts';

describe('the card', () => {
  it('tells what the decision costs and gains, and when a class is unsure', () => {
    const text = english(manifest(), testReport(), { isGenerated: false });

    expect(text).toContain('probability and weight, 1 to 1.732: the rarer a class in the data, the');
    expect(text).toContain('By probability alone 91.0 % would be named rightly, at a macro-F1 of 0.810.');
    expect(text).toContain('| high | 80.0 % | 60.0 % | 80.0 % | 5 |');
    expect(text).toContain('A class with less than 50.0 % probability is shown as unsure: a suspicion.');
    expect(text).not.toContain('For recorded runs');
    const { decision } = testReport();
    const plain = english(manifest(), testReport({ decision: { ...decision, exponent: 0 } }), { isGenerated: false });
    expect(plain).toContain('It names the most probable class.');
  });

  it('says the same in Korean, figure for figure', () => {
    const cards = modelCards(manifest(), testReport(), { isGenerated: true });
    const figures = (text: string) => (text.replaceAll(/`[^`]*`/g, '').match(/\d+\.\d+/g) ?? []).sort();

    expect(cards['card.ko.md']).toContain('| high | 80.0 % | 60.0 % | 80.0 % | 5 |');
    expect(figures(cards['card.ko.md'])).toEqual(figures(cards['card.md']));
    expect(cards['card.ko.md']).toContain('측정이 아니라 생성한 데이터입니다');
  });

  it('takes no class for the weakest of which there is no test run', () => {
    const { test } = testReport();
    const none = { label: '1', precision: 0, recall: 0, f1: 0, support: 0 };

    const text = english(manifest(), testReport({ test: { ...test, classes: [test.classes[0]!, none] } }), {
      isGenerated: false,
    });

    expect(text).toContain('Weakest class: low,');
  });

  it.each<[number, string, string]>([
    [0, 'V', 'from the last point below 0.05 V at an ignition.'],
    [3, '', 'from 3 points before the last point below 0.05 at an ignition.'],
  ])('tells where a run begins, %i points before an ignition', (before, unit, expected) => {
    const alignment = { kind: 'ignition', threshold: 0.05, hysteresis: 0.01, before };

    const text = english(manifest({ input: testInput({ alignment, unit }) }), testReport(), { isGenerated: true });

    expect(text).toContain(expected);
    expect(text).toContain(unit === '' ? 'Channels of any unit with' : 'Channels in V with');
  });

  it('says of a model that was made for recorded runs that it is not for live ones', () => {
    const text = english(manifest({ training: { learner: 'rocket', live: false } }), testReport(), {
      isGenerated: true,
    });

    expect(text).toContain('- For recorded runs: it looks at more features than a live model should, 2,700.');
  });
});

function manifest(fields: Readonly<Record<string, unknown>> = {}): ModelManifest {
  return ModelManifest.parse(testManifest(levelGraph(), fields));
}

function english(...[of, report, described]: Parameters<typeof modelCards>): string {
  return modelCards(of, report, described)['card.md'];
}
