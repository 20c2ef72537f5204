import type { ChannelPulse } from '../../server/wire/events.ts';
import { RowFlag } from '../../server/wire/row-flag.ts';
import type { Locale } from '../locale/locale.ts';
import type { ChannelState } from '../store/channel-store.ts';

/**
 * What is to be said of a channel's value now, the gravest first. Not an
 * alarm: it neither latches nor asks for anything.
 */
export type Condition =
  | 'waiting'
  | 'behind'
  | 'stale'
  | 'invalid'
  | 'above'
  | 'below'
  | 'nonfinite'
  | 'gap'
  | 'clipped'
  | 'normal'
  | 'unjudged';

// A heartbeat tells of samples up to a second newer than the newest one here; more are on their way.
const BEHIND_MS = 2000;

// Nobody asks what a shorter wait is for.
const SHORT_MS = 1000;

/** Judges the newest reading of a channel; `unjudged` where no normal range is set. */
export function conditionOf({ reading, isBehind, isStale, channel, pulse }: ChannelState): Condition {
  if (!reading) return 'waiting';
  if (isBehind) return 'behind';
  if (isStale) return behindMs(pulse, reading.timeMs) > BEHIND_MS ? 'behind' : 'stale';
  if (reading.mean === undefined || reading.flags & RowFlag.Invalid) return 'invalid';
  if (channel.normal && reading.mean > channel.normal[1]) return 'above';
  if (channel.normal && reading.mean < channel.normal[0]) return 'below';
  if (reading.nonfinite > 0) return 'nonfinite';
  if (reading.flags & (RowFlag.Gap | RowFlag.SampleLoss)) return 'gap';
  if (reading.clipped > 0 || reading.flags & RowFlag.OverRange) return 'clipped';
  return channel.normal ? 'normal' : 'unjudged';
}

/** How much newer the server's newest sample is than the newest one here, on the sample clock. */
function behindMs(pulse: ChannelPulse | undefined, timeMs: number): number {
  return pulse?.newestNs === undefined ? 0 : Number(BigInt(pulse.newestNs) / 1_000_000n) - timeMs;
}

/** How many channels are abnormal, and how many nobody can say that of; the rest is normal. */
export interface Verdicts {
  readonly abnormal: number;
  /** Without a normal range, and not abnormal otherwise. */
  readonly unjudged: number;
  readonly behind: number;
  readonly waiting: number;
}

export function countVerdicts(states: readonly ChannelState[]): Verdicts {
  const verdicts = { abnormal: 0, unjudged: 0, behind: 0, waiting: 0 };
  for (const state of states) {
    const condition = conditionOf(state);
    if (isAbnormal(condition)) verdicts.abnormal++;
    else if (condition === 'behind' || condition === 'waiting') verdicts[condition]++;
    else if (!state.channel.normal) verdicts.unjudged++;
  }
  return verdicts;
}

/** Whether it stands out on the screen: the value cannot be trusted or is where it does not belong. */
export function isAbnormal(condition: Condition): boolean {
  return condition === 'stale' || condition === 'invalid' || condition === 'above' || condition === 'below';
}

/** The sign beside the words, so that the two are told apart by shape too. Not the signs of alarms. */
export const CONDITION_SIGN: Readonly<Partial<Record<Condition, string>>> = {
  above: '↑',
  below: '↓',
  invalid: '!',
  stale: '×',
};

/**
 * The condition in words; a stale one says since when, and one of a slow channel what it waits for. Where a model calls
 * runs normal too, a value is within its range.
 */
export function describeCondition(condition: Condition, state: ChannelState, locale: Locale): string {
  if (condition === 'normal' && state.channel.model !== undefined) return locale.text.inRange;
  if (condition === 'stale' && state.reading) return locale.text.staleSince(locale.time(state.reading.timeMs));
  const windowMs = (1000 * state.channel.window) / state.channel.rateHz;
  if (condition === 'waiting' && windowMs > SHORT_MS) return locale.text.waitingWindow(locale.window(windowMs));
  return locale.text[condition];
}
