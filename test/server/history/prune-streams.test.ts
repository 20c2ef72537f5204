import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CatalogueView } from '../../../server/history/catalogue-view.ts';
import { pruneStreams } from '../../../server/history/prune-streams.ts';
import { storeStreams } from '../../../server/history/sealed-list.ts';
import { Folder } from '../../support/folder.ts';
import { runs } from '../../support/runs.ts';
import { StoredHistory, testInfo } from '../../support/stored-history.ts';

const folder = new Folder();
let history: StoredHistory;

beforeEach(async () => {
  history = await StoredHistory.open(folder.path('history'));
});
afterEach(() => history.close());

describe('streams', () => {
  it('go when no file can have a row of theirs, but for the newest of a channel and what is in memory', async () => {
    const segment = fc.integer({ min: 1, max: 20 });
    const range = fc.tuple(segment, segment).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    const channel = fc.constantFrom('a', 'b');
    const listed = fc.array(fc.tuple(channel, range));
    await fc.assert(
      fc.asyncProperty(listed, listed, fc.array(fc.nat(10)), async (streams, files, inMemory) => {
        await history.database.run('DELETE FROM catalogue.files; DELETE FROM catalogue.streams');
        for (const [i, [name, [first, last]]] of streams.entries()) await store([i + 1], name, first, last);
        for (const [i, [name, [first, last]]] of files.entries()) await list(`f${i}`, name, first, last);

        const isKept = (id: number) => inMemory.includes(id);
        await pruneStreams(history.database, history.catalogue, { isKept });

        const isThere = ([name, [first, last]]: (typeof streams)[number], i: number) =>
          isKept(i + 1) ||
          streams.slice(i + 1).every(([other]) => other !== name) ||
          files.some(([of, [from, to]]) => of === name && from <= last && to >= first);
        expect(await ids()).toEqual(streams.flatMap((stream, i) => (isThere(stream, i) ? [i + 1] : [])));
      }),
      { numRuns: runs(25, 1000) },
    );
  });

  it('go with what is known of their last window, some at a time, and the catalogue is not changed for none', async () => {
    await store([1, 2, 3, 4], 'a', 1, 1);
    await history.database.run(
      `INSERT INTO catalogue.partials(channel, stream) SELECT channel, stream FROM catalogue.streams`,
    );
    const prune = () => pruneStreams(history.database, history.catalogue, { isKept: () => false, limit: 2 });

    expect([await prune(), await prune()]).toEqual([2, 1]);
    const { version } = history.catalogue;
    expect([await prune(), history.catalogue.version]).toEqual([0, version]);
    expect(await ids()).toEqual([4]);
    expect(await history.rows('SELECT stream FROM catalogue.partials')).toEqual([['stream-4']]);
  });

  it('of an older catalogue go when the last file of its day has gone', async () => {
    await history.database.run(
      `INSERT INTO catalogue.streams SELECT i, 'a', 's' || i, '{}', 0, 0, 0, i, NULL, NULL FROM range(1, 4) r(i)`,
    );
    await list('f', 'a', 5, 7);
    const path = history.folder;
    await history.close();
    history = await StoredHistory.open(path);
    await store([4], 'a', 8, 8);
    const prune = () => pruneStreams(history.database, history.catalogue, { isKept: () => false });

    expect(await prune()).toBe(0);
    await history.database.run(`DELETE FROM catalogue.files`);
    expect(await prune()).toBe(3);
  });

  it('are read once for all queries, and then as many as were sealed since, also of a channel with more than are remembered', async () => {
    await store(numbers(1, 1000), 'few', 1, 1);
    await store(numbers(1001, 4000), 'many', 1, 1);
    const view = new CatalogueView(history.catalogue, 100);
    const read = (channel: string) => history.database.use((connection) => view.read(connection, channel));
    const learned = vi.spyOn(JSON, 'parse');
    const parsed = () => learned.mock.calls.splice(0).length;

    await read('many');
    expect(parsed()).toBe(3000);
    await read('many');
    expect(parsed()).toBe(0);
    await store(numbers(4001, 4010), 'many', 2, 2);
    await store(numbers(4011, 4500), 'few', 2, 2);
    expect((await read('many')).streams.byId.size).toBe(3010);
    expect(parsed()).toBe(10);
    learned.mockRestore();
  });

  it('that have gone are not remembered for queries', async () => {
    await store([1, 2], 'a', 1, 1);
    const view = new CatalogueView(history.catalogue);
    const known = async () => {
      const { streams } = await history.database.use((connection) => view.read(connection, 'a'));
      return [...streams.byId.keys()];
    };
    expect(await known()).toEqual([1, 2]);

    await pruneStreams(history.database, history.catalogue, { isKept: () => false });

    expect(await known()).toEqual([2]);
  });
});

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

// Streams that were in these segments.
function store(ids: readonly number[], channel: string, firstSegment: number, lastSegment: number): Promise<void> {
  const streams = ids.map((id) => ({
    id,
    info: testInfo(channel, `stream-${id}`),
    nextSample: 1000,
    anchorSample: 0,
    anchorNs: '0',
    lastMs: id,
  }));
  return history.catalogue.change((connection) => storeStreams(connection, streams, { firstSegment, lastSegment }));
}

async function list(path: string, channel: string, firstSegment: number, lastSegment: number): Promise<void> {
  await history.database.run(`INSERT INTO catalogue.files VALUES
    ('${path}', 0, DATE '2026-01-01', '${channel}', ${firstSegment}, ${lastSegment}, 1, 100, 0, 0, 1, 0)`);
}

async function ids(): Promise<number[]> {
  return (await history.rows('SELECT id FROM catalogue.streams ORDER BY id')).map(([id]) => Number(id));
}
