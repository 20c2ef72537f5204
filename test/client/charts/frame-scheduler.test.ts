import { describe, expect, it } from 'vitest';
import { FrameScheduler } from '../../../client/charts/frame-scheduler.ts';

describe('frame scheduler', () => {
  it('draws each as often as it wants', () => {
    const { scheduler, run } = create();
    const quick = drawable(50);
    const slow = drawable(250);
    scheduler.add(quick);
    scheduler.add(slow);

    run(59); // the sixtieth begins the next second

    expect(quick.drawn).toBe(20);
    expect(slow.drawn).toBe(4);
  });

  it('gives everyone a turn when there is more to draw than fits in a frame', () => {
    const { scheduler, run, spend } = create();
    const heavy = Array.from({ length: 10 }, () => drawable(50, () => spend(5)));
    for (const each of heavy) scheduler.add(each);

    run(60);

    const drawn = heavy.map((each) => each.drawn);
    expect(Math.max(...drawn) - Math.min(...drawn)).toBeLessThanOrEqual(1);
  });

  it('draws all that are due in one frame, whenever they were added, and asks for no frame between', () => {
    const { scheduler, run, frames } = create();
    scheduler.add(drawable(50));
    run(1);
    scheduler.add(drawable(50));
    run(60);
    const before = frames();

    run(60);

    expect(frames() - before).toBe(20);
  });

  it('goes on with the others when one fails, and reports that once', () => {
    const { scheduler, run, errors } = create();
    const fault = new Error('this one cannot be drawn');
    const failing = drawable(50, () => {
      throw fault;
    });
    const sound = drawable(50);
    scheduler.add(failing);
    scheduler.add(sound);

    run(59);

    expect([failing.drawn, sound.drawn]).toEqual([20, 20]);
    expect(errors).toEqual([fault]);
  });

  it('asks for no frame while there is nothing to draw', () => {
    const { scheduler, run, requested } = create();
    const only = drawable(50);

    const remove = scheduler.add(only);
    run(2);
    remove();
    run(10);

    expect(only.drawn).toBe(1);
    expect(requested()).toBe(false);
  });
});

function drawable(intervalMs: number, cost = () => {}) {
  const counter = {
    intervalMs,
    drawn: 0,
    draw: () => {
      counter.drawn++;
      cost();
    },
  };
  return counter;
}

/** 60 frames a second, run by hand; time within a frame passes only where it is spent. */
function create() {
  let nowMs = 0;
  let frame = 0;
  let frames = 0;
  let waiting: ((nowMs: number) => void) | undefined;
  const errors: unknown[] = [];
  let timer: { readonly atMs: number; readonly callback: () => void } | undefined;
  const scheduler = new FrameScheduler({
    requestAnimationFrame: (callback) => {
      waiting = callback;
      return 1;
    },
    cancelAnimationFrame: () => {
      waiting = undefined;
    },
    setTimeout: (callback, delayMs) => {
      timer = { atMs: nowMs + delayMs, callback };
      return 1;
    },
    clearTimeout: () => {
      timer = undefined;
    },
    reportError: (error) => errors.push(error),
    performance: { now: () => nowMs },
  });
  const runFrame = () => {
    nowMs = Math.max(nowMs, ++frame * (1000 / 60));
    if (timer && timer.atMs <= nowMs) timer.callback();
    const callback = waiting;
    waiting = undefined;
    if (callback) frames++;
    callback?.(nowMs);
  };
  const run = (count: number) => {
    for (let i = 0; i < count; i++) runFrame();
  };
  const spend = (ms: number) => {
    nowMs += ms;
  };
  return {
    scheduler,
    run,
    spend,
    errors,
    frames: () => frames,
    requested: () => waiting !== undefined || timer !== undefined,
  };
}
