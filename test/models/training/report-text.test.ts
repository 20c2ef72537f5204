import { describe, expect, it } from 'vitest';
import { reportMarkdown } from '../../../models/training/report-text.ts';
import type { ModelReport } from '../../../server/inference/model-report.ts';
import { ModelManifest } from '../../../server/model/manifest.ts';
import { testReport } from '../../support/model-folders.ts';
import { levelGraph, testManifest } from '../../support/test-models.ts';

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

function manifest(fields: Readonly<Record<string, unknown>> = {}): ModelManifest {
  return ModelManifest.parse(testManifest(levelGraph(), fields));
}
