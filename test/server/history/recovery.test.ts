import { expect, it } from 'vitest';
import { readStreamEnds, restoreTiers } from '../../../server/history/recovery.ts';
import { Segment } from '../../../server/history/segment.ts';
import type { TierStack } from '../../../server/history/tier-stack.ts';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { Folder } from '../../support/folder.ts';
import { StoredHistory } from '../../support/stored-history.ts';

// More than are looked at first.
const WINDOWS_AFTER = 310_000;
const SAMPLES = 100;

const folder = new Folder();

it('finds where each stream ends, also those that ended long before the segment did', async () => {
  const stored = await StoredHistory.open(folder.path('history'));
  const segment = await Segment.open(stored.database, stored.folder, 1);
  const add = adder(stored, segment);
  await add(1, 'VALUES (0), (1), (2)', SAMPLES);
  await add(2, 'VALUES (0), (1), (2)', SAMPLES);
  await add(2, 'VALUES (3)', 40, WindowFlag.Partial);
  await add(3, 'VALUES (0)', 40, WindowFlag.Partial);
  await add(3, 'VALUES (0)', SAMPLES);
  await add(4, `FROM range(${WINDOWS_AFTER})`, SAMPLES);
  await add(4, `VALUES (${WINDOWS_AFTER})`, 40, WindowFlag.Partial | WindowFlag.Gap);

  const ends = await readStreamEnds(segment);
  await stored.close();

  const told = ends.map(({ id, next, last, partial, samples }) => [id, next, last.window, partial?.window, samples]);
  expect(told).toEqual([
    [1, 3, 2, undefined, 3 * SAMPLES],
    [2, 3, 3, 3, 3 * SAMPLES + 40],
    [3, 1, 0, 0, SAMPLES + 40],
    [4, WINDOWS_AFTER, WINDOWS_AFTER, WINDOWS_AFTER, WINDOWS_AFTER * SAMPLES + 40],
  ]);
  expect(ends.map(({ last }) => last.timeNs)).toEqual([2000n, 3000n, 0n, BigInt(WINDOWS_AFTER * 1000)]);
});

it('counts a window that came in part and then whole once in what the tiers above lack', async () => {
  const stored = await StoredHistory.open(folder.path('history'));
  const segment = await Segment.open(stored.database, stored.folder, 1);
  const add = adder(stored, segment);
  await add(1, 'FROM range(9)', SAMPLES);
  await add(1, 'VALUES (9)', 40, WindowFlag.Partial);
  await add(1, 'VALUES (9)', SAMPLES, 0, 0);
  await add(1, 'VALUES (10), (11)', SAMPLES);
  await stored.database.run(
    `INSERT INTO ${segment.name}.tier_1 SELECT 1, 0, 0, 0, 1, 0.5, 0, ${10 * (SAMPLES - 1)}, 0, 10, 0, 10`,
  );
  const given: [tier: number, window: number][] = [];
  const stack = { add: (tier: number, row: { window: number }) => given.push([tier, row.window]) };

  const broken = await restoreTiers(segment, await readStreamEnds(segment), () => stack as unknown as TierStack);
  await stored.close();

  expect(broken).toEqual([]);
  expect(given).toEqual([
    [1, 0],
    [0, 10],
    [0, 11],
  ]);
});

/** Writes rows of tier 0 for the windows of a query, each with so many samples. */
function adder({ database }: StoredHistory, { name }: Segment) {
  return (stream: number, windows: string, samples: number, flags = 0, merged = 1) =>
    database.run(`
      INSERT INTO ${name}.tier_0 SELECT ${stream}, w, w * 1000, 0, 1, 0.5, 0, ${samples - 1}, 0, 1, ${flags}, ${merged}
      FROM (${windows}) AS v(w)`);
}
