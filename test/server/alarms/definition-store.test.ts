import { open as openFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DefinitionStore } from '../../../server/alarms/definition-store.ts';
import { type KnownChannels, NO_CHANNELS } from '../../../server/alarms/definition-warnings.ts';
import { DISK, WHOLE } from '../../support/alarm-definitions.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { silentLog } from '../../support/silent-log.ts';

const FIRST = `
[definitions.base]
priority = "low"
timeToRespondSeconds = 60
title = { en = "Title" }
cause = { en = "Cause" }
consequence = { en = "Consequence" }
action = { en = "Action" }
[definitions.stale]
inherits = "base"
channels = ["*"]
condition = { kind = "stale" }
`;

const folder = new Folder();
let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
});

describe('DefinitionStore', () => {
  it('begins with the files it is given, once', async () => {
    const store = await open();

    expect(store.list(known(['a', 'b']))).toMatchObject({
      definitions: [
        { definition: { id: 'base' }, version: 1, by: 'Fenestra', comment: 'first.toml', alarms: 0 },
        { definition: { id: 'stale' }, whole: { priority: 'low' }, alarms: 2 },
      ],
      faults: [],
      channels: ['a', 'b'],
    });

    await store.remove('stale', { expectedVersion: 1 }, 'Kim');
    await store.remove('base', { expectedVersion: 1 }, 'Kim');
    await store.close();
    const again = await open();

    expect(again.list(NO_CHANNELS).definitions).toEqual([]);
    await again.close();
  });

  it('takes what may be a mistake, and says so, with its line in a file', async () => {
    const store = await open();
    const text = `[definitions.door]
inherits = "base"
channels = ["a"]
priority = "high"
condition = { kind = "stale" }
[definitions.door.suppress]
parent = "stale"
`;
    const look = await store.importFile({ text, replace: false, dryRun: true, by: 'Kim' });
    const { warnings } = await store.importFile({ text, replace: false, dryRun: false, by: 'Kim' });

    expect(warnings).toMatchObject([{ code: 'PARENT_LESS_URGENT', id: 'door', found: 'stale', line: 7 }]);
    expect(look.warnings).toEqual(warnings);
    expect(store.find('door', NO_CHANNELS)?.warnings).toMatchObject([{ code: 'PARENT_LESS_URGENT' }]);
    expect(store.find('stale', NO_CHANNELS)?.warnings).toEqual([]);
    await store.close();
  });

  it('finds one as the list has it, also where another that inherits takes its channels', async () => {
    const store = await open();
    const definition = { inherits: 'stale', channels: ['b'] };
    await store.put('stale-b', { expectedVersion: 0, definition }, 'Kim');

    const { definitions } = store.list(known(['a', 'b', 'c']));
    expect(definitions.map(({ alarms }) => alarms)).toEqual([0, 2, 1]);
    for (const one of definitions) expect(store.find(one.definition.id, known(['a', 'b', 'c']))).toEqual(one);
    expect(store.find('none', known(['a']))).toBeUndefined();
    await store.close();
  });

  it('says that changes cannot be kept only while that is so', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const store = await open();
    const handle = await openFile(folder.write('any', ''), 'r');
    const datasync = vi.spyOn(Object.getPrototypeOf(handle), 'datasync');
    await handle.close();
    try {
      datasync.mockRejectedValue(new Error('EIO'));
      await expect(store.remove('stale', { expectedVersion: 1 }, 'Kim')).rejects.toThrow('EIO');
      vi.advanceTimersByTime(5000);
      await new Promise(setImmediate);
      expect(store.problem).toContain('EIO');

      datasync.mockRestore();
      vi.advanceTimersByTime(5000);
      await expect.poll(() => store.problem).toBeUndefined();
      expect(store.list(NO_CHANNELS).definitions).toHaveLength(2);
      await store.remove('stale', { expectedVersion: 1 }, 'Kim');
      await store.close();
    } finally {
      datasync.mockRestore();
      vi.useRealTimers();
    }
    const again = await open();
    expect(again.list(NO_CHANNELS).definitions.map(({ definition }) => definition.id)).toEqual(['base']);
    await again.close();
  });

  it('does not begin with a file that has a fault', async () => {
    await expect(open('[definitions.x]\nlatch = 3')).rejects.toMatchObject({ code: 'DEFINITION_INVALID' });
  });

  it('keeps who changed what, when and why, over a restart', async () => {
    const store = await open();
    clock.advance(1000);

    const version = await store.put('stale', { expectedVersion: 1, ...STALE_HIGH, comment: 'too quiet' }, 'Kim');
    await store.remove('stale', { expectedVersion: 2 }, 'Park');
    await store.close();
    const again = await open();
    const { versions } = await again.history('stale');

    expect(version).toBe(2);
    expect(versions).toMatchObject([
      { version: 3, by: 'Park' },
      { version: 2, by: 'Kim', comment: 'too quiet', definition: { priority: 'high' } },
      { version: 1, by: 'Fenestra', definition: { id: 'stale' } },
    ]);
    expect(versions[0]!.definition).toBeUndefined();
    expect(versions[1]!.atMs - versions[2]!.atMs).toBe(1000);
    await expect(again.history('nothing')).rejects.toMatchObject({ code: 'DEFINITION_UNKNOWN' });
    await again.close();
  });

  it('refuses a change of a version that is no more, and says what is there', async () => {
    const store = await open();
    await store.put('stale', { expectedVersion: 1, ...STALE_HIGH }, 'Kim');

    const late = store.put('stale', { expectedVersion: 1, definition: {} }, 'Park');
    const double = store.put('stale', { expectedVersion: 0, ...STALE_HIGH }, 'Park');

    await expect(late).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      details: { current: { version: 2, by: 'Kim', definition: { priority: 'high' } } },
    });
    await expect(double).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    await store.close();
  });

  it('takes one of two changes that came at once', async () => {
    const store = await open();

    const both = await Promise.allSettled(
      ['Kim', 'Park'].map((by) => store.put('stale', { expectedVersion: 1, ...STALE_HIGH }, by)),
    );

    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(store.list(NO_CHANNELS).definitions[1]).toMatchObject({ version: 2, by: 'Kim' });
    await store.close();
  });

  it('refuses what would leave any definition faulty, and names that', async () => {
    const store = await open();

    const orphaned = store.remove('base', { expectedVersion: 1 }, 'Kim');
    const wrong = store.put('disk', { expectedVersion: 0, definition: { condition: DISK, latch: 1 } }, 'Kim');
    const unfinished = store.put('disk', { expectedVersion: 0, definition: { condition: DISK } }, 'Kim');

    await expect(orphaned).rejects.toMatchObject({
      code: 'DEFINITION_INVALID',
      details: { faults: [{ code: 'INHERITS_UNKNOWN', id: 'stale', path: 'inherits', found: 'base' }] },
    });
    await expect(wrong).rejects.toMatchObject({ details: { faults: [{ code: 'FIELD_TYPE', path: 'latch' }] } });
    await expect(unfinished).rejects.toMatchObject({ message: expect.stringContaining('disk has no title') });
    expect(store.list(NO_CHANNELS).definitions).toHaveLength(2);
    await store.close();
  });

  it('tells of every change, with what definitions come to then', async () => {
    const store = await open();
    const heard: (string | undefined)[] = [];
    const undo = store.subscribe(() => heard.push(store.resolved.whole.find(({ id }) => id === 'stale')?.priority));

    await store.put('base', { expectedVersion: 1, definition: { ...WHOLE, priority: 'medium' } }, 'Kim');
    await store.remove('nothing', { expectedVersion: 1 }, 'Kim').catch(() => undefined);
    undo();
    await store.remove('stale', { expectedVersion: 1 }, 'Kim');

    expect(heard).toEqual(['medium']);
    await store.close();
  });

  it('imports a file as a whole, or nothing of it', async () => {
    const store = await open();
    const text = `${FIRST.replace('"low"', '"high"')}\n[definitions.more]\ninherits = "stale"\nchannels = ["a"]`;
    const order = { text, replace: false, dryRun: false, by: 'Kim' };
    const wrong = `${text}\n[definitions.last]\nchannels = ["*"]\n\ninherits = "nowhere"`;

    const seen = await store.importFile({ ...order, dryRun: true });
    expect(store.list(NO_CHANNELS).definitions).toHaveLength(2);
    await expect(store.importFile({ ...order, text: wrong })).rejects.toMatchObject({
      details: { faults: [{ code: 'INHERITS_UNKNOWN', id: 'last', line: 20, found: 'nowhere' }] },
    });
    expect(store.list(NO_CHANNELS).definitions).toHaveLength(2);
    const reply = await store.importFile(order);

    expect(reply).toEqual({ added: ['more'], changed: ['base'], unchanged: ['stale'], removed: [], warnings: [] });
    expect(seen).toEqual(reply);
    expect(store.list(NO_CHANNELS).definitions.map(({ version, by }) => [version, by])).toEqual([
      [2, 'Kim'],
      [1, 'Kim'],
      [1, 'Fenestra'],
    ]);
    await store.close();
  });

  it('removes what a file does not have where that is wanted', async () => {
    const store = await open();
    const text = FIRST.slice(0, FIRST.indexOf('[definitions.stale]'));

    const kept = await store.importFile({ text, replace: false, dryRun: false, by: 'Kim' });
    const replaced = await store.importFile({ text, replace: true, dryRun: false, by: 'Kim' });

    expect([kept.removed, replaced.removed]).toEqual([[], ['stale']]);
    expect(store.list(NO_CHANNELS).definitions).toHaveLength(1);
    await store.close();
  });

  it('exports what imports to the same', async () => {
    const store = await open();

    const reply = await store.importFile({ text: store.exportFile(), replace: true, dryRun: false, by: 'Kim' });

    expect(reply).toEqual({ added: [], changed: [], unchanged: ['base', 'stale'], removed: [], warnings: [] });
    await store.close();
  });
});

const STALE_HIGH = {
  definition: { inherits: 'base', channels: ['*'], condition: { kind: 'stale' }, priority: 'high' },
};

function open(text = FIRST): Promise<DefinitionStore> {
  const first = () => [{ name: 'first.toml', text }];
  return DefinitionStore.open({ folder: folder.path('definitions'), clock, log: silentLog(), first });
}

function known(names: readonly string[]): KnownChannels {
  return { names, banded: new Set() };
}
