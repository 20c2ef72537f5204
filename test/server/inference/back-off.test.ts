import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BackOff } from '../../../server/inference/back-off.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('BackOff', () => {
  it('waits twice as long each time, a minute at most, and a second again after a success', () => {
    const backOff = new BackOff();
    const delays = () => Array.from({ length: 8 }, () => backOff.again(() => undefined));

    expect(delays()).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    backOff.reset();
    expect(delays().slice(0, 2)).toEqual([1000, 2000]);
  });

  it('calls once and when it said, and not once it is stopped', () => {
    const backOff = new BackOff();
    const calls: string[] = [];

    backOff.again(() => calls.push('replaced'));
    const inMs = backOff.again(() => calls.push('called'));
    vi.advanceTimersByTime(inMs - 1);
    expect(calls).toEqual([]);
    vi.advanceTimersByTime(100_000);
    expect(calls).toEqual(['called']);

    backOff.again(() => calls.push('stopped'));
    backOff.stop();
    vi.advanceTimersByTime(100_000);
    expect(calls).toEqual(['called']);
  });
});
