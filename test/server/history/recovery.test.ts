import { describe, expect, it } from 'vitest';
import { readStreamEnds, restoreTiers } from '../../../server/history/recovery.ts';
import type { HistoryRow } from '../../../server/history/row-block.ts';
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
  const { stored, segment, add } = await open();
  await add(1, 'VALUES (0), (1), (2)', SAMPLES);
  await add(2, 'VALUES (0), (1), (2)', SAMPLES);
  await add(2, 'VALUES (3)', 40, WindowFlag.Partial);
  await add(3, 'VALUES (0)', 40, WindowFlag.Partial);
  await add(3, 'VALUES (0)', SAMPLES);
  await add(4, `FROM range(${WINDOWS_AFTER})`, SAMPLES);
  await add(4, `VALUES (${WINDOWS_AFTER})`, 40, WindowFlag.Partial | WindowFlag.Gap);

  const ends = await readStreamEnds(segment);
  await stored.close();

  const told = ends.map(({ id, next, last, partial, rows }) => [id, next, last.window, partial?.window, rows.samples]);
  expect(told).toEqual([
    [1, 3, 2, undefined, 3 * SAMPLES],
    [2, 3, 3, 3, 3 * SAMPLES + 40],
    [3, 1, 0, 0, SAMPLES + 40],
    [4, WINDOWS_AFTER, WINDOWS_AFTER, WINDOWS_AFTER, WINDOWS_AFTER * SAMPLES + 40],
  ]);
  expect(ends.map(({ last }) => last.timeNs)).toEqual([2000n, 3000n, 0n, BigInt(WINDOWS_AFTER * 1000)]);
});

describe('the tiers of a segment', () => {
  it('get what they lack, of which a window that came in part and then whole counts once', async () => {
    const { stored, segment, add, addAbove } = await open();
    await add(1, 'FROM range(9)', SAMPLES);
    await add(1, 'VALUES (9)', 40, WindowFlag.Partial);
    await add(1, 'VALUES (9)', SAMPLES, 0, 0);
    await addAbove(1, 10 * SAMPLES);
    await add(1, 'VALUES (10), (11)', SAMPLES);
    await add(2, `FROM range(${WINDOWS_AFTER})`, SAMPLES); // so that what stream 1 lacks is far from the end
    await addAbove(2, WINDOWS_AFTER * SAMPLES);
    const given: [stream: number, tier: number, window: number][] = [];

    const broken = await restoreTiers(segment, await readStreamEnds(segment), (stream) =>
      stackOf((tier, { window }) => given.push([stream, tier, window])),
    );
    await stored.close();

    expect(broken).toEqual([]);
    expect(given).toEqual([
      [1, 1, 0],
      [2, 1, 0],
      [1, 0, 10],
      [1, 0, 11],
    ]);
  });

  it('get nothing more where their rows do not make up what they lack, which is told', async () => {
    const { stored, segment, add, addAbove } = await open();
    await add(1, 'FROM range(3)', SAMPLES);
    await addAbove(1, SAMPLES + 50);
    await add(2, 'FROM range(3)', SAMPLES);
    await addAbove(2, 5 * SAMPLES);
    await add(3, 'FROM range(3)', SAMPLES);
    const given: [stream: number, tier: number, window: number][] = [];

    const broken = await restoreTiers(segment, await readStreamEnds(segment), (stream) =>
      stackOf((tier, { window }) => tier === 0 && given.push([stream, tier, window])),
    );
    await stored.close();

    expect(broken.sort()).toEqual([1, 2]);
    expect(given.filter(([stream]) => stream === 3).map(([, , window]) => window)).toEqual([0, 1, 2]);
  });
});

async function open() {
  const stored = await StoredHistory.open(folder.path('history'));
  const segment = await Segment.open(stored.database, stored.folder, 1);
  const { name } = segment;
  /** Writes rows of tier 0 for the windows of a query, each with so many samples. */
  const add = (stream: number, windows: string, samples: number, flags = 0, merged = 1) =>
    stored.database.run(`
      INSERT INTO ${name}.tier_0 SELECT ${stream}, w, w * 1000, 0, 1, 0.5, 0, ${samples - 1}, 0, 1, ${flags}, ${merged}
      FROM (${windows}) AS v(w)`);
  /** Writes a row of tier 1. */
  const addAbove = (stream: number, samples: number) =>
    stored.database.run(`INSERT INTO ${name}.tier_1 SELECT ${stream}, 0, 0, 0, 1, 0.5, 0, ${samples}, 0, 0, 0, 10`);
  return { stored, segment, add, addAbove };
}

function stackOf(add: (tier: number, row: HistoryRow) => void): TierStack {
  return { add } as unknown as TierStack;
}
