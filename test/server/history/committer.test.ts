import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Committer, type WritableSegment } from '../../../server/history/committer.ts';
import { Database } from '../../../server/history/database.ts';
import { RowList } from '../../../server/history/row-block.ts';
import { Segment, type SegmentBatch } from '../../../server/history/segment.ts';
import { TIERS } from '../../../server/trend/tier.ts';
import { makeDiagnoses } from '../../support/diagnoses.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo } from '../../support/history-windows.ts';

const folder = new Folder();
let database: Database;
let segment: Segment;
let reopened: number;

describe('a commit that failed', () => {
  beforeEach(async () => {
    database = await Database.open({ memoryBytes: 2 ** 27, temporaryDirectory: folder.path('temporary') });
    segment = await Segment.open(database, folder.path(), 1);
    reopened = 0;
  });
  afterEach(() => database.close());

  it.each([
    ['was written all the same', 'after'],
    ['was not written', 'before'],
  ] as const)('and %s is in the segment once when it is tried again', async (_what, when) => {
    const committer = await open(failing({ writes: [when] }));

    await expect(committer.write(batchOf(3))).rejects.toThrow('a fault');
    await committer.write(batchOf(3));
    await committer.write(batchOf(4));

    expect((await segment.rowCounts())[0]).toBe(7);
    expect(reopened).toBe(0);
  });

  it('and left a database that answers nothing is tried again in a new one', async () => {
    const committer = await open(failing({ writes: ['after'], isInvalid: true }));

    await expect(committer.write(batchOf(3))).rejects.toThrow('a fault');
    await committer.write(batchOf(3));

    expect(reopened).toBe(1);
    expect((await segment.rowCounts())[0]).toBe(3);
  });

  it('and fails again, whatever it is, is never doubled', async () => {
    const committer = await open(failing({ writes: ['before', 'before', 'after'] }));

    for (let i = 0; i < 3; i++) await expect(committer.write(batchOf(5))).rejects.toThrow('a fault');
    await committer.write(batchOf(5));

    expect((await segment.rowCounts())[0]).toBe(5);
  });

  it.each(['after', 'before'] as const)('%s it was written, and has diagnoses alone, is there once', async (when) => {
    const committer = await open(failing({ writes: [when] }));
    const batch = { ...batchOf(0), diagnoses: makeDiagnoses({ seed: 1, runs: 7, change: 1, odd: 0 }, 0n) };

    await expect(committer.write(batch)).rejects.toThrow('a fault');
    await committer.write(batch);

    expect((await segment.rowCounts()).at(-1)).toBe(7);
    expect(committer.isOver).toBe(true); // it is not empty, and its hour is long over
  });
});

/** The real segment, whose first writes fail before they happen or after. */
function failing({
  writes,
  isInvalid = false,
}: {
  writes: ('before' | 'after')[];
  isInvalid?: boolean;
}): WritableSegment {
  let isBroken = false;
  return {
    id: segment.id,
    async write(batch) {
      const when = writes.shift();
      if (when !== 'before') await segment.write(batch);
      isBroken = isInvalid && when !== undefined;
      if (when !== undefined) throw new Error('a fault');
    },
    async rowCounts() {
      if (isBroken && reopened === 0) throw new Error('the database has been invalidated');
      return segment.rowCounts();
    },
  };
}

async function open(writable: WritableSegment): Promise<Committer> {
  const committer = new Committer({
    clock: new FakeClock(),
    current: { segment: writable, openedMs: 0 },
    segmentMs: 3_600_000,
    isDamaged: () => false,
    openSegment: () => Promise.reject(new Error('there is one')),
    reopen: async () => {
      await database.reopen();
      reopened++;
    },
  });
  await committer.open(() => []);
  return committer;
}

function batchOf(rows: number): SegmentBatch {
  const tiers = Array.from({ length: TIERS }, () => new RowList());
  for (let window = 0; window < rows; window++) {
    const figures = { min: 1, max: 1, mean: 1, m2: 0, count: 1, clipped: 0, nonfinite: 0, flags: 0, windows: 1 };
    tiers[0]!.push({ stream: 1, window, timeNs: 0n, ...figures });
  }
  return { streams: [{ id: 1, info: channelInfo('A') }], tiers, isLast: false };
}
