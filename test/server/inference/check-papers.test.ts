import { describe, expect, it } from 'vitest';
import { checkModel } from '../../../server/inference/check-model.ts';
import { checkPapers } from '../../../server/inference/check-papers.ts';
import { unfitness } from '../../../server/inference/finding.ts';
import { readManifest } from '../../../server/inference/model-folder.ts';
import type { ModelManifest } from '../../../server/model/manifest.ts';
import { Folder } from '../../support/folder.ts';
import { testReport, writePapers, writeWholeModel } from '../../support/model-folders.ts';
import { LENGTH, levelGraph, MODEL_WORKER, writeModel } from '../../support/test-models.ts';

const folder = new Folder();

describe('the papers of a model', () => {
  it('notes which are not there, and takes those that are of the model', async () => {
    writeModel(folder.path('bare'), levelGraph());
    writeWholeModel(folder.path('whole'));

    expect(await check('bare')).toEqual([
      { check: 'card', isFit: true, isNote: true, message: 'there is no card.md, so people see none' },
      { check: 'report', isFit: true, isNote: true, message: 'there is no report.json, so people see none' },
      { check: 'examples', isFit: true, isNote: true, message: 'there is no examples.json, so people see none' },
    ]);
    expect(await check('whole')).toEqual([
      { check: 'card', isFit: true, message: 'card.md can be shown' },
      { check: 'report', isFit: true, message: 'report.json can be shown' },
      { check: 'examples', isFit: true, message: 'examples.json can be shown' },
    ]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a report that is cut', { 'report.json': '{bad' }, ['report: report.json is no JSON: ']],
    ['an empty report', { 'report.json': '' }, ['report.json is empty']],
    [
      'a report of another model',
      { 'report.json': testReport({ name: 'b', version: '2' }) },
      [
        'report: report.json: name: found "b"; expected "level", as the manifest says',
        'report: report.json: version: found "2"; expected "1", as the manifest says',
      ],
    ],
    [
      'a report with a field too many',
      { 'report.json': { ...testReport(), html: 1 } },
      ['html: found 1; there is no such field'],
    ],
    [
      'examples of nothing',
      { 'examples.json': '{}' },
      ['examples: examples.json: format: found nothing; ', 'examples: examples.json: classes: found nothing; '],
    ],
    [
      'examples of other runs',
      { 'examples.json': { format: 1, rows: 1, length: LENGTH, classes: [{ label: '0', runs: [[1, 2]] }] } },
      [
        'examples.json: labels of classes: found ["0"]; expected ["0","1"], as the manifest says',
        'examples.json: points of classes.0.runs.0: found 2; expected 20, as the manifest says',
      ],
    ],
    [
      'examples that are wrong in many places',
      {
        'examples.json': {
          format: 1,
          rows: 1,
          length: LENGTH,
          classes: [{ label: '0', runs: [new Array(LENGTH).fill('1')] }],
        },
      },
      ['examples: examples.json: 10 more fields are wrong'],
    ],
    ['an empty card', { 'card.md': '' }, ['card.md is empty']],
    ['an empty card in Korean', { 'card.ko.md': '' }, ['card.ko.md is empty']],
  ])('are refused where there is %s', async (_name, papers, expected) => {
    writePapers(writeWholeModel(folder.path('whole')), papers);

    const findings = await check('whole');

    for (const message of expected) expect(unfitness(findings)).toContain(message);
  });
});

it('makes a folder unfit', async () => {
  writePapers(writeWholeModel(folder.path('whole')), { 'report.json': '{bad' });

  const { findings, model } = await checkModel(folder.path('whole'), MODEL_WORKER);

  expect(unfitness(findings)).toMatch(/^report: report.json is no JSON: /);
  expect(model).toBeUndefined();
});

async function check(name: string) {
  return checkPapers(folder.path(name), (await readManifest(folder.path(name))) as ModelManifest);
}
