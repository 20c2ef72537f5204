import { describe, expect, it } from 'vitest';
import { modelCard, reportMarkdown } from '../../../models/training/report-text.ts';
import type { ModelReport } from '../../../server/inference/model-report.ts';
import { ModelManifest } from '../../../server/model/manifest.ts';
import { testReport } from '../../support/model-folders.ts';
import { levelGraph, testInput, testManifest } from '../../support/test-models.ts';

describe('the report in words', () => {
  it('names classes, the learner that was taken, what could not be compared and how the class is decided', () => {
    const { comparison } = testReport();
    const omitted: ModelReport['comparison']['omitted'] = [
      { learner: 'svm', because: 'too-many-runs', found: 12_000, limit: 10_000 },
    ];

    const text = reportMarkdown(testReport({ comparison: { ...comparison, omitted } }), manifest());

    expect(text).toContain('by class: 60 of 0 low, 20 of 1 high.');
    expect(text).toContain('| 1 high | 0.800 | 0.800 | 0.600 | 0.800 | 5 |');
    expect(text).toContain('Taken: logistic regression (c 0.1), standardised. Not compared: support vector machine (');
    expect(text).toContain('| **logistic regression (c 0.1)** | standardised | 0.860 |');
    expect(text).toContain('α = 0.5 was taken: the greatest macro-F1 on training runs that a fit had not seen.');
    expect(text).toContain('| 1 high | 1.732 |');
    expect(text).toContain('| telling the most probable class | 0.910 | 0.810 |');
  });

  it('has no table of what was not measured', () => {
    const { unknown } = testReport();

    const text = reportMarkdown(testReport({ unknown: { ...unknown, candidates: [] } }), manifest());

    expect(text).toContain('With two classes none can be left out');
    expect(text).not.toContain('class left out |');
  });
});

describe('the card', () => {
  it('tells what the decision costs and gains, and when a class is unsure', () => {
    const text = modelCard(manifest(), testReport(), { isGenerated: false });

    expect(text).toContain('probability and weight, 1 to 1.732: the rarer a class in the data, the');
    expect(text).toContain('By probability alone 91.0 % would be named rightly, at a macro-F1 of 0.810.');
    expect(text).toContain('| high | 80.0 % | 60.0 % | 80.0 % | 5 |');
    expect(text).toContain('A class with less than 50.0 % probability is shown as unsure: a suspicion.');
    expect(text).not.toContain('For recorded runs');
    const { decision } = testReport();
    const plain = modelCard(manifest(), testReport({ decision: { ...decision, exponent: 0 } }), { isGenerated: false });
    expect(plain).toContain('It names the most probable class.');
  });

  it('takes no class for the weakest of which there is no test run', () => {
    const { test } = testReport();
    const none = { label: '1', precision: 0, recall: 0, f1: 0, support: 0 };

    const text = modelCard(manifest(), testReport({ test: { ...test, classes: [test.classes[0]!, none] } }), {
      isGenerated: false,
    });

    expect(text).toContain('Weakest class: low,');
  });

  it.each<[number, string, string]>([
    [0, 'V', 'from the last point below 0.05 V at an ignition.'],
    [3, '', 'from 3 points before the last point below 0.05 at an ignition.'],
  ])('tells where a run begins, %i points before an ignition', (before, unit, expected) => {
    const alignment = { kind: 'ignition', threshold: 0.05, hysteresis: 0.01, before };

    const text = modelCard(manifest({ input: testInput({ alignment, unit }) }), testReport(), { isGenerated: true });

    expect(text).toContain(expected);
    expect(text).toContain(unit === '' ? 'Channels of any unit with' : 'Channels in V with');
  });

  it('says of a model that was made for recorded runs that it is not for live ones', () => {
    const text = modelCard(manifest({ training: { learner: 'rocket', live: false } }), testReport(), {
      isGenerated: true,
    });

    expect(text).toContain('- For recorded runs: it looks at more features than a live model should, 2,700.');
  });
});

function manifest(fields: Readonly<Record<string, unknown>> = {}): ModelManifest {
  return ModelManifest.parse(testManifest(levelGraph(), fields));
}
