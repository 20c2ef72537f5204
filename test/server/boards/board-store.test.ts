import { describe, expect, it } from 'vitest';
import { BoardStore } from '../../../server/boards/board-store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { boardOf } from '../../support/memory-boards.ts';
import { silentLog } from '../../support/silent-log.ts';

const folder = new Folder();
const clock = new FakeClock();
const atMs = clock.nowMs();

describe('the boards of walls', () => {
  it('keeps them by version, also after it was opened again, and always has a default one', async () => {
    const { store } = await open();
    expect(store.list()).toMatchObject([{ id: 'default', version: 0, board: { slides: [{ kind: 'tiles' }, {}, {}] } }]);

    const made = await store.put('bay-4', { expectedVersion: 0, board: boardOf() }, 'Kim');
    await store.put('default', { expectedVersion: 0, board: boardOf({ name: 'All' }) }, 'Lee');
    await store.close();
    const { store: again } = await open();

    expect(made).toEqual({ id: 'bay-4', version: 1, board: boardOf(), by: 'Kim', atMs });
    expect(again.list()).toEqual([made, { ...made, id: 'default', board: boardOf({ name: 'All' }), by: 'Lee' }]);
    await again.remove('default', 1, 'Kim');
    expect(again.find('default')).toMatchObject({ version: 0, board: { name: 'Fenestra' } });
    await again.close();
  });

  it('refuses who was slower, what is not there, and what is no board', async () => {
    const { store, revisions } = await open();
    await store.put('a', { expectedVersion: 0, board: boardOf() }, 'Kim');

    const old = store.put('a', { expectedVersion: 0, board: boardOf({ name: 'B' }) }, 'Lee');
    await expect(old).rejects.toMatchObject({ code: 'VERSION_CONFLICT', details: { version: 1, document: boardOf() } });
    await expect(store.remove('a', 2, 'Lee')).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    await expect(store.remove('b', 1, 'Lee')).rejects.toMatchObject({ code: 'BOARD_UNKNOWN' });
    expect(() => store.find('b')).toThrow(expect.objectContaining({ code: 'BOARD_UNKNOWN' }));
    await expect(store.put('b', { expectedVersion: 0, board: boardOf({ slides: [] }) }, 'Lee')).rejects.toThrow();

    expect(revisions).toEqual([atMs, atMs + 1]); // what was refused has changed nothing
    await store.close();
  });

  it('tells each change by a number that none had before, in no life of the server', async () => {
    const { store, revisions } = await open();
    await store.put('a', { expectedVersion: 0, board: boardOf() }, 'Kim');
    await store.remove('a', 1, 'Kim');
    await store.close();
    clock.advance(5000);

    const { store: again, revisions: later } = await open();

    expect(revisions).toEqual([atMs, atMs + 1, atMs + 2]);
    expect(later).toEqual([atMs + 5000]);
    await again.close();
  });

  it.each([true, false])('shows the default one where nothing can be kept, and refuses changes: %s', async (isOurs) => {
    if (isOurs) folder.write('boards', 'no folder');
    const { store } = await open(isOurs);

    expect(store.list()).toMatchObject([{ id: 'default', version: 0 }]);
    expect(store.problems()).toEqual(isOurs ? [expect.stringContaining('cannot be opened')] : []);
    const put = store.put('a', { expectedVersion: 0, board: boardOf() }, 'Kim');
    await expect(put).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    await store.close();
  });
});

async function open(isOurs = true) {
  const revisions: number[] = [];
  const onChange = (revision: number) => void revisions.push(revision);
  const store = await BoardStore.open({ folder: folder.path('boards'), isOurs, clock, log: silentLog(), onChange });
  return { store, revisions };
}
