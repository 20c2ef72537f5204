/**
 * The account of one channel at one instant, summed over its streams since
 * the server started.
 *
 * Two identities hold at any instant: `received = reduced + pending` and
 * `expected = received + missing`. `received` is told from the bytes that came
 * out of the connections, `reduced` by the kernels' own counts, `pending` from
 * positions, `expected` and `missing` from the indices in frames, so a byte
 * lost anywhere inside shows. They hold for every stream; `offBy` keeps the
 * faults of two from cancelling.
 */
export interface LedgerEntry {
  readonly channel: string;
  /** The newest stream. */
  readonly stream: string;
  /** Whether a device is connected. */
  readonly live: boolean;
  /** Samples accepted: read, in order, not seen before. Not whole where bytes were lost inside. */
  readonly received: number;
  /** Samples that are in a reduced window or in the open one's summary handed out. */
  readonly reduced: number;
  /** Samples read and not yet in a window that was handed out. */
  readonly pending: number;
  /** Samples from the first index to the last, of every stream. */
  readonly expected: number;
  /** Samples that never arrived. */
  readonly missing: number;
  /** Runs of missing samples. */
  readonly gaps: number;
  /** Samples that arrived a second time and were dropped. */
  readonly duplicate: number;
  /** Samples that came after their place was counted as missing, and were dropped. */
  readonly late: number;
  /** Bytes of payloads that were thrown away: of frames that were not verified, and of a sample cut by the end of its connection. */
  readonly discardedBytes: number;
  /** Samples by which the identities of single streams are off, summed without their signs. */
  readonly offBy: number;
  readonly clipped: number;
  readonly nonfinite: number;
  /** Windows handed out. */
  readonly windows: number;
  /** Samples the device says it lost itself, of the newest stream. */
  readonly deviceLost: number;
  /** Jumps of the frame counter. */
  readonly sequenceJumps: number;
  /** Times the sample clock was anchored again. */
  readonly reanchored: number;
  /** Times that a device told and that were not followed, because its clock had stepped too often. */
  readonly stepsRefused: number;
  /** Connections this channel has had. */
  readonly connections: number;
  readonly streams: number;
  /** Newest ranges of missing samples, newest last, at most 100; older ones are only counted in `gaps`. */
  readonly gapRanges: readonly GapRange[];
  /** Newest steps of the clock of the newest stream's device, newest last, at most 20; all are counted in `reanchored`. */
  readonly clockSteps: readonly ClockStep[];
}

/** Samples `from` .. `to - 1` of a stream never arrived. */
export interface GapRange {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
  /** Sample clock at `from`, ms since 1970 UTC. */
  readonly timeMs: number;
}

/** From sample `from` on times are later by `stepMs` than the samples before let expect. */
export interface ClockStep {
  readonly stream: string;
  readonly from: number;
  /** Sample clock at `from` after the step, ms since 1970 UTC. */
  readonly timeMs: number;
  readonly stepMs: number;
}

/** The identities an entry breaks, in words; empty when the books balance. */
export function imbalances(entry: LedgerEntry): string[] {
  const { received, reduced, pending, expected, missing, offBy } = entry;
  const broken: string[] = [];
  if (received !== reduced + pending) broken.push(`received ${received} != reduced ${reduced} + pending ${pending}`);
  if (expected !== received + missing) broken.push(`expected ${expected} != received ${received} + missing ${missing}`);
  if (broken.length === 0 && offBy !== 0) broken.push(`its streams are off by ${offBy} samples, which cancel`);
  return broken;
}

/** Samples by which the identities of one stream are off. */
export function offBy(figures: Pick<LedgerEntry, 'received' | 'reduced' | 'pending' | 'expected' | 'missing'>): number {
  const { received, reduced, pending, expected, missing } = figures;
  return Math.abs(received - reduced - pending) + Math.abs(expected - received - missing);
}
