import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import { EMPTY_SUMMARY } from '../../server/trend/summary.ts';
import { type TrendWindow, windowNs } from '../../server/trend/trend-window.ts';
import { scalarReduce } from './scalar-reduce.ts';

const START_NS = 1_700_000_000_000_000_000n;

/** A channel of 200 windows a second. */
export function channelInfo(channel: string, stream = 'run-1', more: Partial<ChannelInfo> = {}): ChannelInfo {
  return {
    channel,
    stream,
    datatype: 'rf64_le',
    rateHz: 2000,
    window: 10,
    unit: 'V',
    scale: 1,
    offset: 0,
    hardware: '',
    description: '',
    recorder: '',
    ...more,
  };
}

/** Window `index` of a stream with these samples, at its place on the line of time. */
export function historyWindow(
  info: ChannelInfo,
  index: number,
  samples: readonly number[] = [index],
  { flags = 0, shiftNs = 0n }: { flags?: number; shiftNs?: bigint } = {},
): TrendWindow {
  const key = { size: info.window, rateHz: info.rateHz };
  return {
    channel: info.channel,
    stream: info.stream,
    index,
    ...key,
    timeNs: START_NS + BigInt(Math.round(index * windowNs(key))) + shiftNs,
    arrivedMs: 0,
    summary: samples.length === 0 ? EMPTY_SUMMARY : scalarReduce(samples, [-100, 100]),
    flags,
  };
}

/** Windows `from` … `to` − 1. */
export function historyWindows(info: ChannelInfo, from: number, to: number): TrendWindow[] {
  return Array.from({ length: to - from }, (_, i) => historyWindow(info, from + i));
}
