import { beforeEach, describe, expect, it } from 'vitest';
import { StepWatch } from '../../../server/inference/step-watch.ts';
import { FakeTimers } from '../../support/fake-timers.ts';

const LIMIT_MS = 100;
const STALL_MS = 10_000;

let timers: FakeTimers;
let ranMs: number | undefined;
let steps: Int32Array;
let over: string[];

beforeEach(() => {
  [timers, ranMs, steps, over] = [new FakeTimers(), 0, Int32Array.of(1), []];
});

describe('StepWatch', () => {
  it('says once that a step has run for longer than it may, however long it waited for a processor', () => {
    watch();

    timers.advance(5000);
    ranMs = LIMIT_MS;
    timers.advance(5000);
    expect(over).toEqual([]);
    ranMs = LIMIT_MS + 1;
    timers.advance(5000);

    expect(over).toEqual(['did not return within 100 ms']);
    expect(timers.pending).toBe(0);
  });

  it('goes by the time that went by where the system does not tell how long a thread ran', () => {
    ranMs = undefined;
    watch();

    timers.advance(LIMIT_MS);
    expect(over).toEqual([]);
    timers.advance(LIMIT_MS);

    expect(over).toEqual(['did not return within 100 ms']);
  });

  it('says that a step stands still, which neither runs nor ends', () => {
    ranMs = 7;
    watch();
    timers.advance(STALL_MS / 2);
    ranMs = 8; // once more
    timers.advance(STALL_MS);

    expect(over).toEqual([]);
    timers.advance(2 * LIMIT_MS);

    expect(over).toEqual(['stood still for 10 s']);
  });

  it.each([
    ['a thread whose time is known', () => 0],
    ['a thread whose time is not known', () => undefined],
  ])('does not count against %s that the whole process was stopped', (_, ran) => {
    ranMs = ran();
    watch();
    timers.advance(LIMIT_MS / 2);

    timers.stop(6 * STALL_MS);
    timers.advance(0);

    expect(over).toEqual([]);
    timers.advance(STALL_MS + 2 * LIMIT_MS);
    expect(over).toHaveLength(1);
  });

  it('says nothing of a step that has ended, nor once it is called off', () => {
    watch();
    const off = watch();
    steps[0] = 2;
    ranMs = 2 * LIMIT_MS;
    off.stop();

    timers.advance(LIMIT_MS);

    expect(over).toEqual([]);
    expect(timers.pending).toBe(0);
  });
});

function watch(): StepWatch {
  const time = {
    monotonicMs: () => timers.monotonicMs(),
    after: (delayMs: number, act: () => void) => timers.after(delayMs, act),
    ranMs: () => ranMs,
  };
  return new StepWatch({ steps, thread: 1, limitMs: LIMIT_MS, time }, 1, (reason) => over.push(reason));
}
