import { describe, expect, it } from 'vitest';
import { Aim, SETTLING_MS, Settling } from '../../../client/components/aim.ts';
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
    settling.draw([A, B]);
    expect(settling.isSettling).toBe(false);

    settling.draw(next);
    settling.draw(next);
    timers.advance(SETTLING_MS - 1);
    expect([settling.isSettling, settled()]).toEqual([true, 0]);
    timers.advance(1);
    expect([settling.isSettling, settled()]).toEqual([false, 1]);
  });

  it('is at rest where one joins below, or changes in its place', () => {
    const { settling } = create();
    settling.draw([]);
    settling.draw([A]);
    settling.draw([{ ...A, state: 'acknowledged', version: A.version + 1 }, C]);

    expect(settling.isSettling).toBe(false);
  });
});

function create() {
  const timers = new FakeTimers();
  let count = 0;
  const after = (delayMs: number, run: () => void) => timers.after(delayMs, run);
  return { settling: new Settling({ after, onSettled: () => count++ }), timers, settled: () => count };
}
