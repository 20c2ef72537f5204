import type { StoredChannel } from '../../server/wire/history.ts';
import type { ChannelStore } from './channel-store.ts';

/** What is known of a channel's time: its live rows and what the history said of it, where there are. */
export interface KnownChannel {
  readonly live: ChannelStore | undefined;
  readonly stored: StoredChannel | undefined;
}

// What ends no further beyond a present follows it: channels beside each other do not have quite the same, and the
// list of a history may be newer than the newest row here.
export const PRESENT_MS = 2000;

/** Where its history begins; undefined where that is not known. */
export function firstOf({ live, stored }: KnownChannel): number | undefined {
  const { oldestMs = Infinity } = live?.rows ?? {};
  // A clock that was set back may have gone before what the history said.
  return stored?.firstMs === undefined ? undefined : Math.min(stored.firstMs, oldestMs);
}

/** Its present: by its live samples, else where its history ends. */
export function presentOf({ live, stored }: KnownChannel): number | undefined {
  return live?.edgeMs ?? stored?.lastMs;
}

/** Where what is stored of it ends, if that is after its live rows, as where its clock was set back. */
export function aheadOf({ live, stored }: KnownChannel): number | undefined {
  const newestMs = live?.rows.newestMs;
  if (!live || newestMs === undefined) return undefined;
  const listedMs = stored?.lastMs ?? -Infinity;
  const isListed = listedMs > newestMs + (live.isLate ? 1 : PRESENT_MS);
  const aheadMs = Math.max(live.streams.droppedToMs, isListed ? listedMs : -Infinity);
  return aheadMs > newestMs ? aheadMs : undefined;
}
