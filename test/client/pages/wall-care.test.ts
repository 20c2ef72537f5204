import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { burnInShift, ScreenAwake } from '../../../client/pages/wall-care.ts';

const MINUTE_MS = 60_000;

describe('the shift against burn-in', () => {
  it('goes one step a minute on each axis, and comes to every place of its field', () => {
    const places = Array.from({ length: 18 * 16 }, (_, minute) => burnInShift(minute * MINUTE_MS + 59_999));

    for (const [i, { x, y }] of places.entries()) {
      const next = burnInShift((i + 1) * MINUTE_MS);
      expect([Math.abs(next.x - x), Math.abs(next.y - y)]).toEqual([1, 1]);
    }
    expect(new Set(places.map(({ x }) => x)).size).toBe(10);
    expect(new Set(places.map(({ y }) => y)).size).toBe(9);
    expect(Math.max(...places.map(({ x, y }) => Math.max(Math.abs(x), Math.abs(y))))).toBeLessThanOrEqual(5);
  });
});

describe('the screen kept awake', () => {
  let locks: { released: boolean; release(): Promise<void> }[];
  let asked: number;
  let refuses: boolean;
  let seen: EventTarget & { visibilityState?: string };
  let awake: ScreenAwake;

  beforeEach(() => {
    vi.useFakeTimers();
    locks = [];
    asked = 0;
    refuses = false;
    seen = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    const request = async () => {
      asked++;
      if (refuses) throw new DOMException('low battery', 'NotAllowedError');
      const release = async () => {
        lock.released = true;
      };
      const lock = { released: false, release };
      locks.push(lock);
      return lock;
    };
    vi.stubGlobal('document', seen);
    vi.stubGlobal('navigator', { wakeLock: { request } });
    awake = new ScreenAwake();
  });

  afterEach(() => {
    awake.close();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('asks again each minute for what the machine refused, until it is held', async () => {
    refuses = true;
    awake.start();
    await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
    expect(asked).toBe(3);

    refuses = false;
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(asked).toBe(4);
  });

  it('asks within a minute for what the machine took back, and lets it go in the end', async () => {
    awake.start();
    await vi.advanceTimersByTimeAsync(0);
    locks[0]!.released = true; // as a browser says it
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(locks.map(({ released }) => released)).toEqual([true, false]);

    awake.close();
    expect(locks[1]!.released).toBe(true);
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(asked).toBe(2);
  });

  it('asks for nothing while it is hidden, and at once when it is seen again', async () => {
    seen.visibilityState = 'hidden';
    awake.start();
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
    expect(asked).toBe(0);

    seen.visibilityState = 'visible';
    seen.dispatchEvent(new Event('visibilitychange'));
    expect(asked).toBe(1);
  });
});
