import { describe, expect, it } from 'vitest';
import { runCommand } from '../../support/command.ts';
import { Folder } from '../../support/folder.ts';
import { endless, levelGraph, writeModel } from '../../support/test-models.ts';

const folder = new Folder();

// A model that never returns is cut off by its own time, which is long on a busy machine.
describe('fenestra models check', { timeout: 120_000 }, () => {
  it('says what a model is that is fit', async () => {
    writeModel(folder.path('level'), levelGraph());

    const { status, stdout, stderr } = await runCommand(['models', 'check', 'level'], folder.path());

    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('WRONG');
    expect(stdout).toContain('level 1 is fit. The server finds it in a folder called level.');
    expect(stdout).toContain('looks at   20 points of mean, 200 a second, in V');
  });

  it('writes nothing of what it is asked or finds that a terminal does more than show', async () => {
    writeModel(folder.path('bad\u009b2J'), levelGraph(), {
      'a\u001b[31m': 'b\u001b[2J',
      training: { learner: '\u202e' },
    });

    const { status, stdout, stderr } = await runCommand(['models', 'check', 'bad\u009b2J'], folder.path());

    expect(status).toBe(1);
    expect(stdout).toContain('WRONG  manifest: a [31m: found "b');
    expect(stderr).toBe('fenestra: the model in bad 2J is unfit: 2 of 3 checks failed\n');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('says of a model that never returns that it was cut off, and ends', async () => {
    writeModel(folder.path('level'), levelGraph(endless()));

    const { status, stdout, stderr } = await runCommand(['models', 'check', 'level'], folder.path());

    expect(status).toBe(1);
    expect(stdout).toContain('ok     sha256: ');
    expect(stdout).toContain('WRONG  runs: a run of zeros did not return within 2000 ms and was cut off\n');
    expect(stderr).toBe('fenestra: the model in level is unfit: 1 of 7 checks failed\n');
  });
});
