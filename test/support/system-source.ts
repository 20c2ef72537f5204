import type { SystemSource } from '../../server/http/system-source.ts';
import type { LedgerEntry } from '../../server/trend/ledger.ts';

/** One channel whose books balance. */
export const BALANCED: LedgerEntry = {
  channel: 'etch-1',
  stream: 's1',
  live: true,
  received: 1000,
  reduced: 950,
  pending: 50,
  expected: 1200,
  missing: 200,
  gaps: 2,
  duplicate: 3,
  late: 4,
  discardedBytes: 21,
  offBy: 0,
  clipped: 5,
  nonfinite: 6,
  windows: 19,
  deviceLost: 7,
  sequenceJumps: 8,
  reanchored: 9,
  connections: 10,
  streams: 11,
  gapRanges: [{ stream: 's1', from: 10, to: 210, timeMs: 1_700_000_000_000 }],
};

/** A server that stands still, with the parts that a test changes. */
export function fakeSource(parts: Partial<SystemSource> = {}): SystemSource {
  return {
    version: '1.2.3',
    startedMs: 1000,
    nowMs: () => 5000,
    ingest: () => ({
      address: '127.0.0.1:9750',
      connections: 1,
      samplesPerSecond: 10e6,
      bytesPerSecond: 20e6,
      cpu: 0.05,
      held: 31,
      waiting: 32,
      waits: 33,
      roomBytes: 34,
      guessesRefused: 35,
      errors: { HELLO_INVALID: 2 },
    }),
    windows: () => ({ made: 20, taken: 20, waiting: 0, dropped: 0 }),
    hub: () => ({
      system: {
        viewers: 3,
        framesPerSecond: 75,
        bytesPerSecond: 1e6,
        coarsened: 1,
        cutOff: 2,
        refused: 4,
        bufferedBytes: 100,
        latencyMs: { p50: 5, p99: 20 },
      },
      refused: { ORIGIN_REFUSED: 3, VIEWER_LIMIT: 1 },
      ended: { TOO_SLOW: 2, RATE_LIMIT: 5 },
      broken: 13,
      dead: 14,
      feeds: 15,
      heartbeatsSkipped: 16,
      framesSent: 17,
      bytesSent: 18,
      textBytesSent: 19,
      ringBytes: 19,
      shortened: 20,
    }),
    process: () => ({ rssBytes: 100e6, heapBytes: 20e6, cpu: 0.3, loopDelayP99Ms: 2 }),
    readLedger: async () => [BALANCED],
    droppedConnections: () => 12,
    problems: () => [],
    ...parts,
  };
}
