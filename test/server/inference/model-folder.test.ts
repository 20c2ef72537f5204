import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { unfitness } from '../../../server/inference/finding.ts';
import { readManifest, readModelFolder } from '../../../server/inference/model-folder.ts';
import { ModelManifest } from '../../../server/model/manifest.ts';
import { Folder } from '../../support/folder.ts';
import { levelGraph, testInput, writeModel } from '../../support/test-models.ts';

const DEEP = '['.repeat(100_000) + ']'.repeat(100_000);

const folder = new Folder();
afterEach(() => {
  vi.restoreAllMocks();
});

describe('readModelFolder', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['no classes', { classes: [] }, 'manifest: classes: found []; '],
    ['classes that are no array', { classes: {} }, 'manifest: classes: found {}; '],
    ['null for classes', { classes: null }, 'manifest: classes: found null; '],
    ['null for a class', { classes: [null, null] }, 'manifest: classes.0: found null; '],
    ['empty classes', { classes: [{}, {}] }, 'manifest: classes.0.label: found nothing; '],
    ['classes without labels', { classes: [{ label: '' }, { label: '' }] }, 'manifest: classes.0.label: found ""; '],
    ['no rows', { input: testInput({ rows: [] }) }, 'manifest: input.rows: found []; '],
    ['null for rows', { input: testInput({ rows: null }) }, 'manifest: input.rows: found null; '],
    ['no alignment', { input: testInput({ alignment: null }) }, 'manifest: input.alignment: found null; '],
    ['runs of no points', { input: testInput({ length: 0 }) }, 'manifest: input.length: found 0; '],
    ['null for its parts', { outputs: null, thresholds: null, input: null }, 'manifest: outputs: found null; '],
    ['empty parts', { outputs: {}, thresholds: {}, input: {} }, 'manifest: input.rows: found nothing; '],
    ['no output names', { outputs: { probabilities: '', unknown: '' }, thresholds: {} }, 'found ""; '],
  ])('says what is wrong with a manifest that has %s', async (_name, fields, expected) => {
    const path = writeModel(folder.path('level'), levelGraph(), fields);

    const { findings, model } = await readModelFolder(path);

    expect(unfitness(findings)).toContain(expected);
    expect(model).toBeUndefined();
    expect(await readManifest(path)).toContainEqual(expect.objectContaining({ isFit: false }));
  });

  it('says what is wrong with a manifest that is nested beyond what can be shown', async () => {
    const path = writeModel(folder.path('level'), levelGraph());
    writeFileSync(join(path, 'manifest.json'), `{"classes": ${DEEP}}`);

    expect((await readModelFolder(path)).model).toBeUndefined();
    expect(await readManifest(path)).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining('classes: found a value that is nested too deeply; '),
      }),
    );
  });

  it('never rejects, whatever reading runs into', async () => {
    const path = writeModel(folder.path('level'), levelGraph());
    vi.spyOn(ModelManifest, 'safeParse').mockImplementation(() => {
      throw new TypeError('nobody thought of it');
    });

    const expected = { check: 'manifest', isFit: false, message: 'it cannot be read: nobody thought of it' };
    expect(await readManifest(path)).toEqual([expected]);
    expect(await readModelFolder(path)).toMatchObject({ findings: expect.arrayContaining([expected]) });
  });
});
