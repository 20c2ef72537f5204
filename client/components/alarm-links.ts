import type { AlarmReply } from '../../server/wire/alarms.ts';
import { writeMoment, writeTimeView } from '../store/time-view.ts';
import { beganMs } from './alarm-speech.ts';
import { captureHref, channelPath } from './route.ts';

/** Where there is more to see of an alarm: addresses on this page, undefined where there is nothing. */
export interface AlarmLinks {
  /** The trend around where it began. */
  readonly trend: string | undefined;
  /** The run that was diagnosed then. */
  readonly diagnosis: string | undefined;
  /** The raw waveform that it took. */
  readonly capture: string | undefined;
}

// Of the trend, more before the alarm than after it: what led to it.
const BEFORE_MS = 40_000;
const AFTER_MS = 20_000;

export function alarmLinks(alarm: AlarmReply): AlarmLinks {
  const { channel, capture } = alarm;
  const atMs = beganMs(alarm) ?? alarm.raisedMs;
  const page = channel !== undefined && atMs !== undefined ? channelPath(channel) : undefined;
  const query = atMs === undefined ? '' : timeQuery(atMs);
  return {
    trend: page && `${page}?${query}`,
    diagnosis: page && atMs !== undefined ? `${page}?${query}&run=${writeMoment(atMs)}` : undefined,
    capture: capture === undefined ? undefined : captureHref(capture),
  };
}

function timeQuery(atMs: number): string {
  const { from = '', to = '' } = writeTimeView({ kind: 'past', fromMs: atMs - BEFORE_MS, toMs: atMs + AFTER_MS });
  return `from=${from}&to=${to}`;
}
