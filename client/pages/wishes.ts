import type { Board } from '../../server/wire/boards.ts';
import type { Route } from '../components/route.ts';
import { DEFAULT_WINDOW_MS } from '../components/time-window.ts';
import type { ChannelWish } from '../net/past.ts';
import type { Look } from '../store/looking-back.ts';
import { KEPT_MS } from '../store/row-room.ts';
import { readLook } from './look-address.ts';

// Rows of the past that a window of the control room takes: more than a tile
// has columns, on any screen. Merged, so that no extreme is lost.
const PAST_ROWS = 2400;
// The present reaches so far back that it meets the history, which may be a moment behind.
const JOIN_MS = 5000;

/**
 * What a page shows of the past: the control room every channel, a channel's
 * page that one, every window of it. What came coarser before, for another
 * page, stays as it came: no window is asked for twice.
 */
export function wishesOf(route: Route, windowMs: number, query = ''): readonly ChannelWish[] {
  const lastSeconds = windowMs / 1000;
  switch (route.kind) {
    case 'control':
      return [{ name: '*', lastSeconds, rate: PAST_ROWS / lastSeconds }];
    case 'channel':
      return channelWishes(route.name, readLook(query, windowMs, route.name));
    case 'captures':
    case 'capture':
    case 'models':
    case 'journal':
    case 'kpi':
    case 'boards':
    case 'alarm-settings':
    case 'system':
    case 'unknown':
      return [];
  }
}

/** What the slides of a board show of the past: of each channel, and of all, the longest trend that is shown of it. */
export function boardWishes({ slides }: Board): readonly ChannelWish[] {
  const longest = new Map<string, number>([['*', DEFAULT_WINDOW_MS / 1000]]);
  for (const slide of slides) {
    if (slide.kind !== 'trends') continue;
    for (const name of slide.channels.length === 0 ? ['*'] : slide.channels) {
      longest.set(name, Math.max(longest.get(name) ?? longest.get('*') ?? 0, slide.windowSeconds));
    }
  }
  return [...longest].map(([name, lastSeconds]) => ({ name, lastSeconds, rate: PAST_ROWS / lastSeconds }));
}

/**
 * Of channels on a time axis: every window of what the browser keeps. What is
 * longer comes from the history, up to where the present begins.
 */
function channelWishes(name: string, { view, others }: Pick<Look, 'view' | 'others'>): readonly ChannelWish[] {
  const isKept = view.kind === 'live' && view.spanMs <= KEPT_MS;
  const lastSeconds = (isKept ? Math.max(view.spanMs, JOIN_MS) : JOIN_MS) / 1000;
  return [name, ...others].map((each) => ({ name: each, lastSeconds }));
}
