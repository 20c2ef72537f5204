import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ModelCatalogue } from '../../../server/inference/model-catalogue.ts';
import type { ModelEntry } from '../../../server/inference/model-state.ts';
import { ModelName } from '../../../server/model/manifest.ts';
import { MODEL_NAME } from '../../../server/wire/names.ts';
import { Folder } from '../../support/folder.ts';
import { reportBeforeSurely, testReport, writePapers, writeWholeModel } from '../../support/model-folders.ts';
import { LENGTH, level, levelGraph, testModel, writeModel } from '../../support/test-models.ts';

const folder = new Folder();
const OTHER = levelGraph(level(undefined, 3));

describe('the list of models', () => {
  it('has those in use first, then what else lies in the directory, and why it is of no use', async () => {
    writeWholeModel(model('level'));
    writeModel(model('level-next'), OTHER, { version: '2' });
    writeModel(model('calm'), levelGraph(), { name: 'calm', version: '7' });
    mkdirSync(model('broken'), { recursive: true });
    writePapers(model('broken'), { 'manifest.json': '{"format":' });
    writeModel(model('.level.7.partial'), OTHER, { version: '3' }); // being written
    mkdirSync(model('training'), { recursive: true }); // no model's folder
    writeFileSync(model('README.md'), 'no folder');
    const catalogue = open([{ name: 'level', state: 'ready', model: testModel(levelGraph()), cuts: 1 }]);

    const list = await catalogue.list();

    expect(
      list.map(({ name, state, cuts, folders, manifest }) => [name, state, cuts, manifest?.version, folders]),
    ).toEqual([
      [
        'level',
        'ready',
        1,
        '1',
        [
          { folder: 'level', version: '1' },
          { folder: 'level-next', version: '2' },
        ],
      ],
      ['broken', 'unfit', 0, undefined, []],
      ['calm', 'unused', 0, '7', [{ folder: 'calm', version: '7' }]],
    ]);
    expect(list[1]!.reason).toContain('manifest: manifest.json is no JSON');
  });

  it('has those that are asked for though there is no directory', async () => {
    const catalogue = open([{ name: 'level', state: 'unfit', reason: 'files: none', cuts: 0 }]);

    expect(await catalogue.list()).toMatchObject([
      { name: 'level', state: 'unfit', reason: 'files: none', folders: [] },
    ]);
  });
});

