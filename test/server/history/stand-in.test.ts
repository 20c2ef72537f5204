import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CatalogueView } from '../../../server/history/catalogue-view.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { Reader } from '../../../server/history/reader.ts';
import { applyRetention } from '../../../server/history/retention.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { MergeKernel } from '../../../server/kernels/merge-kernel.ts';
import { TIER_FACTOR, TIERS } from '../../../server/trend/tier.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { keptFor } from '../../support/kept-for.ts';
import { loadKernels } from '../../support/kernels.ts';
import { NOTHING_LIVE } from '../../support/nothing-live.ts';
import { pastRows, rowsOfAnswer } from '../../support/past.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory, testStream, WINDOW_NS } from '../../support/stored-history.ts';

const START_MS = Date.UTC(2026, 2, 1, 12);
const START_NS = BigInt(START_MS) * 1_000_000n;
const WINDOWS = 3000;
const CUT = 1235; // of the two segments, inside rows of all coarse tiers
const DAY_MS = 86_400_000;
const ALL = { channel: 'PMT-1', fromNs: START_NS - 1n, toNs: START_NS + BigInt(WINDOWS) * WINDOW_NS, columns: WINDOWS };
const folder = new Folder();
let kernel: MergeKernel;
let history: StoredHistory;

beforeAll(async () => {
  kernel = new MergeKernel(await loadKernels(), 64);
});
afterEach(() => history.close());

describe('a range whose beginning is kept in coarse tiers only', () => {
  it.each([1, 2, 3])('is answered there with the rows of tier %i, each window once', async (kept) => {
    const windows = await store();
    await expire(kept);

    const answer = await reader().query(ALL);

    const rowWindows = TIER_FACTOR ** kept;
    const seam = Math.ceil(CUT / rowWindows) * rowWindows; // the row in which the finer ones begin is told whole
    const stream = { id: 1, windowNs: Number(WINDOW_NS) };
    const expected = [
      ...pastRows([{ ...stream, windows: windows.slice(0, seam) }], ALL, rowWindows),
      ...pastRows([{ ...stream, windows: windows.slice(seam) }], ALL, 1),
    ];
    const exact = ({ timeNs, windows, summary: { min, max, count } }: (typeof expected)[number]) => ({
      timeNs,
      windows,
      min,
      max,
      count,
    });
    expect(rowsOfAnswer(answer).map(exact)).toEqual(expected.map(exact));
    expect(answer.broken.reduce((sum, one) => sum + one, 0)).toBe(0);
  });
});

/** Two segments, sealed; returns all their windows. */
async function store() {
  history = await StoredHistory.open(folder.path());
  const part = (from: number, windows: number) =>
    testStream({ id: 1, channel: 'PMT-1', windows, from, startNs: START_NS });
  const parts = [part(0, CUT), part(CUT, WINDOWS - CUT)];
  for (const [i, stream] of parts.entries()) {
    await history.segment(i + 1, [stream]);
    await sealSegment(history.database, history.catalogue, { folder: folder.path(), segment: i + 1 });
    await history.database.detach(`segment_${i + 1}`);
  }
  return parts.flatMap(({ rows }) => rows);
}

/** Lets retention take the tiers below `kept` of the first segment, a second after they are a day old. */
async function expire(kept: number): Promise<void> {
  const { database, catalogue } = history;
  const gone = await applyRetention(database, catalogue, {
    folder: folder.path(),
    settings: {
      ...keptFor(1000, 1e9),
      keep_days: Array.from({ length: TIERS }, (_, tier) => (tier < kept ? 1 : 1000)),
    },
    uses: new FileUses(),
    nowMs: START_MS + 8000 + DAY_MS,
  });
  expect(gone.map(({ tier, firstSegment }) => [tier, firstSegment])).toEqual(
    Array.from({ length: kept }, (_, tier) => [tier, 1]),
  );
}

function reader(): Reader {
  return new Reader({
    database: history.database,
    clock: new FakeClock(),
    log: silentLog(),
    onDamage: () => undefined,
    catalogue: new CatalogueView(history.catalogue),
    live: NOTHING_LIVE,
    folder: folder.path(),
    uses: new FileUses(),
    checks: { verify: async () => true },
    kernel,
  });
}
