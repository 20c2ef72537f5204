import { systemClock } from '../../server/base/clock.ts';
import { FinishedRows } from '../../server/history/finished-rows.ts';
import { type HistoryRow, RowList } from '../../server/history/row-block.ts';
import { sealSegment } from '../../server/history/seal.ts';
import { Segment, segmentName } from '../../server/history/segment.ts';
import { TierStack } from '../../server/history/tier-stack.ts';
import { MergeKernel } from '../../server/kernels/merge-kernel.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import { TIER_FACTOR } from '../../server/trend/tier.ts';
import { FakeClock } from './fake-clock.ts';
import { waveSummary, waveWindow } from './history-windows.ts';
import { loadKernels } from './kernels.ts';
import { RunningHistory } from './running-history.ts';
import { StoredHistory, testInfo, testStream, WINDOW_NS } from './stored-history.ts';
import { tidy } from './tidy.ts';

/** A channel's past: coarse tiers of some days, and then full rate for some hours. */
export interface FilledPast {
  readonly channel: string;
  readonly fromNs: bigint;
  /** Where full rate begins. */
  readonly fullNs: bigint;
  readonly toNs: bigint;
}

const TIER = 3; // 5 s
const TIER_WINDOWS = TIER_FACTOR ** TIER;
const WINDOWS_A_DAY = 86_400 * 200;
const WINDOWS_AN_HOUR = 3600 * 200;
const DAYS_A_SEGMENT = 30;
const PARCEL = 48_000;
const LONGER_CHANNELS = 8;
const RECENT = 24_000; // windows, of two minutes
/** The channel that is filled. */
export const FILLED_CHANNEL = 'PMT-1';
const INFO: ChannelInfo = testInfo(FILLED_CHANNEL, 'year');

/** Fills `folder`: `days` of tier 3 and coarser by way of tiers and sealing, then `hours` of windows by way of the writer. */
export async function fillPast(
  folder: string,
  { days, hours, toNs }: { days: number; hours: number; toNs: bigint },
): Promise<FilledPast> {
  const before = days * WINDOWS_A_DAY;
  const fromNs = toNs - BigInt(before + hours * WINDOWS_AN_HOUR) * WINDOW_NS;
  await fillCoarse(folder, { days, fromNs });
  await fillFine(folder, { from: before, windows: hours * WINDOWS_AN_HOUR, fromNs });
  await sealAll(folder, { fromNs, toNs });
  return { channel: INFO.channel, fromNs, fullNs: fromNs + BigInt(before) * WINDOW_NS, toNs };
}

async function fillCoarse(folder: string, { days, fromNs }: { days: number; fromNs: bigint }): Promise<void> {
  const kernel = new MergeKernel(await loadKernels(), TIER_FACTOR);
  const stored = await StoredHistory.open(folder);
  for (let day = 0, id = 1; day < days; day += DAYS_A_SEGMENT, id++) {
    const finished = new FinishedRows();
    const stack = new TierStack({
      merge: (parts) => kernel.merge(parts),
      windowNs: Number(WINDOW_NS),
      emit: finished.add,
    });
    const end = (Math.min(days, day + DAYS_A_SEGMENT) * WINDOWS_A_DAY) / TIER_WINDOWS;
    for (let window = (day * WINDOWS_A_DAY) / TIER_WINDOWS; window < end; window++) {
      const row = rowAt(window, TIER_WINDOWS, fromNs);
      finished.add(TIER, row);
      stack.add(TIER, row);
    }
    stack.close();
    const newest = new RowList(); // of tier 0 only what says where the stream stands
    newest.push(rowAt(end * TIER_WINDOWS - 1, 1, fromNs));
    await stored.catalogue.addSegment({ id, openedMs: Number(fromNs / 1_000_000n) + day * 86_400_000 });
    const segment = await Segment.open(stored.database, folder, id);
    await segment.write({
      streams: [{ id: 1, info: INFO }],
      tiers: [newest, ...finished.take().slice(1)],
      isLast: true,
    });
    await sealSegment(stored.database, stored.catalogue, { folder, segment: id });
    await stored.database.detach(segmentName(id));
  }
  await stored.close();
}

// Hour by hour, so that every hour is sealed as in life.
async function fillFine(
  folder: string,
  { from, windows, fromNs }: { from: number; windows: number; fromNs: bigint },
): Promise<void> {
  const clock = new FakeClock();
  const running = await RunningHistory.start(folder, clock);
  running.open(INFO);
  for (let sent = 0; sent < windows; sent += PARCEL) {
    running.send(Array.from({ length: PARCEL }, (_, i) => waveWindow(INFO, from + sent + i, fromNs)));
    await running.stored(sent + PARCEL);
    if ((sent + PARCEL) % WINDOWS_AN_HOUR === 0) clock.advance(3_600_000);
  }
  await running.close();
}

// All sealed, as a server that has run all the time leaves it. With it channels whose past is a little longer, which a server
// reads ahead at its start instead of the filled one.
async function sealAll(folder: string, { fromNs, toNs }: { fromNs: bigint; toNs: bigint }): Promise<void> {
  const stored = await StoredHistory.open(folder);
  for (const { id } of await stored.catalogue.segments()) await Segment.open(stored.database, folder, id);
  const startNs = fromNs - BigInt(WINDOWS_A_DAY) * WINDOW_NS;
  const last = Number((toNs - startNs) / WINDOW_NS) - RECENT;
  const longer = Array.from({ length: LONGER_CHANNELS }, (_, i) => {
    const first = testStream({ id: 2 + i, channel: `longer-${i}`, windows: 1, startNs });
    const { rows } = testStream({ id: 2 + i, channel: `longer-${i}`, windows: RECENT, from: last, startNs });
    return { ...first, rows: [...first.rows, ...rows] };
  });
  await stored.segment(await stored.catalogue.nextSegmentId(), longer);
  const open = await stored.catalogue.nextSegmentId();
  await stored.catalogue.addSegment({ id: open, openedMs: systemClock.nowMs() }); // days that are over are merged only before it
  await Segment.open(stored.database, folder, open);
  await tidy(stored, open);
  await stored.close();
}

function rowAt(window: number, span: number, fromNs: bigint): HistoryRow {
  const timeNs = fromNs + BigInt(window * span) * WINDOW_NS;
  return { stream: 1, window, timeNs, ...waveSummary(window, span, INFO.window), flags: 0, windows: span };
}
