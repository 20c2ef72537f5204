import type { TrendWindow } from '../../server/trend/trend-window.ts';

/** Sample time 0 of made-up windows. */
export const EPOCH_NS = 1_700_000_000_000_000_000n;

/** A whole window of 10 MS/s in windows of 50,000, its figures made from its index. `more` overrides any of it. */
export function trendWindow(more: Partial<TrendWindow> & { readonly index: number }): TrendWindow {
  const size = more.size ?? 50_000;
  const rateHz = more.rateHz ?? 10_000_000;
  const { index } = more;
  return {
    channel: 'PMT-1',
    stream: 'run-1',
    size,
    rateHz,
    timeNs: EPOCH_NS + BigInt(Math.round((index * size * 1e9) / rateHz)),
    arrivedMs: 0,
    summary: {
      count: size,
      min: -1 - (index % 7),
      max: 1 + (index % 11),
      mean: Math.sin(index),
      m2: 2 + Math.cos(index),
      clipped: index % 3,
      nonfinite: 0,
    },
    flags: 0,
    ...more,
  };
}
