import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BeatTurns } from '../../../server/hub/beat-turns.ts';
import { runs } from '../../support/runs.ts';

const TURNS = 20;

it.each([1, 50, 51, 100, 160, 300, 700])('gives every turn each second to one that asks every %i ms', (passMs) => {
  const gapsMs = gapsOf(Array.from({ length: Math.ceil(60_000 / passMs) }, () => passMs));

  expect(Math.max(...gapsMs)).toBeLessThanOrEqual(1000 + 2 * passMs);
  expect(gapsMs.length).toBeGreaterThanOrEqual((TURNS * 58_000) / (1000 + passMs));
});

it('keeps to the second where it is asked in time', () => {
  const turns = new BeatTurns(TURNS, 0);
  let given = 0;
  for (let nowMs = 0; nowMs < 600_000; nowMs += 47) given += turns.take(nowMs).length;

  expect(given).toBe(TURNS * 600);
});

it('makes up for a stall of minutes by each turn once, and spreads them over the next second again', () => {
  const turns = new BeatTurns(TURNS, 0);
  turns.take(0);

  const after = turns.take(300_000);
  const next = Array.from({ length: 40 }, (_, i) => turns.take(300_000 + 50 * (i + 1)).length);

  expect(after).toEqual(Array.from({ length: TURNS }, (_, i) => (i + 1) % TURNS));
  expect(Math.max(...next)).toBe(1);
  expect(next.reduce((sum, count) => sum + count, 0)).toBe(TURNS + 2);
});

it('gives turns in their order, none twice in a second, however it is asked', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { maxLength: 200 }), (pausesMs) => {
      expect(Math.min(...gapsOf(pausesMs), 1000)).toBeGreaterThanOrEqual(950 - 1e-6);
    }),
    { numRuns: runs(500, 50_000) },
  );
});

/** What lies between two of the same turn, of all turns, when asked after each of `pausesMs`. */
function gapsOf(pausesMs: readonly number[]): number[] {
  const turns = new BeatTurns(TURNS, 0);
  const takenMs = new Map<number, number>();
  const gapsMs: number[] = [];
  let nowMs = 0;
  let given = 0;
  for (const pauseMs of pausesMs) {
    nowMs += pauseMs;
    for (const turn of turns.take(nowMs)) {
      expect(turn).toBe(given++ % TURNS);
      const before = takenMs.get(turn);
      if (before !== undefined) gapsMs.push(nowMs - before);
      takenMs.set(turn, nowMs);
    }
  }
  return gapsMs;
}
