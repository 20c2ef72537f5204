import type { Route } from '../components/route.ts';
import type { ChannelWish } from '../net/past.ts';

// Rows of the past that a window of the control room takes: more than a tile
// has columns, on any screen. Merged, so that no extreme is lost.
const PAST_ROWS = 2400;

/**
 * What a page shows of the past: the control room every channel, a channel's
 * page that one, every window of it. What came coarser before, for another
 * page, stays as it came: no window is asked for twice.
 */
export function wishesOf(route: Route, windowMs: number): readonly ChannelWish[] {
  const lastSeconds = windowMs / 1000;
  switch (route.kind) {
    case 'control':
      return [{ name: '*', lastSeconds, rate: PAST_ROWS / lastSeconds }];
    case 'channel':
      return [{ name: route.name, lastSeconds }];
    case 'captures':
    case 'capture':
    case 'system':
    case 'unknown':
      return [];
  }
}
