import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newModelFolder } from '../../../models/training/model-folder.ts';
import { Folder } from '../../support/folder.ts';

const folder = new Folder();

describe('newModelFolder', () => {
  it('puts a folder in its place whole, and replaces it whole', async () => {
    const path = folder.path('arcs');
    await newModelFolder(path, { replace: false }).write({ 'card.md': 'old', 'more.md': '' });

    const made = newModelFolder(path, { replace: true });
    await made.write({ 'card.md': 'new' });

    expect(made.name).toBe('arcs');
    expect(readdirSync(folder.path())).toEqual(['arcs']);
    expect(readdirSync(path)).toEqual(['card.md']);
    expect(readFileSync(`${path}/card.md`, 'utf8')).toBe('new');
  });

  it('leaves nothing where it is given up, and the old one where writing fails', async () => {
    const path = folder.path('arcs');
    await newModelFolder(path, { replace: false }).write({ 'card.md': 'old' });
    const failing = newModelFolder(path, { replace: true });

    await expect(failing.write({ 'card.md': 'new', 'none/x': '' })).rejects.toThrow('ENOENT');
    await failing.abandon();

    expect(readdirSync(folder.path())).toEqual(['arcs']);
    expect(readFileSync(`${path}/card.md`, 'utf8')).toBe('old');
  });

  it('brings back what it was to replace where it was stopped in between', async () => {
    const path = folder.path('arcs');
    const stopped = newModelFolder(path, { replace: true });
    await newModelFolder(folder.path('old'), { replace: false }).write({ 'card.md': 'old' });
    renameSync(folder.path('old'), folder.path(`.arcs.${process.pid}.replaced`));

    await stopped.abandon();

    expect(readFileSync(`${path}/card.md`, 'utf8')).toBe('old');
  });

  it('says at once where nothing can be written', async () => {
    const path = `${folder.write('table.csv', '')}/arcs`;

    await expect(newModelFolder(path, { replace: false }).prepare()).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining(`cannot write ${path}: ENOTDIR`),
    });
  });

  it('refuses a place that is taken and a name that no model can have', () => {
    expect(() => newModelFolder(folder.path(), { replace: false })).toThrow();
    expect(() => newModelFolder(folder.path('Über'), { replace: false })).toThrow('Über is no name of a model');
    expect(existsSync(folder.path('Über'))).toBe(false);
  });
});
