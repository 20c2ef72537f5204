import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import { EMPTY_SUMMARY, type Summary } from '../../server/trend/summary.ts';
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

/**
 * Figures of `span` windows from `index * span` on, of `samples` samples each: a slow wave with a ripple, which neither
 * compresses to nothing nor not at all.
 */
export function waveSummary(index: number, span: number, samples: number): Summary {
  const mean = Math.sin((index * span) / 5e6) + Math.sin(index * 1.7) * 0.01;
  return { min: mean - 0.05, max: mean + 0.05, mean, m2: span, count: span * samples, clipped: 0, nonfinite: 0 };
}

/** Window `index` of such a wave in a stream whose window 0 begins at `startNs`. */
export function waveWindow(info: ChannelInfo, index: number, startNs: bigint): TrendWindow {
  const { channel, stream, window: size, rateHz } = info;
  return {
    channel,
    stream,
    index,
    size,
    rateHz,
    timeNs: startNs + BigInt(Math.round(index * windowNs({ size, rateHz }))),
    arrivedMs: 0,
    summary: waveSummary(index, 1, size),
    flags: 0,
  };
}
