import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../server/base/log.ts';
import { Housekeeper } from '../../../server/history/housekeeper.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { Segment } from '../../../server/history/segment.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { keptFor } from '../../support/kept-for.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FILES = 8; // one a tier
const logged: string[] = [];
const folder = new Folder();
let history: StoredHistory;
let clock: FakeClock;
let housekeeper: Housekeeper;
let openSegment: number;
let arePinsKnown: boolean;
let inMemory: number | undefined;

beforeEach(async () => {
  logged.length = 0;
  history = await StoredHistory.open(folder.path('history'));
  clock = new FakeClock();
  openSegment = 2;
  arePinsKnown = true;
  inMemory = undefined;
  await seal(clock.nowMs());
  start();
});
afterEach(() => history.close());

describe('the housekeeper', () => {
  it('says how long all is kept once, in its first round', async () => {
    const isSaid = (line: string) => line.includes('how long the history is kept');
    housekeeper.start();
    await history.catalogue.tierBytes(); // what it would be told with, had it begun
    expect(logged.filter(isSaid)).toEqual([]);

    await housekeeper.round();
    await housekeeper.round();

    expect(logged.filter(isSaid)).toHaveLength(1);
    await housekeeper.close();
  });

  it('removes what is too old, once it has run for a while', async () => {
    expect(await expired()).toBe(0);
    clock.advance(30 * DAY_MS - 1);
    expect(await expired()).toBe(0);
    clock.advance(DAY_MS); // a row of the coarsest tier ends hours after its windows
    expect(await expired()).toBe(FILES);
  });

  it('forgets the streams whose last file it removes, and spares what is in memory', async () => {
    await history.database.run(`INSERT INTO catalogue.streams
      SELECT i, channel, 's' || i, info, 0, 0, 0, 0, 1, 1 FROM catalogue.streams, range(2, 6) r(i)`);
    const streams = async () => (await history.rows('SELECT id FROM catalogue.streams ORDER BY id')).flat().map(Number);
    inMemory = 3;
    clock.advance(HOUR_MS);
    expect(await expired()).toBe(0);
    expect(await streams()).toEqual([1, 2, 3, 4, 5]);

    clock.advance(31 * DAY_MS);
    expect(await expired()).toBe(FILES);
    expect(await streams()).toEqual([1, 3, 5]); // 1 has the newest window
  });

  it('removes what is too old also where a segment that has ended cannot be sealed', async () => {
    await housekeeper.round();
    const startNs = BigInt(DAY_MS) * 1_000_000n;
    await history.segment(2, [testStream({ id: 1, channel: 'PMT-1', windows: 10, startNs })]);
    openSegment = 3;
    const inTheWay = join(history.folder, 'sealed/tier=0/day=1970-01-02'); // a file where a folder is to be
    writeFileSync(inTheWay, '');
    clock.advance(40 * DAY_MS);

    await housekeeper.round();

    expect(housekeeper.status()).toMatchObject({
      expired: FILES,
      sealed: 0,
      problem: expect.stringContaining('day=1970-01-02'),
    });
    expect(logged.filter((line) => line.includes('could not be tidied'))).toHaveLength(1);
    rmSync(inTheWay);
    await housekeeper.round();
    expect(housekeeper.status()).toMatchObject({ sealed: 1, problem: undefined });
  });

  it('seals what it can where an older segment cannot be sealed, names that one, and tries it again', async () => {
    await housekeeper.round();
    for (const [id, day] of [
      [2, 1],
      [3, 2],
      [4, 3],
    ] as const) {
      const startNs = BigInt(day * DAY_MS) * 1_000_000n;
      await history.segment(id, [testStream({ id, channel: 'PMT-1', windows: 10, startNs })]);
    }
    openSegment = 5;
    const inTheWay = join(history.folder, 'sealed/tier=0/day=1970-01-02');
    writeFileSync(inTheWay, '');

    await housekeeper.round();

    expect(housekeeper.status()).toMatchObject({
      sealed: 2,
      problem: expect.stringMatching(/^segment 2 cannot be sealed: .*day=1970-01-02/),
    });
    expect((await history.catalogue.segments()).map(({ id }) => id)).toEqual([2]);
    rmSync(inTheWay);
    await housekeeper.round();
    expect(housekeeper.status()).toMatchObject({ sealed: 3, problem: undefined });
  });

  it('removes nothing until it is known what recordings refer to', async () => {
    arePinsKnown = false;
    expect(await expired()).toBe(0);
    clock.advance(31 * DAY_MS);
    expect(await expired()).toBe(0);

    arePinsKnown = true;
    expect(await expired()).toBe(FILES);
  });

  it('warns once where captures keep more than a limit, and removes nothing for it', async () => {
    await history.catalogue.pin({ id: 'c', channel: 'PMT-1', fromNs: 0n, toNs: 2n ** 62n });
    clock.advance(HOUR_MS);
    const isSaid = (line: string) => line.includes('captures keep more of the history');
    expect(await expired()).toBe(0);
    expect(logged.filter(isSaid)).toEqual([]);

    await history.database.run('UPDATE catalogue.files SET bytes = 2e9 WHERE tier = 3');
    expect(await expired()).toBe(0);
    expect(await expired()).toBe(0);

    expect(logged.filter(isSaid)).toHaveLength(1);
    expect(logged.find(isSaid)).toContain('tier 3: captures refer to 2 GB, beside the limit of 1 GB');
  });

  it('removes nothing for its age for a day after the clock of the server was set', async () => {
    clock.advance(HOUR_MS);
    expect(await expired()).toBe(0);

    clock.set(40 * DAY_MS);
    expect(await expired()).toBe(0);
    clock.advance(DAY_MS - 1);
    expect(await expired()).toBe(0);
    clock.advance(1);
    expect(await expired()).toBe(FILES);
  });

  it('removes nothing for its age for a day after a start with a clock far ahead of what is stored', async () => {
    clock.set(40 * DAY_MS);
    start();

    expect(await expired()).toBe(0);
    expect(housekeeper.status().clockDoubt).toBe('the clock of the server is 40 days ahead of what is stored');
    clock.advance(DAY_MS - 1);
    expect(await expired()).toBe(0);
    clock.advance(1);
    expect(await expired()).toBe(FILES);
    expect(housekeeper.status().clockDoubt).toBeUndefined();
  });
});

function start(): void {
  housekeeper = new Housekeeper({
    database: history.database,
    catalogue: history.catalogue,
    quarantine: history.quarantine,
    folder: history.folder,
    settings: keptFor(30, 1e9),
    clock,
    log: createLog('test', 'info', { write: (line) => void logged.push(line) }),
    openSegment: () => openSegment,
    arePinsKnown: () => arePinsKnown,
    hasStream: (id) => id === inMemory,
    onSealed: () => undefined,
  });
}

/** Files that are gone after another round. */
async function expired(): Promise<number> {
  await housekeeper.round();
  expect(housekeeper.status().problem).toBeUndefined();
  return housekeeper.status().expired;
}

async function seal(nowMs: number): Promise<void> {
  const { database, catalogue } = history;
  await catalogue.addSegment({ id: 1, openedMs: nowMs });
  const segment = await Segment.open(database, history.folder, 1);
  const startNs = BigInt(nowMs) * 1_000_000n;
  await history.write(segment, [testStream({ id: 1, channel: 'PMT-1', windows: 10, startNs })]);
  await sealSegment(database, catalogue, { folder: history.folder, segment: 1 });
}
