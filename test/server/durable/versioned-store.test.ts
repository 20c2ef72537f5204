import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VersionedStoreOptions } from '../../../server/durable/versioned-store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { runs } from '../../support/runs.ts';
import { type Note, openStore } from '../../support/stores.ts';

const folder = new Folder();
const clock = new FakeClock();
const by = 'Kim';

describe('a versioned store', () => {
  it('keeps documents with their versions, also after it was opened again', async () => {
    const store = await open('store');
    expect(await store.put('b', { words: 'one' }, { expectedVersion: 0, by })).toBe(1);
    expect(await store.put('b', { words: 'two' }, { expectedVersion: 1, by: 'Lee', comment: 'higher' })).toBe(2);
    expect(await store.put('a', { words: 'first' }, { expectedVersion: 0, by })).toBe(1);
    await store.close();

    const again = await open('store');

    const two = { key: 'b', version: 2, document: { words: 'two' }, by: 'Lee', atMs: clock.nowMs(), comment: 'higher' };
    expect(again.get('b')).toEqual(two);
    expect(again.get('c')).toBeUndefined();
    expect(again.list().map(({ key }) => key)).toEqual(['a', 'b']);
    expect(await again.history('b')).toEqual([
      two,
      { key: 'b', version: 1, document: { words: 'one' }, by, atMs: clock.nowMs() },
    ]);
    expect(await again.history('c')).toEqual([]);
    await again.close();
  });

  it('refuses a change of another version than the one that is there, and says which that is', async () => {
    const store = await open('store');
    await store.put('a', { words: 'one' }, { expectedVersion: 0, by });
    const conflict = {
      code: 'VERSION_CONFLICT',
      status: 409,
      details: { key: 'a', version: 1, document: { words: 'one' } },
    };

    for (const expectedVersion of [0, 2]) {
      await expect(store.put('a', { words: 'x' }, { expectedVersion, by })).rejects.toMatchObject(conflict);
      await expect(store.remove('a', { expectedVersion, by })).rejects.toMatchObject(conflict);
    }
    const missing = { details: { key: 'b', version: 0, document: undefined } };
    await expect(store.put('b', { words: 'x' }, { expectedVersion: 1, by })).rejects.toMatchObject(missing);
    const both = ['x', 'y'].map((words) => store.put('a', { words }, { expectedVersion: 1, by }));

    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(store.list()).toMatchObject([{ key: 'a', version: 2, document: { words: 'x' } }]);
    await store.close();
  });

  it('counts versions on when a document was removed', async () => {
    const store = await open('store');
    await store.put('a', { words: 'one' }, { expectedVersion: 0, by });

    expect(await store.remove('a', { expectedVersion: 1, by, comment: 'not needed' })).toBe(2);
    expect(store.get('a')).toBeUndefined();
    expect(await store.put('a', { words: 'again' }, { expectedVersion: 0, by })).toBe(3);

    expect((await store.history('a')).map(({ version, document }) => [version, document])).toEqual([
      [3, { words: 'again' }],
      [2, undefined],
      [1, { words: 'one' }],
    ]);
    await store.close();
  });

  it('makes all changes of a batch or none, and refuses more than it may keep', async () => {
    const store = await open('store', { most: { documents: 3, bytes: 2000 } });
    const change = (key: string, room = '') => ({ key, document: { words: key, room }, expectedVersion: 0 });
    expect(await store.change([change('a'), change('b')], { by })).toEqual([1, 1]);

    const refused = (changes: ReturnType<typeof change>[], code: string) =>
      expect(store.change(changes, { by })).rejects.toMatchObject({ code });
    await refused([change('c'), change('a')], 'VERSION_CONFLICT');
    await refused([change('c'), change('c')], 'REQUEST_INVALID');
    await refused([change('c'), change('d')], 'REQUEST_INVALID');
    await refused([change('c', 'x'.repeat(3000))], 'REQUEST_INVALID');
    await expect(store.put('c', { words: 7 } as unknown as Note, { expectedVersion: 0, by })).rejects.toThrow('words');

    expect(store.list().map(({ key, version }) => [key, version])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    expect(await store.change([{ key: 'a', expectedVersion: 1 }, change('c'), change('d')], { by })).toEqual([2, 1, 1]);
    await store.close();
  });

  it('keeps a document that no longer parses, says so, and lets it be written again', async () => {
    const store = await open('store');
    await store.put('a', { words: 'old' }, { expectedVersion: 0, by });
    await store.put('b', { words: 'new' }, { expectedVersion: 0, by });
    await store.close();

    const strict = await open('store', {
      parse: (json) => {
        if ((json as Note).words !== 'new') throw new Error('words must be new');
        return json as Note;
      },
    });

    expect(strict.list().map(({ key }) => key)).toEqual(['b']);
    const unparsed = { key: 'a', version: 1, by, document: { words: 'old' }, problem: 'words must be new' };
    expect(strict.unparsed()).toMatchObject([unparsed]);
    expect(strict.status()).toMatchObject({ documents: 2, unparsed: 1 });
    expect(await strict.put('a', { words: 'new' }, { expectedVersion: 1, by })).toBe(2);
    expect(strict.unparsed()).toEqual([]);
    await strict.close();
  });

  it('holds what a plain map would, over any changes and restarts', async () => {
    const operation = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('put', 'put', 'put', 'remove', 'stale', 'restart'),
    });
    let run = 0;
    const property = fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async (operations) => {
      const name = `store-${run++}`;
      let store = await open(name);
      const model = new Map<string, { version: number; words: string | undefined }[]>();
      for (const [i, { key, kind }] of operations.entries()) {
        if (kind === 'restart') {
          await store.close();
          store = await open(name);
          continue;
        }
        const versions = model.get(key) ?? [];
        const { version, words } = versions[0] ?? { version: 0, words: undefined };
        const expectedVersion = words === undefined ? 0 : version;
        const next = kind === 'put' ? `${i}` : undefined;
        const isKnown = kind !== 'stale' && (kind === 'put' || words !== undefined);
        const attempt =
          next === undefined
            ? store.remove(key, { expectedVersion: isKnown ? expectedVersion : version + 7, by })
            : store.put(key, { words: next }, { expectedVersion, by });
        const given = await attempt.catch(({ code }) => code);
        expect(given).toBe(isKnown ? version + 1 : 'VERSION_CONFLICT');
        if (isKnown) model.set(key, [{ version: version + 1, words: next }, ...versions]);
      }
      for (const [key, versions] of model) {
        expect(store.get(key)?.document.words).toBe(versions[0]!.words);
        const found = (await store.history(key)).map((one) => ({
          version: one.version,
          words: (one.document as Note)?.words,
        }));
        expect(found).toEqual(versions);
      }
      await store.close();
    });
    await fc.assert(property, { numRuns: runs(10, 1000) });
  });
});

function open(name: string, options: Partial<VersionedStoreOptions<Note>> = {}): ReturnType<typeof openStore> {
  return openStore(folder.path(name), { clock, ...options });
}
