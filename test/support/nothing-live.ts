import type { LiveRows } from '../../server/history/live-rows.ts';

/** A writer that has nothing and writes nothing: all that there is lies in files. */
export const NOTHING_LIVE: LiveRows = {
  freeze: (task) => task(),
  unstored: () => [],
  underWay: () => undefined,
  batches: () => 0,
  earliestNs: () => undefined,
  streams: () => [],
};
