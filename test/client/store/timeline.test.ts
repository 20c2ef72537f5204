import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ChannelPast } from '../../../client/store/channel-past.ts';
import type { ChannelStore } from '../../../client/store/channel-store.ts';
import { type PastNeed, PastRows } from '../../../client/store/past-rows.ts';
import { Timeline } from '../../../client/store/timeline.ts';
import { TrendRows } from '../../../client/store/trend-rows.ts';
import { DecimateKernel } from '../../../server/kernels/decimate-kernel.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { replyOf } from '../../support/history-replies.ts';
import { loadKernels } from '../../support/kernels.ts';

const ORIGIN_MS = 1_795_000_000_000;
const ROW_MS = 5;
const WINDOWS = 600;

let kernels: KernelModule;

beforeAll(async () => {
  kernels = await loadKernels();
});

describe('a timeline', () => {
  it('has every window once, wherever live rows and history meet and however coarse that is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 5, 10, 50),
        fc.integer({ min: 0, max: WINDOWS - 1 }),
        fc.integer({ min: 0, max: WINDOWS }),
        fc.integer({ min: 1, max: 90 }),
        (span, liveFrom, overlap, columns) => {
          // The history was asked a while after the live rows began, and its newest row was not full then.
          const historyTo = Math.min(WINDOWS, liveFrom + overlap);
          const line = timeline({ span, liveFrom, historyTo });
          const columnMs = (WINDOWS * ROW_MS) / columns;

          const drawn = line.decimate({ fromMs: ORIGIN_MS, columnMs, columns });
          const { count, min, max } = line.read({ fromMs: ORIGIN_MS, toMs: ORIGIN_MS + WINDOWS * ROW_MS, columnMs });

          expect(drawn.count.reduce((sum, each) => sum + each, 0)).toBe(WINDOWS);
          expect({ count, min, max }).toEqual({ count: WINDOWS, min: 0, max: WINDOWS - 1 });
        },
      ),
    );
  });

  it('has every window once where the clock was set back and more is stored after the live rows', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 5, 10, 50),
        fc.integer({ min: 0, max: WINDOWS - 1 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 90 }),
        (span, liveFrom, gaps, columns) => {
          const gap = gaps * 1000;
          const to = WINDOWS + gap + 400;
          const line = timeline({
            span,
            liveFrom,
            historyTo: to,
            missing: (window) => window >= WINDOWS && window < WINDOWS + gap,
            aheadMs: ORIGIN_MS + to * ROW_MS,
          });
          const columnMs = (to * ROW_MS) / columns;

          const drawn = line.decimate({ fromMs: ORIGIN_MS, columnMs, columns });
          const { count } = line.read({ fromMs: ORIGIN_MS, toMs: ORIGIN_MS + to * ROW_MS, columnMs });
          const ahead = line.read({ fromMs: ORIGIN_MS + (to - 400) * ROW_MS, toMs: ORIGIN_MS + to * ROW_MS, columnMs });

          expect(drawn.count.reduce((sum, each) => sum + each, 0)).toBe(WINDOWS + 400);
          expect(Array.from(drawn.broken)).toContain(1);
          expect([count, ahead.count]).toEqual([WINDOWS + 400, 400]);
        },
      ),
    );
  });

  it('shows what there is of a range, the finer the better, until all of it has come', () => {
    const coarse = answer({ from: 0, to: WINDOWS, span: 50 });
    const fine = answer({ from: 100, to: 200, span: 1 });
    const wanted: PastNeed[] = [];
    const past = {
      version: 1,
      value: { isLoading: true, problem: undefined },
      want: (need: PastNeed) => wanted.push(need),
      best: () => [fine, coarse],
    } as unknown as ChannelPast<PastRows>;
    const edgeMs = () => ORIGIN_MS + WINDOWS * ROW_MS;
    const line = new Timeline({ live: () => undefined, past, edgeMs, nowMs: edgeMs });

    const { count } = line.decimate({ fromMs: ORIGIN_MS, columnMs: ROW_MS, columns: WINDOWS });

    expect(wanted).toHaveLength(1);
    expect(count.slice(100, 200).every((each) => each === 1)).toBe(true);
    expect(count[250]).toBe(50);
    expect(line.isLoading).toBe(true);
  });

  it('asks the history at once for what the hub has only begun to send', () => {
    const wanted: PastNeed[] = [];
    const line = timeline({ span: 1, liveFrom: 500, historyTo: 0, isLoading: true, want: (need) => wanted.push(need) });

    line.decimate({ fromMs: ORIGIN_MS, columnMs: ROW_MS, columns: WINDOWS });

    expect(wanted.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([[ORIGIN_MS, ORIGIN_MS + 500 * ROW_MS]]);
  });
});

function timeline(options: {
  readonly span: number;
  readonly liveFrom: number;
  readonly historyTo: number;
  readonly isLoading?: boolean;
  readonly missing?: (window: number) => boolean;
  /** There is history up to there, and it is looked at. */
  readonly aheadMs?: number;
  readonly want?: (need: PastNeed) => void;
}): Timeline {
  const { span, liveFrom, historyTo, isLoading = false, want = () => {}, missing, aheadMs } = options;
  const rows = new TrendRows(kernel(WINDOWS + 10));
  const column = (of: (window: number) => number) =>
    Float64Array.from({ length: WINDOWS - liveFrom }, (_, i) => of(liveFrom + i));
  rows.insert({
    timeMs: ORIGIN_MS + liveFrom * ROW_MS,
    rowMs: ROW_MS,
    min: column((window) => window),
    max: column((window) => window),
    mean: column((window) => window),
    m2: column(() => 0),
    count: new Uint32Array(WINDOWS - liveFrom).fill(1),
  });
  const nowMs = () => ORIGIN_MS + WINDOWS * ROW_MS;
  const live = {
    version: 0,
    rows,
    rowMs: ROW_MS,
    isLoading,
    fineFromMs: () => Number.NEGATIVE_INFINITY,
    streams: { stepped: 0, wholeFromMs: Number.NEGATIVE_INFINITY },
  } as unknown as ChannelStore;
  const past = {
    version: 0,
    value: { isLoading: false, problem: undefined },
    want,
    best: () => (historyTo > 0 ? [answer({ from: 0, to: historyTo, span, missing })] : []),
  } as unknown as ChannelPast<PastRows>;
  return new Timeline({
    live: () => live,
    past,
    edgeMs: () => aheadMs ?? nowMs(),
    nowMs,
    aheadMs: () => aheadMs,
  });
}

function answer({
  from,
  to,
  span,
  missing,
}: {
  from: number;
  to: number;
  span: number;
  missing?: (window: number) => boolean;
}): PastRows {
  const reply = replyOf({ from, to, span, missing, originMs: ORIGIN_MS, rowMs: ROW_MS });
  return new PastRows(reply, { fromMs: reply.fromMs, toMs: reply.toMs, columnMs: 1 }, kernel);
}

function kernel(capacity: number): DecimateKernel {
  return new DecimateKernel(kernels, { capacity, maxColumns: 1000 });
}
