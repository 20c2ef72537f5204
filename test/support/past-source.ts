import type { HistoryRoutesOptions } from '../../server/http/history-routes.ts';
import type { HistoryRows } from '../../server/trend/history-rows.ts';
import { channelInfo } from './history-windows.ts';

/** Two rows, of which the second has no finite sample. */
export const TWO_ROWS: HistoryRows = {
  unit: 'V',
  span: 2,
  rowNs: 10_000_000,
  timeNs: BigInt64Array.of(1_700_000_000_000_500_000n, 1_700_000_000_010_500_000n),
  lengthNs: Float64Array.of(10_000_000, 10_000_000),
  min: Float64Array.of(-1.5, Number.POSITIVE_INFINITY),
  max: Float64Array.of(2.5, Number.NEGATIVE_INFINITY),
  mean: Float64Array.of(0.25, 0),
  m2: Float64Array.of(400, 0),
  count: Float64Array.of(100, 0),
  clipped: Float64Array.of(3, 0),
  nonfinite: Float64Array.of(0, 50),
  flags: Uint16Array.of(0, 16),
  windows: Float64Array.of(2, 1),
  broken: Uint8Array.of(1, 0),
};

/** A past that stands still, with the parts that a test changes. */
export function fakePast(parts: Partial<HistoryRoutesOptions> = {}): HistoryRoutesOptions {
  return {
    history: {
      query: async () => TWO_ROWS,
      channels: async () => [
        { channel: 'lamp', unit: 'V', rateHz: 2000, window: 10, firstNs: 1_500_000_000n, lastNs: 2_500_000_000n },
      ],
      diagnoses: async () => ({ form: 'spans', spans: [] }),
      diagnosisAt: async () => undefined,
      diagnosisMix: async () => [],
      diagnosisPage: async () => ({ header: 'channel\n', lines: '', next: undefined }),
    },
    opened: () => [channelInfo('etch-1')],
    labelOf: (channel) => (channel === 'lamp' ? 'The lamp' : undefined),
    nowMs: () => 1_800_000_000_000,
    ...parts,
  };
}
