import fc from 'fast-check';
import type { HistoryRow } from '../../server/history/row-block.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import { EMPTY_SUMMARY, mergeSummaries, type Summary } from '../../server/trend/summary.ts';
import { TIER_FACTOR } from '../../server/trend/tier.ts';
import type { PastStream } from './past.ts';
import { seededRandom } from './seeded-random.ts';
import { testInfo } from './stored-history.ts';

/** Some streams of one channel: with gaps, clocks that were set, and windows without a finite sample. */
export interface TestPast {
  readonly streams: readonly (PastStream & { readonly info: ChannelInfo })[];
  /** All windows as they came; the first part of them is in one segment, the next in another, the rest in no segment yet. */
  readonly windows: readonly HistoryRow[];
  readonly cuts: readonly [number, number];
  /** How many of the segments are sealed. */
  readonly sealed: number;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

const START_NS = 1_790_000_000_000_000_000n;

/** What is random about a past, short enough to be printed. */
export const pastShape = fc.record({
  seed: fc.integer(),
  streams: fc.integer({ min: 1, max: 4 }),
  windows: fc.integer({ min: 1, max: 1500 }),
  gaps: fc.constantFrom(0, 0.002, 0.02, 0.3),
  steps: fc.constantFrom(0, 0, 0.001, 0.01),
  cuts: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  sealed: fc.nat(2),
});

export type PastShape = typeof pastShape extends fc.Arbitrary<infer Shape> ? Shape : never;

/** The past of a shape. */
export function makePast({ seed, streams: count, windows: length, gaps, steps, cuts, sealed }: PastShape): TestPast {
  const random = seededRandom(seed);
  let timeNs = START_NS;
  const streams = Array.from({ length: count }, (_, i) => {
    const info = { ...testInfo('lamp', `stream-${i + 1}`), window: random() < 0.8 ? 1000 : 37_500 };
    const stream = pastStream({ id: i + 1, info, length, gaps, steps, timeNs, random });
    timeNs = stream.windows.at(-1)!.timeNs + BigInt(Math.floor(random() * 20e9));
    return stream;
  });
  const windows = streams.flatMap((stream) => stream.windows);
  const [first, second] = [...cuts].sort((a, b) => a - b).map((cut) => Math.floor(cut * windows.length));
  const times = windows.map((window) => window.timeNs);
  const fromNs = times.reduce((a, b) => (a < b ? a : b));
  const toNs = times.reduce((a, b) => (a > b ? a : b)) + 5_000_000n;
  return { streams, windows, cuts: [first!, second!], sealed, fromNs, toNs };
}

interface StreamOptions {
  readonly id: number;
  readonly info: ChannelInfo;
  readonly length: number;
  readonly gaps: number;
  readonly steps: number;
  readonly timeNs: bigint;
  readonly random: () => number;
}

function pastStream({ id, info, length, gaps, steps, timeNs: startNs, random }: StreamOptions) {
  const windowNs = (info.window / info.rateHz) * 1e9;
  let window = Math.floor(random() * 30_000);
  let originNs = startNs - BigInt(Math.round(window * windowNs));
  const windows = Array.from({ length }, (): HistoryRow => {
    if (random() < gaps) window += 1 + Math.floor(random() ** 4 * 5000);
    if (random() < steps) originNs += BigInt(Math.round((random() - 0.5) * 7200e9));
    const timeNs = originNs + BigInt(Math.round(window * windowNs));
    const flags = random() < 0.01 ? 16 : 0;
    return { stream: id, window: window++, timeNs, ...testSummary(random), flags, windows: 1 };
  });
  return { id, info, windowNs, windows };
}

function testSummary(random: () => number): Summary {
  if (random() < 0.01) return { ...EMPTY_SUMMARY, nonfinite: 1000 };
  const mean = 100 + random() * 10;
  const count = 1 + Math.floor(random() * 1000);
  return {
    count,
    min: mean - random(),
    max: mean + random() ** 50 * 1000, // spikes
    mean,
    m2: random() * count,
    clipped: Math.floor(random() * 2),
    nonfinite: 0,
  };
}

/** Rows of a tier as a segment has them: parts where the line of time moves by a window or more. */
export function tierParts(
  windows: readonly HistoryRow[],
  tier: number,
  windowNs: (stream: number) => number,
): HistoryRow[] {
  if (tier === 0) return [...windows];
  const span = TIER_FACTOR ** tier;
  const parts: HistoryRow[] = [];
  for (const row of windows) {
    const window = Math.floor(row.window / span);
    const timeNs = row.timeNs - BigInt(Math.round((row.window - window * span) * windowNs(row.stream)));
    const last = parts.at(-1);
    if (
      last?.stream === row.stream &&
      last.window === window &&
      Math.abs(Number(last.timeNs - timeNs)) <= windowNs(row.stream)
    ) {
      const both = { window, timeNs: last.timeNs, flags: last.flags | row.flags, windows: last.windows + 1 };
      parts[parts.length - 1] = { ...last, ...mergeSummaries(last, row), ...both };
    } else {
      parts.push({ ...row, window, timeNs });
    }
  }
  return parts;
}
