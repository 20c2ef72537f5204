import type { ChannelRequest } from '../wire/commands.ts';
import { BLOCK_BYTES, ROW_BYTES } from '../wire/trend-frame.ts';
import type { ChannelTable } from './channel-table.ts';
import type { HubChannel } from './hub-channel.ts';

/** The most windows merged for a slow viewer beyond what it asked for. */
export const COARSEST = 64;

/** Counts in frames are u32. */
const COUNT_LIMIT = 0xffff_ffff;

/** One channel of a subscription at the span it is sent with. */
export interface Lane {
  readonly channel: HubChannel;
  readonly span: number;
  readonly request: ChannelRequest;
}

/**
 * The lanes that `requests` come to with the channels there are, ordered by
 * number, so that equal subscriptions have equal lanes.
 */
export function planLanes(requests: readonly ChannelRequest[], table: ChannelTable, coarseness: number): Lane[] {
  const named = new Map(requests.map((request) => [request.name, request]));
  const rest = named.get('*');
  const lanes: Lane[] = [];
  for (const channel of table.all()) {
    const request = named.get(channel.name) ?? rest;
    if (request) lanes.push({ channel, span: spanOf(channel, request.rate, coarseness), request });
  }
  return lanes;
}

/** Equal for subscriptions that get the same frames. */
export function laneKey(lanes: readonly Lane[]): string {
  return lanes.map(({ channel, span }) => `${channel.number}:${span}`).join();
}

/** Bytes a second these lanes take, roughly, in frames every `intervalMs`. */
export function laneBytesPerSecond(lanes: readonly Lane[], intervalMs: number): number {
  const framesPerSecond = 1000 / intervalMs;
  let bytes = 0;
  for (const { channel, span } of lanes) {
    const rowsPerSecond = channel.windowsPerSecond / span;
    bytes += rowsPerSecond * ROW_BYTES + Math.min(rowsPerSecond, framesPerSecond) * BLOCK_BYTES;
  }
  return bytes;
}

/** Windows to merge so that there are at most `rate` rows a second, times `coarseness`. */
export function spanOf(channel: HubChannel, rate: number | undefined, coarseness = 1): number {
  const asked = rate === undefined ? 1 : Math.max(1, Math.ceil(channel.windowsPerSecond / rate - 1e-9));
  return Math.max(1, Math.min(asked * coarseness, Math.floor(COUNT_LIMIT / channel.window)));
}