describe('what lies in the folder of a model', () => {
  it('is read', async () => {
    writeWholeModel(model('level'));
    const catalogue = open();

    expect(await catalogue.report('level')).toEqual(testReport());
    expect(await catalogue.card('level', 'en')).toBe('# level\n\nTells low from high.');
    expect(await catalogue.card('level', 'ko')).toBe('# level\n\nTells low from high.');
    writePapers(model('level'), { 'card.ko.md': '# level\n\n높고 낮음을 가립니다.' });
    expect(await catalogue.card('level', 'ko')).toBe('# level\n\n높고 낮음을 가립니다.');
    expect(await catalogue.card('level', 'en')).toBe('# level\n\nTells low from high.');
    expect((await catalogue.examples('level'))!.classes[0]!.runs[0]).toHaveLength(LENGTH);
    const { bytes, sha256 } = await catalogue.graph('level');
    expect(Buffer.from(bytes).equals(Buffer.from(levelGraph()))).toBe(true);
    expect(sha256).toBe((await catalogue.manifest('level')).sha256);
  });

  it('may be a report that does not say how much of the recall is told surely', async () => {
    writeModel(model('level'), levelGraph());
    writePapers(model('level'), { 'report.json': reportBeforeSurely() });

    expect(await open().report('level')).toEqual(reportBeforeSurely());
  });

  it('is that of the version in use, wherever that lies, or nothing', async () => {
    writeModel(model('level'), OTHER, { version: '2' }); // replaced since it was loaded
    const used = testModel(levelGraph());
    const catalogue = open([{ name: 'level', state: 'ready', model: used, cuts: 0 }]);

    expect((await catalogue.manifest('level')).version).toBe('1');
    expect(Buffer.from((await catalogue.graph('level')).bytes).equals(Buffer.from(levelGraph()))).toBe(true);
    expect(await catalogue.report('level')).toBeUndefined();
    expect(await catalogue.card('level', 'en')).toBeUndefined();
    writeWholeModel(model('level-before'));
    expect(await catalogue.report('level')).toEqual(testReport());
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['that is missing', {}],
    ['that is empty', { 'report.json': '' }],
    ['that is no JSON', { 'report.json': '# Report' }],
    ['of another format', { 'report.json': { ...testReport(), format: 2 } }],
    ['with a field that is not known', { 'report.json': { ...testReport(), html: '<script>' } }],
    ['of another model', { 'report.json': testReport({ name: 'plasma' }) }],
    ['of another version', { 'report.json': testReport({ version: '2' }) }],
    ['whose best is none of those', { 'report.json': withBest(3) }],
    ['with other classes', { 'report.json': withTest({ classes: testReport().test.classes.slice(1) }) }],
    ['whose matrix is not square', { 'report.json': withTest({ confusion: [[14, 1], [1]] }) }],
    ['whose matrix has a class too few', { 'report.json': withTest({ confusion: [[14, 1]] }) }],
    ['that is too long', { 'report.json': JSON.stringify(testReport()) + ' '.repeat(4 << 20) }],
  ])('is no report %s', async (_name, papers) => {
    writeModel(model('level'), levelGraph());
    writePapers(model('level'), papers);

    expect(await open().report('level')).toBeUndefined();
  });

  it.each<[string, object]>([
    ['of another length', { length: LENGTH + 1 }],
    ['of more rows', { rows: 2 }],
    [
      'with a run that is cut',
      {
        classes: [
          { label: '0', runs: [[1]] },
          { label: '1', runs: [] },
        ],
      },
    ],
    [
      'of other classes',
      {
        classes: [
          { label: '0', runs: [] },
          { label: '2', runs: [] },
        ],
      },
    ],
  ])('are no examples %s', async (_name, fields) => {
    writeWholeModel(model('level'));
    const examples = await open().examples('level');
    writePapers(model('level'), { 'examples.json': { ...examples, ...fields } });

    expect(examples).toBeDefined();
    expect(await open().examples('level')).toBeUndefined();
  });

  it('is nothing where it is no file', async () => {
    writeModel(model('level'), levelGraph());
    mkdirSync(`${model('level')}/report.json`);
    mkdirSync(`${model('level')}/card.md`);

    expect(await open().report('level')).toBeUndefined();
    expect(await open().card('level', 'en')).toBeUndefined();
  });

  it('is no graph where the file is not the one that was described', async () => {
    writeModel(model('level'), levelGraph());
    writeFileSync(`${model('level')}/model.onnx`, OTHER);

    await expect(open().graph('level')).rejects.toMatchObject({ code: 'MODEL_UNFIT' });
  });
});

describe('names', () => {
  const HOSTILE = [
    '..',
    '.',
    '',
    '../secret',
    'level/../secret',
    '/etc',
    'level\0',
    'LEVEL',
    'level.',
    'a'.repeat(41),
    '__proto__',
  ];

  it.each(HOSTILE)('lead nowhere: %j', async (name) => {
    writeWholeModel(model('level'));
    writeModel(folder.path('secret'), levelGraph(), { name: 'secret' });
    const catalogue = open();

    for (const ask of [
      () => catalogue.manifest(name),
      () => catalogue.report(name),
      () => catalogue.card(name, 'en'),
      () => catalogue.examples(name),
      () => catalogue.graph(name),
      () => catalogue.folderOf('level', name),
      () => catalogue.folderOf(name, name),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
    }
  });

  it('of folders are those that hold the model, or should', async () => {
    writeWholeModel(model('level'));
    writeModel(model('level-next'), OTHER, { version: '2' });
    writeModel(model('calm'), levelGraph(), { name: 'calm' });
    symlinkSync(model('calm'), model('link'));
    const catalogue = open();

    expect(await catalogue.folderOf('level', 'level-next')).toBe(model('level-next'));
    for (const other of ['calm', 'link', 'none']) {
      await expect(catalogue.folderOf('level', other)).rejects.toMatchObject({
        code: 'MODEL_UNKNOWN',
        message: `no folder ${other} with a model level, expected one of level, level-next`,
      });
    }
  });

  it('are the same on the wire and in a manifest', () => {
    for (const name of [...HOSTILE, 'level', 'a', '0-', '-a', 'plasma-2', 'a'.repeat(40), 'ä']) {
      expect([name, MODEL_NAME.test(name)]).toEqual([name, ModelName.safeParse(name).success]);
    }
  });
});

function open(entries: readonly ModelEntry[] = []): ModelCatalogue {
  return new ModelCatalogue({ directory: folder.path('models'), entries: () => entries });
}

function model(name: string): string {
  return folder.path(`models/${name}`);
}

function withBest(best: number) {
  const { comparison } = testReport();
  return testReport({ comparison: { ...comparison, best } });
}

function withTest(fields: object) {
  return testReport({ test: { ...testReport().test, ...fields } });
}
