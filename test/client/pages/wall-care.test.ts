import { describe, expect, it } from 'vitest';
import { burnInShift } from '../../../client/pages/wall-care.ts';

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
