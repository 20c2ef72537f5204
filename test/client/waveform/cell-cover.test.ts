import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cellSamples, coverExactly, levelFor } from '../../../client/waveform/cell-cover.ts';

const LEVELS = { cell: 5, levels: [200, 20, 2] };

it('covers every sample of a range once, by few cells', () => {
  const end = fc.integer({ min: 0, max: 1000 });
  fc.assert(
    fc.property(end, end, (a, b) => {
      const range = { from: Math.min(a, b), to: Math.max(a, b) };

      const covers = coverExactly(LEVELS, range);

      const covered = covers.flatMap(({ level, from, to }) => {
        const size = level === undefined ? 1 : cellSamples(LEVELS, level);
        return Array.from({ length: (to - from) * size }, (_, i) => from * size + i);
      });
      expect(covered).toEqual(Array.from({ length: range.to - range.from }, (_, i) => range.from + i));
      const samples = covers
        .filter(({ level }) => level === undefined)
        .reduce((sum, { from, to }) => sum + to - from, 0);
      expect(samples).toBeLessThan(2 * LEVELS.cell);
    }),
  );
});

it.each([
  [4.9, undefined],
  [5, 0],
  [49, 0],
  [50, 1],
  [1e9, 2],
])('shows columns of %d samples by the cells of level %s', (samples, level) => {
  expect(levelFor(LEVELS, samples)).toBe(level);
});
