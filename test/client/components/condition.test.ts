import { describe, expect, it } from 'vitest';
import {
  type Condition,
  conditionOf,
  countVerdicts,
  describeCondition,
  isAbnormal,
} from '../../../client/components/condition.ts';
import { Locale } from '../../../client/locale/locale.ts';
import type { ChannelState } from '../../../client/store/channel-store.ts';
import { RowFlag } from '../../../server/wire/row-flag.ts';

const reading = {
  mean: 0.5,
  min: 0.4,
  max: 0.6,
  spread: 0.01,
  count: 100,
  clipped: 0,
  nonfinite: 0,
  flags: 0,
  timeMs: 0,
};

describe('conditionOf', () => {
  it.each<[Condition, Partial<ChannelState>]>([
    ['waiting', { reading: undefined, isStale: true }],
    ['stale', { isStale: true, reading: { ...reading, mean: 2 } }],
    ['stale', { isStale: true, pulse: pulse(1.9) }],
    ['behind', { isStale: true, pulse: pulse(2.1) }],
    ['behind', { isBehind: true, reading: { ...reading, mean: 2 } }],
    ['normal', { pulse: pulse(2.1) }],
    ['invalid', { reading: { ...reading, mean: undefined, count: 0 } }],
    ['invalid', { reading: { ...reading, flags: RowFlag.Invalid } }],
    ['above', { reading: { ...reading, mean: 1.01 } }],
    ['below', { reading: { ...reading, mean: -0.01, flags: RowFlag.Gap } }],
    ['gap', { reading: { ...reading, flags: RowFlag.Gap, clipped: 3 } }],
    ['nonfinite', { reading: { ...reading, nonfinite: 1, flags: RowFlag.Gap } }],
    ['above', { reading: { ...reading, mean: 2, nonfinite: 1 } }],
    ['clipped', { reading: { ...reading, clipped: 1 } }],
    ['normal', {}],
  ])('says %s', (condition, change) => {
    expect(conditionOf(state(change))).toBe(condition);
  });

  it('judges nothing where no normal range is set', () => {
    const { normal: _, ...channel } = state({}).channel;

    expect(conditionOf(state({ channel, reading: { ...reading, mean: 1e9 } }))).toBe('unjudged');
  });

  it('takes the ends of the normal range for normal', () => {
    expect(conditionOf(state({ reading: { ...reading, mean: 1 } }))).toBe('normal');
    expect(conditionOf(state({ reading: { ...reading, mean: 0 } }))).toBe('normal');
  });

  it('lets only what cannot be trusted or is out of place stand out', () => {
    const all: Condition[] = [
      'waiting',
      'behind',
      'stale',
      'invalid',
      'above',
      'below',
      'nonfinite',
      'gap',
      'clipped',
      'normal',
      'unjudged',
    ];

    expect(all.filter(isAbnormal)).toEqual(['stale', 'invalid', 'above', 'below']);
  });
});

describe('describeCondition', () => {
  it.each([
    [10_000, 'Waiting for the first 10 s of data'],
    [1000, 'Waiting for data'],
  ])('says what a channel with windows of %i ms waits for', (window, words) => {
    const { channel } = state({});
    const waiting = state({ channel: { ...channel, rateHz: 1000, window }, reading: undefined });

    expect(describeCondition('waiting', waiting, new Locale('en', 'UTC'))).toBe(words);
  });
});

describe('countVerdicts', () => {
  it('tells channels that are not judged from those that are normal', () => {
    const { normal: _, ...free } = state({}).channel;

    expect(
      countVerdicts([
        state({}),
        state({ channel: free }),
        state({ channel: free, reading: { ...reading, clipped: 1 } }),
        state({ channel: free, isStale: true }),
        state({ reading: { ...reading, mean: 2 } }),
        state({ isStale: true, pulse: pulse(2.1) }),
        state({ reading: undefined }),
      ]),
    ).toEqual({ abnormal: 2, unjudged: 2, behind: 1, waiting: 1 });
  });
});

function state(change: Partial<ChannelState>): ChannelState {
  const channel = {
    name: 'c',
    label: 'C',
    unit: 'V',
    normal: [0, 1] as const,
    rateHz: 1000,
    window: 100,
    datatype: 'rf32_le',
    description: '',
    hardware: '',
  };
  return {
    channel,
    isFrozen: false,
    frozenMs: undefined,
    reading,
    ageMs: 10,
    isStale: false,
    isBehind: false,
    pulse: undefined,
    ...change,
  };
}

/** What a heartbeat says of a channel whose newest sample is `newerS` newer than the reading. */
function pulse(newerS: number): ChannelState['pulse'] {
  return { name: 'c', next: 1, newestNs: String(newerS * 1e9), live: true, received: 0, missing: 0, gaps: 0 };
}
