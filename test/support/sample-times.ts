import { type SampleTimes, timeFrom } from '../../server/trend/sample-time.ts';

/** Times of a stream whose sample 0 was taken at 1970. */
export function timesFrom1970(rateHz: number): SampleTimes {
  const anchor = { index: 0, timeNs: 0n };
  return { timeOf: (index) => timeFrom(anchor, index, rateHz), anchorOf: () => anchor };
}
