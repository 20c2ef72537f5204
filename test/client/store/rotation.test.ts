import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextChangeMs, pageAt, takeTurns, turnAt } from '../../../client/store/rotation.ts';

const slides = fc.array(
  fc.integer({ min: 5, max: 600 }).map((dwellSeconds) => ({ dwellSeconds })),
  {
    minLength: 1,
    maxLength: 24,
  },
);
const nowMs = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 });

describe('the turns of slides', () => {
  it('give every slide its time, in order and without a hole, and each round as the one before', () => {
    fc.assert(
      fc.property(slides, nowMs, (all, now) => {
        let turn = turnAt(all, now);
        const first = turn.index;
        for (let i = 1; i <= 2 * all.length; i++) {
          const next = turnAt(all, turn.untilMs);
          expect(turn.untilMs - turn.sinceMs).toBe(all[turn.index]!.dwellSeconds * 1000);
          expect(next.sinceMs).toBe(turn.untilMs);
          expect(next.index).toBe((first + i) % all.length);
          expect(next.round).toBe(turn.round + (next.index === 0 ? 1 : 0));
          turn = next;
        }
      }),
    );
  });

  it('are the same for whoever looks at any moment of one', () => {
    fc.assert(
      fc.property(slides, nowMs, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (all, now, share) => {
        const turn = turnAt(all, now);
        expect(turn.sinceMs <= now && now < turn.untilMs).toBe(true);
        const other = turn.sinceMs + Math.floor(share * (turn.untilMs - turn.sinceMs));
        expect(turnAt(all, other)).toEqual(turn);
      }),
    );
  });

  it('let pages of a slide go on by one, from turn to turn too, and change when they say', () => {
    fc.assert(
      fc.property(slides, nowMs, (all, now) => {
        let atMs = now;
        const last = new Map<number, number>();
        for (let i = 0; i < 50; i++) {
          const turn = turnAt(all, atMs);
          const page = pageAt(turn, atMs);
          const before = last.get(turn.index);
          if (before !== undefined) expect(page).toBe(before + 1);
          last.set(turn.index, page);
          const nextMs = nextChangeMs(turn, atMs);
          expect(nextMs).toBeGreaterThan(atMs);
          expect(nextMs).toBeLessThanOrEqual(turn.untilMs);
          atMs = nextMs;
        }
      }),
    );
  });
});

describe('what there is room for', () => {
  const sizes = { urgent: fc.integer({ min: 0, max: 40 }), calm: fc.integer({ min: 0, max: 200 }) };

  it('shows all in turns, the urgent always where they fit, and fills every place', () => {
    fc.assert(
      fc.property(sizes.urgent, sizes.calm, fc.integer({ min: 1, max: 30 }), (urgentCount, calmCount, capacity) => {
        const urgent = Array.from({ length: urgentCount }, (_, i) => `u${i}`);
        const calm = Array.from({ length: calmCount }, (_, i) => `c${i}`);
        const { pages } = takeTurns({ urgent, calm }, capacity, 0);
        const seen = new Set<string>();
        for (let page = 7; page < 7 + pages; page++) {
          const { shown } = takeTurns({ urgent, calm }, capacity, page);
          expect(shown).toHaveLength(
            Math.min(capacity, urgentCount < capacity ? urgentCount + calmCount : urgentCount),
          );
          expect(new Set(shown).size).toBe(shown.length);
          if (urgentCount < capacity) expect(shown.slice(0, urgentCount)).toEqual(urgent);
          for (const one of shown) seen.add(one);
        }
        expect(seen).toEqual(new Set(urgentCount < capacity || calmCount === 0 ? [...urgent, ...calm] : urgent));
      }),
    );
  });
});
