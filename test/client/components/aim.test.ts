import { describe, expect, it } from 'vitest';
import { Aim, occurrenceKey, SETTLING_MS, Settling, Sight } from '../../../client/components/aim.ts';
import { seenOf } from '../../../client/components/alarm-events.ts';
import { alarmOf } from '../../support/alarm-scenes.ts';
import { FakeTimers } from '../../support/fake-timers.ts';

const [A, B, C] = ['a', 'b', 'c'].map((channel) => alarmOf('arcing', channel));
const A_AGAIN = { ...A, occurrence: A.occurrence + 1, version: A.version + 3 };

describe('a press', () => {
  it('means what was drawn when the pointer went down', () => {
    const aim = new Aim();
    aim.take(A);

    expect(aim.of({ detail: 1 }, A_AGAIN)).toEqual(seenOf(A));
    aim.take(B);
    expect(aim.of({ detail: 1 }, A)).toEqual(seenOf(B));
  });

  it('by keyboard means what is drawn', () => {
    const aim = new Aim();
    aim.take(A);

    expect(aim.of({ detail: 0 }, B)).toEqual(seenOf(B));
  });
});

describe('what is drawn', () => {
  it.each([
    ['came on top', [C, A, B]],
    ['changed places', [B, A]],
    ['occurred again', [A_AGAIN, B]],
    ['is gone', [B]],
  ])('settles for a moment once an alarm %s', (_what, next) => {
    const { settling, timers, settled } = create();
    settling.draw([A, B].map(occurrenceKey));
    expect(settling.isSettling).toBe(false);

    settling.draw(next.map(occurrenceKey));
    settling.draw(next.map(occurrenceKey));
    timers.advance(SETTLING_MS - 1);
    expect([settling.isSettling, settled()]).toEqual([true, 0]);
    timers.advance(1);
    expect([settling.isSettling, settled()]).toEqual([false, 1]);
  });

  it('is at rest where one joins below, or changes in its place', () => {
    const { settling } = create();
    settling.draw([]);
    settling.draw([A].map(occurrenceKey));
    settling.draw([{ ...A, state: 'acknowledged', version: A.version + 1 } as const, C].map(occurrenceKey));

    expect(settling.isSettling).toBe(false);
  });
});

describe('what came into a list', () => {
  it('has been seen once it was drawn for a moment, and not again when it occurs again or was away', () => {
    const { sight, timers, settled } = create();
    sight.draw([A]);
    timers.advance(SETTLING_MS / 2);
    sight.draw([B, A]);
    expect([sight.has(A), sight.has(B)]).toEqual([false, false]);
    timers.advance(SETTLING_MS / 2);
    expect([sight.has(A), sight.has(B), settled()]).toEqual([true, false, 1]);
    timers.advance(SETTLING_MS / 2);
    expect(sight.has(B)).toBe(true);

    sight.draw([A_AGAIN]);
    timers.advance(SETTLING_MS - 1);
    expect([sight.has(A), sight.has(A_AGAIN), sight.has(B)]).toEqual([false, false, false]);
    sight.draw([{ ...A_AGAIN, state: 'acknowledged', version: 99 }, B]);
    timers.advance(1);
    expect([sight.has(A_AGAIN), sight.has(B)]).toEqual([true, false]);
  });

  it('drawn anew meanwhile waits anew', () => {
    const { sight, timers } = create();
    sight.draw([A]);
    timers.advance(SETTLING_MS - 1);
    sight.draw([]);
    sight.draw([A]);
    timers.advance(1);

    expect(sight.has(A)).toBe(false);
  });
});

function create() {
  const timers = new FakeTimers();
  let count = 0;
  const options = {
    after: (delayMs: number, run: () => void) => timers.after(delayMs, run),
    onSettled: () => count++,
  };
  return { settling: new Settling(options), sight: new Sight(options), timers, settled: () => count };
}
